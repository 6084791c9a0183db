//! Why a request or a response is refused.

use super::{FORMAT, Kind};
use crate::armor::UnwrapError;
use crate::document::Problems;
use crate::jws::JwsError;
use crate::open::{MAX_FILE, OpenError};
use crate::show::quoted;

/// Why a request or a response is refused. Each refusal has a [`code`](OfflineError::code) and reads as a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OfflineError {
    /// More than [`MAX_FILE`].
    #[error("The file has {bytes} bytes, at most {MAX_FILE} are allowed.")]
    TooLarge {
        /// The file's size.
        bytes: usize,
    },
    /// Something else, or only a part of one.
    #[error("This is not a {}: {why}.", kind.name())]
    NotOne {
        /// What it should be.
        kind: Kind,
        /// What it is instead.
        why: UnwrapError,
    },
    /// The end is missing.
    #[error("This {} is not whole: {}.", .0.name(), UnwrapError::Truncated)]
    Truncated(Kind),
    /// It has the outer form, but can't be read, or is of another kind.
    #[error("This is not a {}: {why}.", kind.name())]
    Unreadable {
        /// What it should be.
        kind: Kind,
        /// Why it can't be.
        why: JwsError,
    },
    /// Signed with something else than Ed25519.
    #[error("This {} can't be verified: {why}.", kind.name())]
    UnsupportedAlgorithm {
        /// What it should be.
        kind: Kind,
        /// Why not.
        why: JwsError,
    },
    /// Signed with a key that is not trusted here.
    #[error(
        "This license response is signed with the key {}, which is not trusted here.",
        quoted(kid)
    )]
    UnknownKey {
        /// The key's thumbprint.
        kid: String,
    },
    /// A request whose own key is none, or not the one that is said to have signed.
    #[error("This license request does not bring the key that is said to have signed it: {0}.")]
    KeyMissing(String),
    /// The signature is damaged.
    #[error("The signature of this {} is damaged: {why}.", kind.name())]
    BadSignature {
        /// What it is.
        kind: Kind,
        /// How.
        why: JwsError,
    },
    /// The signature is whole, but not over this content.
    #[error("This {} was altered after it was signed, or was not signed by {signer}.", kind.name())]
    Tampered {
        /// What it is.
        kind: Kind,
        /// Whose key it claims.
        signer: String,
    },
    /// A format that this version does not know.
    #[error("This {} has format {format}; this version of Seatkeeper reads format {FORMAT}.", kind.name())]
    UnsupportedVersion {
        /// What it is.
        kind: Kind,
        /// Its format.
        format: u64,
    },
    /// Signed, but not sound.
    #[error("This {} is signed, but what it says is not valid: {problems}.", kind.name())]
    Invalid {
        /// What it is.
        kind: Kind,
        /// What is wrong.
        problems: Problems,
    },
    /// It answers the request of another installation (I4).
    #[error(
        "This license response answers a request of the installation {}, and this is the installation {}: take it in there.",
        quoted(theirs),
        quoted(ours)
    )]
    AnotherInstallation {
        /// The installation that asked.
        theirs: String,
        /// This installation.
        ours: String,
    },
    /// A license in it is bound to another installation or company (L5).
    #[error(transparent)]
    Binding(OpenError),
}

impl OfflineError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::NotOne { kind, .. }
            | Self::Unreadable {
                kind,
                why:
                    JwsError::NotCompact | JwsError::Header(_) | JwsError::Critical | JwsError::Payload,
            } => match kind {
                Kind::Request => "not_a_request",
                _ => "not_a_response",
            },
            Self::Truncated(_) => "truncated",
            Self::Unreadable { .. } => "wrong_document_type",
            Self::UnsupportedAlgorithm { .. } => "unsupported_algorithm",
            Self::UnknownKey { .. } => "unknown_key",
            Self::KeyMissing(_) => "request_key_missing",
            Self::BadSignature { .. } => "bad_signature",
            Self::Tampered { .. } => "tampered",
            Self::UnsupportedVersion { .. } => "unsupported_version",
            Self::Invalid {
                kind: Kind::Request,
                ..
            } => "invalid_license_request",
            Self::Invalid { .. } => "invalid_response",
            Self::AnotherInstallation { .. } => "response_for_another_installation",
            Self::Binding(error) => error.code(),
        }
    }

    /// A refusal by the envelope. `signer` names the key that is claimed.
    pub(super) fn of_jws(kind: Kind, why: JwsError, signer: &str) -> Self {
        match why {
            JwsError::Algorithm(_) => Self::UnsupportedAlgorithm { kind, why },
            JwsError::UnknownKey(kid) => Self::UnknownKey { kid },
            JwsError::Signature(_) => Self::BadSignature { kind, why },
            JwsError::Mismatch => Self::Tampered {
                kind,
                signer: signer.to_owned(),
            },
            JwsError::NotCompact
            | JwsError::Header(_)
            | JwsError::Critical
            | JwsError::Payload
            | JwsError::Type { .. } => Self::Unreadable { kind, why },
        }
    }
}

/// The compact JWS in a file of permitted size.
pub(super) fn text_of(kind: Kind, file: &[u8]) -> Result<String, OfflineError> {
    if file.len() > MAX_FILE {
        return Err(OfflineError::TooLarge { bytes: file.len() });
    }
    crate::armor::unwrap_between(file, kind.begin(), kind.end()).map_err(|why| match why {
        UnwrapError::Truncated => OfflineError::Truncated(kind),
        why => OfflineError::NotOne { kind, why },
    })
}
