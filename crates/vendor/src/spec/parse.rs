//! `licenses.toml`, and messages that say which line and license is wrong.

use std::ops::Range;

use jiff::Timestamp;
use license_file::document::{
    Access, Agreement, CountedBy, LicenseRef, MAX_PERIOD_DAYS, MAX_REVISION, MAX_SEATS, Model,
    Modules, Removable,
};
use serde::Deserialize;
use toml::{Spanned, Value};

use super::date::{Edge, instant};
use super::{LicenseSpec, Spec, SpecError, SpecProblem};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    issuer: String,
    customer: Option<String>,
    #[serde(default)]
    withdraw: Vec<String>,
    #[serde(default)]
    license: Vec<Spanned<License>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct License {
    id: Option<String>,
    revision: Option<u64>,
    serial: String,
    product: String,
    product_name: Option<String>,
    model: Model,
    #[serde(default)]
    access: Access,
    #[serde(default)]
    modules: Modules,
    seats: Option<u32>,
    starts_at: Option<Spanned<Value>>,
    expires_at: Option<Spanned<Value>>,
    #[serde(default)]
    grace_days: u16,
    assignable: Option<bool>,
    #[serde(default)]
    removable: Removable,
    counted_by: Option<CountedBy>,
    revalidate_days: Option<u16>,
    offline_grace_days: Option<u16>,
    agreement: Option<TextOrTable>,
    installation: Option<String>,
    #[serde(default)]
    replaces: Vec<String>,
}

/// An agreement is its text, or a table with a title and the text.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "must be a text, or a table with `title` and `text`"
)]
enum TextOrTable {
    Text(String),
    Table(Agreement),
}

pub(super) fn spec(text: &str) -> Result<Spec, SpecError> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let file: File = toml::from_str(text).map_err(|error| SpecError::new(blame(text, &error)))?;
    let mut lines = Lines::new(text);
    let mut licenses = Vec::with_capacity(file.license.len());
    for (index, license) in file.license.into_iter().enumerate() {
        let line = lines.of(license.span().start);
        let license = license.into_inner();
        let date = |field: &str,
                    value: &Option<Spanned<Value>>,
                    edge: Edge|
         -> Result<Option<Timestamp>, SpecError> {
            let Some(value) = value else { return Ok(None) };
            instant(value.get_ref(), edge).map(Some).map_err(|message| {
                SpecError::new(SpecProblem {
                    line: Some(Lines::new(text).of(value.span().start)),
                    license: Some(LicenseRef {
                        position: index + 1,
                        serial: Some(license.serial.clone()),
                    }),
                    message: format!("{field} {message}"),
                })
            })
        };
        let starts_at = date("starts_at", &license.starts_at, Edge::Start)?;
        let expires_at = date("expires_at", &license.expires_at, Edge::End)?;
        licenses.push(LicenseSpec {
            id: license.id,
            revision: license.revision.unwrap_or(1),
            product_name: license
                .product_name
                .unwrap_or_else(|| license.product.clone()),
            serial: license.serial,
            product: license.product,
            model: license.model,
            access: license.access,
            modules: license.modules,
            seats: license.seats,
            starts_at,
            expires_at,
            grace_days: license.grace_days,
            assignable: license.assignable.unwrap_or(true),
            removable: license.removable,
            counted_by: license.counted_by,
            revalidate_days: license.revalidate_days,
            offline_grace_days: license.offline_grace_days,
            agreement: license.agreement.map(|agreement| match agreement {
                TextOrTable::Text(text) => Agreement { title: None, text },
                TextOrTable::Table(agreement) => agreement,
            }),
            installation: license.installation,
            replaces: license.replaces,
            line: Some(line),
        });
    }
    Ok(Spec {
        issuer: file.issuer,
        customer: file.customer,
        licenses,
        withdraw: file.withdraw,
    })
}

/// Counts lines up to ever later places, so that a large file is gone through once.
struct Lines<'a> {
    text: &'a str,
    counted: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            counted: 0,
            line: 1,
        }
    }

    /// The line of the byte at `offset`, counted from 1.
    fn of(&mut self, offset: usize) -> usize {
        if offset < self.counted {
            *self = Self::new(self.text);
        }
        let passed = self.text.get(self.counted..offset).unwrap_or_default();
        self.line += passed.matches('\n').count();
        self.counted = offset;
        self.line
    }
}

/// A TOML error with its line, license and key.
fn blame(text: &str, error: &toml::de::Error) -> SpecProblem {
    let Some(span) = error.span() else {
        return SpecProblem {
            line: None,
            license: None,
            message: in_words(error.message(), None),
        };
    };
    let line = Lines::new(text).of(span.start);
    let license = license_at(text, &span);
    let message = in_words(error.message(), key_of_line(text, line));
    let named = message.starts_with("unknown key") || message.starts_with("missing key");
    let message = match key_of_line(text, line) {
        Some(key) if !named => format!("{key}: {message}"),
        _ => message,
    };
    SpecProblem {
        line: Some(line),
        license,
        message,
    }
}

/// A message in the words of whoever writes a specification, with the limits of the key that it is about.
fn in_words(message: &str, key: Option<&str>) -> String {
    let number = match key {
        Some("seats") => format!("a whole number from 1 to {MAX_SEATS}"),
        Some("revision") => format!("a whole number from 1 to {MAX_REVISION}"),
        Some("revalidate_days") => format!("a whole number from 1 to {MAX_PERIOD_DAYS}"),
        Some("grace_days" | "offline_grace_days") => {
            format!("a whole number from 0 to {MAX_PERIOD_DAYS}")
        }
        _ => "a whole number".to_owned(),
    };
    let mut message = message.trim_end().to_owned();
    for (from, to) in [
        ("unknown field", "unknown key"),
        ("missing field", "missing key"),
        ("` as i128", "`"),
        ("` as u128", "`"),
        ("expected u16", &format!("expected {number}")),
        ("expected u32", &format!("expected {number}")),
        ("expected u64", &format!("expected {number}")),
    ] {
        message = message.replacen(from, to, 1);
    }
    message
}

/// The `[[license]]` that a place in the file belongs to; none when the file is not TOML at all.
fn license_at(text: &str, place: &Range<usize>) -> Option<LicenseRef> {
    #[derive(Deserialize)]
    struct AnyLicenses {
        license: Vec<Spanned<toml::Table>>,
    }
    let licenses = toml::from_str::<AnyLicenses>(text).ok()?.license;
    let position = licenses
        .iter()
        .take_while(|license| license.span().start <= place.start)
        .count();
    let license = licenses.get(position.checked_sub(1)?)?;
    let serial = license
        .get_ref()
        .get("serial")
        .and_then(Value::as_str)
        .map(str::to_owned);
    Some(LicenseRef { position, serial })
}

/// The key that a line sets, if it sets one.
fn key_of_line(text: &str, line: usize) -> Option<&str> {
    let (key, _) = text.lines().nth(line - 1)?.split_once('=')?;
    let key = key.trim();
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    (!key.is_empty() && key.chars().all(bare)).then_some(key)
}

#[cfg(test)]
mod tests;
