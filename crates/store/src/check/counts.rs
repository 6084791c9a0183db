//! Kept counts are what counting says (S1, P2, R4), and rows repeat what they should.

use domain::license::Model;
use domain::{CountedBy, FolderId, License, Pool, PoolId, ProductId};
use foldhash::HashMap;

use super::Findings;
use crate::error::StoreError;
use crate::load::statements::POOLS_OF;
use crate::rows::{self, license_columns};
use crate::save::{awaits_agreement, stale_at};
use crate::sql::{Columns, Link, statements};

statements! {
    EVERY_LICENSE = concat!("SELECT ", license_columns!(), ", l.reference_key, l.serial, l.model, \
        l.starts_at, l.expires_at, l.ends_at, l.stale_at, l.awaits_agreement, \
        l.access, l.seats, l.home_id FROM license l");
    SEATS_IN_POOLS = "SELECT s.pool_id, count(*), \
        coalesce(sum(CASE WHEN s.unbacked THEN 1 ELSE 0 END), 0) FROM seat s GROUP BY s.pool_id";
    SESSIONS_IN_POOLS = "SELECT x.pool_id, count(*), count(DISTINCT x.person_id) \
        FROM session x WHERE x.ended_at IS NULL AND x.pool_id IS NOT NULL GROUP BY x.pool_id";
    REPEATED_IN_POOL = "SELECT q.id, q.model, q.expires_at, q.serial, q.usable_until, \
        q.assignable FROM pool q WHERE q.id = $1";
    DEMOS = "SELECT p.id, p.demo_in_use, (SELECT count(DISTINCT x.person_id) FROM session x \
        WHERE x.product_id = p.id AND x.ended_at IS NULL AND x.via = 'demo') FROM product p";
    AT_WORK_INACTIVE = "SELECT x.id, x.user_id FROM session x JOIN app_user u ON u.id = x.user_id \
        WHERE x.ended_at IS NULL AND NOT u.active";
    DOUBLE_SEATS = "SELECT s.license_id, s.person_id, count(*) FROM seat s \
        GROUP BY s.license_id, s.person_id HAVING count(*) > 1";
}

/// What occupies a pool, counted.
#[derive(Clone, Copy, Default)]
struct Taken {
    seats: u32,
    unbacked: u32,
    sessions: u32,
    persons: u32,
}

pub(super) fn check(link: Link<'_>, found: &mut Findings) -> Result<(), StoreError> {
    let taken = taken(link)?;
    link.each(&EVERY_LICENSE, &[], |row| {
        let checked = license(link, row, &taken, found);
        found.tolerate(checked)
    })?;
    link.each(&DEMOS, &[], |row| {
        let id: ProductId = row.of("product").id("id")?;
        let (kept, counted) = (row.int("demo_in_use")?, row.int("count")?);
        if kept != counted {
            let detail = format!("demo_in_use is {kept}, but {counted} people work as demo");
            found.add("A2", "product", id, detail);
        }
        Ok(())
    })?;
    link.each(&AT_WORK_INACTIVE, &[], |row| {
        let id: domain::SessionId = row.of("session").id("id")?;
        let user: domain::UserId = row.id("user_id")?;
        let detail = format!("it has not ended, but the user {user} is inactive");
        found.add("S8", "session", id, detail);
        Ok(())
    })?;
    link.each(&DOUBLE_SEATS, &[], |row| {
        let license: domain::LicenseId = row.of("seat").id("license_id")?;
        let person: domain::PersonId = row.id("person_id")?;
        let count = row.int("count")?;
        let detail = format!("person {person} holds {count} seats of it; one is allowed");
        found.add("S2", "license", license, detail);
        Ok(())
    })
}

fn license(
    link: Link<'_>,
    row: &mut Columns<'_, '_>,
    taken: &HashMap<PoolId, Taken>,
    found: &mut Findings,
) -> Result<(), StoreError> {
    let license = rows::license(row)?;
    derived(row, &license, found)?;
    let home = row.opt_id("home_id")?;
    pools(link, &license, home, taken, found)
}

