//! Pages of licenses: what few match is fetched and put in order here, what many match is read in
//! the order that is asked for.

use domain::license::License;
use domain::{FolderId, Millis, Timestamp};
use foldhash::HashMap;

use super::license_folders::{Place, cursor, group};
use super::license_list::Asked;
use super::licenses::{self, LicenseFilter, LicenseItem};
use super::order::LicenseSort;
use super::{Cursor, Inside, Page, Paging};
use crate::error::StoreError;
use crate::reader::Reader;
use crate::rows;
use crate::sql::Select;

/// Up to so many are all fetched; fewer where the index that a text is looked for in has the order
/// that is asked for.
const FEW: u32 = 500;
const FEW_BY_SERIAL: u32 = 100;
/// Up to so many pools of a folder are asked which licenses they are of; where there are more,
/// licenses are asked where they stand.
const FEW_POOLS: u32 = 2_000;

/// What matches.
enum Matching {
    /// All of it, each with the folder in which all its seats stand.
    Few(Vec<(License, Option<FolderId>)>),
    /// More than that: how many.
    Many(u64),
}

impl Reader<'_> {
    /// Licenses that match, with their total. `warn_before` is the policy's warning period.
    pub fn licenses(
        &mut self,
        filter: &LicenseFilter,
        sort: LicenseSort,
        now: Timestamp,
        warn_before: Millis,
        paging: &Paging,
    ) -> Result<Page<LicenseItem>, StoreError> {
        let mut asked = Asked {
            within: self.within,
            filter,
            now,
            warn_before,
            is_few: false,
        };
        if let Some(folder) = filter.folder
            && !Inside::new(self.link, self.within).folder(folder)?
        {
            return Ok(Page::of(Vec::new(), paging, |_| Cursor::new([])).with_total(0));
        }
        if let Some(count) = asked.pools_up_to(FEW_POOLS) {
            asked.is_few = self.counted_licenses(&count)? < u64::from(FEW_POOLS);
        }
        let (page, total) = match self.matching(asked, sort)? {
            Matching::Few(found) => {
                let total = found.len() as u64;
                (self.put_in_order(asked, sort, found, paging)?, total)
            }
            Matching::Many(total) if sort.is_by_folder() => {
                (self.licenses_by_folder(asked, sort, paging)?, total)
            }
            Matching::Many(total) => {
                let mut found = Vec::new();
                for list in asked.lists(sort, paging)? {
                    found.extend(self.link.select(&list, rows::license)?);
                    if found.len() > paging.limit() {
                        break;
                    }
                }
                let key = |license: &License| sort.cursor(license, now, warn_before);
                (Page::of(found, paging, key), total)
            }
        };
        let link = self.link;
        let mut inside = Inside::new(link, self.within);
        page.with_total(total).try_map(|license| {
            let seats = licenses::counts(link, &mut inside, &license)?;
            let refresh = licenses::refresh(link, license.id)?;
            Ok(LicenseItem {
                license,
                seats,
                refresh,
            })
        })
    }

    fn counted_licenses(&mut self, count: &Select<'_>) -> Result<u64, StoreError> {
        let found = self
            .link
            .select(count, |row| row.of("license").number("count"))?;
        Ok(found.first().copied().unwrap_or(0))
    }

    /// What matches, if it is few; otherwise how many.
    fn matching(&mut self, asked: Asked<'_>, sort: LicenseSort) -> Result<Matching, StoreError> {
        let is_few = asked.filter.q.is_some()
            || (sort.is_by_folder() && (asked.is_narrowed() || asked.filter.state.is_some()));
        if is_few {
            let few = match sort {
                LicenseSort::Serial | LicenseSort::SerialDown => FEW_BY_SERIAL,
                _ => FEW,
            };
            let found = self.link.select(&asked.all(few + 1), |row| {
                let license = rows::license(row)?;
                Ok((license, row.opt_id("home_id")?))
            })?;
            if found.len() <= few as usize {
                return Ok(Matching::Few(found));
            }
            // A text is looked for everywhere; what was looked through is not once more.
            let serials = found
                .iter()
                .map(|(license, _)| (license.terms.serial.as_str(), license.id));
            if asked.filter.q.is_some()
                && let Some((serial, id)) = serials.max()
            {
                let rest = self.counted_licenses(&asked.count_after(serial, id))?;
                return Ok(Matching::Many(found.len() as u64 + rest));
            }
        }
        let mut total = 0;
        match asked.counts_by_place() {
            Some(counts) => {
                for count in &counts {
                    total += self.counted_licenses(count)?;
                }
            }
            None => total = self.counted_licenses(&asked.count())?,
        }
        Ok(Matching::Many(total))
    }

    /// A page of a few that were fetched.
    fn put_in_order(
        &mut self,
        asked: Asked<'_>,
        sort: LicenseSort,
        found: Vec<(License, Option<FolderId>)>,
        paging: &Paging,
    ) -> Result<Page<License>, StoreError> {
        let mut paths: HashMap<FolderId, String> = HashMap::default();
        if sort.is_by_folder() {
            paths.extend(self.folder_tree()?);
        }
        let key = |license: &License, home: Option<FolderId>| {
            if !sort.is_by_folder() {
                return sort.cursor(license, asked.now, asked.warn_before);
            }
            let path = home.and_then(|home| paths.get(&home));
            cursor(path.map(String::as_str), license)
        };
        let mut keyed: Vec<(Cursor, License)> = found
            .into_iter()
            .map(|(license, home)| (key(&license, home), license))
            .collect();
        if let Some(after) = paging.cursor()? {
            keyed.retain(|(key, _)| {
                let order = key.compare(&after);
                if sort.is_down() {
                    order.is_lt()
                } else {
                    order.is_gt()
                }
            });
        }
        keyed.sort_by(|(a, _), (b, _)| {
            if sort.is_down() {
                b.compare(a)
            } else {
                a.compare(b)
            }
        });
        let page = Page::of(keyed, paging, |(key, _)| key.clone());
        page.try_map(|(_, license)| Ok(license))
    }

    /// Folder by folder, in the order of their paths; at last what stands in several or in none.
    fn licenses_by_folder(
        &mut self,
        asked: Asked<'_>,
        sort: LicenseSort,
        paging: &Paging,
    ) -> Result<Page<License>, StoreError> {
        let tree = self.folder_tree()?.into_iter();
        let mut homes: Vec<Option<(FolderId, String)>> = match asked.place() {
            Place::In(one) => tree.filter(|(id, _)| *id == one).map(Some).collect(),
            Place::Below(_) | Place::Anywhere => tree.map(Some).collect(),
        };
        homes.push(None);
        if sort.is_down() {
            homes.reverse();
        }
        let mut begin = group(paging)?;
        let mut found: Vec<(License, Option<String>)> = Vec::new();
        for home in homes {
            let (folder, path) = home.unzip();
            let after = match &begin {
                None => None,
                // What comes before the group of the cursor is done.
                Some((at, _)) if is_before(path.as_deref(), at.as_deref(), sort) => continue,
                Some((at, after)) => (path == *at).then_some(after),
            };
            let missing = paging.limit() + 1 - found.len();
            let select = asked.of_home(sort, folder, after, missing)?;
            let some = self.link.select(&select, rows::license)?;
            found.extend(some.into_iter().map(|license| (license, path.clone())));
            begin = None;
            if found.len() > paging.limit() {
                break;
            }
        }
        let page = Page::of(found, paging, |(license, path)| {
            cursor(path.as_deref(), license)
        });
        page.try_map(|(license, _)| Ok(license))
    }
}

/// Whether the group of a path comes before another; without a path it is the last one.
fn is_before(path: Option<&str>, at: Option<&str>, sort: LicenseSort) -> bool {
    let key = |path: Option<&str>| (path.is_none(), path.unwrap_or_default().to_owned());
    let (path, at) = (key(path), key(at));
    if sort.is_down() { path > at } else { path < at }
}
