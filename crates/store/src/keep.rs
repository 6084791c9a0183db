//! What is kept for a time only: outcomes with idempotency keys, so that a repeated request is
//! answered and not repeated, and sessions that ended.

use domain::{SessionId, Timestamp};
use uuid::Uuid;

use crate::error::StoreError;
use crate::sql::{Link, Value, ms, statements};

statements! {
    FIND_KEPT = "SELECT idempotency_key, request_hash, outcome, at FROM idempotency \
        WHERE actor = $1 AND idempotency_key = $2";
    KEEP = "INSERT INTO idempotency (actor, idempotency_key, request_hash, outcome, at) \
        VALUES ($1, $2, $3, $4, $5)";
    PURGE_KEPT = "DELETE FROM idempotency WHERE (actor, idempotency_key) IN \
        (SELECT actor, idempotency_key FROM idempotency WHERE at < $1 ORDER BY at LIMIT $2)";
    PURGE_SESSIONS = "DELETE FROM session WHERE id IN \
        (SELECT id FROM session WHERE id < $1 AND ended_at < $2 ORDER BY id LIMIT $3)";
}

/// An outcome that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What was asked, hashed: the same key with another request is a mistake of the caller.
    pub request_hash: [u8; 32],
    /// The outcome, as it was given to keep.
    pub outcome_json: String,
    /// When.
    pub at: Timestamp,
}

pub(crate) fn find(link: Link<'_>, actor: &str, key: &str) -> Result<Option<Kept>, StoreError> {
    link.first(&FIND_KEPT, &[actor.into(), key.into()], |row| {
        row.of("idempotency");
        row.text("idempotency_key")?;
        Ok(Kept {
            request_hash: row.bytes("request_hash")?,
            outcome_json: row.text("outcome")?.to_owned(),
            at: row.time("at")?,
        })
    })
}

pub(crate) fn keep(
    link: Link<'_>,
    actor: &str,
    key: &str,
    request_hash: &[u8; 32],
    outcome: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let hash = Value::Bytes(request_hash);
    link.run(
        &KEEP,
        &[actor.into(), key.into(), hash, outcome.into(), ms(at)],
    )?;
    Ok(())
}

pub(crate) fn purge(link: Link<'_>, before: Timestamp, most: u32) -> Result<usize, StoreError> {
    link.run(&PURGE_KEPT, &[ms(before), most.into()])
}

/// Ids ascend with time, so those that ended long ago are at the beginning of the table.
pub(crate) fn purge_sessions(
    link: Link<'_>,
    before: Timestamp,
    most: u32,
) -> Result<usize, StoreError> {
    let millis = u128::try_from(before.as_millis()).unwrap_or(0);
    let began_before = SessionId(Uuid::from_u128(millis << 80));
    let values = [began_before.into(), ms(before), most.into()];
    link.run(&PURGE_SESSIONS, &values)
}
