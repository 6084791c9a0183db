//! The text of `.key` and `.pub` files: a JWK (RFC 8037) with the issuer's name.

use std::fmt;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use crate::jws::{KeyError, SigningKey, VerifyingKey, decode_base64url, encode_base64url};
use crate::show::{is_unprintable, quoted};

/// Longest name of an issuer, in characters.
const LONGEST_NAME: usize = crate::document::MAX_NAME;

/// Why a text is not a key file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileError {
    /// Not JSON, or not the members that a key file has.
    #[error("not a key file: {0}")]
    NotAKeyFile(String),
    /// A license where a key was expected.
    #[error("this is a license file, not a key file")]
    License,
    /// A PEM key: ours are JSON.
    #[error(
        "this is a PEM file; key files are JSON (JWK), as written by `seatkeeper vendor keygen`"
    )]
    Pem,
    /// The private half where the public one was expected: it must not leave its owner.
    #[error("this is a private key; take the .pub file, and keep the .key file to yourself")]
    PrivateKey,
    /// The public half where the private one was expected.
    #[error("this is a public key; the private key (.key) is needed")]
    PublicKey,
    /// Another kind of key.
    #[error("a key of type {} is not supported, only OKP with Ed25519 is", quoted(.0))]
    Kind(String),
    /// The public bytes are unusable.
    #[error("`x` is {0}")]
    Public(KeyError),
    /// The private bytes are unusable.
    #[error("`d` is not 32 bytes in base64url without padding")]
    Private,
    /// `d` and `x` are not halves of one key.
    #[error("`d` and `x` do not belong together: the file is damaged")]
    Halves,
    /// `kid` is not the key's thumbprint.
    #[error("`kid` is not the thumbprint of the key: the file is damaged")]
    Kid,
    /// No name, or one that can't be shown.
    #[error(
        "`name` must have 1 to {LONGEST_NAME} characters on one line, without white space around it"
    )]
    Name,
}

impl KeyFileError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAKeyFile(_) | Self::License | Self::Pem => "not_a_key_file",
            Self::PrivateKey => "private_key",
            Self::PublicKey => "public_key",
            Self::Kind(_) => "unsupported_key",
            Self::Public(_) | Self::Private | Self::Halves | Self::Kid => "invalid_key",
            Self::Name => "invalid_name",
        }
    }
}

/// A public key and whose it is: what a `.pub` file holds, and what others are asked to trust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKeyFile {
    /// The issuer's name.
    pub name: String,
    /// The key.
    pub key: VerifyingKey,
}

impl PublicKeyFile {
    /// Reads the text of a `.pub` file.
    ///
    /// # Errors
    /// [`KeyFileError`]; a private key is refused, so that nobody gets used to handing it out.
    pub fn parse(text: &str) -> Result<Self, KeyFileError> {
        let raw = Raw::parse(text)?;
        if raw.d.is_some() {
            return Err(KeyFileError::PrivateKey);
        }
        raw.public()
    }

    /// The text of a `.pub` file.
    pub fn to_text(&self) -> String {
        text(&self.name, &self.key, None).to_string()
    }
}

/// A private key and whose it is: what a `.key` file holds.
#[derive(Debug)]
pub struct PrivateKeyFile {
    /// The issuer's name.
    pub name: String,
    /// The key.
    pub key: SigningKey,
}

impl PrivateKeyFile {
    /// Reads the text of a `.key` file.
    ///
    /// # Errors
    /// [`KeyFileError`].
    pub fn parse(text: &str) -> Result<Self, KeyFileError> {
        let raw = Raw::parse(text)?;
        let lineage = raw.lineage.clone();
        let seed = raw.d.as_ref().ok_or(KeyFileError::PublicKey)?.seed()?;
        let PublicKeyFile { name, key: public } = raw.public()?;
        let mut key = SigningKey::from_seed(&seed);
        if let Some(lineage) = &lineage {
            key = key.succeeding(lineage);
        }
        if *key.verifying_key() != public {
            return Err(KeyFileError::Halves);
        }
        Ok(Self { name, key })
    }

