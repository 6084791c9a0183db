//! Several accounts of one person (S12).

use super::people::{by_id, leave};
use super::record::{Facts, of_user, record};
use super::{Context, Stop, release};
use crate::event::EventKind;
use crate::ids::{LicenseId, PersonId, ProductId, UserId};
use crate::license::CountedBy;
use crate::outcome::Outcome;
use crate::product::Product;
use crate::refusal::Refusal;
use crate::seat::Seat;
use crate::session::{EndReason, Session, Via};
use crate::set::WorkingSet;
use crate::user::User;

/// S12: an account joins the person of another, with what it holds. Where both held a seat
/// of one license, the one held longer stays.
pub(super) fn link(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    id: UserId,
    with: UserId,
) -> Result<Outcome, Stop> {
    let user = by_id(set, id)?;
    let host = by_id(set, with)?;
    if user.person == host.person {
        return Err(Refusal::AlreadyLinked.into());
    }
    for product in set.products_held(user.person)?.to_vec() {
        bring_seats(set, context, user.person, host.person, product)?;
        bring_sessions(set, user.person, host.person, product)?;
    }
    set.accounts(host.person)?;
    for account in set.accounts(user.person)?.to_vec() {
        let account = by_id(set, account)?;
        let facts = serde_json::json!({ "username": account.username, "with": host.username });
        let kind = EventKind::UserLinked;
        record(set, context, kind, of_user(&account), Facts::after(&facts));
        set.put_user(User {
            person: host.person,
            version: account.version + 1,
            ..account
        });
    }
    Ok(Outcome::Done(true))
}

fn bring_seats(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    from: PersonId,
    to: PersonId,
    product: ProductId,
) -> Result<(), Stop> {
    let coming: Vec<Seat> = set.seats(from, product)?.cloned().collect();
    let there: Vec<Seat> = set.seats(to, product)?.cloned().collect();
    for seat in coming {
        let twin = there.iter().find(|other| other.license == seat.license);
        let Some(twin) = twin else {
            set.put_seat(Seat { person: to, ..seat });
            continue;
        };
        // One seat of a license is enough (S2): the better one stays, sources of both.
        let rank = |seat: &Seat| (seat.unbacked, seat.seniority());
        let (stays, goes) = if rank(&seat) < rank(twin) {
            (&seat, twin)
        } else {
            (twin, &seat)
        };
        release::free(
            set,
            context,
            goes,
            "linked as one person, one seat is enough",
        )?;
        let stays = set.known_seat(stays.id).unwrap_or(stays).clone();
        // Held if one was; else it waits for the sessions of both.
        let since = (seat.releasing_since, twin.releasing_since);
        let merged = Seat {
            person: to,
            sources: seat.sources.union(twin.sources),
            releasing_since: since.0.zip(since.1).map(|(a, b)| a.max(b)),
            ..stays
        };
        release::change_sources(set, context, &stays, merged)?;
    }
    Ok(())
}

/// Floating seats counted by user become one where both had one (S6).
fn bring_sessions(
    set: &mut WorkingSet,
    from: PersonId,
    to: PersonId,
    product: ProductId,
) -> Result<(), Stop> {
    let coming: Vec<Session> = set.sessions(from, product)?.cloned().collect();
    let there: Vec<Session> = set.sessions(to, product)?.cloned().collect();
    let mut shared: Vec<LicenseId> = Vec::new();
    let mut shares_demo = false;
    for session in coming {
        let mut via = session.via;
        let twin = there.iter().find(|other| same_carrier(other.via, via));
        if let (Via::Floating { license, pool }, Some(twin)) = (via, twin)
            && set.license(license)?.terms.counted_by == CountedBy::User
        {
            if !shared.contains(&license) {
                shared.push(license);
                release::give_back_unit(set, pool)?;
            }
            via = twin.via;
        }
        if let (Via::Demo, Some(_), false) = (via, twin, shares_demo)
            && let Some(row) = set.find_product(product)?.cloned()
        {
            shares_demo = true;
            set.put_product(Product {
                demo_in_use: row.demo_in_use.saturating_sub(1),
                ..row
            });
        }
        set.put_session(Session {
            person: to,
            via,
            ..session
        });
    }
    Ok(())
}

fn same_carrier(a: Via, b: Via) -> bool {
    match (a, b) {
        (Via::Floating { license: a, .. }, Via::Floating { license: b, .. }) => a == b,
        (Via::Demo, Via::Demo) => true,
        _ => false,
    }
}

/// S12: an account gets a person of its own again. The seats stay with the person it leaves,
/// and so its sessions end.
pub(super) fn unlink(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    id: UserId,
) -> Result<Outcome, Stop> {
    let user = by_id(set, id)?;
    if set.accounts(user.person)?.len() < 2 {
        return Err(Refusal::NotLinked.into());
    }
    leave(set, context, &user, EndReason::AccountUnlinked)?;
    let facts = serde_json::json!({ "username": user.username });
    record(
        set,
        context,
        EventKind::UserUnlinked,
        of_user(&user),
        Facts::after(&facts),
    );
    set.put_user(User {
        person: context.ids.fresh(),
        version: user.version + 1,
        ..user
    });
    Ok(Outcome::Done(true))
}
