//! Why a JWS is refused.

use crate::show::quoted;

/// Why a text is not a JWS that we accept. Ordered as the checks are made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    /// Not three base64url parts with dots between them.
    #[error("not a compact JWS: expected three base64url parts separated by dots")]
    NotCompact,
    /// The first part is not a JSON object with exactly `alg`, `kid` and `typ`.
    #[error("the JWS header can't be read: {0}")]
    Header(String),
    /// Signed with, or claiming, another algorithm than Ed25519; also `none`.
    #[error("algorithm {} is not supported, only EdDSA with Ed25519 is", quoted(.0))]
    Algorithm(String),
    /// The header demands extensions; we know none.
    #[error("the JWS header demands extensions (`crit`), none of which is supported")]
    Critical,
    /// A signed text, but of another kind than the one asked for.
    #[error(
        "this is a document of type {}, expected {}",
        quoted(found),
        quoted(expected)
    )]
    Type {
        /// The `typ` asked for.
        expected: String,
        /// The `typ` in the header.
        found: String,
    },
    /// No key of that `kid` is trusted.
    #[error("signed with the key {}, which is not trusted here", quoted(.0))]
    UnknownKey(String),
    /// The signature is not one: wrong length, wrong encoding, or a value outside the permitted range.
    #[error("the signature is malformed: {0}")]
    Signature(&'static str),
    /// A well-formed signature that this key did not make over this content.
    #[error(
        "the signature does not match the content: it was altered after signing, or signed with another key"
    )]
    Mismatch,
    /// Signed, but the second part is not base64url.
    #[error("the signed payload is not base64url")]
    Payload,
}

impl JwsError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotCompact => "not_a_jws",
            Self::Header(_) | Self::Critical => "invalid_header",
            Self::Algorithm(_) => "unsupported_algorithm",
            Self::Type { .. } => "wrong_document_type",
            Self::UnknownKey(_) => "unknown_key",
            Self::Signature(_) => "bad_signature",
            Self::Mismatch => "tampered",
            Self::Payload => "invalid_payload",
        }
    }
}
