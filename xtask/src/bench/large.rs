//! A world for pages: many licenses of a thousand products in some folders, and many people, of
//! whom some are at work.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::json;
use tempfile::TempDir;

use super::world::{new_folder, timed_command, write_people, write_spec};
use crate::http::Client;
use crate::load::work;
use crate::server::{Program, Server, Vendor};

/// How large it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    pub(super) users: u32,
    pub(super) licenses: u32,
}

/// The folder in and below which everybody lives and three quarters of the licenses stand.
pub(super) const LIMIT: &str = "/Company";

/// Where the licenses stand, each as many as the others.
const STAND: [&str; 4] = [
    "/",
    LIMIT,
    "/Company/Department 7",
    "/Company/Department 42",
];

/// Of so many licenses a seat stands in another folder than the rest.
const SPREAD: u32 = 300;

/// Makes one: the server, a token of its administrator, and the folder that it is in.
pub(super) fn make(
    program: &Program,
    folder: &Path,
    sizes: Sizes,
) -> Result<(Server, String, TempDir)> {
    let folder = new_folder(folder)?;
    let vendor = Vendor::make(program, folder.path(), "Northwind Software")?;
    let people = write_people(folder.path(), sizes.users)?;
    let server = Server::start(program, &folder.path().join("data"), &vendor)?;
    let admin = server.make_token("bench-administrator", "administrator")?;
    let token = server.make_token("bench-application", "application")?;
    timed_command(&server, &admin, &["user", "import"], &people)?;
    let licenses: Vec<(String, u32)> = (0..sizes.licenses)
        .map(|number| (format!("product-{}", number % 1_000), 1 + number % 50))
        .collect();
    let part = licenses.len().div_ceil(STAND.len()).max(1);
    for (number, (stand, part_of)) in STAND.iter().zip(licenses.chunks(part)).enumerate() {
        let spec = write_spec(folder.path(), part_of, number * part)?;
        let file = vendor.issue(program, &spec)?;
        let words = ["license", "import", "--folder", stand];
        timed_command(&server, &admin, &words, &file)?;
    }
    spread(&mut Client::new(server.address(), admin.as_str()))?;
    let mut client = Client::new(server.address(), token);
    for number in 0..sizes.users.min(5_000) {
        let product = format!("product-{}", number % 1_000);
        let asked = json!({"user": work::username(number), "product": product});
        client.post("/v1/sessions", &asked)?.good()?;
    }
    Ok((server, admin, folder))
}

/// Moves one seat of some licenses away from the others.
fn spread(api: &mut Client) -> Result<()> {
    let page = api
        .get(&format!("/v1/licenses?limit={SPREAD}"))?
        .good()
        .context("the first licenses")?;
    for license in page["items"].as_array().into_iter().flatten() {
        if license["seats"].as_u64().is_some_and(|seats| seats > 1) {
            let id = license["id"].as_str().context("a license has an id")?;
            let asked = json!({"from": STAND[0], "to": STAND[2], "count": 1});
            api.post(&format!("/v1/licenses/{id}/move"), &asked)?
                .good()?;
        }
    }
    Ok(())
}

/// The id of a folder.
pub(super) fn find_folder(api: &mut Client, path: &str) -> Result<String> {
    let found = api.get("/v1/folders?limit=1000")?.good()?;
    let mut folders = found["items"].as_array().into_iter().flatten();
    let folder = folders.find(|folder| folder["path"] == path);
    let id = folder.and_then(|folder| folder["id"].as_str());
    Ok(id.with_context(|| format!("no folder {path}"))?.to_owned())
}
