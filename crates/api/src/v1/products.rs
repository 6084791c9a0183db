//! `/v1/products`

pub(crate) mod get;
pub(crate) mod list;
