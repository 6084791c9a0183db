//! What is in a request or a response, for people who look before they act. Never fails: what is wrong is part of it.

use serde::Serialize;

use super::error::text_of;
use super::{Kind, OfflineError, Request, Response};
use crate::explain::{Finding, SignatureStatus};
use crate::jws::{Compact, JwsError};
use crate::open::TrustedKeys;

/// What is in a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestInspection {
    /// Always `license request`.
    pub kind: &'static str,
    /// What it says; absent when it is not whole and sound.
    pub request: Option<Request>,
    /// The thumbprint of the installation's key, which it brings itself; the signature holds.
    pub key: Option<String>,
    /// What keeps it from being answered.
    pub problems: Vec<Finding>,
}

/// What is in a response. Unless the signature is valid, all of it is only what the file claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResponseInspection {
    /// Always `license response`.
    pub kind: &'static str,
    /// Whether the signature holds.
    pub signature: SignatureStatus,
    /// What it says, when all of it can be read.
    pub response: Option<Response>,
    /// What would keep it from being taken in, apart from the installation that it is for.
    pub problems: Vec<Finding>,
}

fn finding(error: &OfflineError) -> Finding {
    Finding {
        code: error.code(),
        message: error.to_string(),
    }
}

/// Says what is in a `.tlr` file.
pub fn explain_request(file: &[u8]) -> RequestInspection {
    let mut inspection = RequestInspection {
        kind: Kind::Request.name(),
        request: None,
        key: None,
        problems: Vec::new(),
    };
    match Request::open(file) {
        Ok(request) => {
            inspection.key = request.kid().ok();
            inspection.request = Some(request);
        }
        Err(error) => inspection.problems.push(finding(&error)),
    }
    inspection
}

/// Says what is in a `.tls` file, and verifies it as far as `trust` allows.
pub fn explain_response(file: &[u8], trust: &TrustedKeys) -> ResponseInspection {
    let kind = Kind::Response;
    let mut inspection = ResponseInspection {
        kind: kind.name(),
        signature: SignatureStatus::Unchecked,
        response: None,
        problems: Vec::new(),
    };
    if let Err(error) = describe(&mut inspection, file, trust) {
        inspection.problems.push(finding(&error));
    }
    inspection
}

fn describe(
    inspection: &mut ResponseInspection,
    file: &[u8],
    trust: &TrustedKeys,
) -> Result<(), OfflineError> {
    let kind = Kind::Response;
    let text = text_of(kind, file)?;
    let of_jws = |why| OfflineError::of_jws(kind, why, "");
    let compact = Compact::parse(&text).map_err(of_jws)?;
    compact.expect_typ(kind.typ()).map_err(of_jws)?;
    let signer = trust.find(&compact.header.kid);
    let verdict = match signer {
        Some(signer) => compact.verify(&signer.key),
        None => compact.signature().map(drop),
    };
    inspection.signature = match (&verdict, signer) {
        (Ok(()), Some(signer)) => SignatureStatus::Valid {
            signer: signer.name.clone(),
        },
        (Ok(()), None) => SignatureStatus::UnknownKey,
        (Err(JwsError::Mismatch), _) => SignatureStatus::Tampered,
        (Err(_), _) => SignatureStatus::Malformed,
    };
    if signer.is_none() {
        inspection.problems.push(finding(&OfflineError::UnknownKey {
            kid: compact.header.kid.clone(),
        }));
    }
    if let Err(why) = verdict {
        let signer = signer.map_or("", |signer| &signer.name);
        let error = OfflineError::of_jws(kind, why, signer);
        inspection.problems.push(finding(&error));
    }
    let payload = compact.payload().map_err(of_jws)?;
    let response: Option<Response> = serde_json::from_slice(&payload).ok();
    inspection.response = response;
    // What a response claims is judged even where nobody vouches for it.
    Response::read(&payload).map(drop)
}
