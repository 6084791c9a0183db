//! Accounts of the console and their sign-ins.

use domain::{Account, AccountSession, PasswordHash, PersonName, Reach, Role, Username};

use crate::error::StoreError;
use crate::sql::Columns;

/// The columns of an account of the console, of `account a`.
macro_rules! account_columns {
    () => {
        "a.id, a.name, a.full_name, a.role, a.password, a.active, a.generation, a.created_at, \
         a.version, a.folder_id, a.invited_until"
    };
}
pub(crate) use account_columns;

/// Reads [`account_columns`].
pub(crate) fn account(row: &mut Columns<'_, '_>) -> Result<Account, StoreError> {
    row.of("account");
    Ok(Account {
        id: row.id("id")?,
        name: row.parsed("name", Username::parse)?,
        full_name: row.opt_parsed("full_name", PersonName::parse)?,
        role: row.code("role", Role::from_code)?,
        password: PasswordHash::new(row.text("password")?),
        active: row.bool("active")?,
        generation: row.number("generation")?,
        created_at: row.time("created_at")?,
        version: row.number("version")?,
        reach: Reach::of_folder(row.opt_id("folder_id")?),
        invited_until: row.opt_time("invited_until")?,
    })
}

/// The columns of a sign-in to the console, of `account_session c`.
macro_rules! console_session_columns {
    () => {
        "c.hash, c.account_id, c.generation, c.started_at, c.expires_at"
    };
}
pub(crate) use console_session_columns;

/// Reads [`console_session_columns`].
pub(crate) fn console_session(row: &mut Columns<'_, '_>) -> Result<AccountSession, StoreError> {
    row.of("account_session");
    Ok(AccountSession {
        hash: row.text("hash")?.to_owned(),
        account: row.id("account_id")?,
        generation: row.number("generation")?,
        started_at: row.time("started_at")?,
        expires_at: row.time("expires_at")?,
    })
}
