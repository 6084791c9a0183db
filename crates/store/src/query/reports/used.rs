//! Use over time.

use domain::usage::{HOUR, hour_of};
use domain::{Millis, ProductId, Timestamp};

use crate::error::StoreError;
use crate::meta;
use crate::query::Within;
use crate::query::events::first_at_or_after;
use crate::reader::Reader;
use crate::sql::{Columns, Select, Value, ms, statements};
use crate::usage::ProductHour;

statements! {
    OPEN_AT_MOST = "SELECT count(*) FROM (SELECT 1 FROM session x \
        WHERE x.ended_at IS NULL LIMIT $1) AS few";
}

/// Up to so many open sessions and events, the hours that are not written down yet are computed
/// for whoever asks; beyond that a report ends with the last full hour.
const FEW_OPEN: u32 = 2_000;
const FEW_EVENTS: i64 = 20_000;
const FEW_HOURS: i64 = 200;

/// How finely use is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// By the hour; kept for 92 days.
    Hour,
    /// By the UTC day; kept for good.
    Day,
}

impl Grain {
    const fn code(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// How long one is.
    pub const fn span(self) -> Millis {
        match self {
            Self::Hour => HOUR,
            Self::Day => Millis::DAY,
        }
    }
}

/// The use of one product in one hour or day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsePoint {
    /// The product.
    pub product: ProductId,
    /// When the hour or day begins.
    pub at: Timestamp,
    /// The most seats in use at the same moment.
    pub peak: u64,
    /// Milliseconds that seats were in use, all seats together.
    pub seat_ms: i64,
    /// Seats owned: at the end of an hour; the most of a day's hours.
    pub owned: u64,
    /// Sessions that began.
    pub begun: u64,
}

impl Reader<'_> {
    /// The use of a product, or of all, in the hours or days that begin from one moment up to
    /// another, by time. It is told of whole products, so that whoever sees only some folders is
    /// told nothing (R1). What has passed of the present hour is in it while sessions are few.
    pub fn use_over_time(
        &mut self,
        product: Option<ProductId>,
        grain: Grain,
        (since, until): (Timestamp, Timestamp),
        now: Timestamp,
    ) -> Result<Vec<UsePoint>, StoreError> {
        if self.within != Within(None) {
            return Ok(Vec::new());
        }
        let mut points = self
            .link
            .select(&select(product, grain, since, until), point)?;
        for hour in self.lately(now)? {
            if product.is_none_or(|product| product == hour.product) {
                add(&mut points, grain, &hour);
            }
        }
        points.retain(|point| (since..until).contains(&point.at));
        points.sort_unstable_by_key(|point| (point.at, point.product));
        Ok(points)
    }

    /// The hours up to now that are not written down yet, where that is little work.
    fn lately(&mut self, now: Timestamp) -> Result<Vec<ProductHour>, StoreError> {
        let known = self.use_is_known_until()?;
        let from = if known > Timestamp::NEVER {
            known
        } else {
            hour_of(now)
        };
        let last = meta::last_event(self.link)?;
        let first = first_at_or_after(self.link, from, last)?;
        if last - first > FEW_EVENTS || now.since(from).get() > HOUR.get() * FEW_HOURS {
            return Ok(Vec::new());
        }
        let most = [Value::from(FEW_OPEN + 1)];
        let open: u32 = self.link.one(&OPEN_AT_MOST, &most, |row| {
            row.of("session").number("count")
        })?;
        if open > FEW_OPEN {
            return Ok(Vec::new());
        }
        self.hours_of_use_up_to(from, hour_of(now).plus(HOUR), now)
    }
}

fn add(points: &mut Vec<UsePoint>, grain: Grain, hour: &ProductHour) {
    let at = match grain {
        Grain::Hour => hour.at,
        Grain::Day => Timestamp::NEVER.plus(Millis::days(hour.at.day())),
    };
    let known = points
        .iter_mut()
        .find(|point| point.at == at && point.product == hour.product);
    match known {
        Some(point) => {
            point.peak = point.peak.max(hour.used.peak);
            point.seat_ms += hour.used.seat_ms;
            point.owned = point.owned.max(hour.owned);
            point.begun += hour.used.begun;
        }
        None => points.push(UsePoint {
            product: hour.product,
            at,
            peak: hour.used.peak,
            seat_ms: hour.used.seat_ms,
            owned: hour.owned,
            begun: hour.used.begun,
        }),
    }
}

pub(crate) fn select<'a>(
    product: Option<ProductId>,
    grain: Grain,
    since: Timestamp,
    until: Timestamp,
) -> Select<'a> {
    let mut select = Select::new(
        "USE_OVER_TIME",
        "SELECT u.at, u.product_id, u.peak, u.seat_ms, u.owned, u.begun FROM product_use u WHERE",
    );
    select.push("u.grain = ?", [grain.code().into()]);
    select.push("AND u.at >= ? AND u.at < ?", [ms(since), ms(until)]);
    if let Some(product) = product {
        select.push("AND u.product_id = ?", [product.into()]);
    }
    select.add("ORDER BY u.at, u.product_id");
    select
}

fn point(row: &mut Columns<'_, '_>) -> Result<UsePoint, StoreError> {
    row.of("product_use");
    Ok(UsePoint {
        at: row.time("at")?,
        product: row.id("product_id")?,
        peak: row.number("peak")?,
        seat_ms: row.int("seat_ms")?,
        owned: row.number("owned")?,
        begun: row.number("begun")?,
    })
}
