//! The use of products by the hour: the most seats in use at the same moment, and for how long.

use domain::usage::{HOUR, HourOfUse, Meter, Stay, hour_of};
use domain::{
    CountedBy, LicenseId, Millis, PersonId, ProductId, Session, SessionId, Timestamp, Via,
};
use foldhash::HashMap;

use crate::error::StoreError;
use crate::keep::first_id_at;
use crate::load::statements::LICENSE;
use crate::meta;
use crate::query::events::first_at_or_after;
use crate::reader::Reader;
use crate::rows::{self, session_columns};
use crate::sql::{Columns, Link, Value, ms, statements};
use crate::writer::Transaction;

/// How long after its end an hour is written down: the longest that a transaction which began in
/// it can take to commit.
const SETTLES_AFTER: Millis = Millis::seconds(60);
/// So many hours are written down at once: a month.
const AT_ONCE: i64 = 31 * 24;
/// How long hours are kept; days are for good.
const KEEP_HOURS: Millis = Millis::days(92);
/// Ids of one transaction may run this far ahead of its time.
const AHEAD: Millis = Millis::SECOND;
/// So many sessions are read in one piece.
const PIECE: u32 = 10_000;

statements! {
    FIRST_SESSION = "SELECT x.id, x.started_at FROM session x ORDER BY x.id LIMIT 1";
    STARTED_IN = concat!("SELECT ", session_columns!(), " FROM session x \
        WHERE x.id >= $1 AND x.id < $2 ORDER BY x.id LIMIT $3");
    STARTED_AFTER = concat!("SELECT ", session_columns!(), " FROM session x \
        WHERE x.id > $1 AND x.id < $2 ORDER BY x.id LIMIT $3");
    OPEN_SINCE_BEFORE = concat!("SELECT ", session_columns!(), " FROM session x \
        WHERE x.ended_at IS NULL AND x.expires_at > $1 AND x.started_at < $1");
    ENDED_SINCE = concat!("SELECT ", session_columns!(), " FROM event e \
        JOIN session x ON x.id = e.session_id \
        WHERE e.seq >= $1 AND e.kind = 'session.ended' AND x.started_at < $2");
    /// A delete-all ends every session without an event for each (L7).
    WIPED_SINCE = "SELECT e.seq, e.at FROM event e \
        WHERE e.kind = 'license.all_deleted' AND NOT e.sign_in AND e.seq >= $1";
    ENDED_BY_WIPE = concat!("SELECT ", session_columns!(), " FROM session x \
        WHERE x.ended_at = $1 AND x.end_reason = 'license_removed' AND x.started_at < $2");
    /// Licenses with the time in which their seats count as owned.
    OWNED = "SELECT l.id, l.product_id, l.imported_at, l.starts_at, l.ends_at, l.stale_at, \
        l.revoked_at, l.removed_at, l.awaits_agreement, \
        (SELECT coalesce(sum(q.size), 0) FROM pool q WHERE q.license_id = l.id) FROM license l \
        WHERE l.model <> 'site' AND (l.removed_at IS NULL OR l.removed_at > $1) \
        AND l.ends_at > $1";
    PUT_USE = "INSERT INTO product_use (grain, at, product_id, peak, seat_ms, owned, begun) \
        VALUES ('hour', $1, $2, $3, $4, $5, $6) ON CONFLICT (grain, at, product_id) DO UPDATE SET \
        peak = excluded.peak, seat_ms = excluded.seat_ms, owned = excluded.owned, \
        begun = excluded.begun";
    PUT_DAY = "INSERT INTO product_use (grain, at, product_id, peak, seat_ms, owned, begun) \
        SELECT 'day', CAST($1 AS BIGINT), u.product_id, max(u.peak), CAST(sum(u.seat_ms) AS BIGINT), \
        max(u.owned), CAST(sum(u.begun) AS BIGINT) FROM product_use u \
        WHERE u.grain = 'hour' AND u.at >= $1 AND u.at < $2 GROUP BY u.product_id \
        ON CONFLICT (grain, at, product_id) DO UPDATE SET peak = excluded.peak, \
        seat_ms = excluded.seat_ms, owned = excluded.owned, begun = excluded.begun";
    FORGET_HOURS = "DELETE FROM product_use WHERE grain = 'hour' AND at < $1";
}

/// One hour of one product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProductHour {
    /// The product.
    pub product: ProductId,
    /// When the hour begins.
    pub at: Timestamp,
    /// Its use.
    pub used: HourOfUse,
    /// Seats of licenses that were usable at the end of the hour.
    pub owned: u64,
}