    /// The text of a `.key` file. Wiped when dropped.
    pub fn to_text(&self) -> Zeroizing<String> {
        text(&self.name, self.key.verifying_key(), Some(&self.key))
    }

    /// The half to hand out.
    pub fn public(&self) -> PublicKeyFile {
        PublicKeyFile {
            name: self.name.clone(),
            key: self.key.verifying_key().clone(),
        }
    }
}

/// Checks an issuer's name.
///
/// # Errors
/// [`KeyFileError::Name`].
pub fn check_name(name: &str) -> Result<(), KeyFileError> {
    let length = name.chars().count();
    if length == 0
        || length > LONGEST_NAME
        || name.trim() != name
        || name.chars().any(is_unprintable)
    {
        return Err(KeyFileError::Name);
    }
    Ok(())
}

/// Written by hand, since a general serializer would leave copies of the secret behind.
fn text(name: &str, key: &VerifyingKey, secret: Option<&SigningKey>) -> Zeroizing<String> {
    let name = serde_json::Value::from(name);
    let public = format!(
        "{{\n  \"name\": {name},\n  \"kty\": \"OKP\",\n  \"crv\": \"Ed25519\",\n  \"kid\": \"{}\",\n  \"x\": \"{}\"",
        key.kid(),
        key.to_base64url()
    );
    // Room for the secret, so that it is never moved and left behind.
    let mut text = Zeroizing::new(String::with_capacity(public.len() + 128));
    text.push_str(&public);
    if let Some(secret) = secret {
        text.push_str(",\n  \"d\": \"");
        text.push_str(&Zeroizing::new(encode_base64url(secret.seed().as_slice())));
        text.push('"');
        if secret.lineage() != secret.kid() {
            let lineage = serde_json::Value::from(secret.lineage());
            text.push_str(",\n  \"lineage\": ");
            text.push_str(&lineage.to_string());
        }
    }
    text.push_str("\n}\n");
    text
}

/// Further members are passed over, as RFC 7517 section 4 asks.
#[derive(Deserialize)]
struct Raw {
    name: String,
    kty: String,
    crv: Option<String>,
    kid: Option<String>,
    x: Option<String>,
    d: Option<Secret>,
    /// The id of the first of the keys that this one succeeds; only in private keys.
    lineage: Option<String>,
}

impl Raw {
    fn parse(text: &str) -> Result<Self, KeyFileError> {
        let text = text.trim_start_matches('\u{FEFF}').trim();
        if text.starts_with(crate::armor::BEGIN) {
            return Err(KeyFileError::License);
        }
        if text.starts_with("-----BEGIN ") {
            return Err(KeyFileError::Pem);
        }
        serde_json::from_str(text).map_err(|error| KeyFileError::NotAKeyFile(error.to_string()))
    }

    fn public(self) -> Result<PublicKeyFile, KeyFileError> {
        if self.kty != "OKP" {
            return Err(KeyFileError::Kind(self.kty));
        }
        if self.crv.as_deref() != Some("Ed25519") {
            return Err(KeyFileError::Kind(format!(
                "OKP {}",
                self.crv.unwrap_or_default()
            )));
        }
        check_name(&self.name)?;
        let x = self.x.ok_or(KeyFileError::Public(KeyError::Encoding))?;
        let key = VerifyingKey::from_base64url(&x).map_err(KeyFileError::Public)?;
        if self.kid.is_some_and(|kid| kid != key.kid()) {
            return Err(KeyFileError::Kid);
        }
        Ok(PublicKeyFile {
            name: self.name,
            key,
        })
    }
}

/// `d` on its way from the file into a key: wiped when dropped, never printed.
struct Secret(Zeroizing<String>);

impl Secret {
    fn seed(&self) -> Result<Zeroizing<[u8; 32]>, KeyFileError> {
        let bytes = Zeroizing::new(decode_base64url(&self.0).ok_or(KeyFileError::Private)?);
        let mut seed = Zeroizing::new([0; 32]);
        if bytes.len() != seed.len() {
            return Err(KeyFileError::Private);
        }
        seed.copy_from_slice(&bytes);
        Ok(seed)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Zeroizing::new(text)))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}
