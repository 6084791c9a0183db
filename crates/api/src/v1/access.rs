//! `/v1/access`

pub(crate) mod check;
