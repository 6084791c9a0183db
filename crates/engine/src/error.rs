//! Why the engine could not answer: sentences for people, stable codes for programs.

use std::path::PathBuf;
use std::sync::Arc;

use domain::{Millis, NameError, Refusal};
use license_file::intake::IntakeError as FileError;
use license_file::introduction::IntroductionError;
use store::{OpenError, StoreError};
use thiserror::Error;

/// Why a command or a question was not carried out. Nothing was changed.
#[derive(Clone, Debug, Error)]
pub enum EngineError {
    /// The rules refuse it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Too much is waiting already; the same request may be sent again.
    #[error("the server has more requests waiting than it takes; try again")]
    Overloaded,
    /// The store failed. It failed for every command of the same transaction.
    #[error("the store failed: {0}")]
    Store(Arc<StoreError>),
    /// The idempotency key was used for another request.
    #[error("this idempotency key was used for another request")]
    IdempotencyMismatch,
    /// There is no such job, or its traces are gone.
    #[error("there is no such job")]
    UnknownJob,
    /// The server is stopping.
    #[error("the server is stopping")]
    ShuttingDown,
    /// The engine contradicts itself.
    #[error("internal error: {0}")]
    Internal(Arc<str>),
}

impl EngineError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Overloaded => "busy",
            Self::Store(error) => error.code(),
            Self::Internal(_) => "internal",
            Self::IdempotencyMismatch => "idempotency_mismatch",
            Self::UnknownJob => "unknown_job",
            Self::ShuttingDown => "shutting_down",
        }
    }

    /// Whether the same request may well succeed soon.
    pub fn is_retriable(&self) -> bool {
        match self {
            Self::Overloaded | Self::ShuttingDown => true,
            Self::Store(error) => error.is_retriable(),
            _ => false,
        }
    }

    pub(crate) fn internal(what: impl Into<Arc<str>>) -> Self {
        Self::Internal(what.into())
    }
}

/// The answer of whoever was given up.
pub(crate) fn given_up() -> EngineError {
    EngineError::internal("the work was given up; see the server's log")
}

impl From<StoreError> for EngineError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

/// Why the engine did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The data folder can't be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A key file of the installation can't be read or written.
    #[error("the key file {path}: {error}")]
    KeyFile {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The installation's key file holds no key.
    #[error("the key file {path} does not hold an Ed25519 key: {why}")]
    NotAKey {
        /// Which.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// The store holds something else than the installation's id.
    #[error("the store says that this installation is {0:?}, which is no id; restore a backup")]
    Installation(String),
    /// The name of a key that should be trusted can't be used.
    #[error("the key to trust: {0}")]
    Name(#[from] NameError),
    /// A command of the start failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// No thread could be made.
    #[error("no thread could be started: {0}")]
    Thread(std::io::Error),
}

impl StartError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Open(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::KeyFile { .. } => "key_file",
            Self::NotAKey { .. } => "not_a_key",
            Self::Installation(_) => "store_bad_data",
            Self::Name(_) => "invalid_name",
            Self::Engine(error) => error.code(),
            Self::Thread(_) => "no_thread",
        }
    }
}

/// Why a caller is nobody.
#[derive(Clone, Debug, Error)]
pub enum AuthError {
    /// No token has this secret.
    #[error("the token is not known")]
    Unknown,
    /// The token was revoked.
    #[error("the token was revoked")]
    Revoked,
    /// The token's time is over.
    #[error("the token has expired")]
    Expired,
    /// It could not be looked up.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl AuthError {
    /// The stable code; the same for whatever the caller may not learn.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown | Self::Revoked | Self::Expired => "unauthorized",
            Self::Engine(error) => error.code(),
        }
    }
}

/// Why somebody was not signed in to the console.
#[derive(Clone, Debug, Error)]
pub enum SignInError {
    /// No active account has this name and password; which of the two is wrong is not told.
    #[error("the name or the password is wrong")]
    Wrong,
    /// Too many attempts: the next one may be made after this time.
    #[error("too many wrong passwords; try again in {} seconds", .0.as_seconds() + 1)]
    Wait(Millis),
    /// It could not be judged.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl SignInError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Wrong => "wrong_password",
            Self::Wait(_) => "too_many_attempts",
            Self::Engine(error) => error.code(),
        }
    }
}

/// Why a license file was not taken in. Nothing was changed.
#[derive(Clone, Debug, Error)]
pub enum ImportError {
    /// A file itself is refused (L3, L5).
    #[error(transparent)]
    File(FileError),
    /// A text of a license is not of the form that is kept here.
    #[error("{}license {position} ({serial:?}) can't be kept: {error}", .file.as_ref().map(|file| format!("{file}: ")).unwrap_or_default())]
    Terms {
        /// The file, where it has a name.
        file: Option<String>,
        /// Its place in the document, counted from 1.
        position: usize,
        /// Its serial, as the document gives it.
        serial: String,
        /// What is wrong.
        error: NameError,
    },
    /// The rules refuse it ([`Refusal::ImportRefused`] names the licenses), or the engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl ImportError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::File(error) => error.code(),
            Self::Terms { .. } => "invalid_terms",
            Self::Engine(error) => error.code(),
        }
    }
}

/// Why a document did not make a further key trusted. Nothing was changed.
#[derive(Clone, Debug, Error)]
pub enum IntroduceError {
    /// The document itself is refused.
    #[error(transparent)]
    Document(IntroductionError),
    /// The rules refuse it, or the engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl IntroduceError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Document(error) => error.code(),
            Self::Engine(error) => error.code(),
        }
    }
}