/// Whole hours, ready to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoursOfUse {
    /// Where they begin.
    pub from: Timestamp,
    /// Where they end (exclusive).
    pub until: Timestamp,
    /// Every hour and product with something owned or in use.
    pub hours: Vec<ProductHour>,
}

impl Reader<'_> {
    /// Up to when the use of products is written down; [`Timestamp::NEVER`] before the first time.
    pub fn use_is_known_until(&mut self) -> Result<Timestamp, StoreError> {
        meta::number(self.link, meta::USE_UPTO).map(Timestamp::from_millis)
    }

    /// The hours that can be written down at `now`, a month at most; none when all are.
    pub fn next_hours(&mut self, now: Timestamp) -> Result<Option<HoursOfUse>, StoreError> {
        let known = self.use_is_known_until()?;
        let from = if known > Timestamp::NEVER {
            known
        } else {
            let first = self.link.first(&FIRST_SESSION, &[], |row| {
                row.of("session").id::<SessionId>("id")?;
                row.time("started_at")
            })?;
            hour_of(first.unwrap_or(now).min(now))
        };
        let most = from.plus(Millis::new(HOUR.get() * AT_ONCE));
        let until = hour_of(now.minus(SETTLES_AFTER)).min(most);
        if from >= until {
            return Ok(None);
        }
        let hours = self.hours_of_use(from, until)?;
        Ok(Some(HoursOfUse { from, until, hours }))
    }

    /// The use of all products between the beginnings of two hours, computed from sessions.
    pub fn hours_of_use(
        &mut self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<ProductHour>, StoreError> {
        self.hours_of_use_up_to(from, until, until)
    }

    /// The same where the last hour is not over yet at `now`.
    pub(crate) fn hours_of_use_up_to(
        &mut self,
        from: Timestamp,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<ProductHour>, StoreError> {
        let mut sums = Sums {
            link: self.link,
            from,
            until,
            now,
            counted_by: HashMap::default(),
            meters: HashMap::default(),
        };
        sums.carried()?;
        sums.began()?;
        sums.finish()
    }
}

/// What is needed of a session.
struct Slim {
    product: ProductId,
    session: SessionId,
    person: PersonId,
    via: Via,
    from: Timestamp,
    until: Timestamp,
}

fn slim(row: &mut Columns<'_, '_>) -> Result<Slim, StoreError> {
    let session: Session = rows::session(row)?;
    Ok(Slim {
        product: session.product,
        session: session.id,
        person: session.person,
        via: session.via,
        from: session.started_at,
        until: session.held_until(),
    })
}

struct Sums<'l> {
    link: Link<'l>,
    from: Timestamp,
    until: Timestamp,
    /// Nothing is known of what comes after it.
    now: Timestamp,
    counted_by: HashMap<LicenseId, CountedBy>,
    meters: HashMap<ProductId, Meter>,
}

