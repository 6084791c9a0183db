//! Accounts: lists, look-ups, and the ids of everyone who matches (S7).

use domain::{FolderId, PersonId, ProductId, Timestamp, User, UserId};

use super::order::{UserSort, email_key, last_key, name_key};
use super::user_list::{Asked, Listed, Search, listed};
use super::{Cursor, Inside, Page, Paging, Paths};
use crate::error::StoreError;
use crate::load::statements::{ACCOUNTS, USER, USERNAME};
use crate::reader::Reader;
use crate::rows;
use crate::sql::{Select, Value, statements};

/// In a store of so many accounts a text is looked for anywhere in them.
const SEARCHED: u32 = 10_000;
/// What fewer usernames (or names, last words of them, addresses) than these begin with is all
/// fetched and sorted; more are soon met by whoever walks through all accounts in their order.
pub(super) const COMMON: u32 = 5_000;

statements! {
    LAST_ACTIVE = "SELECT u.id, u.last_active_at FROM app_user u WHERE u.id = $1";
    USERS_AT_MOST = "SELECT count(*) FROM (SELECT 1 FROM app_user u LIMIT $1) AS few";
}

/// Which accounts; empty: all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// With this text in the username, the name or the address; in a large store one of them, or
    /// the last word of the name, begins with it ([`Reader::finds_beginnings`]).
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
    /// When it last signed in, to any product and on any kind of seat; none: never, as far as is
    /// known. Upkeep writes it down afterwards: some ten seconds late, ten minutes where the account
    /// had signed in shortly before, and later while more than 500 people a second come in
    /// ([`crate::usage::Seen`]).
    pub last_active: Option<Timestamp>,
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
        let asked = self.asked(filter)?;
        let page = if asked.is_by_match(sort) {
            self.users_by_match(asked, paging)?
        } else {
            let asked = self.common(asked)?;
            if sort.is_by_folder() {
                self.users_by_folder(asked, sort, paging)?
            } else if let Some(folders) = self.folders_of(asked, sort)? {
                self.users_of_folders(asked, sort, &folders, paging)?
            } else {
                let found = self.link.select(&asked.list(sort, paging)?, listed)?;
                Page::of(found, paging, |item| sort.cursor(item))
            }
        };
        let mut paths = Paths::new(self.link);
        page.try_map(|Listed { user, last_active }| {
            let path = paths.of(user.folder)?;
            Ok(UserItem {
                user,
                path,
                last_active,
            })
        })
    }

    /// When an account last signed in; see [`UserItem::last_active`].
    pub fn last_active(&mut self, user: UserId) -> Result<Option<Timestamp>, StoreError> {
        let found = self.link.first(&LAST_ACTIVE, &[user.into()], |row| {
            row.of("app_user").id::<UserId>("id")?;
            row.time("last_active_at")
        })?;
        Ok(found.filter(|at| *at > Timestamp::NEVER))
    }

    /// Whether a text is looked for in beginnings alone: of usernames, names, the last words of
    /// names, and addresses. In a store of more than 10,000 accounts it is.
    pub fn finds_beginnings(&mut self) -> Result<bool, StoreError> {
        let values = [Value::from(SEARCHED + 1)];
        let count: u32 = self.link.one(&USERS_AT_MOST, &values, |row| {
            row.of("app_user").number("count")
        })?;
        Ok(count > SEARCHED)
    }

    fn asked<'f>(&mut self, filter: &'f UserFilter) -> Result<Asked<'f>, StoreError> {
        let begins = filter.q.is_some() && self.finds_beginnings()?;
        let asked = Asked {
            within: self.within,
            filter,
            search: if begins {
                Search::Begins
            } else {
                Search::Anywhere
            },
        };
        let is_small = begins
            && asked.is_placed()
            && self.counted(&asked.count_there_up_to(SEARCHED))? < u64::from(SEARCHED);
        Ok(Asked {
            search: if is_small {
                Search::BeginsOften
            } else {
                asked.search
            },
            ..asked
        })
    }

    /// The same, and whether the text is a common beginning.
    fn common<'f>(&mut self, asked: Asked<'f>) -> Result<Asked<'f>, StoreError> {
        if asked.search != Search::Begins {
            return Ok(asked);
        }
        let mut is_common = false;
        for count in asked.beginnings_up_to(COMMON) {
            is_common = is_common || self.counted(&count)? >= u64::from(COMMON);
        }
        Ok(Asked {
            search: if is_common {
                Search::BeginsOften
            } else {
                Search::Begins
            },
            ..asked
        })
    }

    fn counted(&mut self, count: &Select<'_>) -> Result<u64, StoreError> {
        let found = self
            .link
            .select(count, |row| row.of("app_user").number("count"))?;
        Ok(found.first().copied().unwrap_or(0))
    }

    /// Best match first.
    fn users_by_match(
        &mut self,
        asked: Asked<'_>,
        paging: &Paging,
    ) -> Result<Page<Listed>, StoreError> {
        let mut found: Vec<(usize, Listed)> = Vec::new();
        for (number, select) in asked.by_match(paging)? {
            let some = self.link.select(&select, listed)?;
            found.extend(some.into_iter().map(|item| (number, item)));
            if found.len() > paging.limit() {
                break;
            }
        }
        let page = Page::of(found, paging, |(number, Listed { user, .. })| {
            let key = match number {
                0 => user.username.key(),
                1 => name_key(user),
                2 => last_key(user),
                _ => email_key(user),
            };
            Cursor::new([(*number).into(), key.into(), user.username.key().into()])
        });
        page.try_map(|(_, item)| Ok(item))
    }

    /// How many accounts match, counted up to so many.
    pub fn count_users_up_to(&mut self, filter: &UserFilter, most: u32) -> Result<u64, StoreError> {
        let mut asked = self.asked(filter)?;
        if asked.is_placed() {
            asked = self.common(asked)?;
        }
        self.counted(&asked.count_up_to(most))
    }

    /// The ids of accounts that match, in the order in which they were made, at most so many,
    /// after one of them: what a bulk operation walks through (S7).
    pub fn user_ids(
        &mut self,
        filter: &UserFilter,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<UserId>, StoreError> {
        let select = self.asked(filter)?.ids(after, limit);
        self.link.select(&select, |row| row.of("app_user").id("id"))
    }

    /// How many accounts match.
    pub fn count_users(&mut self, filter: &UserFilter) -> Result<u64, StoreError> {
        let asked = self.asked(filter)?;
        self.counted(&asked.count())
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
