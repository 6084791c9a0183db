//! From what people type (a serial, a username, a path) to the id that the API wants.

use client::{Client, every};
use uuid::Uuid;
use wire::folder::{Folder, FolderQuery};
use wire::license::{License, LicenseQuery};
use wire::user::User;

use crate::failure::Failure;

/// The id of a license, by id or serial.
pub(crate) fn license(client: &Client, text: &str) -> Result<Uuid, Failure> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let query = LicenseQuery {
        serial: Some(text.to_owned()),
        limit: Some(10),
        ..LicenseQuery::default()
    };
    let found = client.list_licenses(&query)?.items;
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

/// A user, by id or username.
pub(crate) fn user(client: &Client, text: &str) -> Result<User, Failure> {
    if let Ok(id) = text.parse() {
        return Ok(client.get_user(id)?);
    }
    client
        .find_user(text)?
        .ok_or_else(|| Failure::refused("unknown_user", format!("there is no user {text:?}")))
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
}
