//! Denials (A9), latest day first.

use domain::{DenialCode, Timestamp, UserId};

use super::{Cursor, Page, Paging, Within};
use crate::error::StoreError;
use crate::reader::Reader;
use crate::sql::{Columns, Select, ms};

/// Denied sign-ins of one username to one product for one reason on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DenialItem {
    /// The UTC day, counted from 1970-01-01.
    pub day: i64,
    /// The username, as it was given last.
    pub username: String,
    /// The account, where there was one.
    pub user: Option<UserId>,
    /// The product's code, as it was given last.
    pub product: String,
    /// Why.
    pub code: DenialCode,
    /// The sentence for the administrator, in its latest wording.
    pub admin_message: String,
    /// The first time that day.
    pub first_at: Timestamp,
    /// The last time that day.
    pub last_at: Timestamp,
    /// How often that day.
    pub count: u64,
}

/// Which denials; empty: all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DenialFilter {
    /// Of this username, in folded form.
    pub username_key: Option<String>,
    /// To this product, its code in folded form.
    pub product_key: Option<String>,
    /// For this reason.
    pub code: Option<DenialCode>,
    /// The last time not before.
    pub since: Option<Timestamp>,
    /// The first time before.
    pub until: Option<Timestamp>,
}

impl Reader<'_> {
    /// Denials, latest day first.
    pub fn denials(
        &mut self,
        filter: &DenialFilter,
        paging: &Paging,
    ) -> Result<Page<DenialItem>, StoreError> {
        let found = self
            .link
            .select(&select(self.within, filter, paging)?, item)?;
        let page = Page::of(found, paging, |(item, username_key, product_key)| {
            Cursor::new([
                item.day.into(),
                username_key.as_str().into(),
                product_key.as_str().into(),
                item.code.code().into(),
            ])
        });
        page.try_map(|(item, _, _)| Ok(item))
    }
}

pub(crate) fn select<'a>(
    within: Within,
    filter: &'a DenialFilter,
    paging: &Paging,
) -> Result<Select<'a>, StoreError> {
    let mut select = Select::new(
        "DENIALS",
        "SELECT d.username_key, d.product_key, d.day, d.code, d.username, d.user_id, d.product, \
         d.admin_message, d.first_at, d.last_at, d.count FROM denial d WHERE TRUE",
    );
    within.by_user(&mut select, "d.user_id");
    if let Some(key) = &filter.username_key {
        select.push("AND d.username_key = ?", [key.as_str().into()]);
    }
    if let Some(key) = &filter.product_key {
        select.push("AND d.product_key = ?", [key.as_str().into()]);
    }
    if let Some(code) = filter.code {
        select.push("AND d.code = ?", [code.code().into()]);
    }
    if let Some(since) = filter.since {
        select.push(
            "AND d.day >= ? AND d.last_at >= ?",
            [since.day().into(), ms(since)],
        );
    }
    if let Some(until) = filter.until {
        select.push(
            "AND d.day <= ? AND d.first_at < ?",
            [until.day().into(), ms(until)],
        );
    }
    if let Some(cursor) = paging.cursor()? {
        select.push(
            "AND (d.day, d.username_key, d.product_key, d.code) < (?, ?, ?, ?)",
            [
                cursor.int(0)?.into(),
                cursor.text(1)?.into(),
                cursor.text(2)?.into(),
                cursor.text(3)?.into(),
            ],
        );
    }
    select.push(
        "ORDER BY d.day DESC, d.username_key DESC, d.product_key DESC, d.code DESC LIMIT ?",
        [paging.one_more()],
    );
    Ok(select)
}

fn item(row: &mut Columns<'_, '_>) -> Result<(DenialItem, String, String), StoreError> {
    row.of("denial");
    let username_key = row.text("username_key")?.to_owned();
    let product_key = row.text("product_key")?.to_owned();
    let item = DenialItem {
        day: row.int("day")?,
        code: row.code("code", DenialCode::from_code)?,
        username: row.text("username")?.to_owned(),
        user: row.opt_id("user_id")?,
        product: row.text("product")?.to_owned(),
        admin_message: row.text("admin_message")?.to_owned(),
        first_at: row.time("first_at")?,
        last_at: row.time("last_at")?,
        count: row.number("count")?,
    };
    Ok((item, username_key, product_key))
}
