//! Requests of installations.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{FORMAT, MAX_REQUEST, MOST_LICENSES, REQUEST_TYP};
use crate::document::MAX_ID;
use crate::jws::{Compact, JwsError, KeyError, SigningKey, VerifyingKey, encode_base64url, sign};
use crate::license_key::{LicenseKey, LicenseKeyError};
use crate::show::is_unprintable;

/// What an installation wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// To know what a key would bring; binds nothing.
    Preview(LicenseKey),
    /// The license of a key, bound to this installation.
    Activate(LicenseKey),
    /// To have licenses confirmed or renewed.
    Refresh(Vec<Held>),
}

/// A license that an installation holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// The issuer's id of it.
    pub id: String,
    /// The revision that is held.
    pub revision: u64,
}

/// A request of an installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Who asks: the installation's id.
    pub installation: String,
    /// Its company id, where it has one (L5).
    pub company: Option<String>,
    /// The installation's clock.
    pub at: Timestamp,
    /// What it wants.
    pub wish: Wish,
}

/// A request whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedRequest {
    /// What it says.
    pub request: Request,
    /// The key that it was signed with, and that it carries itself: whether that is the installation's is for the
    /// service to know.
    pub signer: VerifyingKey,
    /// Its [`fingerprint`], which the answer repeats.
    pub fingerprint: String,
}

/// Why a text is no request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// More than [`MAX_REQUEST`].
    #[error("the request has {0} bytes, at most {MAX_REQUEST} are read")]
    TooLarge(usize),
    /// No JWS, or one of something else.
    #[error("the request can't be read: {0}")]
    Envelope(JwsError),
    /// The key that it carries is none.
    #[error("the request's key is {0}")]
    SignerKey(KeyError),
    /// Not signed by the key that it carries.
    #[error("the request's signature does not hold: {0}")]
    Signature(JwsError),
    /// Signed, but not what a request says.
    #[error("the request is not as it should be: {0}")]
    Content(String),
    /// The license key in it can't be right.
    #[error("{0}")]
    LicenseKey(LicenseKeyError),
}

impl RequestError {
    /// Stable code for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "too_large",
            Self::Envelope(_) | Self::Content(_) => "unreadable_request",
            Self::SignerKey(_) | Self::Signature(_) => "bad_signature",
            Self::LicenseKey(error) => error.code(),
        }
    }
}

#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Action {
    Preview,
    Activate,
    Refresh,
}

/// A request as it travels.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    format: u64,
    action: Action,
    installation: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    company: Option<String>,
    at: Timestamp,
    /// The installation's public key.
    x: String,
    /// Makes every request another one.
    nonce: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    licenses: Vec<Held>,
}

impl Request {
    /// What is to be signed. No two requests may have the same nonce.
    pub fn payload(&self, signer: &VerifyingKey, nonce: &[u8; 16]) -> Vec<u8> {
        let (action, key, licenses) = match &self.wish {
            Wish::Preview(key) => (Action::Preview, Some(key), Vec::new()),
            Wish::Activate(key) => (Action::Activate, Some(key), Vec::new()),
            Wish::Refresh(licenses) => (Action::Refresh, None, licenses.clone()),
        };
        let payload = Payload {
            format: FORMAT,
            action,
            installation: self.installation.clone(),
            company: self.company.clone(),
            at: self.at,
            x: signer.to_base64url(),
            nonce: encode_base64url(nonce),
            key: key.map(|key| key.reveal().to_string()),
            licenses,
        };
        serde_json::to_vec(&payload).expect("a request is texts and numbers")
    }

    /// Signs the request.
    pub fn sign(&self, key: &SigningKey, nonce: &[u8; 16]) -> String {
        sign(key, REQUEST_TYP, &self.payload(key.verifying_key(), nonce))
    }
}

/// What an answer repeats of the request that it answers: SHA-256 of its text, base64url.
pub fn fingerprint(request: &str) -> String {
    encode_base64url(Sha256::digest(request))
}

/// Reads a request and proves that whoever sent it has the key that it carries.
///
/// # Errors
/// [`RequestError`].
pub fn open_request(text: &str) -> Result<SignedRequest, RequestError> {
    if text.len() > MAX_REQUEST {
        return Err(RequestError::TooLarge(text.len()));
    }
    let compact = Compact::parse(text).map_err(RequestError::Envelope)?;
    compact
        .expect_typ(REQUEST_TYP)
        .map_err(RequestError::Envelope)?;
    let payload = compact.payload().map_err(RequestError::Envelope)?;
    let payload: Payload = serde_json::from_slice(&payload)
        .map_err(|error| RequestError::Content(error.to_string()))?;
    let signer = VerifyingKey::from_base64url(&payload.x).map_err(RequestError::SignerKey)?;
    if signer.kid() != compact.header.kid {
        let other = JwsError::UnknownKey(compact.header.kid.clone());
        return Err(RequestError::Signature(other));
    }
    compact.verify(&signer).map_err(RequestError::Signature)?;
    Ok(SignedRequest {
        request: payload.check()?,
        signer,
        fingerprint: fingerprint(text),
    })
}

impl Payload {
    fn check(self) -> Result<Request, RequestError> {
        if self.format != FORMAT {
            let message = format!("its format is {}, only {FORMAT} is known", self.format);
            return Err(RequestError::Content(message));
        }
        let ids = self.licenses.iter().map(|held| &held.id);
        for id in ids.chain([&self.installation]).chain(&self.company) {
            let length = id.chars().count();
            if length == 0 || length > MAX_ID || id.chars().any(is_unprintable) {
                let message = format!("an id must have 1 to {MAX_ID} printable characters");
                return Err(RequestError::Content(message));
            }
        }
        if self.licenses.len() > MOST_LICENSES {
            let message = format!("it asks for more than {MOST_LICENSES} licenses");
            return Err(RequestError::Content(message));
        }
        let key = self.key.as_deref().map(LicenseKey::parse).transpose();
        let key = key.map_err(RequestError::LicenseKey)?;
        let wish = match (self.action, key, self.licenses) {
            (Action::Preview, Some(key), none) if none.is_empty() => Wish::Preview(key),
            (Action::Activate, Some(key), none) if none.is_empty() => Wish::Activate(key),
            (Action::Refresh, None, licenses) if !licenses.is_empty() => Wish::Refresh(licenses),
            _ => {
                let message = "it needs a key to preview or activate, or licenses to refresh";
                return Err(RequestError::Content(message.to_owned()));
            }
        };
        Ok(Request {
            installation: self.installation,
            company: self.company,
            at: self.at,
            wish,
        })
    }
}
