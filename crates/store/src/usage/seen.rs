//! When accounts last signed in, by which lists of people are ordered.
//!
//! A sign-in writes nothing for it. The record's sign-ins are looked at afterwards; an account
//! whose time is due is written down with others, and not again for [`RESOLUTION`]: whoever opens
//! several products in the morning costs one row.

use domain::{Millis, Timestamp, UserId};

use crate::error::StoreError;
use crate::meta;
use crate::reader::Reader;
use crate::sql::{ms, statements};
use crate::writer::Transaction;

/// So many events are looked at for one step.
const STEP: i64 = 5_000;
/// An account that signs in again within so much time of what is written down is left alone.
const RESOLUTION: Millis = Millis::seconds(600);

statements! {
    SIGNED_IN_BETWEEN = "SELECT e.user_id, max(e.at) FROM event e \
        JOIN app_user u ON u.id = e.user_id \
        WHERE e.seq > $1 AND e.seq <= $2 AND e.kind = 'session.started' \
        AND u.last_active_at <= e.at - $3 GROUP BY e.user_id";
    NOTE_ACTIVE = "UPDATE app_user SET last_active_at = $2 WHERE id = $1 AND last_active_at < $2";
}

/// Who signed in between two events of the record, ready to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Up to this event, itself included.
    pub upto: i64,
    /// Accounts that are due, with their last sign-in.
    pub accounts: Vec<(UserId, Timestamp)>,
}

impl Reader<'_> {
    /// Who signed in since the last look, as far as one step goes; none when nobody did.
    pub fn next_seen(&mut self) -> Result<Option<Seen>, StoreError> {
        let mut after = meta::number(self.link, meta::SEEN_EVENT)?;
        let last = meta::last_event(self.link)?;
        while after < last {
            let upto = last.min(after + STEP);
            let values = [after.into(), upto.into(), RESOLUTION.get().into()];
            let accounts = self.link.all(&SIGNED_IN_BETWEEN, &values, |row| {
                row.of("event");
                Ok((row.id("user_id")?, row.time("at")?))
            })?;
            // Where nobody is due, how far it came need be written down only now and then.
            if !accounts.is_empty() || upto - after >= STEP {
                return Ok(Some(Seen { upto, accounts }));
            }
            after = upto;
        }
        Ok(None)
    }
}

impl Transaction<'_> {
    /// Writes down when accounts last signed in. Harmless if somebody else did so already.
    pub fn note_active(&mut self, accounts: &[(UserId, Timestamp)]) -> Result<(), StoreError> {
        let link = self.link();
        for (user, at) in accounts {
            link.put_many(&NOTE_ACTIVE, &[(*user).into(), ms(*at)])?;
        }
        link.settle()
    }

    /// Keeps up to which event that was done.
    pub fn note_seen(&mut self, upto: i64) -> Result<(), StoreError> {
        let link = self.link();
        meta::raise(link, meta::SEEN_EVENT, upto)?;
        link.settle()
    }
}
