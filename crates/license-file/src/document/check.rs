//! The rules of a sound document, each broken one reported with its license and field.

use std::collections::HashMap;

use super::problem::Collector;
use super::{
    Agreement, Document, FORMAT, LicenseRef, LicenseTerms, Model, Modules, Problem, Problems,
};
use crate::show::{is_unprintable, quoted};

/// Longest license id, installation id and company id, in characters.
pub const MAX_ID: usize = 128;
/// Longest serial, product code and module code, in characters.
pub const MAX_SERIAL: usize = 64;
/// Longest name (product, issuer, heading of an agreement), in characters.
pub const MAX_NAME: usize = 200;
/// Most modules that a license lists.
pub const MAX_MODULES: usize = 10_000;
/// Most seats of one license.
pub const MAX_SEATS: u32 = 10_000_000;
/// Longest grace and revalidation periods, in days.
pub const MAX_PERIOD_DAYS: u16 = 366;
/// Most licenses that one replaces.
pub const MAX_REPLACES: usize = 1_000;
/// Longest agreement, in characters.
pub const MAX_AGREEMENT: usize = 200_000;
/// Highest revision: the largest integer that every JSON library keeps exact (2^53 - 1).
pub const MAX_REVISION: u64 = (1 << 53) - 1;

pub(super) fn document(document: &Document) -> Result<(), Problems> {
    let mut found = Collector::default();
    let mut of_document = |field, result: Result<(), String>| {
        if let Err(message) = result {
            found.add(Problem::of_document(field, message));
        }
    };
    if document.format != FORMAT {
        of_document(
            "format",
            Err(format!("must be {FORMAT}, not {}", document.format)),
        );
    }
    of_document("issuer", name(&document.issuer, MAX_NAME));
    if let Some(customer) = &document.customer {
        of_document("customer", name(customer, MAX_ID));
    }
    if document.licenses.is_empty() {
        of_document("licenses", Err("must list at least one license".to_owned()));
    }

    let mut ids: HashMap<&str, usize> = HashMap::with_capacity(document.licenses.len());
    let mut serials: HashMap<&str, usize> = HashMap::with_capacity(document.licenses.len());
    for (index, license) in document.licenses.iter().enumerate() {
        let position = index + 1;
        let mut report = |field: &'static str, message: String| {
            let license = LicenseRef {
                position,
                serial: Some(license.serial.clone()),
            };
            found.add(Problem {
                license: Some(license),
                field,
                message,
            });
        };
        terms(license, &mut report);
        if let Some(earlier) = ids.insert(&license.id, position) {
            report(
                "id",
                format!(
                    "{} is already that of license {earlier}",
                    quoted(&license.id)
                ),
            );
        }
        if let Some(earlier) = serials.insert(&license.serial, position) {
            report("serial", format!("is already that of license {earlier}"));
        }
    }
    found.finish()
}

fn terms(license: &LicenseTerms, report: &mut impl FnMut(&'static str, String)) {
    let mut check = |field, result: Result<(), String>| {
        if let Err(message) = result {
            report(field, message);
        }
    };
    check("id", name(&license.id, MAX_ID));
    check("revision", within(license.revision, 1, MAX_REVISION));
    check("serial", name(&license.serial, MAX_SERIAL));
    check("product", code(&license.product));
    check("product_name", name(&license.product_name, MAX_NAME));
    check("modules", modules(&license.modules));
    check("seats", seats(license));
    check("expires_at", term(license));
    check(
        "grace_days",
        within(license.grace_days.into(), 0, MAX_PERIOD_DAYS.into()),
    );
    if license.counted_by.is_some() && license.model != Model::Floating {
        check(
            "counted_by",
            Err(format!(
                "is for floating licenses, and this one is {}",
                license.model
            )),
        );
    }
    if let Some(days) = license.revalidate_days {
        check(
            "revalidate_days",
            within(days.into(), 1, MAX_PERIOD_DAYS.into()),
        );
    }
    if let Some(days) = license.offline_grace_days {
        check(
            "offline_grace_days",
            within(days.into(), 0, MAX_PERIOD_DAYS.into()),
        );
        if license.revalidate_days.is_none() {
            check(
                "offline_grace_days",
                Err("needs revalidate_days, which is not there".to_owned()),
            );
        }
    }
    if let Some(text) = &license.agreement {
        check("agreement", agreement(text));
    }
    if let Some(installation) = &license.installation {
        check("installation", name(installation, MAX_ID));
    }
    check("replaces", replaces(license));
}

/// A text of one line with something to see in it.
pub(crate) fn name(text: &str, longest: usize) -> Result<(), String> {
    if text.is_empty() {
        return Err("must not be empty".to_owned());
    }
    if let Some((index, c)) = text.chars().enumerate().find(|(_, c)| is_unprintable(*c)) {
        return Err(format!(
            "has a control character ({}) at position {}",
            c.escape_unicode(),
            index + 1
        ));
    }
    if text.trim() != text {
        return Err("must not begin or end with white space".to_owned());
    }
    match text.chars().count() {
        long if long > longest => Err(format!(
            "is {long} characters long, at most {longest} are allowed"
        )),
        _ => Ok(()),
    }
}

/// A code that can stand in a URL, a file name and a command line.
fn code(text: &str) -> Result<(), String> {
    name(text, MAX_SERIAL)?;
    match text
        .chars()
        .find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_' | '-'))
    {
        Some(c) => Err(format!(
            "has the character '{}', only a-z A-Z 0-9 . _ - are allowed",
            c.escape_debug()
        )),
        None => Ok(()),
    }
}

fn within(value: u64, least: u64, most: u64) -> Result<(), String> {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(format!("must be {least} to {most}, not {value}"))
    }
}

