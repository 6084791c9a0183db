//! `/v1/users`

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod import;
pub(crate) mod link;
pub(crate) mod list;
pub(crate) mod move_users;
pub(crate) mod patch;
pub(crate) mod seats;
pub(crate) mod set_active;
pub(crate) mod unlink;
