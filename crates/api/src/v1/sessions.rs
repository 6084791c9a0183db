//! `/v1/sessions`

pub(crate) mod create;
pub(crate) mod end;
pub(crate) mod heartbeat;
pub(crate) mod sign_out;
