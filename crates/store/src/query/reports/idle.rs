//! Dedicated seats that nobody uses.

use domain::{License, Millis, ProductId, Seat, SeatId, Timestamp, User};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::StoreError;
use crate::load::statements::{LICENSE, USER};
use crate::query::{Cursor, Page, Paging, Paths, Within, below};
use crate::reader::Reader;
use crate::rows::{self, seat_columns};
use crate::sql::{Columns, Select, Value, ms, statements};
use crate::writer::Transaction;

/// Since when `seat s` is idle: the last sign-in on it, or its assignment.
macro_rules! idle_since {
    () => {
        "coalesce(s.last_active_at, s.assigned_at)"
    };
}

/// Whether nobody works on `seat s` at `$1`, and it is not on its way back already.
macro_rules! at_rest {
    ($now:literal) => {
        concat!(
            "s.releasing_since IS NULL AND NOT EXISTS (SELECT 1 FROM session x \
              WHERE x.person_id = s.person_id AND x.product_id = s.product_id \
              AND x.ended_at IS NULL AND x.via = 'dedicated' AND x.expires_at > ",
            $now,
            ")"
        )
    };
}

/// One threshold's column of [`IDLE_COUNTS`].
macro_rules! idle_for {
    ($before:literal) => {
        concat!(
            "coalesce(sum(CASE WHEN ",
            idle_since!(),
            " <= ",
            $before,
            " AND ",
            at_rest!("$1"),
            " THEN 1 ELSE 0 END), 0)"
        )
    };
}

/// The columns of [`IDLE_COUNTS`], of all `seat s`.
macro_rules! idle_counts {
    () => {
        concat!(
            "SELECT s.product_id, count(*), ",
            idle_for!("$2"),
            ", ",
            idle_for!("$3"),
            ", ",
            idle_for!("$4"),
            ", ",
            idle_for!("$5"),
            " FROM seat s"
        )
    };
}

statements! {
    SEATS_AT_MOST = "SELECT count(*) FROM (SELECT 1 FROM seat s LIMIT $1) AS few";
    /// The id so many seats further on.
    SEATS_FURTHER = "SELECT s.id FROM seat s WHERE s.id > $1 ORDER BY s.id LIMIT 1 OFFSET $2";
    IDLE_COUNTS = concat!(idle_counts!(), " GROUP BY s.product_id");
    IDLE_COUNTS_WITHIN = concat!(idle_counts!(), " JOIN app_user u ON u.id = s.user_id \
        WHERE u.folder_id IN ", below!("$6"), " GROUP BY s.product_id");
}

/// Up to so many seats are counted and put in order while somebody waits.
const FEW: u32 = 10_000;
/// So many seats are looked at for one page where they are more.
const STEP: u32 = 20_000;
/// The setting with the counts of a large store.
const KEPT: &str = "idle_counts";

/// Which seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdleFilter {
    /// Of this product.
    pub product: Option<ProductId>,
    /// Without a sign-in since this moment, itself included; nor assigned after it.
    pub since: Timestamp,
}

/// A seat that nobody uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdleSeat {
    /// The seat.
    pub seat: Seat,
    /// The account for which it was assigned, unless it was deleted.
    pub user: Option<User>,
    /// The path of that account's folder.
    pub path: String,
    /// Its license.
    pub license: License,
    /// When the holder last signed in to the product on dedicated seats.
    pub last_active: Option<Timestamp>,
}

/// The dedicated seats of a product, by how long nobody used them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdleCounts {
    /// The product.
    pub product: ProductId,
    /// Occupied dedicated seats.
    pub seats: u64,
    /// Those idle for so many days and more: 30, 60, 90, 180.
    pub idle: [u64; 4],
}

/// Those of all products.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdleSummary {
    /// When they were counted.
    pub at: Timestamp,
    /// Each product with occupied dedicated seats.
    pub products: Vec<IdleCounts>,
}

impl IdleSummary {
    /// The days of idleness that are counted.
    pub const DAYS: [i64; 4] = [30, 60, 90, 180];
}

