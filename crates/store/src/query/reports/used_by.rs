//! Who used what.

use domain::usage::by_day;
use domain::{FolderId, ProductId, Session, Timestamp, User, UserId};

use super::used::OPEN_AT_MOST;
use crate::error::StoreError;
use crate::load::statements::SESSIONS;
use crate::query::user_list::in_folder;
use crate::query::{Cursor, Page, Paging, Paths, Within, anywhere};
use crate::reader::Reader;
use crate::rows::{self, user_columns};
use crate::sql::{Link, Select, Value, statements};

/// So many rows of use are gathered for a page; where there are more, people are walked through.
const FEW: u32 = 10_000;

statements! {
    VISITS_AT_MOST = "SELECT count(*) FROM (SELECT 1 FROM person_use v \
        WHERE v.day >= $1 AND v.day <= $2 LIMIT $3) AS few";
    VISITS_OF = "SELECT v.product_id, sum(v.sessions), sum(v.held_ms), max(v.day) \
        FROM person_use v WHERE v.user_id = $1 AND v.day >= $2 AND v.day <= $3 \
        GROUP BY v.product_id ORDER BY v.product_id";
    OPEN_PRODUCTS = "SELECT DISTINCT x.product_id FROM session x \
        WHERE x.person_id = $1 AND x.ended_at IS NULL";
}

/// Whose use of what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsedByFilter {
    /// From this UTC day on, counted from 1970-01-01.
    pub first_day: i64,
    /// Up to this one, itself included.
    pub last_day: i64,
    /// Of this product.
    pub product: Option<ProductId>,
    /// By accounts in this folder and those below.
    pub folder: Option<FolderId>,
    /// With this text in the username, the name or the address.
    pub q: Option<String>,
}

/// What one account used of one product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedByItem {
    /// The account.
    pub user: User,
    /// The path of its folder.
    pub path: String,
    /// The product.
    pub product: ProductId,
    /// Sessions that began.
    pub sessions: u64,
    /// Milliseconds at work; sessions at the same time count each.
    pub held_ms: i64,
    /// The last day of use, counted from 1970-01-01.
    pub last_day: i64,
}

impl Reader<'_> {
    /// Who used what, by username; accounts without any use are left out. A page has so many
    /// accounts, each with all its products, and may be short before the end of the list.
    pub fn used_by(
        &mut self,
        filter: &UsedByFilter,
        now: Timestamp,
        paging: &Paging,
    ) -> Result<Page<UsedByItem>, StoreError> {
        let few = self.has_few_visits(filter)?;
        let found = self
            .link
            .select(&accounts(self.within, filter, few, paging)?, rows::user)?;
        let page = Page::of(found, paging, |user| {
            Cursor::new([user.username.key().into()])
        });
        let mut paths = Paths::new(self.link);
        let mut items = Vec::new();
        for user in page.items {
            let path = paths.of(user.folder)?;
            items.extend(of_account(self.link, filter, now, &user, &path)?);
        }
        Ok(Page {
            items,
            next: page.next,
            total: None,
        })
    }

    /// Whether a period has so little use that it can be gathered while somebody waits.
    fn has_few_visits(&mut self, filter: &UsedByFilter) -> Result<bool, StoreError> {
        let values = [
            filter.first_day.into(),
            filter.last_day.into(),
            Value::from(FEW + 1),
        ];
        let count: u32 = self.link.one(&VISITS_AT_MOST, &values, |row| {
            row.of("person_use").number("count")
        })?;
        let most = [Value::from(FEW + 1)];
        let open: u32 = self.link.one(&OPEN_AT_MOST, &most, |row| {
            row.of("session").number("count")
        })?;
        Ok(count.max(open) <= FEW)
    }
}

