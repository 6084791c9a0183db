//! Lists of licenses, turned into SQL: which ones, how many, in what order.

use domain::license::State;
use domain::{Millis, Timestamp};

use super::licenses::LicenseFilter;
use super::order::LicenseSort;
use super::{Cursor, Paging, Within, anywhere};
use crate::error::StoreError;
use crate::rows::license_columns;
use crate::sql::{Select, Value, ms};

/// Which licenses, seen by whom and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) within: Within,
    pub(crate) filter: &'a LicenseFilter,
    pub(crate) now: Timestamp,
    pub(crate) warn_before: Millis,
    /// Whether few pools stand where they are looked for, so that they are found through those.
    pub(crate) is_few: bool,
}

/// A part of the order by state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Everything that is not active: few, and sorted.
    Urgent,
    /// The active ones, which the index by serial has in order.
    Active,
    /// The removed ones.
    Removed,
}

impl<'a> Asked<'a> {
    /// How many there are.
    pub(crate) fn count(self) -> Select<'a> {
        self.matching("LICENSE_TOTAL", "SELECT count(*) FROM license l WHERE TRUE")
    }

    /// One of them, if there is any.
    pub(crate) fn any(self) -> Select<'a> {
        let mut select = self.matching("LICENSE_OF_STATE", "SELECT l.id FROM license l WHERE TRUE");
        select.add("LIMIT 1");
        select
    }

    /// What gives a page: one after the other, until it is full.
    pub(crate) fn lists(
        self,
        sort: LicenseSort,
        paging: &Paging,
    ) -> Result<Vec<Select<'a>>, StoreError> {
        let cursor = paging.cursor()?;
        match sort {
            LicenseSort::State | LicenseSort::StateDown if self.filter.state.is_none() => {
                self.parts(sort, cursor.as_ref(), paging)
            }
            LicenseSort::Product | LicenseSort::ProductDown => {
                self.by_product(sort, cursor.as_ref(), paging)
            }
            _ if self.walks() => Ok(vec![self.picked(sort, None, cursor.as_ref(), paging)?]),
            LicenseSort::Serial | LicenseSort::SerialDown if self.filter.state.is_none() => {
                Ok(vec![self.list(sort, cursor.as_ref(), paging)?])
            }
            LicenseSort::State
            | LicenseSort::StateDown
            | LicenseSort::Serial
            | LicenseSort::SerialDown => {
                Ok(vec![self.picked(sort, None, cursor.as_ref(), paging)?])
            }
            _ => Ok(vec![self.list(sort, cursor.as_ref(), paging)?]),
        }
    }

    pub(crate) fn matching(self, name: &'static str, text: &str) -> Select<'a> {
        let mut select = Select::new(name, text);
        self.conditions(&mut select);
        select
    }

    fn list(
        self,
        sort: LicenseSort,
        cursor: Option<&Cursor>,
        paging: &Paging,
    ) -> Result<Select<'a>, StoreError> {
        let columns = license_columns!();
        let text = format!("SELECT {columns} FROM license l WHERE TRUE");
        let mut list = self.matching("LICENSES", &text);
        sort.add(&mut list, (self.now, self.warn_before), cursor)?;
        list.push("LIMIT ?", [paging.one_more()]);
        Ok(list)
    }

    /// Which ones is read off an index that has all of the states; then they are fetched.
    fn picked(
        self,
        sort: LicenseSort,
        part: Option<Part>,
        cursor: Option<&Cursor>,
        paging: &Paging,
    ) -> Result<Select<'a>, StoreError> {
        let columns = license_columns!();
        let moments = (self.now, self.warn_before);
        let text = format!(
            "SELECT {columns} FROM license l WHERE l.id IN \
             (SELECT l.id FROM license l WHERE TRUE"
        );
        let mut list = self.matching("LICENSES_BY_STATE", &text);
        if let Some(part) = part {
            self.add_part(&mut list, part);
        }
        sort.add(&mut list, moments, cursor)?;
        list.push("LIMIT ?)", [paging.one_more()]);
        sort.add(&mut list, moments, None)?;
        Ok(list)
    }

    /// By state: what is urgent is sorted, the rest is read in order.
    fn parts(
        self,
        sort: LicenseSort,
        cursor: Option<&Cursor>,
        paging: &Paging,
    ) -> Result<Vec<Select<'a>>, StoreError> {
        let mut parts = vec![Part::Urgent, Part::Active];
        if self.filter.removed {
            parts.push(Part::Removed);
        }
        let mut by_serial = LicenseSort::Serial;
        if sort.is_down() {
            parts.reverse();
            by_serial = LicenseSort::SerialDown;
        }
        let reached = match cursor {
            None => None,
            Some(cursor) => Some(match LicenseSort::state_at(cursor.int(0)?) {
                Some(State::Active) => Part::Active,
                Some(State::Removed) => Part::Removed,
                _ => Part::Urgent,
            }),
        };
        let done = parts.iter().position(|part| Some(*part) == reached);
        let mut lists = Vec::new();
        for part in parts.into_iter().skip(done.unwrap_or(0)) {
            let cursor = cursor.filter(|_| reached == Some(part));
            lists.push(if part == Part::Urgent {
                self.picked(sort, Some(part), cursor, paging)?
            } else {
                let after = match cursor {
                    Some(cursor) => Some(Cursor::new([
                        cursor.text(1)?.into(),
                        cursor.text(2)?.into(),
                    ])),
                    None => None,
                };
                self.picked(by_serial, Some(part), after.as_ref(), paging)?
            });
        }
        Ok(lists)
    }

    fn add_part(self, select: &mut Select<'_>, part: Part) {
        match part {
            // Whatever ended or is in grace expired before.
            Part::Urgent => select.push(
                "AND l.removed_at IS NULL AND (l.revoked_at IS NOT NULL OR l.awaits_agreement \
                 OR l.starts_at > ? OR l.stale_at <= ? OR l.expires_at <= ?)",
                [self.now, self.now, self.now.plus(self.warn_before)].map(ms),
            ),
            Part::Active => {
                select.add("AND l.removed_at IS NULL");
                self.in_state(select, State::Active);
            }
            Part::Removed => select.add("AND l.removed_at IS NOT NULL"),
        }
    }

    /// Product by product: first the rest of the one where the page before ended.
    fn by_product(
        self,
        sort: LicenseSort,
        cursor: Option<&Cursor>,
        paging: &Paging,
    ) -> Result<Vec<Select<'a>>, StoreError> {
        let columns = license_columns!();
        // SQLite takes a cross join in the order given: products in order, then what each has.
        // The index for the latter leaves out removed licenses.
        let has_removed = self.filter.removed || self.filter.state == Some(State::Removed);
        let from = if has_removed || self.is_few {
            "license l CROSS JOIN product p"
        } else {
            "product p CROSS JOIN license l"
        };
        let text = format!("SELECT {columns} FROM {from} WHERE l.product_id = p.id");
        let begin = || self.matching("LICENSES_BY_PRODUCT", &text);
        let end = |mut list: Select<'a>| {
            sort.add(&mut list, (self.now, self.warn_before), None)?;
            list.push("LIMIT ?", [paging.one_more()]);
            Ok::<_, StoreError>(list)
        };
        let Some(cursor) = cursor else {
            return Ok(vec![end(begin())?]);
        };
        let beyond = if sort.is_down() { "<" } else { ">" };
        let code = cursor.text(0)?;
        let mut here = begin();
        here.push(
            &format!("AND p.code_key = ? AND l.id {beyond} ?"),
            [code.clone().into(), Value::Id(cursor.id(1)?)],
        );
        let mut onward = begin();
        onward.push(&format!("AND p.code_key {beyond} ?"), [code.into()]);
        Ok(vec![end(here)?, end(onward)?])
    }

    fn conditions(self, select: &mut Select<'a>) {
        self.places(select);
        self.others(select);
    }

    /// Whether more than the place and the state is asked for.
    pub(crate) const fn is_narrowed(self) -> bool {
        let filter = self.filter;
        filter.product.is_some()
            || filter.model.is_some()
            || filter.serial.is_some()
            || filter.q.is_some()
    }

    /// Everything but the place.
    pub(crate) fn others(self, select: &mut Select<'a>) {
        let filter = self.filter;
        if let Some(product) = filter.product {
            select.push("AND l.product_id = ?", [product.into()]);
        }
        if let Some(model) = filter.model {
            select.push("AND l.model = ?", [model.code().into()]);
        }
        if let Some(serial) = &filter.serial {
            select.push("AND l.serial = ?", [serial.as_str().into()]);
        }
        if let Some(q) = &filter.q {
            select.push(r"AND l.search_text LIKE ? ESCAPE '\'", [anywhere(q).into()]);
        }
        self.unless_removed(select);
        if let Some(state) = filter.state {
            self.in_state(select, state);
        }
    }

    /// Removed ones only where they are asked for.
    pub(crate) fn unless_removed(self, select: &mut Select<'_>) {
        match self.filter.state {
            Some(State::Removed) => select.add("AND l.removed_at IS NOT NULL"),
            None if self.filter.removed => {}
            _ => select.add("AND l.removed_at IS NULL"),
        }
    }

    /// The order of the tests in [`License::state`], as conditions.
    fn in_state(self, select: &mut Select<'_>, state: State) {
        let now_value = || ms(self.now);
        if state == State::Removed {
            return;
        }
        if state == State::Revoked {
            select.add("AND l.revoked_at IS NOT NULL");
            return;
        }
        select.add("AND l.revoked_at IS NULL");
        if state == State::Expired {
            select.push("AND l.ends_at <= ?", [now_value()]);
            return;
        }
        // Moments as expressions, so that no index is chosen that lacks what follows.
        select.push("AND (l.ends_at + 0) > ?", [now_value()]);
        if state == State::AwaitingAgreement {
            select.add("AND l.awaits_agreement");
            return;
        }
        select.add("AND NOT l.awaits_agreement");
        if state == State::Scheduled {
            select.push("AND l.starts_at > ?", [now_value()]);
            return;
        }
        select.push("AND l.starts_at <= ?", [now_value()]);
        if state == State::Stale {
            select.push("AND l.stale_at <= ?", [now_value()]);
            return;
        }
        select.push("AND l.stale_at > ?", [now_value()]);
        let warned = || ms(self.now.plus(self.warn_before));
        match state {
            State::Grace => select.push("AND (l.expires_at + 0) <= ?", [now_value()]),
            State::Expiring => select.push(
                "AND (l.expires_at + 0) > ? AND (l.expires_at + 0) <= ?",
                [now_value(), warned()],
            ),
            _ => select.push("AND (l.expires_at + 0) > ?", [warned()]),
        }
    }
}
