//! Accounts of the console and their sign-ins.

use domain::set::Change;
use domain::{Account, Changes, PersonName, Timestamp};

use super::{Save, sql};
use crate::error::StoreError;
use crate::sql::{Value, ms, opt_id, opt_ms, opt_text};

impl Save<'_> {
    pub(super) fn accounts(self, changes: &Changes<'_>) -> Result<(), StoreError> {
        for (id, change) in changes.accounts() {
            match change {
                Change::Insert(account) => {
                    self.link.run(&sql::INSERT_ACCOUNT, &of_account(account))?;
                }
                Change::Update(account) => {
                    self.over(&sql::UPDATE_ACCOUNT, "account", id, &of_account(account))?;
                }
                Change::Delete => {
                    let values = [(*id).into()];
                    self.link.run(&sql::DELETE_SESSIONS_OF_ACCOUNT, &values)?;
                    self.link.run(&sql::DELETE_ACCOUNT, &values)?;
                }
            }
        }
        Ok(())
    }

    /// A new sign-in takes the ones that are over along, so that the table stays short.
    pub(super) fn console_sessions(
        self,
        changes: &Changes<'_>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for (hash, change) in changes.console_sessions() {
            match change {
                Change::Insert(session) | Change::Update(session) => {
                    self.link
                        .run(&sql::DELETE_CONSOLE_SESSIONS_OVER, &[ms(now)])?;
                    let values = [
                        session.hash.as_str().into(),
                        session.account.into(),
                        session.generation.into(),
                        ms(session.started_at),
                        ms(session.expires_at),
                    ];
                    self.link.run(&sql::INSERT_CONSOLE_SESSION, &values)?;
                }
                Change::Delete => {
                    let values = [hash.as_str().into()];
                    self.link.run(&sql::DELETE_CONSOLE_SESSION, &values)?;
                }
            }
        }
        Ok(())
    }
}

fn of_account(account: &Account) -> [Value<'_>; 12] {
    [
        account.id.into(),
        account.name.as_str().into(),
        account.name.key().into(),
        opt_text(account.full_name.as_ref().map(PersonName::as_str)),
        account.role.code().into(),
        account.password.reveal().into(),
        account.active.into(),
        account.generation.into(),
        ms(account.created_at),
        account.version.into(),
        opt_id(account.reach.folder()),
        opt_ms(account.invited_until),
    ]
}
