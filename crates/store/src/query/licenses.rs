//! Licenses, with their seats counted.

use domain::license::{Model, State};
use domain::refresh::Refresh;
use domain::{FolderId, License, LicenseId, Millis, Pool, ProductId, Timestamp};

use super::license_list::Asked;
use super::{Inside, Paths, Within, below};
use crate::error::StoreError;
use crate::load::statements::{LICENSE, POOLS_OF, REFRESH};
use crate::reader::Reader;
use crate::rows;
use crate::sql::{Link, Select, Value, ms, statements};

statements! {
    LICENSE_COUNTS = "SELECT count(*), \
        coalesce(sum(q.size), 0), \
        coalesce(sum(q.occupied), 0), \
        coalesce(sum(CASE WHEN q.occupied < q.size THEN q.size - q.occupied ELSE 0 END), 0), \
        coalesce(sum(CASE WHEN q.occupied > q.size THEN q.occupied - q.size ELSE 0 END), 0) \
        FROM pool q WHERE q.license_id = $1";
    LICENSE_RELEASING_WITHIN = concat!("SELECT count(*) FROM seat s \
        JOIN pool q ON q.id = s.pool_id WHERE s.product_id = $1 AND s.license_id = $2 \
        AND s.releasing_since IS NOT NULL AND q.folder_id IN ", below!("$3"));
    LICENSE_RELEASING = "SELECT count(*) FROM seat s \
        WHERE s.product_id = $1 AND s.license_id = $2 AND s.releasing_since IS NOT NULL";
}

/// The seats of a license, counted (R4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeatCounts {
    /// Where only some folders are seen (R1): how many stand there.
    pub there: Option<u64>,
    /// Taken, releasing and unbacked ones included.
    pub occupied: u64,
    /// Free.
    pub free: u64,
    /// Dedicated seats that wait for their last session to end (S4).
    pub releasing: u64,
    /// Occupied beyond what there is (L9).
    pub unbacked: u64,
}

impl SeatCounts {
    /// How many seats there are of a license: as its terms say, or as many as are seen.
    pub fn of(&self, license: &License) -> u64 {
        self.there.unwrap_or(u64::from(license.terms.seats))
    }
}

/// A license in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenseItem {
    /// The license.
    pub license: License,
    /// Its seats, counted.
    pub seats: SeatCounts,
    /// How its refreshing stands (I3).
    pub refresh: Option<Refresh>,
}

/// A license with its pools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenseDetail {
    /// The license.
    pub license: License,
    /// Its seats, counted.
    pub seats: SeatCounts,
    /// How its refreshing stands (I3).
    pub refresh: Option<Refresh>,
    /// Where they stand, by path.
    pub pools: Vec<PoolItem>,
}

/// A pool and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolItem {
    /// The pool.
    pub pool: Pool,
    /// The path of its folder.
    pub path: String,
}

/// Which licenses; empty: all that were not removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LicenseFilter {
    /// Of this product.
    pub product: Option<ProductId>,
    /// In this state at the moment of asking (L2).
    pub state: Option<State>,
    /// Of this model.
    pub model: Option<Model>,
    /// With a pool in this folder.
    pub folder: Option<FolderId>,
    /// With exactly this serial.
    pub serial: Option<String>,
    /// With this text in the serial, the reference, or the product's code or name.
    pub q: Option<String>,
    /// Removed ones too. The state `removed` implies it.
    pub removed: bool,
}

impl Reader<'_> {
    /// A license with its pools.
    pub fn find_license(&mut self, id: LicenseId) -> Result<Option<LicenseDetail>, StoreError> {
        let Some(license) = self.link.first(&LICENSE, &[id.into()], rows::license)? else {
            return Ok(None);
        };
        let mut paths = Paths::new(self.link);
        let mut inside = Inside::new(self.link, self.within);
        let mut pools = Vec::new();
        for pool in self.link.all(&POOLS_OF, &[id.into()], rows::pool)? {
            if !inside.folder(pool.folder)? {
                continue;
            }
            let path = paths.of(pool.folder)?;
            pools.push(PoolItem { pool, path });
        }
        if pools.is_empty() && self.within != Within(None) {
            return Ok(None);
        }
        pools.sort_by(|a, b| a.path.cmp(&b.path));
        let seats = counts(self.link, &mut inside, &license)?;
        let refresh = refresh(self.link, id)?;
        Ok(Some(LicenseDetail {
            license,
            seats,
            refresh,
            pools,
        }))
    }
}

