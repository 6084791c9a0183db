//! Accounts: lists, look-ups, and the ids of everyone who matches (S7).

use domain::{FolderId, PersonId, ProductId, User, UserId};

use super::{Cursor, Page, Paging, Paths, anywhere};
use crate::error::StoreError;
use crate::load::statements::{ACCOUNTS, USER, USERNAME};
use crate::reader::Reader;
use crate::rows::{self, user_columns};
use crate::sql::{Select, Value};

/// Which accounts; empty: all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// With this text in the username, the name or the address.
    pub q: Option<String>,
    /// Who live in this folder.
    pub folder: Option<FolderId>,
    /// With `folder`: who live in folders below it too.
    pub below: bool,
    /// Who are active, or are not.
    pub active: Option<bool>,
    /// Whose person holds a dedicated seat of this product.
    pub product: Option<ProductId>,
    /// Whose person holds neither a dedicated seat of this product nor works in it (R6).
    pub unlicensed: Option<ProductId>,
}

/// An account in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserItem {
    /// The account.
    pub user: User,
    /// The path of its folder.
    pub path: String,
}

impl Reader<'_> {
    /// Accounts by username.
    pub fn users(
        &mut self,
        filter: &UserFilter,
        paging: &Paging,
    ) -> Result<Page<UserItem>, StoreError> {
        let found = self.link.select(&list(filter, paging)?, rows::user)?;
        let mut paths = Paths::new(self.link);
        Page::of(found, paging, |user| {
            Cursor::new([user.username.key().into()])
        })
        .try_map(|user| {
            let path = paths.of(user.folder)?;
            Ok(UserItem { user, path })
        })
    }

    /// The ids of accounts that match, in the order in which they were made, at most so many,
    /// after one of them: what a bulk operation walks through (S7).
    pub fn user_ids(
        &mut self,
        filter: &UserFilter,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<UserId>, StoreError> {
        self.link.select(&ids(filter, after, limit), |row| {
            row.of("app_user").id("id")
        })
    }

    /// How many accounts match.
    pub fn count_users(&mut self, filter: &UserFilter) -> Result<u64, StoreError> {
        let found = self
            .link
            .select(&count(filter), |row| row.of("app_user").number("count"))?;
        Ok(found.first().copied().unwrap_or(0))
    }

    /// The account with an id.
    pub fn find_user(&mut self, id: UserId) -> Result<Option<User>, StoreError> {
        self.link.first(&USER, &[id.into()], rows::user)
    }

    /// The account with a username in folded form.
    pub fn find_username(&mut self, key: &str) -> Result<Option<User>, StoreError> {
        self.link.first(&USERNAME, &[key.into()], rows::user)
    }

    /// All accounts of a person (S12).
    pub fn accounts(&mut self, person: PersonId) -> Result<Vec<User>, StoreError> {
        self.link.all(&ACCOUNTS, &[person.into()], rows::user)
    }
}

pub(crate) fn list<'a>(filter: &'a UserFilter, paging: &Paging) -> Result<Select<'a>, StoreError> {
    let columns = user_columns!();
    let mut select = Select::new(
        "USERS",
        &format!("SELECT {columns} FROM app_user u WHERE TRUE"),
    );
    conditions(&mut select, filter);
    if let Some(cursor) = paging.cursor()? {
        select.push("AND u.username_key > ?", [cursor.text(0)?.into()]);
    }
    select.push("ORDER BY u.username_key LIMIT ?", [paging.one_more()]);
    Ok(select)
}

pub(crate) fn ids(filter: &UserFilter, after: Option<UserId>, limit: u32) -> Select<'_> {
    let mut select = Select::new("USER_IDS", "SELECT u.id FROM app_user u WHERE TRUE");
    conditions(&mut select, filter);
    if let Some(after) = after {
        select.push("AND u.id > ?", [after.into()]);
    }
    select.push("ORDER BY u.id LIMIT ?", [Value::from(limit)]);
    select
}

pub(crate) fn count(filter: &UserFilter) -> Select<'_> {
    let mut select = Select::new("USER_COUNT", "SELECT count(*) FROM app_user u WHERE TRUE");
    conditions(&mut select, filter);
    select
}

fn conditions<'a>(select: &mut Select<'a>, filter: &'a UserFilter) {
    if let Some(q) = &filter.q {
        select.push(r"AND u.search_text LIKE ? ESCAPE '\'", [anywhere(q).into()]);
    }
    if let Some(folder) = filter.folder {
        in_folder(select, folder, filter.below);
    }
    if let Some(active) = filter.active {
        select.add(if active {
            "AND u.active"
        } else {
            "AND NOT u.active"
        });
    }
    if let Some(product) = filter.product {
        select.push(
            "AND EXISTS (SELECT 1 FROM seat s \
                WHERE s.person_id = u.person_id AND s.product_id = ?)",
            [product.into()],
        );
    }
    if let Some(product) = filter.unlicensed {
        select.push(
            "AND NOT EXISTS (SELECT 1 FROM seat s \
                WHERE s.person_id = u.person_id AND s.product_id = ?) \
             AND NOT EXISTS (SELECT 1 FROM session x WHERE x.person_id = u.person_id \
                AND x.product_id = ? AND x.ended_at IS NULL)",
            [product.into(), product.into()],
        );
    }
}

/// Who live in a folder, or in it and those below.
pub(crate) fn in_folder(select: &mut Select<'_>, folder: FolderId, below: bool) {
    match (folder, below) {
        // Everyone lives in the root or below it.
        (FolderId::ROOT, true) => {}
        (folder, false) => select.push("AND u.folder_id = ?", [folder.into()]),
        (folder, true) => select.push(
            "AND u.folder_id IN (WITH RECURSIVE below (id) AS (\
                SELECT f.id FROM folder f WHERE f.id = ? \
                UNION ALL SELECT f.id FROM folder f JOIN below b ON f.parent_id = b.id\
            ) SELECT b.id FROM below b)",
            [folder.into()],
        ),
    }
}
