//! Who used what: sessions and hours by account, day and product, counted as sessions end.

use domain::usage::by_day;
use domain::{ProductId, Session, Timestamp, UserId};
use foldhash::HashMap;

use crate::error::StoreError;
use crate::meta;
use crate::reader::Reader;
use crate::rows::{self, session_columns};
use crate::sql::{Value, ms, statements};
use crate::writer::Transaction;

/// So many events are looked at for one step, or fewer, so that no more rows are written than nobody
/// notices the writer doing.
const STEP: i64 = 4_000;
const ROWS_AT_ONCE: i64 = 500;

statements! {
    ENDED_BETWEEN = concat!("SELECT ", session_columns!(), " FROM event e \
        JOIN session x ON x.id = e.session_id \
        WHERE e.seq > $1 AND e.seq <= $2 AND e.kind = 'session.ended'");
    WIPED_BETWEEN = "SELECT e.seq, e.at FROM event e \
        WHERE e.kind = 'license.all_deleted' AND NOT e.sign_in AND e.seq > $1 AND e.seq <= $2";
    ALL_ENDED_BY_WIPE = concat!("SELECT ", session_columns!(), " FROM session x \
        WHERE x.ended_at = $1 AND x.end_reason = 'license_removed'");
    ADD_VISIT = "INSERT INTO person_use (user_id, day, product_id, sessions, held_ms) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (user_id, day, product_id) DO UPDATE SET \
        sessions = person_use.sessions + excluded.sessions, \
        held_ms = person_use.held_ms + excluded.held_ms";
    FORGET_VISITS = "DELETE FROM person_use WHERE (user_id, day, product_id) IN \
        (SELECT v.user_id, v.day, v.product_id FROM person_use v WHERE v.day < $1 LIMIT $2)";
}

/// What ended between two events of the record, ready to be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visits {
    /// After this event.
    pub after: i64,
    /// Up to this one, itself included.
    pub upto: i64,
    /// The last one that there is.
    pub last: i64,
    /// What is to be added.
    pub sums: Sums,
}

/// Sessions that began, and milliseconds, by account, UTC day and product.
type Sums = HashMap<(UserId, i64, ProductId), (u64, i64)>;

fn add(sums: &mut Sums, session: &Session) {
    let mut put = |day, sessions, held| {
        let key = (session.user, day, session.product);
        let sum = sums.entry(key).or_default();
        sum.0 += sessions;
        sum.1 += held;
    };
    put(session.started_at.day(), 1, 0);
    for (day, held) in by_day(session.started_at, session.held_until()) {
        put(day, 0, held);
    }
}

impl Reader<'_> {
    /// What ended since the last count, as far as one step goes; none when there is nothing new.
    pub fn next_visits(&mut self) -> Result<Option<Visits>, StoreError> {
        let after = meta::number(self.link, meta::USE_EVENT)?;
        let last = meta::last_event(self.link)?;
        let mut upto = last.min(after + STEP);
        if upto <= after {
            return Ok(None);
        }
        loop {
            let sums = self.visits_between(after, upto)?;
            let (events, rows) = (upto - after, i64::try_from(sums.len()).unwrap_or(i64::MAX));
            if rows <= ROWS_AT_ONCE || events == 1 {
                return Ok(Some(Visits {
                    after,
                    upto,
                    last,
                    sums,
                }));
            }
            upto = after + (events * ROWS_AT_ONCE / rows).max(1);
        }
    }

    fn visits_between(&mut self, after: i64, upto: i64) -> Result<Sums, StoreError> {
        let range = [after.into(), upto.into()];
        let mut ended = self.link.all(&ENDED_BETWEEN, &range, rows::session)?;
        let wiped: Vec<Timestamp> = self.link.all(&WIPED_BETWEEN, &range, |row| {
            row.of("event").int("seq")?;
            row.time("at")
        })?;
        for at in wiped {
            ended.extend(
                self.link
                    .all(&ALL_ENDED_BY_WIPE, &[ms(at)], rows::session)?,
            );
        }
        let mut sums = Sums::default();
        for session in &ended {
            add(&mut sums, session);
        }
        Ok(sums)
    }
}

impl Transaction<'_> {
    /// Counts what ended. Whether it did: not when somebody else did so already.
    pub fn put_visits(&mut self, visits: &Visits) -> Result<bool, StoreError> {
        let link = self.link();
        if meta::number(link, meta::USE_EVENT)? != visits.after {
            return Ok(false);
        }
        for ((user, day, product), (sessions, held)) in &visits.sums {
            let values = [
                (*user).into(),
                (*day).into(),
                (*product).into(),
                Value::Int(i64::try_from(*sessions).unwrap_or(i64::MAX)),
                (*held).into(),
            ];
            link.put_many(&ADD_VISIT, &values)?;
        }
        meta::raise(link, meta::USE_EVENT, visits.upto)?;
        link.settle()?;
        Ok(true)
    }

    /// Forgets who used what on days before this one, at most so many rows; how many it were.
    pub fn purge_visits(&mut self, before_day: i64, at_most: u32) -> Result<usize, StoreError> {
        let values = [before_day.into(), at_most.into()];
        self.link().run(&FORGET_VISITS, &values)
    }
}
