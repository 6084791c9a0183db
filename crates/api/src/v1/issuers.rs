//! `/v1/issuers`

pub(crate) mod distrust;
pub(crate) mod introduce;
pub(crate) mod list;
pub(crate) mod service;
pub(crate) mod trust;