impl Reader<'_> {
    /// Whether any license is in a state.
    pub fn has_license_in(
        &mut self,
        state: State,
        now: Timestamp,
        warn_before: Millis,
    ) -> Result<bool, StoreError> {
        let filter = LicenseFilter {
            state: Some(state),
            ..LicenseFilter::default()
        };
        let asked = Asked {
            within: self.within,
            filter: &filter,
            now,
            warn_before,
            is_few: false,
        };
        let found = self
            .link
            .select(&asked.any(), |row| row.of("license").id::<LicenseId>("id"))?;
        Ok(!found.is_empty())
    }

    /// How many licenses are in each of these states, counted in one go.
    pub fn count_states(
        &mut self,
        states: &[State],
        now: Timestamp,
        warn_before: Millis,
    ) -> Result<Vec<(State, u64)>, StoreError> {
        let mut counts: Vec<(State, u64)> = states.iter().map(|state| (*state, 0)).collect();
        let found = self
            .link
            .select(&state_counts(self.within, now, warn_before), |row| {
                row.of("license");
                Ok((row.text("state")?.to_owned(), row.number::<u64>("count")?))
            })?;
        for (code, count) in found {
            for (state, sum) in &mut counts {
                if state.code() == code {
                    *sum += count;
                }
            }
        }
        Ok(counts)
    }
}

/// In the order of the tests in [`License::state`].
pub(crate) fn state_counts<'a>(within: Within, now: Timestamp, warn_before: Millis) -> Select<'a> {
    let mut select = Select::new("STATE_COUNTS", "SELECT");
    select.push(
        "CASE WHEN l.revoked_at IS NOT NULL THEN 'revoked' WHEN l.ends_at <= ? THEN 'expired' \
         WHEN l.awaits_agreement THEN 'awaiting_agreement' WHEN l.starts_at > ? THEN 'scheduled' \
         WHEN l.stale_at <= ? THEN 'stale' WHEN l.expires_at <= ? THEN 'grace' \
         WHEN l.expires_at <= ? THEN 'expiring' ELSE 'active' END AS state, count(*) \
         FROM license l WHERE l.removed_at IS NULL",
        [now, now, now, now, now.plus(warn_before)].map(ms),
    );
    within.by_home(&mut select);
    select.add("GROUP BY 1");
    select
}

pub(crate) fn refresh(link: Link<'_>, license: LicenseId) -> Result<Option<Refresh>, StoreError> {
    link.first(&REFRESH, &[license.into()], rows::refresh)
}

/// The seats of a license, counted; of those pools that are inside.
pub(crate) fn counts(
    link: Link<'_>,
    inside: &mut Inside<'_>,
    license: &License,
) -> Result<SeatCounts, StoreError> {
    let (id, product) = (license.id.into(), license.product.into());
    let releasing = [product, id];
    let releases = |statement, values: &[Value<'_>]| {
        link.one(statement, values, |row| {
            row.of("seat").number::<u64>("releasing_since")
        })
    };
    let Some(limit) = inside.limit() else {
        let mut counts = link.one(&LICENSE_COUNTS, &releasing[1..], |row| {
            row.of("pool").int("count")?;
            row.int("size")?;
            Ok(SeatCounts {
                there: None,
                occupied: row.number("occupied")?,
                free: row.number("free")?,
                releasing: 0,
                unbacked: row.number("unbacked")?,
            })
        })?;
        counts.releasing = releases(&LICENSE_RELEASING, &releasing)?;
        return Ok(counts);
    };
    // Lists ask for many licenses, of the same few folders.
    let (mut counts, mut there) = (SeatCounts::default(), 0);
    for pool in link.all(&POOLS_OF, &releasing[1..], rows::pool)? {
        if inside.folder(pool.folder)? {
            there += u64::from(pool.size);
            counts.occupied += u64::from(pool.occupied);
            counts.free += u64::from(pool.size.saturating_sub(pool.occupied));
            counts.unbacked += u64::from(pool.unbacked());
        }
    }
    counts.there = Some(there);
    if releases(&LICENSE_RELEASING, &releasing)? > 0 {
        let [product, id] = releasing;
        counts.releasing = releases(&LICENSE_RELEASING_WITHIN, &[product, id, limit.into()])?;
    }
    Ok(counts)
}