fn modules(modules: &Modules) -> Result<(), String> {
    let Modules::Only(codes) = modules else {
        return Ok(());
    };
    if codes.is_empty() {
        return Err("must name at least one module, or be \"all\"".to_owned());
    }
    if codes.len() > MAX_MODULES {
        return Err(format!(
            "lists {} modules, at most {MAX_MODULES} are allowed",
            codes.len()
        ));
    }
    codes.iter().try_for_each(|module| {
        name(module, MAX_SERIAL).map_err(|what| format!("{} {what}", quoted(module)))
    })?;
    no_duplicates(codes)
}

fn no_duplicates(texts: &[String]) -> Result<(), String> {
    let mut sorted: Vec<&str> = texts.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("lists {} twice", quoted(pair[0]))),
        None => Ok(()),
    }
}

fn seats(license: &LicenseTerms) -> Result<(), String> {
    match (license.model, license.seats) {
        (Model::Site, None) => Ok(()),
        (Model::Site, Some(_)) => {
            Err("must be left out: a site license counts no seats".to_owned())
        }
        (model, None) => Err(format!("must be given for a {model} license")),
        (_, Some(seats)) => within(seats.into(), 1, MAX_SEATS.into()),
    }
}

/// The term lasts at least the millisecond that instants are kept in.
fn term(license: &LicenseTerms) -> Result<(), String> {
    match license.expires_at {
        Some(end) if end.as_millisecond() <= license.starts_at.as_millisecond() => Err(format!(
            "({end}) must be after starts_at ({})",
            license.starts_at
        )),
        _ => Ok(()),
    }
}

fn agreement(agreement: &Agreement) -> Result<(), String> {
    if let Some(title) = &agreement.title {
        name(title, MAX_NAME).map_err(|what| format!("title {what}"))?;
    }
    if agreement.text.trim().is_empty() {
        return Err("text must not be empty".to_owned());
    }
    if let Some(c) = agreement
        .text
        .chars()
        .find(|c| is_unprintable(*c) && !matches!(c, '\n' | '\r' | '\t'))
    {
        return Err(format!(
            "text has a control character ({})",
            c.escape_unicode()
        ));
    }
    match agreement.text.chars().count() {
        long if long > MAX_AGREEMENT => Err(format!(
            "is {long} characters long, at most {MAX_AGREEMENT} are allowed"
        )),
        _ => Ok(()),
    }
}

fn replaces(license: &LicenseTerms) -> Result<(), String> {
    if license.replaces.len() > MAX_REPLACES {
        return Err(format!(
            "lists {} licenses, at most {MAX_REPLACES} are allowed",
            license.replaces.len()
        ));
    }
    for id in &license.replaces {
        name(id, MAX_ID).map_err(|what| format!("{} {what}", quoted(id)))?;
        if *id == license.id {
            return Err("must not list the license itself".to_owned());
        }
    }
    no_duplicates(&license.replaces)
}
