//! `serve --demo`: a server with something in it. Its vendor's key is made on the spot, and all
//! else goes the way that it goes for everyone: a signed file is imported, people come from a
//! CSV, an administrator hands out seats, users sign in and out through the API.

mod administration;
mod licenses;
mod people;
mod traffic;

use anyhow::Context as _;
use client::Client;
use jiff::Timestamp;
use license_file::key_file::PublicKeyFile;
use vendor::keys;
use wire::license::ImportQuery;
use wire::token::NewToken;
use wire::user::UserImportQuery;
use wire::{Role, Secret};

pub(crate) use traffic::Traffic;

/// What the vendor of the demo made: its public key, and its license file.
pub(crate) struct Vendor {
    /// The key to trust.
    pub key: PublicKeyFile,
    file: String,
}

/// Makes a vendor and lets it issue what the demo's company bought.
pub(crate) fn vendor(now: Timestamp) -> anyhow::Result<Vendor> {
    let (private, key) = keys::keygen(licenses::VENDOR)?;
    let file = vendor::issue::issue(licenses::spec(now), &private.key, now)?;
    Ok(Vendor { key, file })
}

/// Makes a token for the demo's administrator, by whose hand all else is done.
pub(crate) fn token(client: &Client) -> anyhow::Result<Secret> {
    let token = NewToken {
        name: "demo administrator".into(),
        role: Role::Administrator,
        folder: None,
        expires_at: None,
    };
    Ok(client.create_token(&token)?.token)
}

/// Fills an empty server.
pub(crate) fn fill(client: &Client, vendor: &Vendor) -> anyhow::Result<()> {
    let imported = client
        .import_licenses(vendor.file.as_bytes(), &ImportQuery::default(), &mut |_| {})
        .context("the demo's licenses")?;
    client
        .import_users(
            people::csv().as_bytes(),
            &UserImportQuery::default(),
            &mut |_| {},
        )
        .context("the demo's people")?;
    administration::administer(client, |serial| {
        let mut licenses = imported.licenses.iter();
        licenses.find(|license| license.serial == serial)?.id
    })
}

/// The demo's account of the console.
pub(crate) const ACCOUNT: &str = "demo";

/// A password for it that nobody else knows.
pub(crate) fn password() -> String {
    let [a, b, c]: [u16; 3] = rand::random();
    format!("seats-{a:04x}-{b:04x}-{c:04x}")
}

/// What to try first.
pub(crate) fn welcome(url: &str, token: &Secret, password: &str) -> String {
    let token = token.expose();
    format!(
        "Seatkeeper's demo is at {url}. It forgets everything when it stops (Ctrl-C).

  Open {url} in a browser and sign in as {ACCOUNT} with the password {password}

On the command line:

  export SEATKEEPER_URL={url} SEATKEEPER_TOKEN={token}

  seatkeeper license list                               what was bought, and how it stands
  seatkeeper product list                               owned, assigned, in use, free
  seatkeeper session list                               who is at work now
  seatkeeper access check --user anna.adler --product esm   may she, and why?
  seatkeeper denial list                                who could not work, and what to do
  seatkeeper audit list                                 everything that happened

The API is described at {url}/docs."
    )
}
