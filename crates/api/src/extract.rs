//! What handlers take from a request. Whatever is wrong with it leaves as a [`Problem`] that says
//! what and where; axum's own extractors, which answer in plain text, are not used by handlers.
//!
//! [`Problem`]: crate::problem::Problem

mod authorized;
mod body;
mod dry_run;
mod echo;
mod idempotent;
mod if_match;
mod json;
mod path;
mod query;
mod upload;

pub(crate) use authorized::{
    Anyone, Authorized, ManageLicenses, ManageSettings, ManageUsers, ManageWork, UseAccess,
    ViewAudit, ViewLicenses, ViewOwn,
};
pub(crate) use dry_run::DryRun;
pub(crate) use idempotent::Idempotent;
pub(crate) use if_match::IfMatch;
pub(crate) use json::{Json, LargeJson};
pub(crate) use path::Path;
pub(crate) use query::Query;
pub(crate) use upload::{CsvFile, LicenseFiles};
