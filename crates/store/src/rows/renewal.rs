//! Replacements, and requests to issuers.

use domain::names::{CompanyId, Title};
use domain::replacement::{Before, MovedAlong};
use domain::{LicenseRequest, ProductVersion, Replacement};
use serde::{Deserialize, Serialize};

use super::from_json;
use crate::error::StoreError;
use crate::sql::Columns;

/// The columns of a replacement but who was carried over, of `replacement r`.
macro_rules! replacement_head_columns {
    () => {
        "r.id, r.at, r.actor, r.licenses, r.holders, r.left_out, r.undone_at"
    };
}
pub(crate) use replacement_head_columns;

/// The columns of a whole replacement, of `replacement r`.
macro_rules! replacement_columns {
    () => {
        concat!(replacement_head_columns!(), ", r.carried")
    };
}
pub(crate) use replacement_columns;

/// What stands in `replacement.licenses`.
#[derive(Serialize, Deserialize)]
pub(crate) struct ReplacedLicenses {
    pub(crate) old: Vec<Before>,
    pub(crate) new: Vec<Before>,
    pub(crate) moved: Vec<MovedAlong>,
}

/// Reads [`replacement_head_columns`]: the replacement without those who were carried over,
/// and how many they are.
pub(crate) fn replacement_head(
    row: &mut Columns<'_, '_>,
) -> Result<(Replacement, u32), StoreError> {
    row.of("replacement");
    let (id, at, by) = (
        row.id("id")?,
        row.time("at")?,
        row.text("actor")?.to_owned(),
    );
    let licenses: ReplacedLicenses = row.parsed("licenses", from_json)?;
    let holders = row.number("holders")?;
    let replacement = Replacement {
        id,
        at,
        by,
        old: licenses.old,
        new: licenses.new,
        carried: Vec::new(),
        left_out: row.number("left_out")?,
        moved: licenses.moved,
        undone_at: row.opt_time("undone_at")?,
    };
    Ok((replacement, holders))
}

/// Reads [`replacement_columns`].
pub(crate) fn replacement(row: &mut Columns<'_, '_>) -> Result<Replacement, StoreError> {
    let (head, _) = replacement_head(row)?;
    Ok(Replacement {
        carried: row.parsed("carried", from_json)?,
        ..head
    })
}

/// The columns of a request, of `license_request w`.
macro_rules! request_columns {
    () => {
        "w.id, w.at, w.actor, w.company, w.version, w.issuer, w.answered_at, w.answered_by"
    };
}
pub(crate) use request_columns;

/// Reads [`request_columns`].
pub(crate) fn request(row: &mut Columns<'_, '_>) -> Result<LicenseRequest, StoreError> {
    row.of("license_request");
    Ok(LicenseRequest {
        id: row.id("id")?,
        at: row.time("at")?,
        by: row.text("actor")?.to_owned(),
        company: row.parsed("company", CompanyId::parse)?,
        version: row.parsed("version", ProductVersion::parse)?,
        issuer: row.opt_parsed("issuer", Title::parse)?,
        answered: {
            let at = row.opt_time("answered_at")?;
            let by = row.opt_text("answered_by")?.map(str::to_owned);
            at.zip(by)
        },
    })
}
