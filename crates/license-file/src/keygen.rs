//! Keygen's license files (`-----BEGIN LICENSE FILE-----`), so that licenses issued through Keygen come in as they are.
//!
//! The block is Base64 of `{"enc": …, "sig": …, "alg": …}`. The account's Ed25519 key signs the bytes of `license/` and
//! `enc`. By `alg`, `enc` is Base64 of the JSON (`base64+ed25519`), or `ciphertext.iv.tag`, each in Base64, encrypted with
//! AES-256-GCM under the SHA-256 of the license key (`aes-256-gcm+ed25519`). The JSON is Keygen's license resource, with
//! what was included at the checkout, and `meta`: when the file was issued and how long it is good.
//!
//! What becomes of it: see [`terms`](self) in `keygen/terms.rs`. The license key opens the file and is forgotten: it is
//! neither kept nor logged, and of the key that the JSON repeats only the first group goes into the serial.

mod error;
mod payload;
mod terms;

pub use error::KeygenError;

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::document::{Document, FORMAT, LicenseTerms};
use crate::open::{OpenError, Opened, TrustedKey};
use payload::Payload;

const BEGIN: &str = "-----BEGIN LICENSE FILE-----";
const END: &str = "-----END LICENSE FILE-----";
const MACHINE: &str = "-----BEGIN MACHINE FILE-----";
/// What stands before `enc` in the signed bytes.
const PREFIX: &str = "license/";

/// A license key, which opens an encrypted file. Wiped when dropped, never printed.
#[derive(Clone)]
pub struct LicenseKey(Zeroizing<String>);

impl LicenseKey {
    /// The key as its owner has it; white space around it does not count.
    pub fn new(text: &str) -> Self {
        Self(Zeroizing::new(text.trim().to_owned()))
    }
}

impl fmt::Debug for LicenseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LicenseKey(secret)")
    }
}

/// What whoever imports knows beside the files.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// License keys, tried in turn on encrypted files.
    pub license_keys: Vec<LicenseKey>,
    /// The code of the product here, instead of the one that the file suggests.
    pub product: Option<String>,
}

/// How long a document says that it is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freshness {
    /// When it was issued.
    pub issued_at: Timestamp,
    /// From when it must be replaced by a new one; never when absent.
    pub good_until: Option<Timestamp>,
}

/// A license file taken apart; neither verified nor decrypted.
#[derive(Debug, Clone, Deserialize)]
pub struct Certificate {
    enc: String,
    sig: String,
    alg: String,
}

/// A public key as Keygen shows it, 64 hexadecimal digits, in base64url; `None` for any other text.
pub fn key_from_hex(text: &str) -> Option<String> {
    let digits = text.trim().as_bytes();
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = digits.chunks(2).map(byte).collect();
    bytes.map(crate::jws::encode_base64url)
}

/// The text, where it is a file of Keygen's by its first line.
pub(crate) fn recognize(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text).trim();
    [BEGIN, MACHINE]
        .iter()
        .any(|begin| text.starts_with(begin))
        .then_some(text)
}

impl Certificate {
    /// Takes a file apart.
    ///
    /// # Errors
    /// [`KeygenError`].
    pub(crate) fn parse(text: &str) -> Result<Self, KeygenError> {
        let inside = text.strip_prefix(BEGIN).ok_or(KeygenError::Machine)?;
        let (inside, after) = inside.split_once(END).ok_or(KeygenError::Truncated)?;
        if !after.trim().is_empty() {
            return Err(KeygenError::TextAround);
        }
        let encoded: String = inside.split_ascii_whitespace().collect();
        let json = STANDARD
            .decode(encoded)
            .map_err(|_| KeygenError::Malformed("it is not Base64".to_owned()))?;
        serde_json::from_slice(&json).map_err(|error| KeygenError::Malformed(error.to_string()))
    }

