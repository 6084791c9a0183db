//! Writing down how much is used and by whom, after the fact and in small amounts.

use domain::Millis;

use crate::error::EngineError;
use crate::state::Shared;

/// How long it is known who used what.
const KEEP_VISITS: Millis = Millis::days(400);
/// How many steps of counting are taken at once; the rest has time.
const STEPS: u32 = 50;
/// How many accounts are written down in one go, few enough that no sign-in notices, and after how
/// many the rest waits for the next time.
const ACTIVE_AT_ONCE: usize = 100;
const ACTIVE_MOST: usize = 2_500;
/// How many old rows are deleted at once.
const PURGE_AT_ONCE: u32 = 500;

/// Writes down the hours that are over, and how long seats are idle where they are many.
pub(crate) fn write_hours(shared: &Shared) -> Result<(), EngineError> {
    loop {
        let now = shared.now();
        let next = shared.store.read(|reader| {
            let Some(hours) = reader.next_hours(now)? else {
                return Ok(None);
            };
            let idle = if reader.has_few_seats()? {
                None
            } else {
                Some(reader.count_idle(now)?)
            };
            Ok(Some((hours, idle)))
        })?;
        let Some((hours, idle)) = next else {
            return Ok(());
        };
        shared.on_writer(move |writer| {
            let mut transaction = writer.begin()?;
            transaction.put_hours(&hours)?;
            if let Some(idle) = &idle {
                transaction.put_idle(idle)?;
            }
            transaction.commit()
        })?;
    }
}

/// Counts for people what ended.
pub(crate) fn count_visits(shared: &Shared) -> Result<(), EngineError> {
    for _ in 0..STEPS {
        let Some(visits) = shared.store.read(|reader| reader.next_visits())? else {
            return Ok(());
        };
        let is_last = !visits.is_whole_step();
        shared.on_writer(move |writer| {
            let mut transaction = writer.begin()?;
            transaction.put_visits(&visits)?;
            transaction.commit()
        })?;
        // What ended meanwhile is counted with what ends until the next time, which costs less.
        if is_last {
            return Ok(());
        }
    }
    Ok(())
}

/// Writes down who signed in.
pub(crate) fn note_active(shared: &Shared) -> Result<(), EngineError> {
    let mut written = 0;
    while written < ACTIVE_MOST {
        let Some(seen) = shared.store.read(|reader| reader.next_seen())? else {
            return Ok(());
        };
        written += seen.accounts.len().max(ACTIVE_MOST / STEPS as usize);
        let (mut rest, upto) = (seen.accounts, seen.upto);
        loop {
            let some = rest.split_off(rest.len().saturating_sub(ACTIVE_AT_ONCE));
            let is_last = rest.is_empty();
            shared.on_writer(move |writer| {
                let mut transaction = writer.begin()?;
                transaction.note_active(&some)?;
                if is_last {
                    transaction.note_seen(upto)?;
                }
                transaction.commit()
            })?;
            if is_last {
                break;
            }
        }
    }
    Ok(())
}

/// Forgets who used what long ago.
pub(crate) fn purge(shared: &Shared) -> Result<(), EngineError> {
    let before = shared.now().minus(KEEP_VISITS).day();
    let mut more = true;
    while more {
        more = shared.on_writer(move |writer| {
            let mut transaction = writer.begin()?;
            let gone = transaction.purge_visits(before, PURGE_AT_ONCE)?;
            transaction.commit()?;
            Ok(gone >= PURGE_AT_ONCE as usize)
        })?;
    }
    Ok(())
}
