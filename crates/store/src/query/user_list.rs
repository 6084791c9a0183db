//! Lists of accounts, turned into SQL.

use domain::{FolderId, Timestamp, User, UserId};

use super::order::{Order, UserSort};
use super::users::UserFilter;
use super::{Cursor, Paging, Within, anywhere};
use crate::error::StoreError;
use crate::rows::{self, listed_user_columns};
use crate::sql::{Columns, Select, Value};

/// How a text is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Search {
    /// Anywhere: every account is looked at.
    Anywhere,
    /// As a beginning, by index.
    Begins,
    /// As a beginning, among accounts that are found in another way: it is so common that whoever
    /// walks through all soon finds some, or few live where they are looked for.
    BeginsOften,
}

/// What may begin with the text that is looked for, best match first. Each has an index, with the
/// username behind it.
const KEYS: [&str; 4] = ["username_key", "name_key", "last_key", "email_key"];

/// An account, and when it last signed in as far as that is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) user: User,
    pub(crate) last_active: Option<Timestamp>,
}

/// Reads what the lists here answer.
pub(crate) fn listed(row: &mut Columns<'_, '_>) -> Result<Listed, StoreError> {
    let (user, last_active) = rows::listed_user(row)?;
    Ok(Listed { user, last_active })
}

/// Which accounts, seen by whom.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) within: Within,
    pub(crate) filter: &'a UserFilter,
    pub(crate) search: Search,
}