    /// Verifies the file, decrypts it where it must, and answers the license in it.
    ///
    /// # Errors
    /// [`OpenError::Keygen`], [`OpenError::InvalidTerms`].
    pub(crate) fn open(
        &self,
        accounts: &[TrustedKey],
        given: &Given,
    ) -> Result<(Opened, Freshness), OpenError> {
        self.is_encrypted()?;
        let signer = self.signer(accounts)?;
        let (license, freshness) = self.read(given)?;
        let document = Document {
            format: FORMAT,
            issuer: signer.name.clone(),
            customer: None,
            issued_at: freshness.issued_at,
            licenses: vec![license],
        };
        document.check().map_err(OpenError::InvalidTerms)?;
        let opened = Opened {
            signer: signer.clone(),
            document,
        };
        Ok((opened, freshness))
    }

    /// What the file says, whoever signed it: a claim until [`Certificate::signer`] agrees.
    pub(crate) fn read(&self, given: &Given) -> Result<(LicenseTerms, Freshness), OpenError> {
        let json = if self.is_encrypted()? {
            self.decrypt(&given.license_keys)?
        } else {
            let decoded = STANDARD.decode(&self.enc);
            Zeroizing::new(decoded.map_err(|_| malformed("`enc` is not Base64"))?)
        };
        let payload = Payload::parse(&json)?;
        let freshness = payload.freshness()?;
        let license = terms::terms(&payload, freshness.issued_at, given.product.as_deref())?;
        Ok((license, freshness))
    }

    fn is_encrypted(&self) -> Result<bool, KeygenError> {
        match self.alg.as_str() {
            "base64+ed25519" => Ok(false),
            "aes-256-gcm+ed25519" => Ok(true),
            _ => Err(KeygenError::Algorithm(self.alg.clone())),
        }
    }

    /// The trusted account that signed the file.
    pub(crate) fn signer<'a>(
        &self,
        accounts: &'a [TrustedKey],
    ) -> Result<&'a TrustedKey, KeygenError> {
        if accounts.is_empty() {
            return Err(KeygenError::NoAccount);
        }
        let signature: [u8; 64] = STANDARD
            .decode(&self.sig)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| malformed("`sig` is not 64 bytes in Base64"))?;
        let signed = format!("{PREFIX}{}", self.enc);
        accounts
            .iter()
            .find(|account| account.key.verify(signed.as_bytes(), &signature).is_ok())
            .ok_or_else(|| {
                let names = accounts.iter().map(|account| account.name.clone());
                KeygenError::NotVerified(names.collect())
            })
    }

    /// The JSON, by the first of the keys that fits.
    fn decrypt(&self, keys: &[LicenseKey]) -> Result<Zeroizing<Vec<u8>>, KeygenError> {
        if keys.is_empty() {
            return Err(KeygenError::KeyNeeded);
        }
        let parts: Vec<Vec<u8>> = self
            .enc
            .split('.')
            .map(|part| STANDARD.decode(part))
            .collect::<Result<_, _>>()
            .map_err(|_| malformed("`enc` is not Base64"))?;
        let [ciphertext, iv, tag] = parts.as_slice() else {
            return Err(malformed("`enc` is not ciphertext, iv and tag"));
        };
        let iv: [u8; NONCE_LEN] = iv
            .as_slice()
            .try_into()
            .map_err(|_| malformed("the iv is not 12 bytes long"))?;
        if tag.len() != AES_256_GCM.tag_len() {
            return Err(malformed("the tag is not 16 bytes long"));
        }
        keys.iter()
            .find_map(|key| opened_with(key, ciphertext, iv, tag))
            .ok_or(KeygenError::WrongKey)
    }
}

fn opened_with(
    key: &LicenseKey,
    ciphertext: &[u8],
    iv: [u8; NONCE_LEN],
    tag: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let digest = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(key.0.as_bytes())));
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, digest.as_slice()).ok()?);
    let mut plain = Zeroizing::new(vec![0; ciphertext.len()]);
    let nonce = Nonce::assume_unique_for_key(iv);
    key.open_separate_gather(nonce, Aad::empty(), ciphertext, tag, &mut plain)
        .ok()
        .map(|()| plain)
}

fn malformed(what: &str) -> KeygenError {
    KeygenError::Malformed(what.to_owned())
}
