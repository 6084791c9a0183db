//! Answers of license services.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ANSWER_TYP, FORMAT, fingerprint};
use crate::document::LicenseTerms;
use crate::jws::{Compact, JwsError, SigningKey, sign};
use crate::open::{MAX_FILE, TrustedKey, TrustedKeys};
use crate::show::quoted;

/// What a service says of one license.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case", deny_unknown_fields)]
pub enum Answered {
    /// What the key would bring. This is no license.
    Offered {
        /// Its terms.
        terms: Box<LicenseTerms>,
    },
    /// A license: new, or with a higher revision than the one that is held.
    Issued {
        /// The text of a license file with this license alone.
        document: String,
    },
    /// What is held is what was issued.
    Current {
        /// The license.
        id: String,
        /// Its latest revision.
        revision: u64,
    },
    /// Withdrawn by its issuer.
    Withdrawn {
        /// The license.
        id: String,
        /// The revision that was withdrawn.
        revision: u64,
        /// Why, for people to read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
    },
    /// Never issued there, or never to this installation.
    Unknown {
        /// The license.
        id: String,
    },
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// [`FORMAT`].
    pub format: u64,
    /// The [`fingerprint`] of the request.
    pub request: String,
    /// The installation that asked.
    pub installation: String,
    /// The service's clock.
    pub at: Timestamp,
    /// One for each license that was asked for.
    pub licenses: Vec<Answered>,
}

/// Why an answer is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// Something else than an answer.
    #[error("it is not the answer of a license service: {0}")]
    Garbage(String),
    /// Signed with a key that is not trusted here.
    #[error("it is signed with the key {}, which is not trusted here", quoted(.0))]
    UnknownKey(String),
    /// Not signed by the key that it names, or altered since.
    #[error("its signature does not hold: {0}")]
    BadSignature(JwsError),
    /// It answers another request or another installation.
    #[error("it answers {0}")]
    NotForUs(&'static str),
}

impl AnswerError {
    /// Stable code for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Garbage(_) => "service_garbage",
            Self::UnknownKey(_) => "service_unknown_key",
            Self::BadSignature(_) => "service_bad_signature",
            Self::NotForUs(_) => "service_wrong_answer",
        }
    }
}

impl Answer {
    /// Signs the answer.
    pub fn sign(&self, key: &SigningKey) -> String {
        let payload = serde_json::to_vec(self).expect("an answer is texts and numbers");
        sign(key, ANSWER_TYP, &payload)
    }
}

/// Opens the answer to `request`: form, key, signature, content, and that it is for us, in this order.
///
/// # Errors
/// [`AnswerError`]: the first of these that does not hold.
pub fn open_answer(
    answer: &[u8],
    trust: &TrustedKeys,
    request: &str,
    installation: &str,
) -> Result<(TrustedKey, Answer), AnswerError> {
    let garbage = |what: String| AnswerError::Garbage(what);
    // Documents are base64 within base64.
    if answer.len() > MAX_FILE * 2 {
        return Err(garbage(format!("it has {} bytes", answer.len())));
    }
    let text = std::str::from_utf8(answer).map_err(|_| garbage("it is not text".to_owned()))?;
    let compact = Compact::parse(text.trim()).map_err(|error| garbage(error.to_string()))?;
    compact
        .expect_typ(ANSWER_TYP)
        .map_err(|error| garbage(error.to_string()))?;
    let kid = &compact.header.kid;
    let signer = trust
        .find(kid)
        .ok_or_else(|| AnswerError::UnknownKey(kid.clone()))?;
    let payload = compact
        .verify(&signer.key)
        .and_then(|()| compact.payload())
        .map_err(AnswerError::BadSignature)?;
    let answer: Answer =
        serde_json::from_slice(&payload).map_err(|error| garbage(error.to_string()))?;
    if answer.format != FORMAT {
        return Err(garbage(format!("its format is {}", answer.format)));
    }
    if answer.request != fingerprint(request) {
        return Err(AnswerError::NotForUs("another request"));
    }
    if !answer.installation.eq_ignore_ascii_case(installation) {
        return Err(AnswerError::NotForUs("another installation"));
    }
    Ok((signer.clone(), answer))
}
