//! `/v1`: one module per resource, one file per endpoint.

pub(crate) mod access;
pub(crate) mod accounts;
pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod backup_note;
pub(crate) mod denials;
pub(crate) mod events;
pub(crate) mod folders;
pub(crate) mod grant;
pub(crate) mod issuers;
pub(crate) mod jobs;
pub(crate) mod license_requests;
pub(crate) mod licenses;
pub(crate) mod me;
pub(crate) mod policy;
pub(crate) mod products;
pub(crate) mod recall;
pub(crate) mod replacements;
pub(crate) mod reports;
pub(crate) mod sessions;
pub(crate) mod tokens;
pub(crate) mod users;
