//! Sessions: heartbeats and ends (H1 to H3, H6), and what their seats become (S4, S6).

use super::record::{EndFacts, Facts, of_session, record};
use super::{Context, Stop, borrow, coverage, release};
use crate::event::EventKind;
use crate::ids::{PersonId, ProductId, SessionId};
use crate::license::{CountedBy, State};
use crate::outcome::{HeartbeatAnswer, Outcome};
use crate::refusal::Refusal;
use crate::session::{EndReason, Session, Via};
use crate::set::WorkingSet;
use crate::time::{Millis, Timestamp};

/// So many lapsed sessions are looked for before any seat: as a rule that is all of them.
const RECLAIM_FIRST: u32 = 64;

/// So many at least are looked for where no seat is found, and then twice as many.
const RECLAIM_MORE: u32 = 1_000;

/// H1, H3, H6.
pub(super) fn heartbeat(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    id: SessionId,
) -> Result<Outcome, Stop> {
    let Some(session) = set.find_session(id)?.cloned() else {
        return Err(Refusal::UnknownSession.into());
    };
    let now = context.now;
    let over = |at, reason| Outcome::Heartbeat(HeartbeatAnswer::Ended { at, reason });
    if let Some((at, reason)) = session.ended {
        // Since when it held nothing, not when somebody noticed (H2).
        let timed_out = reason == EndReason::TimedOut;
        let since = if timed_out { session.expires_at } else { at };
        return Ok(over(since, reason));
    }
    if session.has_lapsed(now) {
        let reason = session.lapse_reason();
        end(set, context, &session, reason)?;
        return Ok(over(session.expires_at, reason));
    }
    if let Some((at, reason)) = session.loan.and_then(|loan| loan.closed) {
        return Ok(over(at, reason));
    }
    let usable_until = match carried_until(set, &session, now)? {
        Ok(until) => until,
        Err(reason) => {
            borrow::end_or_close(set, context, &session, reason)?;
            return Ok(over(now, reason));
        }
    };
    let mut expires_at = session.expires_at;
    if !set.policy().lease_suffices(expires_at, now) {
        expires_at = set.policy().lease(now);
        set.put_session(Session {
            expires_at,
            ..session
        });
    }
    Ok(Outcome::Heartbeat(HeartbeatAnswer::Alive {
        expires_at,
        heartbeat_after: heartbeat_after(set, context),
        usable_until,
    }))
}

/// A third of the time-out, give or take a tenth, so that heartbeats spread.
pub(super) fn heartbeat_after(set: &WorkingSet, context: &mut Context<'_>) -> Millis {
    let third = set.policy().session_timeout().get() / 3;
    let spread = third / 5;
    let jitter = i64::try_from(context.ids.random() % (spread.unsigned_abs() + 1)).unwrap_or(0);
    Millis::new(third - spread / 2 + jitter)
}

/// Until when what carries a session does so, or why it does not (H6).
pub(super) fn carried_until(
    set: &WorkingSet,
    session: &Session,
    now: Timestamp,
) -> Result<Result<Timestamp, EndReason>, Stop> {
    let license = match session.via {
        Via::Demo => return Ok(Ok(Timestamp::FOREVER)),
        Via::Floating { license, .. } | Via::Site { license } => set.license(license)?,
        Via::Dedicated { .. } => return dedicated_until(set, session, now),
    };
    if !license.is_usable(now) {
        return Ok(Err(reason_of(license.state(now, Millis::ZERO))));
    }
    if !license.terms.covers(&session.ask) {
        return Ok(Err(EndReason::NotCovered));
    }
    Ok(Ok(license.usable_window().1))
}

/// The same for the seats that carry a session together: those held, and those being
/// released that the session keeps (S4). Unbacked ones carry those at work to their end.
fn dedicated_until(
    set: &WorkingSet,
    session: &Session,
    now: Timestamp,
) -> Result<Result<Timestamp, EndReason>, Stop> {
    let mut licenses = Vec::new();
    let mut worst = None;
    for seat in set.seats(session.person, session.product)? {
        if seat
            .releasing_since
            .is_some_and(|since| since < session.started_at)
        {
            continue;
        }
        let license = set.license(seat.license)?;
        if license.is_usable(now) {
            licenses.push(license);
        } else {
            worst = Some(reason_of(license.state(now, Millis::ZERO)));
        }
    }
    if coverage::together(&licenses, &session.ask).is_some() {
        let until = licenses
            .iter()
            .map(|license| license.usable_window().1)
            .min();
        return Ok(Ok(until.unwrap_or(Timestamp::FOREVER)));
    }
    Ok(Err(match (licenses.is_empty(), worst) {
        (_, Some(reason)) => reason,
        (true, None) => EndReason::SeatRecalled,
        (false, None) => EndReason::NotCovered,
    }))
}

fn reason_of(state: State) -> EndReason {
    match state {
        State::Removed => EndReason::LicenseRemoved,
        State::Revoked => EndReason::LicenseRevoked,
        State::Stale => EndReason::LicenseStale,
        State::Expired => EndReason::LicenseExpired,
        _ => EndReason::NotCovered,
    }
}

