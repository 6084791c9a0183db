//! Borrowing: a seat goes offline until a date (H5).
//!
//! What was signed can't be taken back: until the last signed period ends, the seat of a
//! borrowed session is held, whatever happens to the session, its user or its license. Only
//! its return frees it earlier, because then the device has given the signed period up.

use super::grounds::on_held_seats;
use super::record::{Facts, LoanFacts, of_session, record};
use super::{Context, Stop, sessions};
use crate::event::EventKind;
use crate::ids::SessionId;
use crate::license::{AccessLevel, Modules};
use crate::names::Serial;
use crate::outcome::{GrantedAccess, Outcome};
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::seat::Seat;
use crate::session::{EndReason, Loan, Session, Via};
use crate::set::WorkingSet;
use crate::time::{Millis, Timestamp};

/// H5: a session is borrowed until a moment; again, to borrow it for longer.
pub(super) fn borrow(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    id: SessionId,
    until: Timestamp,
) -> Result<Outcome, Stop> {
    let Some(session) = set.find_session(id)?.cloned() else {
        return Err(Refusal::UnknownSession.into());
    };
    let now = context.now;
    if let Some(reason) = over(&session, now) {
        return Err(Refusal::SessionOver(reason).into());
    }
    may_last(set.policy(), until, now)?;
    if session.loan.is_some_and(|loan| until < loan.until) {
        return Err(Refusal::BorrowedForLonger.into());
    }
    let gives = match sessions::carried_until(set, &session, now)? {
        Err(reason) => return Err(Refusal::SessionOver(reason).into()),
        Ok(usable_until) => gives(set, &session, now, until, usable_until)?,
    };
    if !session.is_borrowed(now) {
        let most = set.policy().borrow_at_most;
        if set.borrowed(session.product)? >= most {
            return Err(Refusal::TooManyBorrowed { most }.into());
        }
    }
    let user = set.find_user(session.user)?.cloned();
    let product = set.find_product(session.product)?.cloned();
    let (Some(user), Some(product)) = (user, product) else {
        return Err(Refusal::UnknownSession.into());
    };
    let heartbeat_after = sessions::heartbeat_after(set, context);
    let borrowed = Session {
        expires_at: session.expires_at.max(until),
        loan: Some(Loan {
            until,
            closed: None,
        }),
        ..session
    };
    let facts = Facts::after(&LoanFacts::of(&borrowed, until, None));
    let kind = EventKind::SessionBorrowed;
    record(set, context, kind, of_session(&borrowed), facts);
    let granted = GrantedAccess {
        session: id,
        user: user.id,
        person: borrowed.person,
        username: user.username,
        product: product.id,
        product_code: product.code,
        via: borrowed.via.code().to_owned(),
        license: borrowed.via.license().zip(gives.serial),
        access: Some(gives.access),
        modules: gives.modules,
        expires_at: until,
        heartbeat_after,
    };
    set.put_session(borrowed);
    Ok(Outcome::Borrowed(granted))
}

/// Why nothing can be borrowed on a session any more.
fn over(session: &Session, now: Timestamp) -> Option<EndReason> {
    let closed = session.loan.and_then(|loan| loan.closed);
    match session.ended.or(closed) {
        Some((_, reason)) => Some(reason),
        None => session.has_lapsed(now).then(|| session.lapse_reason()),
    }
}

/// The policy's word on how long.
fn may_last(policy: &Policy, until: Timestamp, now: Timestamp) -> Result<(), Refusal> {
    let days = policy.borrow_days;
    if days == 0 {
        return Err(Refusal::BorrowingOff);
    }
    if until <= now {
        return Err(Refusal::BorrowNotAhead);
    }
    if until > now.plus(Millis::days(i64::from(days))) {
        return Err(Refusal::BorrowTooLong { days });
    }
    Ok(())
}

/// What a borrowed session gives.
struct Gives {
    serial: Option<Serial>,
    access: AccessLevel,
    modules: Modules,
}

fn gives(
    set: &WorkingSet,
    session: &Session,
    now: Timestamp,
    until: Timestamp,
    usable_until: Timestamp,
) -> Result<Gives, Stop> {
    let refused = |why| Err(Refusal::NotBorrowable(why).into());
    let Some(license) = session.via.license() else {
        return refused("it is a demo");
    };
    let license = set.license(license)?;
    let serial = license.terms.serial.clone();
    if until > usable_until {
        return Err(Refusal::BorrowBeyondLicense(serial).into());
    }
    match session.via {
        Via::Dedicated { .. } => {
            let seats = set.seats(session.person, session.product)?;
            let seats: Vec<Seat> = seats.cloned().collect();
            let Some(grounds) = on_held_seats(set, now, &seats, &session.ask)? else {
                return refused("its seat is being released, or is beyond what there is");
            };
            return Ok(Gives {
                serial: Some(serial),
                access: grounds.access.unwrap_or(license.terms.access),
                modules: grounds.modules,
            });
        }
        Via::Floating { pool, .. } if set.pool(pool)?.is_over_allocated() => {
            return refused("more seats of its license are occupied than there are");
        }
        _ => {}
    }
    Ok(Gives {
        serial: Some(serial),
        access: license.terms.access,
        modules: license.terms.modules.clone(),
    })
}

/// H5: a borrowed seat comes back before its time. False when there is nothing to return.
pub(super) fn give_back(
    set: &mut WorkingSet,
    context: &Context<'_>,
    id: SessionId,
) -> Result<Outcome, Stop> {
    let Some(session) = set.find_session(id)?.cloned() else {
        return Err(Refusal::UnknownSession.into());
    };
    if !session.is_borrowed(context.now) {
        return Ok(Outcome::SessionEnded(false));
    }
    sessions::end(set, context, &session, EndReason::Returned)?;
    Ok(Outcome::SessionEnded(true))
}

/// Ends a session; a borrowed one is closed instead: it is over for its user, and its seat is
/// held until the moment that is answered (H5).
pub(super) fn end_or_close(
    set: &mut WorkingSet,
    context: &Context<'_>,
    session: &Session,
    reason: EndReason,
) -> Result<Option<Timestamp>, Stop> {
    let loan = session.loan.filter(|_| session.is_borrowed(context.now));
    let Some(loan) = loan else {
        sessions::end(set, context, session, reason)?;
        return Ok(None);
    };
    if loan.closed.is_none() {
        let closed = Session {
            expires_at: loan.until,
            loan: Some(Loan {
                closed: Some((context.now, reason)),
                ..loan
            }),
            ..session.clone()
        };
        let facts = LoanFacts::of(&closed, loan.until, Some(reason));
        let facts = Facts::after(&facts).why("what was signed holds until then");
        let kind = EventKind::SessionClosed;
        record(set, context, kind, of_session(&closed), facts);
        set.put_session(closed);
    }
    Ok(Some(loan.until))
}
