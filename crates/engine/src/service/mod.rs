//! Issuers' license services: keys become licenses (I2), licenses are refreshed (I3).
//!
//! What is said is [`license_file::exchange`]; what it may change is decided in `domain` like everything else. Here are
//! only the line to the service, the signing, and the schedule. Nothing of this is needed for people to work.

mod add;
mod aside;
mod calls;
mod line;
mod refresh;

pub use add::{KeyError, KeyLicense};
pub use line::{LineError, ServiceLine};

pub(crate) use line::Http;
pub(crate) use refresh::run;

use add::{activate, preview};
use refresh::by_hand;

use domain::names::Title;
use domain::refresh::{Fault, LicenseService};
use domain::{IssuerKind, Timestamp};
use license_file::exchange::{Answer, AnswerError, CHECK_ADDRESS, Request, Wish, open_answer};
use license_file::jws::VerifyingKey;
use license_file::open::{OpenError, TrustedKeys};
use store::{Reader, StoreError};

use crate::state::Shared;

/// Signs a request as this installation.
fn signed(shared: &Shared, wish: Wish) -> String {
    let now = shared.now().as_millis();
    let request = Request {
        installation: shared.installation.id_text.clone(),
        company: shared.policy().company.as_ref().map(ToString::to_string),
        at: jiff::Timestamp::from_millisecond(now).unwrap_or(jiff::Timestamp::UNIX_EPOCH),
        wish,
    };
    let payload = request.payload(&shared.installation.public, &rand::random());
    shared
        .installation
        .sign(license_file::exchange::REQUEST_TYP, &payload)
}

/// The keys of one issuer: no other may speak for its service.
fn keys_of(
    reader: &mut Reader<'_>,
    issuer: &Title,
    now: Timestamp,
) -> Result<TrustedKeys, StoreError> {
    let mut trust = TrustedKeys::new();
    for trusted in reader.issuers()? {
        let speaks = trusted.is_trusted()
            && trusted.kind == IssuerKind::Seatkeeper
            && trusted.period.contains(now);
        if !speaks || trusted.name.key() != issuer.key() {
            continue;
        }
        // A key that can't be used is as good as none.
        if let Ok(key) = VerifyingKey::from_base64url(&trusted.public_key) {
            trust.add(trusted.name.as_str(), key);
        }
    }
    Ok(trust)
}

/// What a service answered to a request, if it did and the answer is to be believed.
fn understood(
    reply: Result<Vec<u8>, LineError>,
    trust: &TrustedKeys,
    request: &str,
    installation: &str,
) -> Result<Answer, (Fault, String)> {
    let reply = reply.map_err(|error| (error.fault(), error.to_string()))?;
    match open_answer(&reply, trust, request, installation) {
        Ok((_, answer)) => Ok(answer),
        Err(error @ AnswerError::Garbage(_)) => {
            Err((Fault::Garbage, format!("{error}; {CHECK_ADDRESS}")))
        }
        Err(error) => Err((fault_of(&error), error.to_string())),
    }
}

const fn fault_of(error: &AnswerError) -> Fault {
    match error {
        AnswerError::Garbage(_) => Fault::Garbage,
        AnswerError::UnknownKey(_) => Fault::UnknownKey,
        AnswerError::BadSignature(_) => Fault::BadSignature,
        AnswerError::NotForUs(_) => Fault::WrongAnswer,
    }
}

/// What a document that is refused says of the service that sent it.
const fn of_document(error: &OpenError) -> Fault {
    match error {
        OpenError::UnknownKey { .. } => Fault::UnknownKey,
        OpenError::BadSignature(_) | OpenError::Tampered { .. } => Fault::BadSignature,
        _ => Fault::Unacceptable,
    }
}

/// A fault with whose it is.
fn sentence(service: &LicenseService, what: &str) -> String {
    format!(
        "the license service of {} ({}): {what}",
        service.issuer, service.url
    )
}