fn taken(link: Link<'_>) -> Result<HashMap<PoolId, Taken>, StoreError> {
    let mut taken: HashMap<PoolId, Taken> = HashMap::default();
    link.each(&SEATS_IN_POOLS, &[], |row| {
        let pool = taken.entry(row.of("seat").id("pool_id")?).or_default();
        pool.seats = row.number("count")?;
        pool.unbacked = row.number("unbacked")?;
        Ok(())
    })?;
    link.each(&SESSIONS_IN_POOLS, &[], |row| {
        let pool = taken.entry(row.of("session").id("pool_id")?).or_default();
        pool.sessions = row.number("count")?;
        pool.persons = row.number("person_id")?;
        Ok(())
    })?;
    Ok(taken)
}

fn pools(
    link: Link<'_>,
    license: &License,
    home: Option<FolderId>,
    taken: &HashMap<PoolId, Taken>,
    found: &mut Findings,
) -> Result<(), StoreError> {
    let pools = link.all(&POOLS_OF, &[license.id.into()], rows::pool)?;
    let size: u64 = pools.iter().map(|pool| u64::from(pool.size)).sum();
    if size != u64::from(license.capacity()) {
        let detail = format!(
            "its pools have {size} seats together, the license has {}",
            license.capacity()
        );
        found.add("P2", "license", license.id, detail);
    }
    let stands = match &pools[..] {
        [only] => Some(only.folder),
        _ => None,
    };
    if home != stands {
        let detail = "it does not repeat in which folder its pools stand";
        found.add("repeated", "license", license.id, detail);
    }
    if license.capacity() > 0 && !license.stood.is_empty() {
        let detail = "it remembers where its seats stood, though it has them";
        found.add("P2", "license", license.id, detail);
    }
    for pool in &pools {
        let taken = taken.get(&pool.id).copied().unwrap_or_default();
        occupied(license, pool, taken, found);
        repeated(link, license, pool, found)?;
    }
    Ok(())
}

fn occupied(license: &License, pool: &Pool, taken: Taken, found: &mut Findings) {
    let floating = match license.terms.counted_by {
        CountedBy::User => taken.persons,
        CountedBy::Session => taken.sessions,
    };
    let counted = taken.seats + floating;
    if pool.occupied != counted {
        let detail = format!(
            "occupied is {}, but {} seats and {floating} floating seats are in it",
            pool.occupied, taken.seats
        );
        found.add("S1", "pool", pool.id, detail);
    }
    if license.terms.model == Model::Dedicated && taken.unbacked != pool.unbacked() {
        let detail = format!(
            "{} seats are marked as unbacked; {} of {} is occupied",
            taken.unbacked, pool.occupied, pool.size
        );
        found.add("L9", "pool", pool.id, detail);
    }
}

/// What a pool repeats of its license is what the license says.
fn repeated(
    link: Link<'_>,
    license: &License,
    pool: &Pool,
    found: &mut Findings,
) -> Result<(), StoreError> {
    let terms = &license.terms;
    let (_, usable_until) = license.usable_window();
    let same = link.one(&REPEATED_IN_POOL, &[pool.id.into()], |row| {
        row.of("pool").id::<PoolId>("id")?;
        Ok(row.text("model")? == terms.model.code()
            && row.time("expires_at")? == terms.expires_at
            && row.text("serial")? == terms.serial.as_str()
            && row.time("usable_until")? == usable_until
            && row.bool("assignable")? == license.is_offered())
    })?;
    if !same {
        let detail = "what it repeats of its license is not what the license says";
        found.add("repeated", "pool", pool.id, detail);
    }
    Ok(())
}

/// What a license's columns repeat of its terms is what the terms say.
fn derived(
    row: &mut Columns<'_, '_>,
    license: &License,
    found: &mut Findings,
) -> Result<(), StoreError> {
    let terms = &license.terms;
    let same = row.text("reference_key")? == terms.reference.key()
        && row.text("serial")? == terms.serial.as_str()
        && row.text("model")? == terms.model.code()
        && row.time("starts_at")? == terms.starts_at
        && row.time("expires_at")? == terms.expires_at
        && row.time("ends_at")? == terms.expires_at.plus(terms.grace)
        && row.time("stale_at")? == stale_at(license)
        && row.bool("awaits_agreement")? == awaits_agreement(license)
        && row.text("access")? == terms.access.code()
        && row.number::<u32>("seats")? == terms.seats;
    if !same {
        let detail = "its columns do not repeat what its terms say";
        found.add("repeated", "license", license.id, detail);
    }
    Ok(())
}
