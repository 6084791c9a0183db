//! `/v1`: one module per resource, one file per endpoint.

pub(crate) mod access;
pub(crate) mod sessions;
