//! Who may speak for an issuer's license service, and what is believed of what it says.

use std::collections::BTreeMap;
use std::fmt;

use domain::names::Title;
use domain::refresh::Fault;
use domain::{IssuerKind, Standing, Timestamp};
use license_file::exchange::{Answer, AnswerError, open_answer};
use license_file::jws::VerifyingKey;
use license_file::open::{OpenError, Opened, Ours, TrustedKey, TrustedKeys, open};
use store::{Reader, StoreError};

use super::line::{CHECK_ADDRESS, LineError};

/// The keys of one issuer: no other may speak for its service.
#[derive(Debug, Default)]
pub(super) struct Speakers {
    /// Those that are believed now.
    trust: TrustedKeys,
    /// Those that are trusted, but not now.
    silent: BTreeMap<String, Standing>,
}

impl Speakers {
    pub(super) fn of(
        reader: &mut Reader<'_>,
        issuer: &Title,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let mut speakers = Self::default();
        for known in reader.issuers()? {
            let speaks = known.is_trusted() && known.kind == IssuerKind::Seatkeeper;
            if !speaks || known.name.key() != issuer.key() {
                continue;
            }
            // A key that can't be used is as good as none.
            let Ok(key) = VerifyingKey::from_base64url(&known.public_key) else {
                continue;
            };
            match known.period.standing(now) {
                Standing::InForce => speakers.trust.add(known.name.as_str(), key),
                other => {
                    speakers.silent.insert(key.kid().to_owned(), other);
                }
            }
        }
        Ok(speakers)
    }

    /// What a service answered to a request, and who signed it, if it did and the answer is to be believed.
    pub(super) fn understood(
        &self,
        reply: Result<Vec<u8>, LineError>,
        request: &str,
        installation: &str,
    ) -> Result<(TrustedKey, Answer), (Fault, String)> {
        let reply = reply.map_err(|error| (error.fault(), error.to_string()))?;
        open_answer(&reply, &self.trust, request, installation).map_err(|error| match &error {
            AnswerError::Garbage(_) => (Fault::Garbage, format!("{error}; {CHECK_ADDRESS}")),
            AnswerError::UnknownKey(kid) => (Fault::UnknownKey, self.why_not(kid, &error)),
            AnswerError::BadSignature(_) => (Fault::BadSignature, error.to_string()),
            AnswerError::NotForUs(_) => (Fault::WrongAnswer, error.to_string()),
        })
    }

    /// A document that a service sent, under the same rules as a file. Whose it is, L5, is judged with the license.
    pub(super) fn opened(
        &self,
        document: &str,
        installation: &str,
    ) -> Result<Opened, (Fault, String)> {
        let ours = Ours {
            company: None,
            installation: Some(installation),
        };
        open(document.as_bytes(), &self.trust, &ours).map_err(|error| match &error {
            OpenError::UnknownKey { kid } => (Fault::UnknownKey, self.why_not(kid, &error)),
            OpenError::BadSignature(_) | OpenError::Tampered { .. } => {
                (Fault::BadSignature, error.to_string())
            }
            _ => (Fault::Unacceptable, error.to_string()),
        })
    }

    /// Why a key is not believed: it is unknown, as the error says, or not in force now.
    fn why_not(&self, kid: &str, error: &dyn fmt::Display) -> String {
        match self.silent.get(kid) {
            Some(standing) => format!(
                "it is signed with the key {kid}, which is trusted here, but {}",
                standing.words()
            ),
            None => error.to_string(),
        }
    }
}
