//! The record, latest first (R3).

use domain::event::Subject;
use domain::{Event, EventKind, LicenseId, ProductId, Timestamp, UserId};

use super::{Cursor, Page, Paging, Within};
use crate::error::StoreError;
use crate::meta;
use crate::reader::Reader;
use crate::sql::{Columns, Link, Select, statements};

/// The columns of an event, of `event e`.
macro_rules! event_columns {
    () => {
        "e.seq, e.at, e.actor, e.kind, e.user_id, e.product_id, e.license_id, e.session_id, \
         e.why, e.before_json, e.after_json"
    };
}

statements! {
    EVENT_TIME = "SELECT e.seq, e.at FROM event e WHERE e.seq >= $1 ORDER BY e.seq LIMIT 1";
}

/// How many events are looked at in one step, and in how many steps for one page at most:
/// what matches may be far between. Acts of administration are found by index.
const STEP: i64 = 20_000;
const STEPS: u32 = 10;

/// An entry of the record, with its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventItem {
    /// Its number; later entries have higher ones.
    pub seq: i64,
    /// The entry.
    pub event: Event,
}

/// Which events; empty: all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Of this kind.
    pub kind: Option<EventKind>,
    /// Only acts of administration, without daily sign-ins and sign-outs.
    pub acts_only: bool,
    /// About this account.
    pub user: Option<UserId>,
    /// About this product.
    pub product: Option<ProductId>,
    /// About this license.
    pub license: Option<LicenseId>,
    /// By this actor, as the record names them.
    pub actor: Option<String>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// Before (exclusive).
    pub until: Option<Timestamp>,
}

impl EventFilter {
    fn has_acts_only(&self) -> bool {
        self.acts_only || self.kind.is_some_and(|kind| !kind.is_sign_in())
    }

    /// Whether an index leads to what matches.
    fn is_indexed(&self) -> bool {
        self.has_acts_only()
            && (self.kind.is_some() || self.user.is_some() || self.license.is_some())
    }
}

impl Reader<'_> {
    /// Events, latest first. A page may be short before the end of the list.
    pub fn events(
        &mut self,
        filter: &EventFilter,
        paging: &Paging,
    ) -> Result<Page<EventItem>, StoreError> {
        let link = self.link;
        let last = meta::last_event(link)?;
        // Time never runs backwards (L11), so that a time is a place in the record.
        let floor = match filter.since {
            Some(since) => first_at_or_after(link, since, last)?,
            None => 1,
        };
        let mut before = match filter.until {
            Some(until) => first_at_or_after(link, until, last)?,
            None => last + 1,
        };
        if let Some(cursor) = paging.cursor()? {
            before = before.min(cursor.int(0)?);
        }
        let step = if filter.is_indexed() { i64::MAX } else { STEP };
        let mut found = Vec::new();
        for _ in 0..STEPS {
            let from = before.saturating_sub(step).max(floor);
            let missing = paging.limit() + 1 - found.len();
            found.extend(link.select(&select(self.within, filter, from, before, missing), item)?);
            before = from;
            if found.len() > paging.limit() || before <= floor {
                return Ok(Page::of(found, paging, |item| {
                    Cursor::new([item.seq.into()])
                }));
            }
        }
        Ok(Page {
            items: found,
            next: Some(Cursor::new([before.into()]).to_string()),
            total: None,
        })
    }
}

/// The number of the first event at or after a moment; one past the last when there is none.
pub(crate) fn first_at_or_after(
    link: Link<'_>,
    at: Timestamp,
    last: i64,
) -> Result<i64, StoreError> {
    let (mut low, mut high) = (1, last + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let found = link.first(&EVENT_TIME, &[middle.into()], |row| {
            row.of("event");
            Ok((row.int("seq")?, row.time("at")?))
        })?;
        match found {
            Some((seq, found)) if found < at => low = seq + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}

pub(crate) fn select(
    within: Within,
    filter: &EventFilter,
    from: i64,
    before: i64,
    limit: usize,
) -> Select<'_> {
    let columns = event_columns!();
    let mut select = Select::new("EVENTS", &format!("SELECT {columns} FROM event e WHERE"));
    select.push("e.seq >= ? AND e.seq < ?", [from.into(), before.into()]);
    within.by_user_or_license(&mut select, "e.user_id", "e.license_id");
    if filter.has_acts_only() {
        select.add("AND NOT e.sign_in");
    }
    if let Some(kind) = filter.kind {
        select.push("AND e.kind = ?", [kind.code().into()]);
    }
    if let Some(user) = filter.user {
        select.push("AND e.user_id = ?", [user.into()]);
    }
    if let Some(product) = filter.product {
        select.push("AND e.product_id = ?", [product.into()]);
    }
    if let Some(license) = filter.license {
        select.push("AND e.license_id = ?", [license.into()]);
    }
    if let Some(actor) = &filter.actor {
        select.push("AND e.actor = ?", [actor.as_str().into()]);
    }
    let limit = u32::try_from(limit).unwrap_or(u32::MAX);
    select.push("ORDER BY e.seq DESC LIMIT ?", [limit.into()]);
    select
}

/// Reads [`event_columns`].
pub(crate) fn item(row: &mut Columns<'_, '_>) -> Result<EventItem, StoreError> {
    row.of("event");
    Ok(EventItem {
        seq: row.int("seq")?,
        event: Event {
            at: row.time("at")?,
            actor: row.text("actor")?.into(),
            kind: row.code("kind", EventKind::from_code)?,
            subject: Subject {
                user: row.opt_id("user_id")?,
                product: row.opt_id("product_id")?,
                license: row.opt_id("license_id")?,
                session: row.opt_id("session_id")?,
            },
            why: row.opt_text("why")?.map(str::to_owned),
            before: row.opt_text("before_json")?.map(str::to_owned),
            after: row.opt_text("after_json")?.map(str::to_owned),
        },
    })
}
