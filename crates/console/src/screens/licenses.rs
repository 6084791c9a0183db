//! Licenses: the list, one of them, import, and what is done to them.

pub(crate) mod act;
pub(crate) mod add;
pub(crate) mod bulk;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod one;
pub(crate) mod refresh;
pub(crate) mod replacements;
pub(crate) mod request;
pub(crate) mod seat;
pub(crate) mod tree;
