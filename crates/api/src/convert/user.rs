//! Accounts.

use domain::command::{FolderRef, NewUser, UserPatch};
use domain::{Email, PersonName, Timestamp, Username};
use store::query::HeldSeat;

use super::names::{field, folder_ref};
use super::{time, words};
use crate::problem::Problem;

/// An account to be made.
pub(crate) fn new_user(user: &wire::user::NewUser) -> Result<NewUser, Problem> {
    Ok(NewUser {
        username: field("/username", Username::parse(&user.username))?,
        name: optional("/name", user.name.as_deref(), PersonName::parse)?,
        email: optional("/email", user.email.as_deref(), Email::parse)?,
        folder: match &user.folder {
            Some(folder) => folder_ref("/folder", folder)?,
            None => FolderRef::Path(Vec::new()),
        },
        active: user.active.unwrap_or(true),
    })
}

/// What changes on an account.
pub(crate) fn user_patch(patch: &wire::user::UserPatch) -> Result<UserPatch, Problem> {
    Ok(UserPatch {
        username: optional("/username", patch.username.as_deref(), Username::parse)?,
        name: match &patch.name {
            Some(name) => Some(optional("/name", name.as_deref(), PersonName::parse)?),
            None => None,
        },
        email: match &patch.email {
            Some(email) => Some(optional("/email", email.as_deref(), Email::parse)?),
            None => None,
        },
        folder: match &patch.folder {
            Some(folder) => Some(folder_ref("/folder", folder)?),
            None => None,
        },
        active: patch.active,
    })
}

fn optional<T>(
    pointer: &str,
    text: Option<&str>,
    parse: impl FnOnce(&str) -> Result<T, domain::NameError>,
) -> Result<Option<T>, Problem> {
    text.map(|text| field(pointer, parse(text))).transpose()
}

/// An account, the path of its folder, and when it was last active.
pub(crate) fn user(
    user: domain::User,
    path: String,
    last_active: Option<Timestamp>,
) -> wire::user::User {
    wire::user::User {
        id: user.id.0,
        person: user.person.0,
        username: user.username.into(),
        name: user.name.map(String::from),
        email: user.email.map(String::from),
        folder: user.folder.0,
        path,
        active: user.active,
        created_at: time::time(user.created_at),
        last_active: last_active.map(time::time),
        version: user.version,
    }
}

/// A dedicated seat of a person.
pub(crate) fn held_seat(held: HeldSeat, now: Timestamp) -> wire::user::HeldSeat {
    let terms = &held.license.terms;
    wire::user::HeldSeat {
        id: held.seat.id.0,
        user: held.seat.user.0,
        license: held.license.id.0,
        serial: terms.serial.as_str().to_owned(),
        product: terms.product.as_str().to_owned(),
        access: words::access(terms.access),
        modules: words::modules(&terms.modules),
        folder: held.path,
        assigned_at: time::time(held.seat.assigned_at),
        sources: words::sources(held.seat.sources),
        releasing_since: held.seat.releasing_since.map(time::time),
        unbacked: held.seat.unbacked,
        usable: held.license.is_usable(now),
    }
}
