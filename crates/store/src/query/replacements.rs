//! Replacements of licenses, for whoever wants to undo one.

use std::collections::hash_map::Entry;

use domain::{LicenseId, Replacement, Serial};
use foldhash::HashMap;
use uuid::Uuid;

use super::{Cursor, Inside, Page, Paging};
use crate::error::StoreError;
use crate::load::statements::LICENSE;
use crate::reader::Reader;
use crate::rows::{self, replacement_head_columns};
use crate::sql::{Select, Value};

/// A replacement in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplacementItem {
    /// The replacement, without those who were carried over.
    pub replacement: Replacement,
    /// How many they are.
    pub holders: u32,
    /// What people call its licenses.
    pub serials: Vec<(LicenseId, Serial)>,
}

impl Reader<'_> {
    /// Replacements that are still known, latest first. There are few, each with many licenses in
    /// one column: what is not seen is left out here, so that a page may be short.
    pub fn replacements(&mut self, paging: &Paging) -> Result<Page<ReplacementItem>, StoreError> {
        let found = self.link.select(&select(paging)?, rows::replacement_head)?;
        let mut known: HashMap<LicenseId, Option<Serial>> = HashMap::default();
        let link = self.link;
        let mut page = Page::of(found, paging, |(replacement, _)| {
            Cursor::new([replacement.id.to_string().into()])
        });
        let mut inside = Inside::new(link, self.within);
        let mut seen = Vec::with_capacity(page.items.len());
        for item in page.items {
            let mut licenses = item.0.old.iter().chain(&item.0.new);
            if licenses.try_fold(true, |all, one| Ok(all && inside.license(one.license)?))? {
                seen.push(item);
            }
        }
        page.items = seen;
        page.try_map(|(replacement, holders)| {
            let mut serials = Vec::new();
            for before in replacement.old.iter().chain(&replacement.new) {
                let id = before.license;
                let serial = match known.entry(id) {
                    Entry::Occupied(known) => known.get().clone(),
                    Entry::Vacant(place) => {
                        let license = link.first(&LICENSE, &[id.into()], rows::license)?;
                        let serial = license.map(|license| license.terms.serial.clone());
                        place.insert(serial).clone()
                    }
                };
                serials.extend(serial.map(|serial| (id, serial)));
            }
            Ok(ReplacementItem {
                replacement,
                holders,
                serials,
            })
        })
    }
}

pub(crate) fn select<'a>(paging: &Paging) -> Result<Select<'a>, StoreError> {
    let before = match paging.cursor()? {
        Some(cursor) => cursor.id(0)?,
        None => Uuid::max(),
    };
    let columns = replacement_head_columns!();
    let mut select = Select::new(
        "REPLACEMENTS",
        &format!("SELECT {columns} FROM replacement r WHERE"),
    );
    select.push("r.id < ?", [Value::Id(before)]);
    select.push("ORDER BY r.id DESC LIMIT ?", [paging.one_more()]);
    Ok(select)
}
