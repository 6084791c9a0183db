//! Seats and sessions.

use domain::names::ClientName;
use domain::set::Change;
use domain::{Changes, Seat, Session, Via};

use super::{Save, sql};
use crate::error::StoreError;
use crate::rows::json;
use crate::sql::{Row, Value, ms, opt_id, opt_ms, opt_text};

impl Save<'_> {
    pub(super) fn seats(self, changes: &Changes<'_>) -> Result<(), StoreError> {
        for (id, change) in changes.seats() {
            if let Change::Update(seat) = change {
                self.over(&sql::UPDATE_SEAT, "seat", id, &of_seat(seat))?;
            }
        }
        for (_, change) in changes.seats() {
            if let Change::Insert(seat) = change {
                self.link.put_many(&sql::INSERT_SEAT, &of_seat(seat))?;
            }
        }
        Ok(())
    }

    pub(super) fn sessions(self, changes: &Changes<'_>) -> Result<(), StoreError> {
        for (id, change) in changes.sessions() {
            match change {
                Change::Insert(session) => {
                    self.link
                        .put_many(&sql::INSERT_SESSION, &of_session(session)?)?;
                    if let Via::Dedicated { .. } = session.via {
                        let values = [
                            session.person.into(),
                            session.product.into(),
                            ms(session.started_at),
                        ];
                        self.link.put_many(&sql::TOUCH_SEATS, &values)?;
                    }
                }
                Change::Update(session) => {
                    let values = [
                        session.id.into(),
                        session.person.into(),
                        session.via.code().into(),
                        opt_id(session.via.license()),
                        opt_id(session.via.floating_pool()),
                        ms(session.expires_at),
                        opt_ms(session.ended.map(|(at, _)| at)),
                        opt_text(session.ended.map(|(_, reason)| reason.code())),
                    ];
                    let row = Row {
                        table: "session",
                        id,
                    };
                    self.link.over_many(&sql::UPDATE_SESSION, row, &values)?;
                }
                Change::Delete => {}
            }
            if let Change::Update(Session {
                loan: Some(loan), ..
            }) = change
            {
                // Whoever borrows has signed in before, in another transaction.
                let values = [
                    (*id).into(),
                    ms(loan.until),
                    opt_ms(loan.closed.map(|(at, _)| at)),
                    opt_text(loan.closed.map(|(_, reason)| reason.code())),
                ];
                self.over(&sql::UPDATE_LOAN, "session", id, &values)?;
            }
        }
        Ok(())
    }
}

fn of_seat(seat: &Seat) -> [Value<'_>; 10] {
    [
        seat.id.into(),
        seat.pool.into(),
        seat.license.into(),
        seat.product.into(),
        seat.person.into(),
        seat.user.into(),
        ms(seat.assigned_at),
        Value::Int(i64::from(seat.sources.bits())),
        opt_ms(seat.releasing_since),
        seat.unbacked.into(),
    ]
}

fn of_session(session: &Session) -> Result<[Value<'_>; 14], StoreError> {
    let modules = if session.ask.modules.is_empty() {
        Value::Null
    } else {
        json("session.ask_modules", &session.ask.modules)?.into()
    };
    Ok([
        session.id.into(),
        session.user.into(),
        session.person.into(),
        session.product.into(),
        session.via.code().into(),
        opt_id(session.via.license()),
        opt_id(session.via.floating_pool()),
        opt_text(session.ask.access.map(domain::AccessLevel::code)),
        modules,
        opt_text(session.client.as_ref().map(ClientName::as_str)),
        ms(session.started_at),
        ms(session.expires_at),
        opt_ms(session.ended.map(|(at, _)| at)),
        opt_text(session.ended.map(|(_, reason)| reason.code())),
    ])
}