/// Ends a session by its id; harmless when it has ended or never was (H3).
pub(super) fn end_by_id(
    set: &mut WorkingSet,
    context: &Context<'_>,
    id: SessionId,
    reason: EndReason,
) -> Result<Outcome, Stop> {
    let Some(session) = set.find_session(id)?.cloned() else {
        // Signing out is always harmless (H3); whoever ends somebody else's session learns that
        // there is none.
        return match reason {
            EndReason::SignedOut => Ok(Outcome::SessionEnded(false)),
            _ => Err(Refusal::UnknownSession.into()),
        };
    };
    if session.ended.is_some() {
        return Ok(Outcome::SessionEnded(false));
    }
    // Whoever signs out after the time-out had lost the session before.
    if session.has_lapsed(context.now) {
        end(set, context, &session, session.lapse_reason())?;
        return Ok(Outcome::SessionEnded(false));
    }
    if let Some(loan) = session.loan
        && session.is_borrowed(context.now)
        && reason == EndReason::SignedOut
    {
        // Closing the application is no return: the device can work on (H5).
        return Ok(Outcome::SessionHeld { until: loan.until });
    }
    Ok(
        match borrow::end_or_close(set, context, &session, reason)? {
            Some(until) => Outcome::SessionHeld { until },
            None => Outcome::SessionEnded(true),
        },
    )
}

/// Ends a session and frees what it alone held.
pub(super) fn end(
    set: &mut WorkingSet,
    context: &Context<'_>,
    session: &Session,
    reason: EndReason,
) -> Result<(), Stop> {
    let now = context.now;
    set.put_session(Session {
        ended: Some((now, reason)),
        ..session.clone()
    });
    let facts = EndFacts {
        via: session.via.code(),
        reason,
        started_at: session.started_at.as_millis(),
    };
    record(
        set,
        context,
        EventKind::SessionEnded,
        of_session(session),
        Facts::after(&facts),
    );
    let (person, product) = (session.person, session.product);
    match session.via {
        Via::Floating { license, pool } => {
            let shared = set.license(license)?.terms.counted_by == CountedBy::User
                && set
                    .sessions(person, product)?
                    .any(|other| other.via.license() == Some(license));
            if !shared {
                release::give_back_unit(set, pool)?;
            }
        }
        Via::Dedicated { .. } => release::free_released(set, context, person, product)?,
        Via::Demo => {
            if !set
                .sessions(person, product)?
                .any(|other| other.via == Via::Demo)
                && let Some(product) = set.find_product(product)?.cloned()
            {
                set.put_product(crate::product::Product {
                    demo_in_use: product.demo_in_use.saturating_sub(1),
                    ..product
                });
            }
        }
        Via::Site { .. } => {}
    }
    Ok(())
}

/// Writes down what of a person's sessions in a product has lapsed (H2).
pub(super) fn reclaim_of(
    set: &mut WorkingSet,
    context: &Context<'_>,
    person: PersonId,
    product: ProductId,
) -> Result<(), Stop> {
    let lapsed: Vec<Session> = set
        .sessions(person, product)?
        .filter(|session| session.has_lapsed(context.now))
        .cloned()
        .collect();
    for session in &lapsed {
        end(set, context, session, session.lapse_reason())?;
    }
    Ok(())
}

/// Writes down up to so many lapsed sessions of a product, longest lapsed first (H2).
pub(super) fn reclaim_some(
    set: &mut WorkingSet,
    context: &Context<'_>,
    product: ProductId,
    at_most: u32,
) -> Result<Outcome, Stop> {
    let (mut sessions, mut at_least) = (0, at_most);
    loop {
        let (count, more) = reclaim(set, context, product, at_least, at_most - sessions)?;
        sessions += count;
        if sessions == at_most || !more {
            return Ok(Outcome::Reclaimed { sessions, more });
        }
        // Some of those that the store named were written down before, in this batch.
        at_least = at_least.saturating_mul(2);
    }
}

/// Writes down lapsed sessions of a product: of so many that the store must name at least,
/// so many at most. Returns how many, and whether there may be more.
fn reclaim(
    set: &mut WorkingSet,
    context: &Context<'_>,
    product: ProductId,
    at_least: u32,
    at_most: u32,
) -> Result<(u32, bool), Stop> {
    let (ids, complete) = set.lapsed(product, at_least)?;
    let mut lapsed = Vec::new();
    for id in ids {
        let session = set.find_session(*id)?;
        lapsed.extend(
            session
                .filter(|session| session.has_lapsed(context.now))
                .cloned(),
        );
    }
    let some = lapsed.len().min(at_most as usize);
    for session in &lapsed[..some] {
        end(set, context, session, session.lapse_reason())?;
    }
    let more = !complete || some < lapsed.len();
    Ok((u32::try_from(some).unwrap_or(u32::MAX), more))
}

/// Looks for something with `find`; writes down lapsed sessions of the product first, and
/// all of them before it gives up, so that what they held can be found (H2).
pub(super) fn find_with_reclaim<T>(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    product: ProductId,
    mut find: impl FnMut(&WorkingSet) -> Result<Option<T>, Stop>,
) -> Result<Option<T>, Stop> {
    let mut at_least = RECLAIM_FIRST;
    loop {
        let (count, more) = reclaim(set, context, product, at_least, u32::MAX)?;
        if count > 0 {
            context.note("H2", || {
                format!("{count} sessions past their time-out were ended")
            });
        }
        if let Some(found) = find(set)? {
            return Ok(Some(found));
        }
        if !more {
            return Ok(None);
        }
        at_least = at_least.saturating_mul(2).max(RECLAIM_MORE);
    }
}

/// Writes down every lapsed session of a product (H2).
pub(super) fn reclaim_all(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    product: ProductId,
) -> Result<(), Stop> {
    find_with_reclaim(set, context, product, |_| Ok(None::<()>))?;
    Ok(())
}
