//! A running server, what was sold to it, who works there, and what follows from that.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use serde_json::Value;

use super::people::Person;
use super::spec::{License, Model};
use crate::http::{Client, escaped};
use crate::server::Server;

/// Products of each kind that everyone tries to work in.
const TRIED_OF_EACH: usize = 2;

/// A running server, what was sold to it, and who works there.
pub(super) struct Installation<'a> {
    pub(super) server: &'a Server,
    pub(super) admin: Client,
    pub(super) admin_token: String,
    pub(super) application: Client,
    pub(super) licenses: &'a [License<'a>],
    pub(super) people: &'a [Person],
    /// Dedicated licenses that nobody is granted by hand, so that sign-in has to give the seats.
    left_to_sign_in: BTreeSet<&'a str>,
}

impl<'a> Installation<'a> {
    pub(super) fn new(
        server: &'a Server,
        licenses: &'a [License<'a>],
        people: &'a [Person],
    ) -> Result<Self> {
        let admin_token = server.make_token("realdata-administrator", "administrator")?;
        let application = server.make_token("realdata-application", "application")?;
        let of_kind = |lists_modules| {
            let kind = move |license: &&License| {
                (license.model, license.lists_modules) == (Model::Dedicated, lists_modules)
            };
            licenses.iter().filter(kind).take(TRIED_OF_EACH)
        };
        Ok(Self {
            server,
            admin: Client::new(server.address(), admin_token.as_str()),
            admin_token,
            application: Client::new(server.address(), application),
            licenses,
            people,
            left_to_sign_in: of_kind(true)
                .chain(of_kind(false))
                .map(License::code)
                .collect(),
        })
    }

    /// How many people there are.
    pub(super) fn headcount(&self) -> u32 {
        u32::try_from(self.people.len()).unwrap_or(u32::MAX)
    }

    /// Whether seats of it are granted before anybody signs in.
    pub(super) fn is_granted(&self, license: &License) -> bool {
        license.model == Model::Dedicated && !self.left_to_sign_in.contains(license.code())
    }

    /// How many people can be in at once. Seats for certain modules are never given at sign-in
    /// (A8), so that those nobody granted let nobody in.
    pub(super) fn expected_inside(&self, license: &License) -> u32 {
        let nobody = license.lists_modules && self.left_to_sign_in.contains(license.code());
        if nobody {
            0
        } else {
            license.lets_in(self.headcount())
        }
    }

    /// Some products of each kind.
    pub(super) fn tried(&self) -> Vec<&'a License<'a>> {
        let mut counts: BTreeMap<(&str, bool, bool), usize> = BTreeMap::new();
        let licenses = self.licenses.iter().filter(|license| {
            let count = counts
                .entry((
                    license.model.name(),
                    license.lists_modules,
                    self.is_granted(license),
                ))
                .or_default();
            *count += 1;
            *count <= TRIED_OF_EACH
        });
        licenses.collect()
    }

    /// All pages of a list.
    pub(super) fn list(&mut self, path: &str) -> Result<Vec<Value>> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut items = Vec::new();
        let mut after = String::new();
        loop {
            let mut page = self
                .admin
                .get(&format!("{path}{joint}limit=200{after}"))?
                .good()?;
            match page["items"].take() {
                Value::Array(found) => items.extend(found),
                other => bail!("{path}: no items but {other}"),
            }
            match page["next"].as_str() {
                Some(cursor) => after = format!("&after={}", escaped(cursor)),
                None => return Ok(items),
            }
        }
    }
}

/// A count; a value that is none differs from every count.
pub(super) fn whole(value: &Value) -> u64 {
    value.as_u64().unwrap_or(u64::MAX)
}

/// The strings of a list.
pub(super) fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

/// Items of a list by one of their fields.
pub(super) fn by(items: Vec<Value>, field: &str) -> BTreeMap<String, Value> {
    items
        .into_iter()
        .map(|item| (item[field].as_str().unwrap_or_default().to_owned(), item))
        .collect()
}
