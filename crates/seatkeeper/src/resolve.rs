//! From what people type (a serial, a username, a path) to the id that the API wants.

use client::{Client, Error, every};
use uuid::Uuid;
use wire::folder::{Folder, FolderQuery};
use wire::license::{License, LicenseQuery};
use wire::user::User;

use crate::failure::Failure;

/// The id of a license, by serial or id. A removed license has its serial until another takes it: seats of it may
/// still be held.
pub(crate) fn license(client: &Client, text: &str) -> Result<Uuid, Failure> {
    let with_serial = |removed: bool| {
        let query = LicenseQuery {
            serial: Some(text.to_owned()),
            removed: removed.then_some(true),
            limit: Some(10),
            ..LicenseQuery::default()
        };
        Ok::<_, Failure>(client.list_licenses(&query)?.items)
    };
    let mut found = with_serial(false)?;
    if let Ok(id) = text.parse()
        && let Some(detail) = known(client.get_license(id))?
        && found.iter().all(|one| one.id != id)
    {
        found.push(detail.license);
    }
    if found.is_empty() {
        found = with_serial(true)?;
    }
    only_one(&found, text)
}

/// Serials are unique for one issuer, and two may use the same.
fn only_one(found: &[License], text: &str) -> Result<Uuid, Failure> {
    match found {
        [one] => Ok(one.id),
        [] => Err(Failure::refused(
            "unknown_license",
            format!("there is no license with the serial {text:?}"),
        )),
        several => {
            let ids: Vec<String> = several
                .iter()
                .map(|license| format!("{} ({})", license.id, license.issuer))
                .collect();
            let detail = format!("{} licenses have the serial {text:?}", several.len());
            let hint = format!("name one by its id: {}", ids.join(", "));
            Err(Failure::refused("ambiguous_serial", detail).hint(hint))
        }
    }
}

/// A user, by username or id.
pub(crate) fn user(client: &Client, text: &str) -> Result<User, Failure> {
    let id = text.parse::<Uuid>().ok();
    let named = match client.find_user(text) {
        // No username has the form of an id now, and none is looked for.
        Err(Error::Problem(problem)) if problem.status == 400 && id.is_some() => None,
        answer => answer?,
    };
    let with_id = match id {
        Some(id) => known(client.get_user(id))?,
        None => None,
    };
    the_user(named, with_id, text)
}

/// Nobody gets what was meant for another because a username looks like an id.
fn the_user(named: Option<User>, with_id: Option<User>, text: &str) -> Result<User, Failure> {
    match (named, with_id) {
        (Some(named), Some(with_id)) if named.id != with_id.id => {
            let detail = format!(
                "{text:?} is the username of one user and the id of another, {:?}",
                with_id.username
            );
            let hint = format!(
                "name them by what only they have: the id {}, or the username {:?}",
                named.id, with_id.username
            );
            Err(Failure::refused("ambiguous_user", detail).hint(hint))
        }
        (Some(user), _) | (None, Some(user)) => Ok(user),
        (None, None) => Err(Failure::refused(
            "unknown_user",
            format!("there is no user {text:?}"),
        )),
    }
}

/// What was found; nothing where the server knows none.
fn known<T>(answer: Result<T, Error>) -> Result<Option<T>, Failure> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(Error::Problem(problem)) if problem.status == 404 => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A folder, by id or path.
pub(crate) fn folder(client: &Client, text: &str) -> Result<Folder, Failure> {
    if let Ok(id) = text.parse() {
        return Ok(client.get_folder(id)?);
    }
    let path = format!("/{}", text.trim_matches('/'));
    let is_meant = |folder: &Folder| folder.path.to_lowercase() == path.to_lowercase();
    let found = every(|after| {
        client.list_folders(&FolderQuery {
            q: (path != "/").then(|| path.clone()),
            limit: Some(1000),
            after,
        })
    })
    .find(|folder| folder.as_ref().map_or(true, is_meant))
    .transpose()?;
    found.ok_or_else(|| Failure::refused("unknown_folder", format!("there is no folder {path:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::license::samples;

    #[test]
    fn a_serial_that_two_issuers_use_asks_for_the_id() {
        let (a, b) = (samples::license("NW-1"), samples::license("NW-1"));
        assert_eq!(only_one(std::slice::from_ref(&a), "NW-1").unwrap(), a.id);
        let failure = only_one(&[a.clone(), b], "NW-1").unwrap_err();
        assert_eq!(failure.code, "ambiguous_serial");
        assert!(failure.hint.as_ref().unwrap().contains(&a.id.to_string()));
        assert_eq!(only_one(&[], "NW-1").unwrap_err().code, "unknown_license");
    }
    fn account(username: &str, id: u128) -> User {
        User {
            id: Uuid::from_u128(id),
            person: Uuid::from_u128(id),
            username: username.into(),
            name: None,
            email: None,
            folder: Uuid::nil(),
            path: "/".into(),
            active: true,
            created_at: wire::Time::from_millis(0),
            last_active: None,
            version: 1,
        }
    }

    #[test]
    fn a_username_that_is_the_id_of_another_names_nobody() {
        let anna = account("anna", 1);
        let text = anna.id.to_string();
        let impostor = account(&text, 2);
        let found = |named: Option<&User>, with_id: Option<&User>| {
            the_user(named.cloned(), with_id.cloned(), &text)
        };
        assert_eq!(found(None, Some(&anna)).unwrap(), anna);
        assert_eq!(found(Some(&impostor), None).unwrap(), impostor);
        let failure = found(Some(&impostor), Some(&anna)).unwrap_err();
        assert_eq!(failure.code, "ambiguous_user");
        assert_eq!(found(None, None).unwrap_err().code, "unknown_user");
    }
}
