//! Compact JWS (RFC 7515) with Ed25519 (RFC 8037), and nothing else of JOSE.
//!
//! The header is exactly `alg`, `kid` and `typ`. `alg` is written as `EdDSA` and read as `EdDSA` or `Ed25519` (RFC 9864).
//! Algorithm, `crit`, `typ` and key are judged before the payload is looked at, and the payload is decoded only after
//! its signature holds. `kid` is always the key's RFC 7638 thumbprint, so a key can't go by another key's name.
//!
//! Someone who signs elsewhere (the server signs session tokens with another library) builds the bytes to sign with
//! [`signing_input`] and joins the signature with [`assemble`].

mod base64url;
mod compact;
mod error;
mod header;
mod jwk;
mod key;

pub(crate) use base64url::{decode as decode_base64url, encode as encode_base64url};
pub(crate) use compact::Compact;
pub use compact::{assemble, peek_header, sign, signing_input, verify};
pub use error::JwsError;
pub use header::{EncodedHeader, Header};
pub use jwk::{Jwk, Jwks};
pub use key::{KeyError, SigningKey, VerifyingKey};

/// The `alg` we write (RFC 8037).
pub const ALG: &str = "EdDSA";
/// The same algorithm's newer name (RFC 9864), accepted but not written.
pub const ALG_RFC9864: &str = "Ed25519";
/// `typ` of a license document.
pub const LICENSE_TYP: &str = "seatkeeper-license+jws";
/// `typ` of a license request, signed by the installation that asks (I4).
pub const REQUEST_TYP: &str = "seatkeeper-request+jws";
/// `typ` of a license response, signed by the issuer that answers (I4).
pub const RESPONSE_TYP: &str = "seatkeeper-response+jws";
/// `typ` of a document that introduces a further key of an issuer.
pub const KEY_TYP: &str = "seatkeeper-key+jws";
/// `typ` of a session token (H4).
pub const SESSION_TYP: &str = "seatkeeper-session+jwt";
