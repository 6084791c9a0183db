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

/// So many events are looked at for one step: few enough that nobody notices the writer doing it.
const STEP: i64 = 4_000;

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
    /// Sessions that began, and milliseconds, by account, UTC day and product.
    pub sums: HashMap<(UserId, i64, ProductId), (u64, i64)>,
}

impl Visits {
    /// Whether there may be more to count already.
    pub const fn is_whole_step(&self) -> bool {
        self.upto - self.after >= STEP
    }

    fn add(&mut self, session: &Session) {
        let mut put = |day, sessions, held| {
            let key = (session.user, day, session.product);
            let sum = self.sums.entry(key).or_default();
            sum.0 += sessions;
            sum.1 += held;
        };
        put(session.started_at.day(), 1, 0);
        for (day, held) in by_day(session.started_at, session.held_until()) {
            put(day, 0, held);
        }
    }
}

impl Reader<'_> {
    /// What ended since the last count, as far as one step goes; none when there is nothing new.
    pub fn next_visits(&mut self) -> Result<Option<Visits>, StoreError> {
        let after = meta::number(self.link, meta::USE_EVENT)?;
        let upto = meta::last_event(self.link)?.min(after + STEP);
        if upto <= after {
            return Ok(None);
        }
        let sums = HashMap::default();
        let mut visits = Visits { after, upto, sums };
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
        for session in &ended {
            visits.add(session);
        }
        Ok(Some(visits))
    }
}

impl Transaction<'_> {
    /// Counts what ended. Whether it did: not when somebody else did so already.
    pub fn put_visits(&mut self, visits: &Visits) -> Result<bool, StoreError> {
        let link = self.link();
        if meta::number(link, meta::USE_EVENT)? != visits.after {
            return Ok(false);
        }
        // Neighbors in the index one after the other, whose pages are then looked for once.
        let mut sums: Vec<_> = visits.sums.iter().collect();
        sums.sort_unstable_by_key(|(key, _)| *key);
        for ((user, day, product), (sessions, held)) in sums {
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
