//! `/.well-known/jwks.json`: the public keys of session tokens (RFC 7517, RFC 8037).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The keys; during a change of keys there are two.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Jwks {
    /// Each key.
    pub keys: Vec<Jwk>,
}

/// A public Ed25519 key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Jwk {
    /// Always `OKP`.
    #[schema(example = "OKP")]
    pub kty: String,
    /// Always `Ed25519`.
    #[schema(example = "Ed25519")]
    pub crv: String,
    /// The key, 32 bytes in base64url.
    pub x: String,
    /// The key's id: its RFC 7638 thumbprint.
    pub kid: String,
    /// Always `EdDSA`.
    #[schema(example = "EdDSA")]
    pub alg: String,
    /// Always `sig`.
    #[serde(rename = "use")]
    #[schema(example = "sig")]
    pub usage: String,
}
