//! Accounts: lists, look-ups, and the ids of everyone who matches (S7).

use domain::{FolderId, PersonId, ProductId, User, UserId};

use super::order::UserSort;
use super::{Cursor, Inside, Page, Paging, Paths, Within, anywhere};
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
        self.users_by(filter, UserSort::Username, paging)
    }

    /// Accounts in an order.
    pub fn users_by(
        &mut self,
        filter: &UserFilter,
        sort: UserSort,
        paging: &Paging,
    ) -> Result<Page<UserItem>, StoreError> {
        let page = if sort.is_by_folder() {
            self.users_by_folder(filter, sort, paging)?
        } else {
            let found = self
                .link
                .select(&list(self.within, filter, sort, paging)?, rows::user)?;
            Page::of(found, paging, |user| sort.cursor(user))
        };
        let mut paths = Paths::new(self.link);
        page.try_map(|user| {
            let path = paths.of(user.folder)?;
            Ok(UserItem { user, path })
        })
    }

    /// Folder by folder, in the order of their paths; in each by username.
    fn users_by_folder(
        &mut self,
        filter: &UserFilter,
        sort: UserSort,
        paging: &Paging,
    ) -> Result<Page<User>, StoreError> {
        let mut tree = self.folder_tree()?;
        if sort.is_down() {
            tree.reverse();
        }
        let mut begin = paging.cursor()?;
        let mut found: Vec<(User, String)> = Vec::new();
        for (folder, path) in tree {
            // Folders before that of the cursor are done.
            let username = match &begin {
                Some(cursor) => {
                    let at = cursor.text(0)?;
                    let is_done = if sort.is_down() { path > at } else { path < at };
                    if is_done {
                        continue;
                    }
                    (path == at).then(|| cursor.text(1)).transpose()?
                }
                None => None,
            };
            begin = None;
            let missing = paging.limit() + 1 - found.len();
            let select = in_one_folder(self.within, filter, sort, folder, username, missing)?;
            let some = self.link.select(&select, rows::user)?;
            found.extend(some.into_iter().map(|user| (user, path.clone())));
            if found.len() > paging.limit() {
                break;
            }
        }
        let page = Page::of(found, paging, |(user, path)| {
            Cursor::new([path.as_str().into(), user.username.key().into()])
        });
        page.try_map(|(user, _)| Ok(user))
    }

    /// How many accounts match, counted up to so many.
    pub fn count_users_up_to(&mut self, filter: &UserFilter, most: u32) -> Result<u64, StoreError> {
        let found = self
            .link
            .select(&count_up_to(self.within, filter, most), |row| {
                row.of("app_user").number("count")
            })?;
        Ok(found.first().copied().unwrap_or(0))
    }

    /// The ids of accounts that match, in the order in which they were made, at most so many,
    /// after one of them: what a bulk operation walks through (S7).
    pub fn user_ids(
        &mut self,
        filter: &UserFilter,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<UserId>, StoreError> {
        let select = ids(self.within, filter, after, limit);
        self.link.select(&select, |row| row.of("app_user").id("id"))
    }

    /// How many accounts match.
    pub fn count_users(&mut self, filter: &UserFilter) -> Result<u64, StoreError> {
        let found = self.link.select(&count(self.within, filter), |row| {
            row.of("app_user").number("count")
        })?;
        Ok(found.first().copied().unwrap_or(0))
    }

    /// The account with an id.
    pub fn find_user(&mut self, id: UserId) -> Result<Option<User>, StoreError> {
        let found = self.link.first(&USER, &[id.into()], rows::user)?;
        self.seen(found)
    }

    /// The account with a username in folded form.
    pub fn find_username(&mut self, key: &str) -> Result<Option<User>, StoreError> {
        let found = self.link.first(&USERNAME, &[key.into()], rows::user)?;
        self.seen(found)
    }

    /// All accounts of a person (S12).
    pub fn accounts(&mut self, person: PersonId) -> Result<Vec<User>, StoreError> {
        let mut found = Vec::new();
        for user in self.link.all(&ACCOUNTS, &[person.into()], rows::user)? {
            found.extend(self.seen(Some(user))?);
        }
        Ok(found)
    }

    /// The account, if it is seen.
    fn seen(&self, found: Option<User>) -> Result<Option<User>, StoreError> {
        let mut inside = Inside::new(self.link, self.within);
        match found {
            Some(user) if inside.folder(user.folder)? => Ok(Some(user)),
            _ => Ok(None),
        }
    }
}

pub(crate) fn list<'a>(
    within: Within,
    filter: &'a UserFilter,
    sort: UserSort,
    paging: &Paging,
) -> Result<Select<'a>, StoreError> {
    let columns = user_columns!();
    let mut select = Select::new(
        "USERS",
        &format!("SELECT {columns} FROM app_user u WHERE TRUE"),
    );
    conditions(&mut select, within, filter);
    sort.add(&mut select, paging.cursor()?.as_ref())?;
    select.push("LIMIT ?", [paging.one_more()]);
    Ok(select)
}

/// Those of one folder, by username.
pub(crate) fn in_one_folder(
    within: Within,
    filter: &UserFilter,
    sort: UserSort,
    folder: FolderId,
    after: Option<String>,
    limit: usize,
) -> Result<Select<'_>, StoreError> {
    let columns = user_columns!();
    let mut select = Select::new(
        "USERS_IN_FOLDER",
        &format!("SELECT {columns} FROM app_user u WHERE"),
    );
    select.push("u.folder_id = ?", [folder.into()]);
    conditions(&mut select, within, filter);
    let cursor = after.map(|username| Cursor::new([username.into()]));
    sort.add(&mut select, cursor.as_ref())?;
    let limit = u32::try_from(limit).unwrap_or(u32::MAX);
    select.push("LIMIT ?", [limit.into()]);
    Ok(select)
}

pub(crate) fn count_up_to(within: Within, filter: &UserFilter, most: u32) -> Select<'_> {
    let mut select = Select::new(
        "USER_COUNT_UP_TO",
        "SELECT count(*) FROM (SELECT 1 FROM app_user u WHERE TRUE",
    );
    conditions(&mut select, within, filter);
    select.push("LIMIT ?) AS few", [most.into()]);
    select
}

pub(crate) fn ids(
    within: Within,
    filter: &UserFilter,
    after: Option<UserId>,
    limit: u32,
) -> Select<'_> {
    let mut select = Select::new("USER_IDS", "SELECT u.id FROM app_user u WHERE TRUE");
    conditions(&mut select, within, filter);
    if let Some(after) = after {
        select.push("AND u.id > ?", [after.into()]);
    }
    select.push("ORDER BY u.id LIMIT ?", [Value::from(limit)]);
    select
}

pub(crate) fn count(within: Within, filter: &UserFilter) -> Select<'_> {
    let mut select = Select::new("USER_COUNT", "SELECT count(*) FROM app_user u WHERE TRUE");
    conditions(&mut select, within, filter);
    select
}

fn conditions<'a>(select: &mut Select<'a>, within: Within, filter: &'a UserFilter) {
    within.by_folder(select, "u.folder_id");
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
        (folder, true) => Within(Some(folder)).by_folder(select, "u.folder_id"),
    }
}