/// What is written down of an account's use, and what its open sessions add.
fn of_account(
    link: Link<'_>,
    filter: &UsedByFilter,
    now: Timestamp,
    user: &User,
    path: &str,
) -> Result<Vec<UsedByItem>, StoreError> {
    let item = |product, sessions, held_ms, last_day| UsedByItem {
        user: user.clone(),
        path: path.to_owned(),
        product,
        sessions,
        held_ms,
        last_day,
    };
    let values = [
        user.id.into(),
        filter.first_day.into(),
        filter.last_day.into(),
    ];
    let mut items = link.all(&VISITS_OF, &values, |row| {
        row.of("person_use");
        let product = row.id("product_id")?;
        let (sessions, held) = (row.number("sessions")?, row.int("held_ms")?);
        Ok(item(product, sessions, held, row.int("day")?))
    })?;
    let open: Vec<ProductId> = link.all(&OPEN_PRODUCTS, &[user.person.into()], |row| {
        row.of("session").id("product_id")
    })?;
    for product in open {
        let values = [user.person.into(), product.into()];
        for session in link.all(&SESSIONS, &values, rows::session)? {
            add_open(&mut items, filter, now, (user.id, &session), |product| {
                item(product, 0, 0, filter.first_day)
            });
        }
    }
    items.retain(|item| filter.product.is_none_or(|product| product == item.product));
    Ok(items)
}

/// Adds a session that has not ended yet, up to now.
fn add_open(
    items: &mut Vec<UsedByItem>,
    filter: &UsedByFilter,
    now: Timestamp,
    (user, session): (UserId, &Session),
    new: impl FnOnce(ProductId) -> UsedByItem,
) {
    let days = filter.first_day..=filter.last_day;
    let until = session.held_until().min(now);
    let began = days.contains(&session.started_at.day());
    let held: Vec<(i64, i64)> = by_day(session.started_at, until)
        .filter(|(day, _)| days.contains(day))
        .collect();
    if session.user != user || !began && held.is_empty() {
        return;
    }
    let known = items
        .iter()
        .position(|item| item.product == session.product);
    let index = known.unwrap_or_else(|| {
        items.push(new(session.product));
        items.len() - 1
    });
    let Some(item) = items.get_mut(index) else {
        return;
    };
    item.sessions += u64::from(began);
    for (day, span) in held {
        item.held_ms += span;
        item.last_day = item.last_day.max(day);
    }
}

/// The accounts with any use in the period, by username.
pub(crate) fn accounts<'a>(
    within: Within,
    filter: &'a UsedByFilter,
    few: bool,
    paging: &Paging,
) -> Result<Select<'a>, StoreError> {
    let columns = user_columns!();
    let mut select = Select::new(
        "USED_BY",
        &format!("SELECT {columns} FROM app_user u WHERE TRUE"),
    );
    let days = || [Value::from(filter.first_day), filter.last_day.into()];
    // Few rows are gathered first; of many, each account is asked for its own.
    if few {
        select.push(
            "AND (u.id IN (SELECT v.user_id FROM person_use v WHERE v.day >= ? AND v.day <= ?",
            days(),
        );
        of_product(&mut select, "v", filter);
        select.add(") OR u.id IN (SELECT x.user_id FROM session x WHERE x.ended_at IS NULL");
        of_product(&mut select, "x", filter);
        select.add("))");
    } else {
        select.push(
            "AND (EXISTS (SELECT 1 FROM person_use v WHERE v.user_id = u.id \
                AND v.day >= ? AND v.day <= ?",
            days(),
        );
        of_product(&mut select, "v", filter);
        select.add(
            ") OR EXISTS (SELECT 1 FROM session x WHERE x.person_id = u.person_id \
                AND x.ended_at IS NULL",
        );
        of_product(&mut select, "x", filter);
        select.add("))");
    }
    within.by_folder(&mut select, "u.folder_id");
    if let Some(folder) = filter.folder {
        in_folder(&mut select, "u.folder_id", folder, true);
    }
    if let Some(q) = &filter.q {
        select.push(r"AND u.search_text LIKE ? ESCAPE '\'", [anywhere(q).into()]);
    }
    if let Some(cursor) = paging.cursor()? {
        select.push("AND u.username_key > ?", [cursor.text(0)?.into()]);
    }
    select.push("ORDER BY u.username_key LIMIT ?", [paging.one_more()]);
    Ok(select)
}

fn of_product(select: &mut Select<'_>, row: &str, filter: &UsedByFilter) {
    if let Some(product) = filter.product {
        select.push(&format!("AND {row}.product_id = ?"), [product.into()]);
    }
}
