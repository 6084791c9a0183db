//! The compact serialization: `header.payload.signature`.

use std::borrow::Borrow;

use super::{EncodedHeader, Header, JwsError, SigningKey, VerifyingKey, base64url};

/// A compact JWS taken apart, its header judged, its signature not yet.
#[derive(Debug)]
pub(crate) struct Compact<'a> {
    pub(crate) header: Header,
    signed: &'a str,
    payload: &'a str,
    signature: &'a str,
}

impl<'a> Compact<'a> {
    /// Takes a compact JWS apart and judges its header. Neither payload nor signature is decoded.
    pub(crate) fn parse(compact: &'a str) -> Result<Self, JwsError> {
        let (signed, signature) = compact.rsplit_once('.').ok_or(JwsError::NotCompact)?;
        let (header, payload) = signed.split_once('.').ok_or(JwsError::NotCompact)?;
        if payload.contains('.') || header.is_empty() {
            return Err(JwsError::NotCompact);
        }
        Ok(Self {
            header: Header::decode(header)?,
            signed,
            payload,
            signature,
        })
    }

    pub(crate) fn expect_typ(&self, typ: &str) -> Result<(), JwsError> {
        if self.header.typ == typ {
            return Ok(());
        }
        Err(JwsError::Type {
            expected: typ.to_owned(),
            found: self.header.typ.clone(),
        })
    }

    /// The signature's 64 bytes, or why it is not one.
    pub(crate) fn signature(&self) -> Result<[u8; 64], JwsError> {
        base64url::decode(self.signature)
            .ok_or(JwsError::Signature("not base64url"))?
            .try_into()
            .map_err(|_| JwsError::Signature("not 64 bytes long"))
    }

    /// Whether `key` signed exactly this header and payload.
    pub(crate) fn verify(&self, key: &VerifyingKey) -> Result<(), JwsError> {
        key.verify(self.signed.as_bytes(), &self.signature()?)
    }

    /// The payload's bytes, whoever signed them. What they say is a claim until [`Compact::verify`] agrees.
    pub(crate) fn payload(&self) -> Result<Vec<u8>, JwsError> {
        base64url::decode(self.payload).ok_or(JwsError::Payload)
    }
}

/// The header of a compact JWS, unverified: which key and which kind it claims to be.
///
/// # Errors
/// [`JwsError::NotCompact`], [`JwsError::Header`], [`JwsError::Algorithm`], [`JwsError::Critical`].
pub fn peek_header(compact: &str) -> Result<Header, JwsError> {
    Ok(Compact::parse(compact)?.header)
}

/// Verifies a compact JWS of the kind `typ` with the key that `find` knows for its `kid`, and returns the payload.
///
/// Algorithm, `crit`, `typ` and key are judged, in this order, before the signature; the payload is decoded last.
///
/// # Errors
/// Any [`JwsError`]; nothing of the payload is returned unless the signature holds.
pub fn verify<K: Borrow<VerifyingKey>>(
    compact: &str,
    typ: &str,
    find: impl FnOnce(&str) -> Option<K>,
) -> Result<Vec<u8>, JwsError> {
    let compact = Compact::parse(compact)?;
    compact.expect_typ(typ)?;
    let key = find(&compact.header.kid)
        .ok_or_else(|| JwsError::UnknownKey(compact.header.kid.clone()))?;
    if key.borrow().kid() != compact.header.kid {
        return Err(JwsError::UnknownKey(compact.header.kid));
    }
    compact.verify(key.borrow())?;
    compact.payload()
}

/// The text whose bytes are to be signed: `header.payload`, with room for the signature.
pub fn signing_input(header: &EncodedHeader, payload: &[u8]) -> String {
    let header = header.as_str();
    let mut input = String::with_capacity(header.len() + payload.len().div_ceil(3) * 4 + 2 + 86);
    input.push_str(header);
    input.push('.');
    base64url::encode_onto(payload, &mut input);
    input
}

/// Joins a [`signing_input`] and the Ed25519 signature over its bytes into a compact JWS.
pub fn assemble(mut input: String, signature: &[u8; 64]) -> String {
    input.push('.');
    base64url::encode_onto(signature, &mut input);
    input
}

/// Signs `payload` as a document of the kind `typ`.
pub fn sign(key: &SigningKey, typ: &str, payload: &[u8]) -> String {
    let input = signing_input(&EncodedHeader::new(key.kid(), typ), payload);
    let signature = key.sign(input.as_bytes());
    assemble(input, &signature)
}
