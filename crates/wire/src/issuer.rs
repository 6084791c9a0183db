//! `/v1/issuers`: whose licenses are taken (L3).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Time;
use crate::page::pages;

/// A trusted key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Issuer {
    /// The key's id: its RFC 7638 thumbprint.
    pub kid: String,
    /// Whose it is.
    #[schema(example = "Northwind Software")]
    pub name: String,
    /// The public key, 32 bytes in base64url.
    pub x: String,
    /// Since when it is trusted.
    pub trusted_at: Time,
}

pages! {
    /// A page of trusted keys, by name.
    IssuerPage of Issuer;
}

/// A key to be trusted: the content of an issuer's `.pub` file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrustIssuerRequest {
    /// Whose it is.
    #[schema(max_length = 200)]
    pub name: String,
    /// Always `OKP`.
    #[schema(example = "OKP")]
    pub kty: String,
    /// Always `Ed25519`.
    #[schema(example = "Ed25519")]
    pub crv: String,
    /// The key's id; computed when absent, compared when present.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// The public key, 32 bytes in base64url.
    pub x: String,
}
