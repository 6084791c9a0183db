//! Rows of the ledger.

use domain::Timestamp;

use crate::error::StoreError;
use crate::sql::Columns;

/// A license as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct License {
    /// The issuer's id of it.
    pub id: String,
    /// The company id that it is for (L5); anyone's when absent.
    pub customer: Option<String>,
    /// The terms of its latest revision, as the one who keeps them writes them.
    pub terms: String,
    /// The part of its key by which people tell keys apart.
    pub key_shown: String,
    /// On how many installations it may be active; at least 1.
    pub installations: u32,
    /// On how many it is.
    pub active: u32,
    /// When it was first issued.
    pub issued_at: Timestamp,
    /// When its latest revision was.
    pub changed_at: Timestamp,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
    /// Why.
    pub withdrawn_why: Option<String>,
}

/// A license that was just issued.
#[derive(Clone, Debug)]
pub struct NewLicense<'a> {
    /// The issuer's id of it.
    pub id: &'a str,
    /// Its serial.
    pub serial: &'a str,
    /// The company id that it is for.
    pub customer: Option<&'a str>,
    /// Its revision; at least 1.
    pub revision: u64,
    /// Its terms, as [`License::terms`].
    pub terms: &'a str,
    /// SHA-256 of its key.
    pub key_hash: [u8; 32],
    /// As [`License::key_shown`].
    pub key_shown: &'a str,
    /// On how many installations it may be active; at least 1.
    pub installations: u32,
}

/// One revision that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// When.
    pub at: Timestamp,
    /// Its terms, as [`License::terms`].
    pub terms: String,
}

/// A license on an installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activation {
    /// The license's id.
    pub license: String,
    /// Its serial.
    pub serial: String,
    /// The installation's id.
    pub installation: String,
    /// The company id that it named.
    pub company: Option<String>,
    /// When it was activated.
    pub activated_at: Timestamp,
    /// When it last asked.
    pub seen_at: Timestamp,
    /// The latest revision that it was sent.
    pub revision: u64,
    /// When it was released.
    pub released_at: Option<Timestamp>,
}

/// Who must sign for an activation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    /// The installation's key when it was activated.
    pub public_key: String,
    /// Whether the license was released from it since.
    pub is_released: bool,
}

type Read<T> = Result<T, StoreError>;

pub(super) fn license(row: &mut Columns<'_, '_>) -> Read<License> {
    row.of("license");
    Ok(License {
        id: row.text("id")?.to_owned(),
        customer: row.opt_text("customer")?.map(str::to_owned),
        terms: row.text("terms")?.to_owned(),
        key_shown: row.text("key_shown")?.to_owned(),
        installations: row.number("installations")?,
        active: row.number("active")?,
        issued_at: row.time("issued_at")?,
        changed_at: row.time("changed_at")?,
        withdrawn_at: row.opt_time("withdrawn_at")?,
        withdrawn_why: row.opt_text("withdrawn_why")?.map(str::to_owned),
    })
}

pub(super) fn revision(row: &mut Columns<'_, '_>) -> Read<Revision> {
    row.of("revision").text("license_id")?;
    Ok(Revision {
        at: row.time("at")?,
        terms: row.text("terms")?.to_owned(),
    })
}

pub(super) fn activation(row: &mut Columns<'_, '_>) -> Read<Activation> {
    row.of("activation");
    Ok(Activation {
        license: row.text("license_id")?.to_owned(),
        serial: row.text("serial")?.to_owned(),
        installation: row.text("installation")?.to_owned(),
        company: row.opt_text("company")?.map(str::to_owned),
        activated_at: row.time("activated_at")?,
        seen_at: row.time("seen_at")?,
        revision: row.number("revision")?,
        released_at: row.opt_time("released_at")?,
    })
}

pub(super) fn signer(row: &mut Columns<'_, '_>) -> Read<Signer> {
    row.of("activation").text("license_id")?;
    Ok(Signer {
        public_key: row.text("public_key")?.to_owned(),
        is_released: row.opt_time("released_at")?.is_some(),
    })
}
