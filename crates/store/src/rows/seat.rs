//! Seats and sessions.

use domain::names::ClientName;
use domain::{AccessLevel, Ask, EndReason, LicenseId, Loan, PoolId, Seat, Session, Sources, Via};

use super::from_json;
use crate::error::StoreError;
use crate::sql::Columns;

/// The columns of a dedicated seat, of `seat s`.
macro_rules! seat_columns {
    () => {
        "s.id, s.pool_id, s.license_id, s.product_id, s.person_id, s.user_id, s.assigned_at, \
         s.sources, s.releasing_since, s.unbacked"
    };
}
pub(crate) use seat_columns;

/// Reads [`seat_columns`].
pub(crate) fn seat(row: &mut Columns<'_, '_>) -> Result<Seat, StoreError> {
    row.of("seat");
    Ok(Seat {
        id: row.id("id")?,
        pool: row.id("pool_id")?,
        license: row.id("license_id")?,
        product: row.id("product_id")?,
        person: row.id("person_id")?,
        user: row.id("user_id")?,
        assigned_at: row.time("assigned_at")?,
        sources: {
            let bits = row.number("sources")?;
            Sources::from_bits(bits)
                .ok_or_else(|| row.corrupt("sources", format!("{bits} has unknown bits")))?
        },
        releasing_since: row.opt_time("releasing_since")?,
        unbacked: row.bool("unbacked")?,
    })
}

/// The columns of a session, of `session x`.
macro_rules! session_columns {
    () => {
        "x.id, x.user_id, x.person_id, x.product_id, x.via, x.license_id, x.pool_id, \
         x.ask_access, x.ask_modules, x.client, x.started_at, x.expires_at, x.ended_at, \
         x.end_reason, x.borrowed_until, x.closed_at, x.close_reason"
    };
}
pub(crate) use session_columns;

/// Reads [`session_columns`].
pub(crate) fn session(row: &mut Columns<'_, '_>) -> Result<Session, StoreError> {
    row.of("session");
    Ok(Session {
        id: row.id("id")?,
        user: row.id("user_id")?,
        person: row.id("person_id")?,
        product: row.id("product_id")?,
        via: {
            let code = row.text("via")?;
            let license = row.opt_id("license_id")?;
            let pool = row.opt_id("pool_id")?;
            via(code, license, pool).ok_or_else(|| {
                row.corrupt("via", format!("{code:?} does not fit its license and pool"))
            })?
        },
        ask: Ask {
            access: row.opt_code("ask_access", AccessLevel::from_code)?,
            modules: row
                .opt_parsed("ask_modules", from_json)?
                .unwrap_or_default(),
        },
        client: row.opt_parsed("client", ClientName::parse)?,
        started_at: row.time("started_at")?,
        expires_at: row.time("expires_at")?,
        ended: {
            let at = row.opt_time("ended_at")?;
            let reason = row.opt_code("end_reason", EndReason::from_code)?;
            match (at, reason) {
                (Some(at), Some(reason)) => Some((at, reason)),
                (None, None) => None,
                _ => return Err(row.corrupt("end_reason", "there is one without the other")),
            }
        },
        loan: {
            let until = row.opt_time("borrowed_until")?;
            let at = row.opt_time("closed_at")?;
            let reason = row.opt_code("close_reason", EndReason::from_code)?;
            until.map(|until| Loan {
                until,
                closed: at.zip(reason),
            })
        },
    })
}

fn via(code: &str, license: Option<LicenseId>, pool: Option<PoolId>) -> Option<Via> {
    match (code, license, pool) {
        ("dedicated", Some(license), None) => Some(Via::Dedicated { license }),
        ("floating", Some(license), Some(pool)) => Some(Via::Floating { license, pool }),
        ("site", Some(license), None) => Some(Via::Site { license }),
        ("demo", None, None) => Some(Via::Demo),
        _ => None,
    }
}
