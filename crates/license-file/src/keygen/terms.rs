//! A Keygen license as terms (L1).
//!
//! | here | there |
//! |---|---|
//! | id | the license's id |
//! | revision | the millisecond in which the file was issued, so that a later checkout is a higher revision (L4) |
//! | serial | the first group of the license key, and the first eight digits of the id |
//! | product | the code that whoever imports gives; else the product's code, its name as a code, or its id |
//! | model, seats | `maxUsers`: dedicated. Else `maxMachines`: floating, each session a seat; of a license that is not `floating`, dedicated. Neither: a site license |
//! | modules | the codes of the included entitlements; without any, all |
//! | term | from the license's creation to its `expiry` |

use jiff::Timestamp;

use super::KeygenError;
use super::payload::{License, Named, Payload};
use crate::document::{Access, CountedBy, LicenseTerms, Model, Modules, Removable};

/// The statuses in which nobody may work on a license.
const SUSPENDED: [&str; 2] = ["SUSPENDED", "BANNED"];

/// The terms that a license has here. Whether they are sound is for [`crate::document::Document::check`].
pub(super) fn terms(
    payload: &Payload,
    issued_at: Timestamp,
    product: Option<&str>,
) -> Result<LicenseTerms, KeygenError> {
    let license = payload.license()?;
    let status = license.status.as_deref().unwrap_or_default();
    if license.suspended || SUSPENDED.contains(&status) {
        return Err(KeygenError::Suspended(status.to_owned()));
    }
    let (product, product_name) = product_of(payload, &license, product)?;
    let entitlements = payload.entitlements()?;
    let (model, seats) = seats(&license);
    Ok(LicenseTerms {
        id: payload.data.id.clone(),
        revision: u64::try_from(issued_at.as_millisecond()).unwrap_or(0),
        serial: serial(license.key.as_deref(), &payload.data.id),
        product,
        product_name,
        model,
        access: Access::Write,
        modules: if entitlements.is_empty() {
            Modules::All
        } else {
            Modules::Only(entitlements)
        },
        seats,
        starts_at: license.created.unwrap_or(issued_at),
        expires_at: license.expiry,
        grace_days: 0,
        assignable: true,
        removable: Removable::Always,
        counted_by: (model == Model::Floating).then_some(CountedBy::Session),
        // How long the file is good is told apart: not in whole days, and counted from its issue.
        revalidate_days: None,
        offline_grace_days: None,
        agreement: None,
        installation: None,
        replaces: Vec::new(),
    })
}

fn seats(license: &License) -> (Model, Option<u32>) {
    match (license.max_users, license.max_machines) {
        (Some(users), _) => (Model::Dedicated, Some(users)),
        (None, Some(machines)) if license.floating == Some(false) => {
            (Model::Dedicated, Some(machines))
        }
        (None, Some(machines)) => (Model::Floating, Some(machines)),
        (None, None) => (Model::Site, None),
    }
}

/// The code and the name of the product.
fn product_of(
    payload: &Payload,
    license: &License,
    given: Option<&str>,
) -> Result<(String, String), KeygenError> {
    let (id, named) = payload.product()?;
    let (name, code) = match named {
        Some(Named { name, code }) => (name, code),
        None => (None, None),
    };
    let suggested = code
        .filter(|code| is_code(code))
        .or_else(|| name.as_deref().map(as_code).filter(|code| !code.is_empty()));
    let code = match (given, suggested, id) {
        (Some(given), _, _) => given.to_owned(),
        (None, Some(suggested), _) => suggested,
        (None, None, Some(id)) => id.to_owned(),
        (None, None, None) => {
            let what = "it names no product; give one with the import (`--product CODE`)";
            return Err(KeygenError::Malformed(what.to_owned()));
        }
    };
    let name = name
        .or_else(|| license.name.clone())
        .map(|name| name.trim().to_owned());
    let name = name
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| code.clone());
    Ok((code, name))
}

fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= crate::document::MAX_SERIAL
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

/// A name as a code: letters and digits in lower case, all else a hyphen.
fn as_code(name: &str) -> String {
    let mut code = String::new();
    for c in name.chars().take(crate::document::MAX_SERIAL) {
        if c.is_ascii_alphanumeric() {
            code.push(c.to_ascii_lowercase());
        } else if !code.is_empty() && !code.ends_with('-') {
            code.push('-');
        }
    }
    code.trim_end_matches('-').to_owned()
}

/// A number that whoever has the key recognizes and nobody else can use: the key itself is a secret.
fn serial(key: Option<&str>, id: &str) -> String {
    let short: String = id
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .take(8)
        .collect();
    let first_of_many = key.and_then(|key| {
        let (first, rest) = key.split_once('-')?;
        // Most of the key must stay unknown.
        (rest.len() >= 16 && (3..=8).contains(&first.len())).then_some(first)
    });
    match first_of_many.filter(|first| is_code(first)) {
        Some(first) => format!("{first}-{short}"),
        None => format!("KG-{short}"),
    }
}
