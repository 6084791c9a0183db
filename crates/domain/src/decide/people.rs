//! Accounts and the persons behind them (S8, S9, S12).

use super::record::{Facts, UserFacts, of_user, record};
use super::{Context, Stop, folders, grant, release, sessions};
use crate::command::{NewUser, UserPatch, UserRef};
use crate::event::EventKind;
use crate::ids::{PersonId, ProductId, UserId};
use crate::license::{CountedBy, Model};
use crate::outcome::{Outcome, PutCode};
use crate::refusal::Refusal;
use crate::seat::Seat;
use crate::session::{EndReason, Session, Via};
use crate::set::WorkingSet;
use crate::user::User;

/// The account that a reference means.
pub(super) fn find<'a>(
    set: &'a WorkingSet,
    user: &UserRef,
) -> Result<Option<&'a User>, crate::set::Need> {
    match user {
        UserRef::Id(id) => set.find_user(*id),
        UserRef::Name(name) => set.find_username(&name.key()),
    }
}

/// The same; that there is none refuses the command.
pub(super) fn get<'a>(set: &'a WorkingSet, user: &UserRef) -> Result<&'a User, Stop> {
    Ok(find(set, user)?.ok_or(Refusal::UnknownUser)?)
}

fn by_id(set: &WorkingSet, id: UserId) -> Result<User, Stop> {
    get(set, &UserRef::Id(id)).cloned()
}

/// Makes an account; the username must be known to be free.
pub(super) fn create(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    new: &NewUser,
    why: &str,
) -> Result<User, Stop> {
    let folder = folders::resolve(set, context, &new.folder)?;
    let id: UserId = context.ids.fresh();
    let user = User {
        id,
        person: PersonId(id.0),
        username: new.username.clone(),
        name: new.name.clone(),
        email: new.email.clone(),
        folder,
        active: new.active,
        created_at: context.now,
        version: 1,
    };
    let facts = Facts::after(&UserFacts::of(&user)).why(why);
    record(set, context, EventKind::UserCreated, of_user(&user), facts);
    set.put_user(user.clone());
    if user.active {
        grant::to_new_user(set, context, &user)?;
    }
    Ok(user)
}

/// Makes an account with a new username.
pub(super) fn create_new(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    new: &NewUser,
) -> Result<Outcome, Stop> {
    if set.find_username(&new.username.key())?.is_some() {
        return Err(Refusal::UsernameTaken(new.username.to_string()).into());
    }
    let user = create(set, context, new, "created")?.id;
    Ok(Outcome::User {
        user,
        code: PutCode::Created,
    })
}

/// Makes an account, or changes the one with that username to be so.
pub(super) fn put(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    new: &NewUser,
) -> Result<Outcome, Stop> {
    let Some(user) = set.find_username(&new.username.key())?.cloned() else {
        let user = create(set, context, new, "imported")?.id;
        return Ok(Outcome::User {
            user,
            code: PutCode::Created,
        });
    };
    let patch = UserPatch {
        username: Some(new.username.clone()),
        name: Some(new.name.clone()),
        email: Some(new.email.clone()),
        folder: Some(new.folder.clone()),
        active: Some(new.active),
    };
    apply(set, context, user, &patch)
}

/// Changes an account.
pub(super) fn update(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    id: UserId,
    patch: &UserPatch,
    version: Option<u32>,
) -> Result<Outcome, Stop> {
    let user = by_id(set, id)?;
    super::check_version(version, user.version)?;
    apply(set, context, user, patch)
}

