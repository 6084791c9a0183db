//! Accounts.

use domain::{Email, PersonName, Timestamp, User, Username};

use crate::error::StoreError;
use crate::sql::Columns;

/// The columns of an account, of `app_user u`.
macro_rules! user_columns {
    () => {
        "u.id, u.person_id, u.username, u.name, u.email, u.folder_id, u.active, \
         u.created_at, u.version"
    };
}
pub(crate) use user_columns;

/// The same, and when it was last active.
macro_rules! listed_user_columns {
    () => {
        "u.id, u.person_id, u.username, u.name, u.email, u.folder_id, u.active, \
         u.created_at, u.version, u.last_active_at"
    };
}
pub(crate) use listed_user_columns;

/// Reads [`user_columns`].
pub(crate) fn user(row: &mut Columns<'_, '_>) -> Result<User, StoreError> {
    row.of("app_user");
    Ok(User {
        id: row.id("id")?,
        person: row.id("person_id")?,
        username: row.parsed("username", Username::parse)?,
        name: row.opt_parsed("name", PersonName::parse)?,
        email: row.opt_parsed("email", Email::parse)?,
        folder: row.id("folder_id")?,
        active: row.bool("active")?,
        created_at: row.time("created_at")?,
        version: row.number("version")?,
    })
}

/// Reads [`listed_user_columns`].
pub(crate) fn listed_user(
    row: &mut Columns<'_, '_>,
) -> Result<(User, Option<Timestamp>), StoreError> {
    let user = user(row)?;
    let at = row.time("last_active_at")?;
    Ok((user, Some(at).filter(|at| *at > Timestamp::NEVER)))
}
