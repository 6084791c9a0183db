//! The protected header: exactly `alg`, `kid` and `typ`.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::{ALG, ALG_RFC9864, JwsError, base64url};
use crate::show::{is_unprintable, quoted};

/// The longest `kid` and `typ` that are looked at, in bytes.
const LONGEST: usize = 128;
/// The longest encoded header that is looked at, in bytes.
const LONGEST_HEADER: usize = 4096;

/// A decoded header. Its algorithm is one we accept; the other two are claims until the signature holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// `EdDSA` or `Ed25519`.
    pub alg: String,
    /// Thumbprint (RFC 7638) of the key that is said to have signed.
    pub kid: String,
    /// What kind of document this is said to be.
    pub typ: String,
}

impl Header {
    /// Decodes the first part of a compact JWS and checks all that does not depend on what is asked for.
    pub(super) fn decode(part: &str) -> Result<Self, JwsError> {
        if part.len() > LONGEST_HEADER {
            return Err(JwsError::Header(format!(
                "longer than {LONGEST_HEADER} bytes"
            )));
        }
        let json =
            base64url::decode(part).ok_or_else(|| JwsError::Header("not base64url".to_owned()))?;
        let header = match serde_json::from_slice::<Self>(&json) {
            Ok(header) => header,
            Err(error) => return Err(diagnose(&json, &error)),
        };
        if header.alg != ALG && header.alg != ALG_RFC9864 {
            return Err(JwsError::Algorithm(header.alg));
        }
        for (name, value) in [("kid", &header.kid), ("typ", &header.typ)] {
            if value.is_empty() || value.len() > LONGEST || value.chars().any(is_unprintable) {
                return Err(JwsError::Header(format!(
                    "`{name}` must have 1 to {LONGEST} printable characters"
                )));
            }
        }
        Ok(header)
    }
}

/// Says which rule a header breaks that is not of the exact shape. Algorithm and `crit` come first: they are what an
/// attacker, or another tool's token, differs in.
fn diagnose(json: &[u8], error: &serde_json::Error) -> JwsError {
    #[derive(Deserialize)]
    struct Loose {
        alg: Option<serde_json::Value>,
        crit: Option<IgnoredAny>,
        #[serde(flatten)]
        rest: BTreeMap<String, serde_json::Value>,
    }
    let Ok(loose) = serde_json::from_slice::<Loose>(json) else {
        return JwsError::Header(error.to_string());
    };
    match loose.alg {
        None => return JwsError::Header("`alg` is missing".to_owned()),
        Some(serde_json::Value::String(alg)) if alg == ALG || alg == ALG_RFC9864 => {}
        Some(serde_json::Value::String(alg)) => return JwsError::Algorithm(alg),
        Some(_) => return JwsError::Header("`alg` must be a text".to_owned()),
    }
    if loose.crit.is_some() {
        return JwsError::Critical;
    }
    for required in ["kid", "typ"] {
        if !loose.rest.contains_key(required) {
            return JwsError::Header(format!("`{required}` is missing"));
        }
    }
    match loose
        .rest
        .keys()
        .find(|name| !matches!(name.as_str(), "kid" | "typ"))
    {
        Some(extra) => JwsError::Header(format!("{} must not be there", quoted(extra))),
        None => JwsError::Header(error.to_string()),
    }
}

/// A header ready to be signed under: made once per key and kind of document, used for each signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedHeader(String);

impl EncodedHeader {
    /// The header `{"alg":"EdDSA","kid":…,"typ":…}`, encoded. `kid` is that of the signing key.
    pub fn new(kid: &str, typ: &str) -> Self {
        let json = serde_json::json!({ "alg": ALG, "kid": kid, "typ": typ });
        Self(base64url::encode(json.to_string()))
    }

    /// The first part of a compact JWS.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
