//! How licenses are refreshed, and where.

use domain::names::Title;
use domain::refresh::{LicenseService, Refresh, ServiceUrl};

use super::from_json;
use crate::error::StoreError;
use crate::sql::Columns;

/// The columns of how a license is refreshed, of `license_refresh r`.
macro_rules! refresh_columns {
    () => {
        "r.license_id, r.attempted_at, r.succeeded_at, r.next_at, r.trouble"
    };
}
pub(crate) use refresh_columns;

/// Reads [`refresh_columns`].
pub(crate) fn refresh(row: &mut Columns<'_, '_>) -> Result<Refresh, StoreError> {
    row.of("license_refresh");
    Ok(Refresh {
        license: row.id("license_id")?,
        attempted_at: row.opt_time("attempted_at")?,
        succeeded_at: row.opt_time("succeeded_at")?,
        next_at: row.opt_time("next_at")?,
        trouble: row.opt_parsed("trouble", from_json)?,
    })
}

/// The columns of a license service, of `license_service v`.
macro_rules! license_service_columns {
    () => {
        "v.issuer_key, v.issuer, v.url, v.set_at"
    };
}
pub(crate) use license_service_columns;

/// Reads [`license_service_columns`].
pub(crate) fn license_service(row: &mut Columns<'_, '_>) -> Result<LicenseService, StoreError> {
    row.of("license_service").text("issuer_key")?;
    Ok(LicenseService {
        issuer: row.parsed("issuer", Title::parse)?,
        url: row.parsed("url", ServiceUrl::parse)?,
        set_at: row.time("set_at")?,
    })
}
