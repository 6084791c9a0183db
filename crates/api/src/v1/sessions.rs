//! `/v1/sessions`

pub(crate) mod borrow;
pub(crate) mod create;
pub(crate) mod end;
pub(crate) mod get;
pub(crate) mod give_back;
pub(crate) mod heartbeat;
pub(crate) mod list;
pub(crate) mod sign_out;