impl Reader<'_> {
    /// Dedicated seats that nobody uses; longest first where there are few seats. A page may be
    /// short before the end of the list.
    pub fn idle_seats(
        &mut self,
        filter: &IdleFilter,
        now: Timestamp,
        paging: &Paging,
    ) -> Result<Page<IdleSeat>, StoreError> {
        let page = if self.has_few_seats()? {
            let found = self
                .link
                .select(&in_order(self.within, filter, now, paging)?, item)?;
            Page::of(found, paging, |(seat, last)| {
                let since = last.unwrap_or(seat.assigned_at);
                Cursor::new([since.as_millis().into(), seat.id.to_string().into()])
            })
        } else {
            self.step(filter, now, paging)?
        };
        let mut paths = Paths::new(self.link);
        let link = self.link;
        page.try_map(|(seat, last_active)| {
            let user = link.first(&USER, &[seat.user.into()], rows::user)?;
            let license = link
                .first(&LICENSE, &[seat.license.into()], rows::license)?
                .ok_or_else(|| StoreError::Corrupt {
                    table: "seat",
                    column: "license_id",
                    row: seat.id.to_string(),
                    why: "it names nothing that is there".into(),
                })?;
            let path = match &user {
                Some(user) => paths.of(user.folder)?,
                None => String::new(),
            };
            Ok(IdleSeat {
                seat,
                user,
                path,
                license,
                last_active,
            })
        })
    }

    /// How long seats are idle, by product: of this moment while seats are few, otherwise as it
    /// was counted last; none before that.
    pub fn idle_summary(&mut self, now: Timestamp) -> Result<Option<IdleSummary>, StoreError> {
        // What was counted last is of the whole installation.
        if self.within != Within(None) || self.has_few_seats()? {
            return self.count_idle(now).map(Some);
        }
        let kept = self.setting(KEPT)?;
        Ok(kept.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Counts idle seats: looks at every seat there is.
    pub fn count_idle(&mut self, now: Timestamp) -> Result<IdleSummary, StoreError> {
        let mut values = vec![ms(now)];
        values.extend(IdleSummary::DAYS.map(|days| ms(now.minus(Millis::days(days)))));
        let statement = match self.within.0 {
            None => &IDLE_COUNTS,
            Some(limit) => {
                values.push(limit.into());
                &IDLE_COUNTS_WITHIN
            }
        };
        let products = self.link.all(statement, &values, |row| {
            row.of("seat");
            Ok(IdleCounts {
                product: row.id("product_id")?,
                seats: row.number("count")?,
                idle: [
                    row.number("assigned_at")?,
                    row.number("assigned_at")?,
                    row.number("assigned_at")?,
                    row.number("assigned_at")?,
                ],
            })
        })?;
        Ok(IdleSummary { at: now, products })
    }

    /// Whether seats are so few that they can be counted while somebody waits.
    pub fn has_few_seats(&mut self) -> Result<bool, StoreError> {
        let most = [Value::from(FEW + 1)];
        let count: u32 = self
            .link
            .one(&SEATS_AT_MOST, &most, |row| row.of("seat").number("count"))?;
        Ok(count <= FEW)
    }

    fn step(
        &mut self,
        filter: &IdleFilter,
        now: Timestamp,
        paging: &Paging,
    ) -> Result<Page<Row>, StoreError> {
        let after = match paging.cursor()? {
            Some(cursor) => SeatId(cursor.id(1)?),
            None => SeatId(Uuid::nil()),
        };
        let cursor = |id: SeatId| Cursor::new([0.into(), id.to_string().into()]);
        let values = [after.into(), Value::from(STEP)];
        let end: Option<SeatId> = self
            .link
            .first(&SEATS_FURTHER, &values, |row| row.of("seat").id("id"))?;
        let found = self.link.select(
            &in_step(self.within, filter, now, (after, end), paging),
            item,
        )?;
        let mut page = Page::of(found, paging, |(seat, _)| cursor(seat.id));
        if page.next.is_none() {
            page.next = end.map(|end| cursor(end).to_string());
        }
        Ok(page)
    }
}

impl Transaction<'_> {
    /// Keeps counts of idle seats for a store that has too many to count them for a page.
    pub fn put_idle(&mut self, summary: &IdleSummary) -> Result<(), StoreError> {
        let text = rows::json("meta.content", summary)?;
        self.put_setting(KEPT, &text)
    }
}

type Row = (Seat, Option<Timestamp>);

fn item(row: &mut Columns<'_, '_>) -> Result<Row, StoreError> {
    let seat = rows::seat(row)?;
    Ok((seat, row.opt_time("last_active_at")?))
}

fn begin<'a>(within: Within, filter: &IdleFilter, now: Timestamp) -> Select<'a> {
    let columns = seat_columns!();
    let mut select = Select::new(
        "IDLE_SEATS",
        &format!("SELECT {columns}, s.last_active_at FROM seat s WHERE TRUE"),
    );
    select.push(
        concat!("AND ", idle_since!(), " <= ? AND ", at_rest!("?")),
        [ms(filter.since), ms(now)],
    );
    within.by_user(&mut select, "s.user_id");
    if let Some(product) = filter.product {
        select.push("AND s.product_id = ?", [product.into()]);
    }
    select
}

pub(crate) fn in_order<'a>(
    within: Within,
    filter: &IdleFilter,
    now: Timestamp,
    paging: &Paging,
) -> Result<Select<'a>, StoreError> {
    let mut select = begin(within, filter, now);
    if let Some(cursor) = paging.cursor()? {
        select.push(
            concat!("AND (", idle_since!(), ", s.id) > (?, ?)"),
            [cursor.int(0)?.into(), Value::Id(cursor.id(1)?)],
        );
    }
    select.push(
        concat!("ORDER BY ", idle_since!(), ", s.id LIMIT ?"),
        [paging.one_more()],
    );
    Ok(select)
}

pub(crate) fn in_step<'a>(
    within: Within,
    filter: &IdleFilter,
    now: Timestamp,
    (after, end): (SeatId, Option<SeatId>),
    paging: &Paging,
) -> Select<'a> {
    let mut select = begin(within, filter, now);
    select.push("AND s.id > ?", [after.into()]);
    if let Some(end) = end {
        select.push("AND s.id <= ?", [end.into()]);
    }
    select.push("ORDER BY s.id LIMIT ?", [paging.one_more()]);
    select
}
