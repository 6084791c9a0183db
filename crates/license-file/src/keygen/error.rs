//! Why one of Keygen's files is refused.

use crate::show::quoted;

/// Why a Keygen license file is refused. Each is a clause that follows "This Keygen license file".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeygenError {
    /// The END line is missing.
    #[error("is not whole: its end is missing; fetch or copy it again, whole")]
    Truncated,
    /// Text after the END line.
    #[error(
        "has more in it than one license: keep only what stands from the BEGIN line to the END line"
    )]
    TextAround,
    /// A file for one machine.
    #[error("is one for a machine; check out the license instead of the machine")]
    Machine,
    /// Not what such a file holds.
    #[error("can't be read: {0}")]
    Malformed(String),
    /// Signed or encrypted otherwise.
    #[error("is of the kind {}; only base64+ed25519 and aes-256-gcm+ed25519 are read", quoted(.0))]
    Algorithm(String),
    /// No key to verify it with.
    #[error("can't be verified: no Keygen account is trusted here")]
    NoAccount,
    /// None of the trusted accounts signed this content.
    #[error("was altered, or was not signed by {}", names(.0))]
    NotVerified(Vec<String>),
    /// Encrypted, and no license key was given.
    #[error("is encrypted: its license key is needed to open it")]
    KeyNeeded,
    /// No given license key opens it.
    #[error("can't be opened with that license key")]
    WrongKey,
    /// Suspended or banned when it was checked out.
    #[error("is of a license that its vendor had suspended (status {})", quoted(.0))]
    Suspended(String),
}

impl KeygenError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Truncated => "truncated",
            Self::TextAround | Self::Malformed(_) => "keygen_malformed",
            Self::Machine => "keygen_machine_file",
            Self::Algorithm(_) => "keygen_algorithm",
            Self::NoAccount => "keygen_no_account",
            Self::NotVerified(_) => "keygen_not_verified",
            Self::KeyNeeded => "license_key_needed",
            Self::WrongKey => "wrong_license_key",
            Self::Suspended(_) => "keygen_suspended",
        }
    }
}

fn names(names: &[String]) -> String {
    match names {
        [only] => format!("the Keygen account of {}", quoted(only)),
        many => format!("any of the {} trusted Keygen accounts", many.len()),
    }
}