impl<'a> Asked<'a> {
    /// A page of them in an order.
    pub(crate) fn list(self, sort: UserSort, paging: &Paging) -> Result<Select<'a>, StoreError> {
        let columns = listed_user_columns!();
        let text = format!("SELECT {columns} FROM app_user u WHERE TRUE");
        let mut select = self.matching("USERS", &text);
        let by = if self.search == Search::Begins {
            Order::Sorted
        } else {
            Order::Read
        };
        sort.add(&mut select, paging.cursor()?.as_ref(), by)?;
        select.push("LIMIT ?", [paging.one_more()]);
        Ok(select)
    }

    /// All of them where they are few: at most so many, in no order.
    pub(crate) fn all(self, most: u32) -> Select<'a> {
        let columns = listed_user_columns!();
        let text = format!("SELECT {columns} FROM app_user u WHERE TRUE");
        let mut select = self.matching("USERS_FOUND", &text);
        select.push("LIMIT ?", [most.into()]);
        select
    }

    /// Whether only some folders are looked at.
    pub(crate) fn is_placed(self) -> bool {
        let everywhere = (Some(FolderId::ROOT), true);
        let asked = (self.filter.folder, self.filter.below);
        self.within != Within(None) || (asked.0.is_some() && asked != everywhere)
    }

    /// Whether a page is read match by match: usernames that begin with the text, then names, last
    /// words of names, and addresses.
    pub(crate) fn is_by_match(self, sort: UserSort) -> bool {
        sort == UserSort::Username && self.search != Search::Anywhere && self.filter.q.is_some()
    }

    /// What gives a page match by match: one after the other, until it is full. Each comes with the
    /// number of its match, which is the first part of the cursor.
    pub(crate) fn by_match(self, paging: &Paging) -> Result<Vec<(usize, Select<'a>)>, StoreError> {
        let columns = listed_user_columns!();
        let cursor = paging.cursor()?;
        let begin = match &cursor {
            Some(cursor) => usize::try_from(cursor.int(0)?).unwrap_or(KEYS.len()),
            None => 0,
        };
        let mut lists = Vec::new();
        for (number, key) in KEYS.into_iter().enumerate().skip(begin) {
            let mut select = Select::new(
                "USERS_BY_MATCH",
                &format!("SELECT {columns} FROM app_user u WHERE"),
            );
            self.range(&mut select, key);
            for better in &KEYS[..number] {
                select.add("AND NOT");
                self.range(&mut select, better);
            }
            self.narrow(&mut select);
            if let Some(cursor) = cursor.as_ref().filter(|_| number == begin) {
                select.push(
                    &format!("AND (u.{key}, u.username_key) > (?, ?)"),
                    [cursor.text(1)?.into(), cursor.text(2)?.into()],
                );
            }
            select.push(
                &format!("ORDER BY u.{key}, u.username_key LIMIT ?"),
                [paging.one_more()],
            );
            lists.push((number, select));
        }
        Ok(lists)
    }

    /// Those of one folder, which must be one of those that are asked for and seen; by folder
    /// they come by username.
    pub(crate) fn in_one_folder(
        self,
        sort: UserSort,
        folder: FolderId,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Select<'a>, StoreError> {
        let columns = listed_user_columns!();
        let text = format!("SELECT {columns} FROM app_user u WHERE");
        let mut select = Select::new("USERS_IN_FOLDER", &text);
        select.push("u.folder_id = ?", [folder.into()]);
        self.searched(&mut select);
        self.others(&mut select);
        sort.add(&mut select, after, Order::Read)?;
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        select.push("LIMIT ?", [limit.into()]);
        Ok(select)
    }

    /// Of how many each key begins with the text, wherever they live, counted up to so many.
    pub(crate) fn beginnings_up_to(self, most: u32) -> Vec<Select<'a>> {
        let counts = KEYS.into_iter().map(|key| {
            let text = "SELECT count(*) FROM (SELECT 1 FROM app_user u WHERE";
            let mut select = Select::new("BEGINNINGS_UP_TO", text);
            self.range(&mut select, key);
            select.push("LIMIT ?) AS few", [most.into()]);
            select
        });
        counts.collect()
    }

    /// How many live where they are looked for, whoever they are, counted up to so many.
    pub(crate) fn count_there_up_to(self, most: u32) -> Select<'a> {
        let text = "SELECT count(*) FROM (SELECT 1 FROM app_user u WHERE TRUE";
        let mut select = Select::new("USERS_THERE_UP_TO", text);
        self.places(&mut select, "u.folder_id");
        select.push("LIMIT ?) AS few", [most.into()]);
        select
    }

    /// How many there are, counted up to so many.
    pub(crate) fn count_up_to(self, most: u32) -> Select<'a> {
        let text = "SELECT count(*) FROM (SELECT 1 FROM app_user u WHERE TRUE";
        let mut select = self.matching("USER_COUNT_UP_TO", text);
        select.push("LIMIT ?) AS few", [most.into()]);
        select
    }

    /// Their ids, in the order in which they were made, after one of them.
    pub(crate) fn ids(self, after: Option<UserId>, limit: u32) -> Select<'a> {
        // Whoever asks walks through all of them, a piece at a time.
        let walk = Self {
            search: match self.search {
                Search::Anywhere => Search::Anywhere,
                Search::Begins | Search::BeginsOften => Search::BeginsOften,
            },
            ..self
        };
        let mut select = walk.matching("USER_IDS", "SELECT u.id FROM app_user u WHERE TRUE");
        if let Some(after) = after {
            select.push("AND u.id > ?", [after.into()]);
        }
        select.push("ORDER BY u.id LIMIT ?", [Value::from(limit)]);
        select
    }

    /// How many there are.
    pub(crate) fn count(self) -> Select<'a> {
        self.matching("USER_COUNT", "SELECT count(*) FROM app_user u WHERE TRUE")
    }

    fn matching(self, name: &'static str, text: &str) -> Select<'a> {
        let mut select = Select::new(name, text);
        self.searched(&mut select);
        self.narrow(&mut select);
        select
    }

    /// The text.
    fn searched(self, select: &mut Select<'a>) {
        let Some(q) = &self.filter.q else {
            return;
        };
        match self.search {
            Search::Anywhere => {
                select.push(r"AND u.search_text LIKE ? ESCAPE '\'", [anywhere(q).into()]);
            }
            Search::Begins | Search::BeginsOften => {
                for (number, key) in KEYS.into_iter().enumerate() {
                    select.add(if number == 0 { "AND (" } else { "OR" });
                    self.range(select, key);
                }
                select.add(")");
            }
        }
    }

    /// Where a key begins with the text.
    fn range(self, select: &mut Select<'a>, key: &str) {
        let from = domain::names::fold(self.filter.q.as_deref().unwrap_or_default());
        // Nothing that begins with the text comes after this.
        let until = format!("{from}\u{10ffff}");
        // An expression is in no index.
        let column = if self.search == Search::BeginsOften {
            format!("(u.{key} || '')")
        } else {
            format!("u.{key}")
        };
        let text = format!("({column} >= ? AND {column} < ?)");
        select.push(&text, [from.into(), until.into()]);
    }

    /// Everything but the text.
    fn narrow(self, select: &mut Select<'a>) {
        // Who are found by the text are not looked for in the index of their folder as well.
        self.places(
            select,
            if self.search == Search::Begins && self.filter.q.is_some() {
                "coalesce(u.folder_id, u.id)"
            } else {
                "u.folder_id"
            },
        );
        self.others(select);
    }

    /// Where they live.
    fn places(self, select: &mut Select<'a>, column: &str) {
        self.within.by_folder(select, column);
        if let Some(folder) = self.filter.folder {
            in_folder(select, column, folder, self.filter.below);
        }
    }

    /// Everything but the text and the place.
    fn others(self, select: &mut Select<'a>) {
        let filter = self.filter;
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
}

/// Who live, by this column, in a folder, or in it and those below.
pub(crate) fn in_folder(select: &mut Select<'_>, column: &str, folder: FolderId, below: bool) {
    match (folder, below) {
        // Everyone lives in the root or below it.
        (FolderId::ROOT, true) => {}
        (folder, false) => select.push(&format!("AND {column} = ?"), [folder.into()]),
        (folder, true) => Within(Some(folder)).by_folder(select, column),
    }
}
