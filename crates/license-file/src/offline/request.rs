//! A request: who asks, for which version, and what is owned and used there (I4).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::{OfflineError, text_of};
use super::{FORMAT, Kind};
use crate::document::{Access, MAX_ID, MAX_NAME, MAX_SERIAL, Model, Problem, Problems, check_name};
use crate::jws::{Compact, EncodedHeader, Jwk, SigningKey, VerifyingKey, assemble, signing_input};

/// Most licenses that one request lists.
pub const MAX_OWNED: usize = 100_000;

/// The payload of a `.tlr` file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// [`FORMAT`].
    pub format: u64,
    /// The request's id: a UUID that no other request has. The response names it.
    pub id: String,
    /// The id of the installation that asks.
    pub installation: String,
    /// The public half of its key, which signed this.
    pub key: Jwk,
    /// Its company id, as agreed with the issuer.
    pub company: String,
    /// The version of the product that it will run: three numbers with dots between.
    pub version: String,
    /// Whose licenses are meant, as the installation knows the issuer's name; absent when it has none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// When it was made.
    pub made_at: Timestamp,
    /// The issuer's licenses that are here.
    pub licenses: Vec<OwnedLicense>,
}

/// A license that is owned, and how much of it is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnedLicense {
    /// The issuer's id of it.
    pub id: String,
    /// The revision that is here.
    pub revision: u64,
    /// The number people know it by.
    pub serial: String,
    /// Code of the product.
    pub product: String,
    /// How seats are used.
    pub model: Model,
    /// What holders may do.
    pub access: Access,
    /// Number of seats; absent for a site license.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<u32>,
    /// How many of them are occupied.
    pub used: u64,
    /// First instant after the term; perpetual when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Its state there when the request was made (L2), such as `active` or `expired`.
    pub state: String,
}

impl Request {
    /// Checks the request, has it signed and wraps it as the text of a `.tlr` file. `sign` gets the bytes to sign;
    /// it must sign with the key whose public half is [`Request::key`].
    ///
    /// # Errors
    /// [`Problems`]: a request that would be refused is never signed.
    pub fn sign_with(&self, sign: impl FnOnce(&[u8]) -> [u8; 64]) -> Result<String, Problems> {
        self.check()?;
        let of_document =
            |message: String| Problems::one(Problem::of_document("document", message));
        let json = serde_json::to_vec(self).map_err(|error| of_document(error.to_string()))?;
        let key = self.verifying_key().map_err(of_document)?;
        let input = signing_input(&EncodedHeader::new(key.kid(), Kind::Request.typ()), &json);
        let signature = sign(input.as_bytes());
        let compact = assemble(input, &signature);
        let (begin, end) = (Kind::Request.begin(), Kind::Request.end());
        Ok(crate::armor::wrap_between(&compact, begin, end))
    }

    /// The same with a key at hand.
    ///
    /// # Errors
    /// [`Problems`].
    pub fn sign(&self, key: &SigningKey) -> Result<String, Problems> {
        self.sign_with(|bytes| key.sign(bytes))
    }

    /// Opens a `.tlr` file: size, form, header, format, its own key, signature, content, in this order.
    ///
    /// # Errors
    /// [`OfflineError`]: the first of these that does not hold.
    pub fn open(file: &[u8]) -> Result<Self, OfflineError> {
        let kind = Kind::Request;
        let of_jws = |why| OfflineError::of_jws(kind, why, "the installation that it names");
        let text = text_of(kind, file)?;
        let compact = Compact::parse(&text).map_err(of_jws)?;
        compact.expect_typ(kind.typ()).map_err(of_jws)?;
        let payload = compact.payload().map_err(of_jws)?;
        let request = Self::read(&payload)?;
        let key = request.verifying_key().map_err(OfflineError::KeyMissing)?;
        if key.kid() != compact.header.kid {
            let why = "it brings another key".to_owned();
            return Err(OfflineError::KeyMissing(why));
        }
        compact.verify(&key).map_err(of_jws)?;
        request
            .check()
            .map_err(|problems| OfflineError::Invalid { kind, problems })?;
        Ok(request)
    }

    fn read(payload: &[u8]) -> Result<Self, OfflineError> {
        #[derive(Deserialize)]
        struct AnyVersion {
            format: u64,
        }
        let kind = Kind::Request;
        match serde_json::from_slice::<AnyVersion>(payload) {
            Ok(AnyVersion { format }) if format != FORMAT => {
                return Err(OfflineError::UnsupportedVersion { kind, format });
            }
            _ => {}
        }
        serde_json::from_slice(payload).map_err(|error| OfflineError::Invalid {
            kind,
            problems: Problems::one(Problem::of_document(
                "document",
                format!("can't be read: {error}"),
            )),
        })
    }

    fn verifying_key(&self) -> Result<VerifyingKey, String> {
        match self.key.verifying_key() {
            Ok(Some(key)) => Ok(key),
            Ok(None) => Err("its key is not an Ed25519 key".to_owned()),
            Err(error) => Err(format!("its key is {error}")),
        }
    }

    /// The thumbprint of the installation's key.
    ///
    /// # Errors
    /// A clause that says why the key is none.
    pub fn kid(&self) -> Result<String, String> {
        Ok(self.verifying_key()?.kid().to_owned())
    }

    /// The first rule that the request breaks.
    ///
    /// # Errors
    /// [`Problems`].
    pub fn check(&self) -> Result<(), Problems> {
        let broken = |field: &'static str, message: String| {
            Err(Problems::one(Problem::of_document(field, message)))
        };
        let fields = [
            ("id", check_uuid(&self.id)),
            ("installation", check_uuid(&self.installation)),
            ("company", check_name(&self.company, MAX_ID)),
            ("version", check_version(&self.version)),
            (
                "issuer",
                self.issuer
                    .as_deref()
                    .map_or(Ok(()), |name| check_name(name, MAX_NAME)),
            ),
        ];
        for (field, result) in fields {
            if let Err(message) = result {
                return broken(field, message);
            }
        }
        if self.format != FORMAT {
            return broken("format", format!("must be {FORMAT}, not {}", self.format));
        }
        if self.licenses.len() > MAX_OWNED {
            let many = self.licenses.len();
            return broken(
                "licenses",
                format!("lists {many}, at most {MAX_OWNED} are allowed"),
            );
        }
        for license in &self.licenses {
            let texts = [
                ("id", &license.id, MAX_ID),
                ("serial", &license.serial, MAX_SERIAL),
                ("product", &license.product, MAX_SERIAL),
                ("state", &license.state, MAX_SERIAL),
            ];
            for (field, text, longest) in texts {
                if let Err(message) = check_name(text, longest) {
                    return broken("licenses", format!("has one whose {field} {message}"));
                }
            }
        }
        Ok(())
    }
}

/// Whether a text is a version: three numbers of at most nine digits with dots between.
///
/// # Errors
/// What is wrong, a clause that follows the field's name.
pub fn check_version(text: &str) -> Result<(), String> {
    let is_number = |part: &str| {
        (1..=9).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let parts: Vec<&str> = text.split('.').collect();
    if parts.len() == 3 && parts.into_iter().all(is_number) {
        Ok(())
    } else {
        Err("must be three numbers with dots between, as in 8.3.0".to_owned())
    }
}

/// A UUID as it is written everywhere: 36 characters, lower or upper case.
pub(super) fn check_uuid(text: &str) -> Result<(), String> {
    let is_one = text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    if is_one {
        Ok(())
    } else {
        Err("must be a UUID".to_owned())
    }
}
