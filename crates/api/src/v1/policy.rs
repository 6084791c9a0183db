//! `/v1/policy`

pub(crate) mod get;
pub(crate) mod put;
