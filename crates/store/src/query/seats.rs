//! Who holds the seats of a license, and what a person holds.

use domain::{License, LicenseId, PersonId, Seat, Timestamp, User};

use super::{Cursor, Inside, Page, Paging, Paths, Within};
use crate::error::StoreError;
use crate::load::statements::{LICENSE, POOL, USER};
use crate::reader::Reader;
use crate::rows::{self, seat_columns};
use crate::sql::{Columns, Link, Select, Value, statements};

/// Until when the holder of `seat s` borrows, or borrowed last, on dedicated seats.
macro_rules! borrowed {
    () => {
        "(SELECT max(x.borrowed_until) FROM session x WHERE x.person_id = s.person_id \
          AND x.product_id = s.product_id AND x.ended_at IS NULL AND x.via = 'dedicated')"
    };
}

statements! {
    SEATS_OF_PERSON = concat!("SELECT ", seat_columns!(), ", s.last_active_at, ", borrowed!(),
        " FROM seat s WHERE s.person_id = $1 ORDER BY s.product_id, s.id");
}

/// An occupied dedicated seat of a license, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatHolder {
    /// The seat.
    pub seat: Seat,
    /// The account for which it was assigned, unless it was deleted.
    pub user: Option<User>,
    /// The path of the folder in which the seat stands.
    pub path: String,
    /// When the holder last signed in to the product on dedicated seats.
    pub last_active: Option<Timestamp>,
    /// Until when a session on it is borrowed (H5); may be over.
    pub borrowed_until: Option<Timestamp>,
}

/// A dedicated seat of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldSeat {
    /// The seat.
    pub seat: Seat,
    /// Its license.
    pub license: License,
    /// The path of the folder in which the seat stands.
    pub path: String,
    /// When the holder last signed in to the product on dedicated seats.
    pub last_active: Option<Timestamp>,
    /// Until when a session on it is borrowed (H5); may be over.
    pub borrowed_until: Option<Timestamp>,
}

impl Reader<'_> {
    /// The occupied dedicated seats of a license, longest held first.
    pub fn seats_of_license(
        &mut self,
        license: LicenseId,
        paging: &Paging,
    ) -> Result<Page<SeatHolder>, StoreError> {
        let found = self
            .link
            .select(&select(self.within, license, paging)?, seat)?;
        let mut paths = Paths::new(self.link);
        let link = self.link;
        Page::of(found, paging, |(seat, _, _)| {
            let at = seat.assigned_at.as_millis();
            Cursor::new([at.into(), seat.id.to_string().into()])
        })
        .try_map(|(seat, last_active, borrowed_until)| {
            Ok(SeatHolder {
                user: link.first(&USER, &[seat.user.into()], rows::user)?,
                path: path(link, &mut paths, &seat)?,
                seat,
                last_active,
                borrowed_until,
            })
        })
    }

    /// The dedicated seats of a person, of all products.
    pub fn seats_of_person(&mut self, person: PersonId) -> Result<Vec<HeldSeat>, StoreError> {
        let mut paths = Paths::new(self.link);
        let mut inside = Inside::new(self.link, self.within);
        let mut found = Vec::new();
        for held in self.link.all(&SEATS_OF_PERSON, &[person.into()], seat)? {
            if inside.user(held.0.user)? {
                found.push(held);
            }
        }
        let held = found
            .into_iter()
            .map(|(seat, last_active, borrowed_until)| {
                let license = self
                    .link
                    .first(&LICENSE, &[seat.license.into()], rows::license)?
                    .ok_or_else(|| dangling(&seat, "license_id"))?;
                Ok(HeldSeat {
                    path: path(self.link, &mut paths, &seat)?,
                    seat,
                    license,
                    last_active,
                    borrowed_until,
                })
            });
        held.collect()
    }
}

/// The seat, when its holder was last active on it, and until when they borrow.
type Row = (Seat, Option<Timestamp>, Option<Timestamp>);

fn seat(row: &mut Columns<'_, '_>) -> Result<Row, StoreError> {
    let seat = rows::seat(row)?;
    Ok((
        seat,
        row.opt_time("last_active_at")?,
        row.opt_time("borrowed_until")?,
    ))
}

fn path(link: Link<'_>, paths: &mut Paths<'_>, seat: &Seat) -> Result<String, StoreError> {
    let pool = link
        .first(&POOL, &[seat.pool.into()], rows::pool)?
        .ok_or_else(|| dangling(seat, "pool_id"))?;
    paths.of(pool.folder)
}

fn dangling(seat: &Seat, column: &'static str) -> StoreError {
    StoreError::Corrupt {
        table: "seat",
        column,
        row: seat.id.to_string(),
        why: "it names nothing that is there".into(),
    }
}

pub(crate) fn select<'a>(
    within: Within,
    license: LicenseId,
    paging: &Paging,
) -> Result<Select<'a>, StoreError> {
    let (columns, borrowed) = (seat_columns!(), borrowed!());
    let mut select = Select::new(
        "SEAT_HOLDERS_PAGE",
        &format!("SELECT {columns}, s.last_active_at, {borrowed} FROM seat s WHERE"),
    );
    select.push("s.license_id = ?", [license.into()]);
    within.by_user(&mut select, "s.user_id");
    if let Some(cursor) = paging.cursor()? {
        select.push(
            "AND (s.assigned_at, s.id) > (?, ?)",
            [cursor.int(0)?.into(), Value::Id(cursor.id(1)?)],
        );
    }
    select.push("ORDER BY s.assigned_at, s.id LIMIT ?", [paging.one_more()]);
    Ok(select)
}
