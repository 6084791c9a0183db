//! Accounts.

use domain::command::{FolderRef, NewUser, UserPatch};
use domain::{Email, PersonName, Username};

use super::names::{field, folder_ref};
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
