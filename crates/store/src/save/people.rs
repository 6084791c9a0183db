//! Folders, accounts, trusted keys, tokens.

use domain::names::fold;
use domain::set::{Change, Issuer, Token};
use domain::{Changes, Email, Folder, PersonName, User};

use super::{Save, sql};
use crate::error::StoreError;
use crate::query::order;
use crate::sql::{Value, ms, opt_id, opt_ms, opt_text};

impl Save<'_> {
    pub(super) fn folders(self, changes: &Changes<'_>) -> Result<(), StoreError> {
        for (id, change) in changes.folders() {
            match change {
                Change::Insert(folder) => {
                    self.link.put(&sql::INSERT_FOLDER, &of_folder(folder))?;
                }
                Change::Update(folder) => {
                    self.over(&sql::UPDATE_FOLDER, "folder", id, &of_folder(folder))?;
                }
                Change::Delete => {}
            }
        }
        Ok(())
    }

    pub(super) fn users(self, changes: &Changes<'_>) -> Result<(), StoreError> {
        // Who gives a name up goes before who takes it.
        for (id, change) in changes.users() {
            if let Change::Update(user) = change {
                self.over(&sql::UPDATE_USER, "app_user", id, &of_user(user))?;
            }
        }
        for (_, change) in changes.users() {
            if let Change::Insert(user) = change {
                self.link.put_many(&sql::INSERT_USER, &of_user(user))?;
            }
        }
        Ok(())
    }

    pub(super) fn issuers(self, changes: &Changes<'_>) -> Result<(), StoreError> {
        for (key, change) in changes.issuers() {
            match change {
                Change::Insert(issuer) => {
                    self.link.put(&sql::INSERT_ISSUER, &of_issuer(issuer))?;
                }
                Change::Update(issuer) => {
                    self.over(&sql::UPDATE_ISSUER, "issuer", key, &of_issuer(issuer))?;
                }
                Change::Delete => {}
            }
        }
        Ok(())
    }

    pub(super) fn tokens(self, changes: &Changes<'_>) -> Result<(), StoreError> {
        for (id, change) in changes.tokens() {
            match change {
                Change::Insert(token) => {
                    self.link.put(&sql::INSERT_TOKEN, &of_token(token))?;
                }
                Change::Update(token) => {
                    self.over(&sql::UPDATE_TOKEN, "token", id, &of_token(token))?;
                }
                Change::Delete => {}
            }
        }
        Ok(())
    }
}

fn of_folder(folder: &Folder) -> [Value<'_>; 5] {
    [
        folder.id.into(),
        folder.parent.into(),
        folder.name.as_str().into(),
        folder.name.key().into(),
        folder.version.into(),
    ]
}

fn of_user(user: &User) -> [Value<'_>; 14] {
    [
        user.id.into(),
        user.person.into(),
        user.username.as_str().into(),
        user.username.key().into(),
        opt_text(user.name.as_ref().map(PersonName::as_str)),
        opt_text(user.email.as_ref().map(Email::as_str)),
        user.folder.into(),
        user.active.into(),
        ms(user.created_at),
        user.version.into(),
        search_text(user).into(),
        order::name_key(user).into(),
        order::last_key(user).into(),
        order::email_key(user).into(),
    ]
}

/// What a search for people looks through; no name has a line break in it.
fn search_text(user: &User) -> String {
    let name = user.name.as_ref().map_or("", PersonName::as_str);
    let email = user.email.as_ref().map_or("", Email::as_str);
    fold(&format!("{}\n{name}\n{email}", user.username))
}

fn of_issuer(issuer: &Issuer) -> [Value<'_>; 9] {
    [
        issuer.key.as_str().into(),
        issuer.name.as_str().into(),
        issuer.kind.code().into(),
        issuer.public_key.as_str().into(),
        opt_ms(issuer.period.from),
        opt_ms(issuer.period.until),
        opt_text(issuer.introduced_by.as_deref()),
        ms(issuer.trusted_at),
        opt_ms(issuer.distrusted_at),
    ]
}

fn of_token(token: &Token) -> [Value<'_>; 8] {
    [
        token.id.into(),
        token.name.as_str().into(),
        token.role.code().into(),
        token.hash.as_str().into(),
        ms(token.created_at),
        opt_ms(token.expires_at),
        opt_ms(token.revoked_at),
        opt_id(token.reach.folder()),
    ]
}