impl Sums<'_> {
    fn add(&mut self, slim: &Slim) -> Result<(), StoreError> {
        let counted_by = match slim.via {
            Via::Floating { license, .. } => self.counted_by(license)?,
            _ => CountedBy::User,
        };
        let stay = Stay {
            seat: domain::usage::in_use(slim.via, slim.person, slim.session, counted_by),
            from: slim.from,
            until: slim.until.min(self.now),
        };
        let (from, until) = (self.from, self.until);
        let meter = self.meters.entry(slim.product);
        meter.or_insert_with(|| Meter::new(from, until)).add(stay);
        Ok(())
    }

    fn counted_by(&mut self, license: LicenseId) -> Result<CountedBy, StoreError> {
        if let Some(known) = self.counted_by.get(&license) {
            return Ok(*known);
        }
        let found = self
            .link
            .first(&LICENSE, &[license.into()], rows::license)?;
        let counted_by = found.map_or(CountedBy::User, |license| license.terms.counted_by);
        self.counted_by.insert(license, counted_by);
        Ok(counted_by)
    }

    /// Those that began before the first hour and were still there: they have not ended yet, or
    /// the record says that they did since.
    fn carried(&mut self) -> Result<(), StoreError> {
        let last = meta::last_event(self.link)?;
        let since = first_at_or_after(self.link, self.from, last)?;
        let before = ms(self.from);
        let mut found = self
            .link
            .all(&OPEN_SINCE_BEFORE, std::slice::from_ref(&before), slim)?;
        let values = [since.into(), before.clone()];
        found.extend(self.link.all(&ENDED_SINCE, &values, slim)?);
        let wiped = self.link.all(&WIPED_SINCE, &[since.into()], |row| {
            row.of("event").int("seq")?;
            row.time("at")
        })?;
        for at in wiped {
            let values = [ms(at), before.clone()];
            found.extend(self.link.all(&ENDED_BY_WIPE, &values, slim)?);
        }
        found.retain(|slim| slim.until > self.from);
        found.sort_unstable_by_key(|slim| slim.from);
        found.iter().try_for_each(|slim| self.add(slim))
    }

    /// Those that began in the hours, a piece at a time.
    fn began(&mut self) -> Result<(), StoreError> {
        let end = first_id_at(self.until.plus(AHEAD));
        let mut statement = &STARTED_IN;
        let mut from: Value<'_> = first_id_at(self.from);
        loop {
            let values = [from, end.clone(), PIECE.into()];
            let piece = self.link.all(statement, &values, slim)?;
            let began = self.from..self.until;
            for slim in piece.iter().filter(|slim| began.contains(&slim.from)) {
                self.add(slim)?;
            }
            match piece.last() {
                Some(last) if piece.len() >= PIECE as usize => {
                    from = last.session.into();
                    statement = &STARTED_AFTER;
                }
                _ => return Ok(()),
            }
        }
    }

    fn finish(self) -> Result<Vec<ProductHour>, StoreError> {
        let count = usize::try_from(self.until.since(self.from).get() / HOUR.get()).unwrap_or(0);
        let mut owned = owned(self.link, self.from, count)?;
        let mut used: HashMap<ProductId, Vec<HourOfUse>> = HashMap::default();
        for (product, meter) in self.meters {
            owned.entry(product).or_insert_with(|| vec![0; count]);
            used.insert(product, meter.finish());
        }
        let mut hours = Vec::new();
        for (product, owned) in owned {
            let used = used.get(&product);
            let mut at = self.from;
            for (index, owned) in owned.into_iter().enumerate() {
                let used = used.and_then(|used| used.get(index)).copied();
                let used = used.unwrap_or_default();
                if owned > 0 || used != HourOfUse::default() {
                    let owned = u64::try_from(owned).unwrap_or(0);
                    hours.push(ProductHour {
                        product,
                        at,
                        used,
                        owned,
                    });
                }
                at = at.plus(HOUR);
            }
        }
        hours.sort_unstable_by_key(|hour| (hour.at, hour.product));
        Ok(hours)
    }
}

/// Seats owned at the end of each hour, by product.
fn owned(
    link: Link<'_>,
    from: Timestamp,
    count: usize,
) -> Result<HashMap<ProductId, Vec<i64>>, StoreError> {
    let mut owned: HashMap<ProductId, Vec<i64>> = HashMap::default();
    link.each(&OWNED, &[ms(from)], |row| {
        row.of("license").id::<LicenseId>("id")?;
        let product = row.id("product_id")?;
        let begins = row.time("imported_at")?.max(row.time("starts_at")?);
        let mut ends = row.time("ends_at")?.min(row.time("stale_at")?);
        for column in ["revoked_at", "removed_at"] {
            ends = ends.min(row.opt_time(column)?.unwrap_or(Timestamp::FOREVER));
        }
        let awaits = row.bool("awaits_agreement")?;
        let seats = row.int("size")?;
        if awaits || seats == 0 {
            return Ok(());
        }
        let hours = owned.entry(product).or_insert_with(|| vec![0; count]);
        let mut at = from.plus(HOUR).minus(Millis::new(1));
        for hour in hours.iter_mut() {
            if begins <= at && at < ends {
                *hour += seats;
            }
            at = at.plus(HOUR);
        }
        Ok(())
    })?;
    Ok(owned)
}

impl Transaction<'_> {
    /// Writes hours down, and the days that they are in. Whether it did: not when somebody else
    /// came as far already.
    pub fn put_hours(&mut self, hours: &HoursOfUse) -> Result<bool, StoreError> {
        let link = self.link();
        let known = meta::number(link, meta::USE_UPTO)?;
        if known != 0 && known != hours.from.as_millis() || known >= hours.until.as_millis() {
            return Ok(false);
        }
        for hour in &hours.hours {
            let number = |number: u64| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
            let values = [
                ms(hour.at),
                hour.product.into(),
                number(hour.used.peak),
                Value::Int(hour.used.seat_ms),
                number(hour.owned),
                number(hour.used.begun),
            ];
            link.put(&PUT_USE, &values)?;
        }
        for day in hours.from.day()..=hours.until.minus(Millis::new(1)).day() {
            let midnight = Timestamp::NEVER.plus(Millis::days(day));
            link.put(&PUT_DAY, &[ms(midnight), ms(midnight.plus(Millis::DAY))])?;
        }
        link.put(&FORGET_HOURS, &[ms(hours.until.minus(KEEP_HOURS))])?;
        meta::raise(link, meta::USE_UPTO, hours.until.as_millis())?;
        link.settle()?;
        Ok(true)
    }
}
