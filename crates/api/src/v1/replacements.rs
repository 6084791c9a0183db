//! `/v1/replacements`

pub(crate) mod list;
pub(crate) mod undo;