fn apply(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    before: User,
    patch: &UserPatch,
) -> Result<Outcome, Stop> {
    let user = before.id;
    let mut after = before.clone();
    if let Some(username) = &patch.username {
        let taken = set.find_username(&username.key())?;
        if taken.is_some_and(|other| other.id != user) {
            return Err(Refusal::UsernameTaken(username.to_string()).into());
        }
        after.username = username.clone();
    }
    if let Some(name) = &patch.name {
        after.name.clone_from(name);
    }
    if let Some(email) = &patch.email {
        after.email.clone_from(email);
    }
    if let Some(folder) = &patch.folder {
        after.folder = folders::resolve(set, context, folder)?;
    }
    if let Some(active) = patch.active {
        after.active = active;
    }
    if after == before {
        return Ok(Outcome::User {
            user,
            code: PutCode::Unchanged,
        });
    }
    after.version += 1;
    let facts = || Facts::change(&UserFacts::of(&before), &UserFacts::of(&after));
    let kind = match (before.active, after.active) {
        (true, false) => EventKind::UserDeactivated,
        (false, true) => EventKind::UserActivated,
        _ => EventKind::UserUpdated,
    };
    record(set, context, kind, of_user(&before), facts());
    if before.active && !after.active {
        leave(set, context, &before, EndReason::UserDeactivated)?;
    }
    set.put_user(after);
    Ok(Outcome::User {
        user,
        code: PutCode::Updated,
    })
}

/// S8: deletes an account.
pub(super) fn delete(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    id: UserId,
) -> Result<Outcome, Stop> {
    let user = by_id(set, id)?;
    leave(set, context, &user, EndReason::UserDeleted)?;
    record(
        set,
        context,
        EventKind::UserDeleted,
        of_user(&user),
        Facts::before(&UserFacts::of(&user)),
    );
    set.delete_user(&user);
    Ok(Outcome::Done(true))
}

/// S8: an account's sessions end; its person's seats become free, unless another active
/// account of the person stays (S12).
fn leave(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    user: &User,
    reason: EndReason,
) -> Result<(), Stop> {
    let mut others_stay = false;
    for id in set.accounts(user.person)? {
        let other = set.find_user(*id)?;
        others_stay |= *id != user.id && other.is_some_and(|other| other.active);
    }
    for product in set.products_held(user.person)?.to_vec() {
        end_sessions(set, context, user, product, reason)?;
        if !others_stay {
            let seats: Vec<Seat> = set.seats(user.person, product)?.cloned().collect();
            for seat in seats {
                release::free(set, context, &seat, reason.code())?;
            }
        }
    }
    Ok(())
}

fn end_sessions(
    set: &mut WorkingSet,
    context: &Context<'_>,
    user: &User,
    product: ProductId,
    reason: EndReason,
) -> Result<(), Stop> {
    let of_user: Vec<Session> = set
        .sessions(user.person, product)?
        .filter(|session| session.user == user.id)
        .cloned()
        .collect();
    for session in of_user {
        let lapsed = session.has_lapsed(context.now);
        let reason = if lapsed { EndReason::TimedOut } else { reason };
        sessions::end(set, context, &session, reason)?;
    }
    Ok(())
}

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
        let held = seat.releasing_since.is_none() || twin.releasing_since.is_none();
        set.put_seat(Seat {
            person: to,
            sources: seat.sources.union(twin.sources),
            releasing_since: if held { None } else { stays.releasing_since },
            ..stays
        });
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
    let mut shared: Vec<crate::ids::LicenseId> = Vec::new();
    for session in coming {
        let mut via = session.via;
        let twin = there.iter().find(|other| same_carrier(other.via, via));
        if let (Via::Floating { license, pool }, Some(twin)) = (via, twin)
            && set.license(license)?.terms.counted_by == CountedBy::User
        {
            debug_assert_eq!(set.license(license)?.terms.model, Model::Floating);
            if !shared.contains(&license) {
                shared.push(license);
                release::give_back_unit(set, pool)?;
            }
            via = twin.via;
        }
        if let (Via::Demo, Some(_)) = (via, twin)
            && !set
                .sessions(from, product)?
                .any(|s| s.via == Via::Demo && s.id < session.id)
            && let Some(row) = set.find_product(product)?.cloned()
        {
            set.put_product(crate::product::Product {
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
    for product in set.products_held(user.person)?.to_vec() {
        end_sessions(set, context, &user, product, EndReason::AccountUnlinked)?;
    }
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
