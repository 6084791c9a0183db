//! A document by which an issuer makes a further key known: signed with a key that its customers trust already (L3).
//!
//! A compact JWS of a `typ` of its own, between `BEGIN SEATKEEPER KEY` and `END SEATKEEPER KEY`, so that it can't be
//! taken for a license nor the other way round. It can shorten the time of the key that signs it, and says nothing of
//! the issuer's name: the new key goes by the name under which the old one is trusted.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::armor::{self, UnwrapError};
use crate::jws::{self, Header, JwsError, KEY_TYP, SigningKey, VerifyingKey};

/// The format that we write and the only one we read.
pub const FORMAT: u64 = 1;

/// A further key of an issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introduction {
    /// When this was signed.
    pub issued_at: Timestamp,
    /// The new key.
    pub key: VerifyingKey,
    /// From when its signatures are to be believed; from ever when absent.
    pub valid_from: Option<Timestamp>,
    /// From when they are not any more; for ever when absent.
    pub valid_until: Option<Timestamp>,
    /// From when those of the key that signs this are not any more; as it was when absent.
    pub old_until: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    format: u64,
    issued_at: Timestamp,
    /// The new key's 32 bytes in base64url.
    x: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    valid_from: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    valid_until: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    old_until: Option<Timestamp>,
}

/// Why a document introduces no key. Each reads as a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IntroductionError {
    /// Something else, or only a part of one.
    #[error("This is no document that introduces a key: {0}.")]
    Form(UnwrapError),
    /// Its signature does not hold, or its key is not trusted.
    #[error("This document introduces no key: {0}.")]
    Signature(JwsError),
    /// Signed, but not sound.
    #[error("This document is signed, but introduces no key: {0}.")]
    Content(String),
}

impl IntroductionError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Form(_) => "not_an_introduction",
            Self::Signature(error) => error.code(),
            Self::Content(_) => "invalid_introduction",
        }
    }
}

impl Introduction {
    /// The text of the document, signed with the key that is trusted already.
    pub fn sign(&self, with: &SigningKey) -> String {
        let payload = Payload {
            format: FORMAT,
            issued_at: self.issued_at,
            x: self.key.to_base64url(),
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            old_until: self.old_until,
        };
        let json = serde_json::to_vec(&payload).expect("texts and instants serialize");
        armor::wrap(&jws::sign(with, KEY_TYP, &json)).replace(LICENSE, KEY)
    }

    /// The header of a document: which key is said to have signed it.
    ///
    /// # Errors
    /// [`IntroductionError`].
    pub fn header(text: &str) -> Result<Header, IntroductionError> {
        jws::peek_header(&unwrap(text)?).map_err(IntroductionError::Signature)
    }

    /// Verifies a document with the key that it names.
    ///
    /// # Errors
    /// [`IntroductionError`].
    pub fn open(text: &str, trusted: Option<&VerifyingKey>) -> Result<Self, IntroductionError> {
        let compact = unwrap(text)?;
        let payload =
            jws::verify(&compact, KEY_TYP, |_| trusted).map_err(IntroductionError::Signature)?;
        let payload: Payload = serde_json::from_slice(&payload)
            .map_err(|error| IntroductionError::Content(error.to_string()))?;
        if payload.format != FORMAT {
            let what = format!("its format is {}, {FORMAT} is read", payload.format);
            return Err(IntroductionError::Content(what));
        }
        let key = VerifyingKey::from_base64url(&payload.x)
            .map_err(|error| IntroductionError::Content(format!("its key is {error}")))?;
        Ok(Self {
            issued_at: payload.issued_at,
            key,
            valid_from: payload.valid_from,
            valid_until: payload.valid_until,
            old_until: payload.old_until,
        })
    }
}

const LICENSE: &str = "SEATKEEPER LICENSE-----";
const KEY: &str = "SEATKEEPER KEY-----";

/// The compact JWS of a document; one in the form of a license file is none.
fn unwrap(text: &str) -> Result<String, IntroductionError> {
    if text.contains(armor::BEGIN) {
        return Err(IntroductionError::Form(UnwrapError::Pem(
            "SEATKEEPER LICENSE".to_owned(),
        )));
    }
    armor::unwrap(text.replace(KEY, LICENSE).as_bytes()).map_err(IntroductionError::Form)
}
