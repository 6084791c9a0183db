//! What ends when, and whether the coming term is covered (R5).

use domain::coming::{ComingTerm, coming_term};
use domain::{License, Timestamp};

use crate::error::StoreError;
use crate::query::licenses::counts;
use crate::query::{Cursor, Inside, Page, Paging, SeatCounts, Within};
use crate::reader::Reader;
use crate::rows::{self, license_columns};
use crate::sql::{Link, Select, Value, ms, statements};

/// So many licenses are looked at for seats of the coming term.
const MOST: usize = 500;

statements! {
    ENDING_AT_MOST = "SELECT count(*) FROM (SELECT 1 FROM license l WHERE l.removed_at IS NULL \
        AND l.expires_at >= $1 AND l.expires_at < $2 LIMIT $3) AS few";
    SUCCESSORS = concat!("SELECT ", license_columns!(), " FROM license l \
        WHERE l.product_id = $1 AND l.model = $2 AND l.removed_at IS NULL AND l.expires_at > $3 \
        ORDER BY l.expires_at DESC, l.id DESC LIMIT $4");
}

/// A license that ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndingItem {
    /// The license.
    pub license: License,
    /// Its seats, counted.
    pub seats: SeatCounts,
    /// Who will be without.
    pub term: ComingTerm,
}

impl Reader<'_> {
    /// Licenses that end from one moment up to another, earliest first.
    pub fn ending(
        &mut self,
        since: Timestamp,
        until: Timestamp,
        paging: &Paging,
    ) -> Result<Page<EndingItem>, StoreError> {
        let found = self
            .link
            .select(&select(self.within, since, until, paging)?, rows::license)?;
        let link = self.link;
        let mut inside = Inside::new(link, self.within);
        Page::of(found, paging, |license| {
            let at = license.terms.expires_at.as_millis();
            Cursor::new([at.into(), license.id.to_string().into()])
        })
        .try_map(|license| {
            let seats = counts(link, &mut inside, &license)?;
            let term = term(link, &mut inside, &license, seats.occupied)?;
            Ok(EndingItem {
                license,
                seats,
                term,
            })
        })
    }

    /// How many licenses end from one moment up to another; counted up to so many.
    pub fn count_ending(
        &mut self,
        since: Timestamp,
        until: Timestamp,
        most: u32,
    ) -> Result<u64, StoreError> {
        let values = [ms(since), ms(until), most.into()];
        self.link.one(&ENDING_AT_MOST, &values, |row| {
            row.of("license").number("count")
        })
    }

    /// What follows a license of which so many seats are held (R5). Looks no further than until
    /// everybody is covered.
    pub fn coming_term(&mut self, license: &License, held: u64) -> Result<ComingTerm, StoreError> {
        let mut inside = Inside::new(self.link, self.within);
        term(self.link, &mut inside, license, held)
    }
}

fn term(
    link: Link<'_>,
    inside: &mut Inside<'_>,
    license: &License,
    held: u64,
) -> Result<ComingTerm, StoreError> {
    let mut term = ComingTerm { held, begin: 0 };
    if held == 0 || license.terms.expires_at == Timestamp::FOREVER {
        return Ok(term);
    }
    let most = u32::try_from(MOST).unwrap_or(u32::MAX);
    let values = [
        license.product.into(),
        license.terms.model.code().into(),
        ms(license.terms.expires_at),
        most.into(),
    ];
    for other in link.all(&SUCCESSORS, &values, rows::license)? {
        let free = counts(link, inside, &other)?.free;
        term.begin += coming_term(license, held, [(&other, free)]).begin;
        if term.without() == 0 {
            break;
        }
    }
    Ok(term)
}

pub(crate) fn select<'a>(
    within: Within,
    since: Timestamp,
    until: Timestamp,
    paging: &Paging,
) -> Result<Select<'a>, StoreError> {
    let columns = license_columns!();
    let mut select = Select::new(
        "ENDING",
        &format!("SELECT {columns} FROM license l WHERE l.removed_at IS NULL"),
    );
    select.push(
        "AND l.expires_at >= ? AND l.expires_at < ?",
        [ms(since), ms(until)],
    );
    within.by_license(&mut select, "l.id");
    if let Some(cursor) = paging.cursor()? {
        select.push(
            "AND (l.expires_at, l.id) > (?, ?)",
            [cursor.int(0)?.into(), Value::Id(cursor.id(1)?)],
        );
    }
    select.push("ORDER BY l.expires_at, l.id LIMIT ?", [paging.one_more()]);
    Ok(select)
}
