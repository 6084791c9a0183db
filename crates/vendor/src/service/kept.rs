//! What the ledger keeps, as what travels: between rows of texts and numbers and the values of this crate.

use jiff::Timestamp;
use license_file::document::LicenseTerms;
use store::ledger;

use super::ServiceError;
use super::model::{Activation, Entry, Revision};

/// A moment as the ledger keeps it.
pub(super) fn kept(moment: Timestamp) -> domain::Timestamp {
    domain::Timestamp::from_millis(moment.as_millisecond())
}

/// Terms as the ledger keeps them.
pub(super) fn json(terms: &LicenseTerms) -> Result<String, ServiceError> {
    serde_json::to_string(terms).map_err(|error| ServiceError::Damaged(error.to_string()))
}

pub(super) fn entry(license: ledger::License) -> Result<Entry, ServiceError> {
    Ok(Entry {
        terms: terms(&license.id, &license.terms)?,
        customer: license.customer,
        key: license.key_shown,
        installations: license.installations,
        active: license.active,
        issued_at: moment(license.issued_at)?,
        changed_at: moment(license.changed_at)?,
        withdrawn_at: license.withdrawn_at.map(moment).transpose()?,
        withdrawn_why: license.withdrawn_why,
    })
}

pub(super) fn revision(
    license: &str,
    revision: &ledger::Revision,
) -> Result<Revision, ServiceError> {
    Ok(Revision {
        at: moment(revision.at)?,
        terms: terms(license, &revision.terms)?,
    })
}

pub(super) fn activation(activation: ledger::Activation) -> Result<Activation, ServiceError> {
    Ok(Activation {
        license: activation.license,
        serial: activation.serial,
        installation: activation.installation,
        company: activation.company,
        activated_at: moment(activation.activated_at)?,
        seen_at: moment(activation.seen_at)?,
        revision: activation.revision,
        released_at: activation.released_at.map(moment).transpose()?,
    })
}

fn terms(license: &str, text: &str) -> Result<LicenseTerms, ServiceError> {
    serde_json::from_str(text).map_err(|error| {
        ServiceError::Damaged(format!("the terms of the license {license}: {error}"))
    })
}

fn moment(at: domain::Timestamp) -> Result<Timestamp, ServiceError> {
    Timestamp::from_millisecond(at.as_millis())
        .map_err(|error| ServiceError::Damaged(error.to_string()))
}
