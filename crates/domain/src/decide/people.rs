//! Accounts come, change and go (S8, S9).

use super::record::{Facts, UserFacts, of_user, record};
use super::{Context, Stop, borrow, folders, new_users, release};
use crate::command::{FolderRef, NewUser, UserPatch, UserRef};
use crate::event::EventKind;
use crate::ids::{PersonId, ProductId, UserId};
use crate::names::Username;
use crate::outcome::{Outcome, PutCode};
use crate::refusal::Refusal;
use crate::seat::Seat;
use crate::session::{EndReason, Session};
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

/// The same by id, to be changed.
pub(super) fn by_id(set: &WorkingSet, id: UserId) -> Result<User, Stop> {
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
        new_users::give_seats(set, context, &user)?;
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

/// Changes the account with that username, or makes it; then what the patch leaves open is as
/// for anybody new: in the root, active.
pub(super) fn put(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    username: &Username,
    patch: &UserPatch,
) -> Result<Outcome, Stop> {
    let patch = UserPatch {
        username: Some(username.clone()),
        ..patch.clone()
    };
    if let Some(user) = set.find_username(&username.key())?.cloned() {
        return change(set, context, user, &patch);
    }
    let new = NewUser {
        username: username.clone(),
        name: patch.name.flatten(),
        email: patch.email.flatten(),
        folder: patch.folder.unwrap_or(FolderRef::Path(Vec::new())),
        active: patch.active.unwrap_or(true),
    };
    let user = create(set, context, &new, "imported")?.id;
    Ok(Outcome::User {
        user,
        code: PutCode::Created,
    })
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
    change(set, context, user, patch)
}

/// Makes an account what a patch says; S8 where it is deactivated.
pub(super) fn change(
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
/// account of the person stays (S12). Then they go on in that one's name. What is borrowed is
/// held until the loan ends (H5); till then an account can't be deleted, nor leave its person.
pub(super) fn leave(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    user: &User,
    reason: EndReason,
) -> Result<(), Stop> {
    let mut heir = None;
    for id in set.accounts(user.person)? {
        let stays = *id != user.id && set.find_user(*id)?.is_some_and(|other| other.active);
        if stays && heir.is_none_or(|heir| *id < heir) {
            heir = Some(*id);
        }
    }
    for product in set.products_held(user.person)?.to_vec() {
        let borrows = end_sessions(set, context, user, product, reason)?;
        if borrows && reason != EndReason::UserDeactivated {
            return Err(Refusal::SeatBorrowed(user.username.clone()).into());
        }
        // Another account of the person may have borrowed, and be inactive by now.
        let carried = release::carried(set, user.person, product)?;
        let borrower = carried.first().map(|session| session.user);
        let seats: Vec<Seat> = set.seats(user.person, product)?.cloned().collect();
        for seat in seats {
            let stays_with = heir.or(borrower);
            let seat = match stays_with {
                Some(heir) if seat.user == user.id && heir != user.id => {
                    let seat = Seat { user: heir, ..seat };
                    set.put_seat(seat.clone());
                    seat
                }
                _ => seat,
            };
            if heir.is_none() {
                release::release(set, context, &seat, false, reason.code())?;
            }
        }
    }
    Ok(())
}

/// Whether one of them is borrowed, and only closed.
fn end_sessions(
    set: &mut WorkingSet,
    context: &Context<'_>,
    user: &User,
    product: ProductId,
    reason: EndReason,
) -> Result<bool, Stop> {
    let mut borrows = false;
    let of_user: Vec<Session> = set
        .sessions(user.person, product)?
        .filter(|session| session.user == user.id)
        .cloned()
        .collect();
    for session in of_user {
        let reason = if session.has_lapsed(context.now) {
            session.lapse_reason()
        } else {
            reason
        };
        borrows |= borrow::end_or_close(set, context, &session, reason)?.is_some();
    }
    Ok(borrows)
}
