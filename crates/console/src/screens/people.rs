//! People: the list, one of them, and what is done to them.

pub(crate) mod access;
pub(crate) mod act;
pub(crate) mod edit;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod one;
pub(crate) mod seat;
