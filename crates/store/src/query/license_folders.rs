//! Licenses by where their seats stand: which those are, how many, and folder by folder.
//!
//! Most licenses have all their seats in one folder, which their row repeats as `home_id`; the
//! index by it gives what stands there in the order of serials, and counts it. The few whose seats
//! stand in several are found through their pools.

use domain::FolderId;

use super::license_list::Asked;
use super::order::LicenseSort;
use super::{Cursor, Paging, Within, below};
use crate::error::StoreError;
use crate::rows::license_columns;
use crate::sql::{Select, Value};

/// Where licenses are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Wherever they are.
    Anywhere,
    /// With seats in this folder.
    In(FolderId),
    /// With seats in this folder or below it.
    Below(FolderId),
}

impl Place {
    /// The folder, and the text for "is one of its folders".
    const fn is_one(self) -> Option<(FolderId, &'static str)> {
        match self {
            Self::Anywhere => None,
            Self::In(folder) => Some((folder, "= ?")),
            Self::Below(folder) => Some((folder, concat!("IN ", below!("?")))),
        }
    }
}

impl<'a> Asked<'a> {
    /// Where they are looked for. A folder that is asked for is one that is seen.
    pub(crate) const fn place(self) -> Place {
        match (self.filter.folder, self.within) {
            (Some(folder), _) => Place::In(folder),
            (None, Within(Some(limit))) => Place::Below(limit),
            (None, Within(None)) => Place::Anywhere,
        }
    }

    /// Whether whoever reads in order has to pass by those that stand elsewhere.
    pub(crate) fn walks(self) -> bool {
        self.place() != Place::Anywhere && !self.is_few
    }

    /// How many pools stand there, counted up to so many; none: wherever they are.
    pub(crate) fn pools_up_to(self, most: u32) -> Option<Select<'a>> {
        let (folder, is_one) = self.place().is_one()?;
        let mut select = Select::new("POOLS_THERE_UP_TO", "SELECT count(*) FROM");
        select.push(
            &format!("(SELECT 1 FROM pool q WHERE q.folder_id {is_one} LIMIT ?) AS few"),
            [folder.into(), most.into()],
        );
        Some(select)
    }

    /// Only those with seats there.
    pub(crate) fn places(self, select: &mut Select<'a>) {
        let Some((folder, is_one)) = self.place().is_one() else {
            return;
        };
        if self.is_few {
            self.through_pools(select);
            return;
        }
        // An expression is in no index: the order that is asked for is walked through.
        let text = format!("AND (coalesce(l.home_id, l.id) {is_one} OR (l.home_id IS NULL");
        select.push(&text, [folder.into()]);
        self.through_pools(select);
        select.add("))");
    }

    /// Only those with a pool there.
    fn through_pools(self, select: &mut Select<'a>) {
        let Some((folder, is_one)) = self.place().is_one() else {
            return;
        };
        let text = if self.is_few {
            format!("AND l.id IN (SELECT q.license_id FROM pool q WHERE q.folder_id {is_one})")
        } else {
            format!(
                "AND EXISTS (SELECT 1 FROM pool q WHERE q.license_id = l.id AND q.folder_id {is_one})"
            )
        };
        select.push(&text, [folder.into()]);
    }

    /// How many there are where nothing but the place is asked for: those that stand in one
    /// folder, and the others.
    pub(crate) fn counts_by_place(self) -> Option<[Select<'a>; 2]> {
        let (folder, is_one) = self.place().is_one()?;
        if self.is_narrowed() || self.filter.state.is_some() || self.is_few {
            return None;
        }
        let text = "SELECT count(*) FROM license l WHERE";
        let mut at_home = Select::new("LICENSES_AT_HOME", text);
        at_home.push(&format!("l.home_id {is_one}"), [folder.into()]);
        self.unless_removed(&mut at_home);
        let mut spread = Select::new("LICENSES_SPREAD", text);
        spread.add("l.home_id IS NULL");
        self.unless_removed(&mut spread);
        self.through_pools(&mut spread);
        Some([at_home, spread])
    }

    /// Those all of whose seats stand in one folder, which must be one of those that are asked
    /// for and seen; without a folder, those with seats in several folders or in none.
    pub(crate) fn of_home(
        self,
        sort: LicenseSort,
        home: Option<FolderId>,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Select<'a>, StoreError> {
        let columns = license_columns!();
        let text = format!("SELECT {columns} FROM license l WHERE");
        let mut select = Select::new("LICENSES_OF_HOME", &text);
        match home {
            Some(folder) => select.push("l.home_id = ?", [folder.into()]),
            None => {
                select.add("l.home_id IS NULL");
                self.through_pools(&mut select);
            }
        }
        self.others(&mut select);
        sort.add(&mut select, (self.now, self.warn_before), after)?;
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        select.push("LIMIT ?", [limit.into()]);
        Ok(select)
    }

    /// All of them where they are few: at most so many, fetched once it is known which they are.
    /// Those that a text finds are the first ones by serial.
    pub(crate) fn all(self, most: u32) -> Select<'a> {
        let columns = license_columns!();
        let text = format!(
            "SELECT {columns}, l.home_id FROM license l WHERE l.id IN (SELECT l.id FROM license l WHERE TRUE"
        );
        let mut select = self.matching("LICENSES_FOUND", &text);
        if self.filter.q.is_some() {
            select.add("ORDER BY l.serial, l.id");
        }
        select.push("LIMIT ?)", [most.into()]);
        select
    }

    /// How many come after one of them by serial.
    pub(crate) fn count_after(self, serial: &'a str, id: domain::LicenseId) -> Select<'a> {
        let text = "SELECT count(*) FROM license l WHERE TRUE";
        let mut select = self.matching("LICENSES_AFTER", text);
        select.push(
            "AND (l.serial, l.id) > (?, ?)",
            [serial.into(), Value::Id(id.0)],
        );
        select
    }
}

/// A place in the order by folder: that of a license of a folder with this folded path, or
/// without one that of a license whose seats stand in several folders or in none.
pub(crate) fn cursor(path: Option<&str>, license: &domain::License) -> Cursor {
    Cursor::new([
        u32::from(path.is_none()).into(),
        path.unwrap_or_default().into(),
        license.terms.serial.as_str().into(),
        license.id.to_string().into(),
    ])
}

/// The group of a cursor, and the cursor within it.
pub(crate) fn group(paging: &Paging) -> Result<Option<(Option<String>, Cursor)>, StoreError> {
    let Some(cursor) = paging.cursor()? else {
        return Ok(None);
    };
    let path = match cursor.int(0)? {
        0 => Some(cursor.text(1)?),
        _ => None,
    };
    let within = Cursor::new([cursor.text(2)?.into(), cursor.text(3)?.into()]);
    Ok(Some((path, within)))
}
