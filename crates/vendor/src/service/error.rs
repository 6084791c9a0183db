//! Why the service says no: a sentence, a stable code, and the HTTP status that it travels with.

use license_file::exchange::RequestError;
use store::{OpenError, StoreError};

use crate::spec::SpecError;

/// Why the service did nothing.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// An installation's request is none.
    #[error("{0}")]
    Request(#[from] RequestError),
    /// A request came to the address of another.
    #[error("this address does not do what the request asks for")]
    WrongAddress,
    /// No license has this key.
    #[error("no license has this key; compare it with what the vendor sent")]
    UnknownLicenseKey,
    /// The license was withdrawn.
    #[error("this license was withdrawn{}", .0.as_deref().map_or_else(String::new, |why| format!(": {why}")))]
    Withdrawn(
        /// Why, where that was said.
        Option<String>,
    ),
    /// Other installations have it already.
    #[error("this license is active on {most} other installation{}, which is all it may be; the vendor can release one", if *.most == 1 { "" } else { "s" })]
    AlreadyActivated {
        /// On how many it may be.
        most: u32,
    },
    /// It is for another company (L5).
    #[error("this license is for the company id {theirs:?}, and the request comes from {ours:?}")]
    WrongCompany {
        /// The license's.
        theirs: String,
        /// The installation's.
        ours: String,
    },
    /// It is for another installation (L5).
    #[error("this license is for the installation {0} only")]
    WrongInstallation(String),
    /// The installation's key is not the one that it activated with.
    #[error(
        "this installation has another key than at its activation; the vendor can release the activation, after which the license key works again"
    )]
    InstallationKeyChanged,
    /// Too many requests from there.
    #[error("too many requests; try again in {retry_after_s} seconds")]
    TooManyRequests {
        /// After how many seconds.
        retry_after_s: u64,
    },
    /// No administrator's token, or a wrong one.
    #[error("the token is not known; `seatkeeper vendor token` makes one on the service's machine")]
    Unauthorized,
    /// No such license.
    #[error("no license has the id or serial {0:?}")]
    UnknownLicense(String),
    /// A serial or id can't be issued twice.
    #[error("the serial or id {0:?} was issued before; re-issue it instead")]
    SerialTaken(String),
    /// A token of this name is there.
    #[error("there is a token {0:?} already")]
    TokenTaken(String),
    /// The installation has no activation of this license.
    #[error("the license is not active on the installation {0:?}")]
    NotActivated(String),
    /// The specification is not sound.
    #[error("{0}")]
    Spec(#[from] SpecError),
    /// What is asked for makes no sense.
    #[error("{0}")]
    Invalid(String),
    /// The ledger can't be opened.
    #[error("the service's ledger: {0}")]
    Open(#[from] OpenError),
    /// The ledger failed.
    #[error("the service's ledger failed: {0}")]
    Ledger(#[from] StoreError),
    /// The ledger holds something that can't be.
    #[error("the service's ledger is damaged: {0}")]
    Damaged(String),
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes: {0}")]
    Random(String),
}

impl ServiceError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Request(error) => error.code(),
            Self::WrongAddress => "wrong_address",
            Self::UnknownLicenseKey => "unknown_license_key",
            Self::Withdrawn(_) => "license_withdrawn",
            Self::AlreadyActivated { .. } => "already_activated",
            Self::WrongCompany { .. } => "wrong_company",
            Self::WrongInstallation(_) => "wrong_installation",
            Self::InstallationKeyChanged => "installation_key_changed",
            Self::TooManyRequests { .. } => "too_many_requests",
            Self::Unauthorized => "unauthorized",
            Self::UnknownLicense(_) => "unknown_license",
            Self::SerialTaken(_) => "serial_taken",
            Self::TokenTaken(_) => "token_taken",
            Self::NotActivated(_) => "not_activated",
            Self::Spec(error) => error.code(),
            Self::Invalid(_) => "invalid_request",
            Self::Open(error) => error.code(),
            Self::Ledger(error) if error.is_retriable() => "ledger_unavailable",
            Self::Ledger(_) => "ledger",
            Self::Damaged(_) => "ledger_damaged",
            Self::Random(_) => "no_randomness",
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::Request(RequestError::LicenseKey(_)) | Self::Spec(_) => 422,
            Self::Request(RequestError::TooLarge(_)) => 413,
            Self::Request(_) | Self::WrongAddress | Self::Invalid(_) => 400,
            Self::Unauthorized => 401,
            Self::InstallationKeyChanged => 403,
            Self::UnknownLicenseKey | Self::UnknownLicense(_) | Self::NotActivated(_) => 404,
            Self::AlreadyActivated { .. }
            | Self::WrongCompany { .. }
            | Self::WrongInstallation(_)
            | Self::SerialTaken(_)
            | Self::TokenTaken(_) => 409,
            Self::Withdrawn(_) => 410,
            Self::TooManyRequests { .. } => 429,
            Self::Ledger(error) if error.is_retriable() => 503,
            Self::Open(_) | Self::Ledger(_) | Self::Damaged(_) | Self::Random(_) => 500,
        }
    }
}
