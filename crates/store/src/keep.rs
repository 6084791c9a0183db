//! What is kept for a time only: outcomes with idempotency keys, so that a repeated request is
//! answered and not repeated, sessions that ended, and replacements that can't be undone any more.

use domain::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::sql::{Columns, Link, Statement, Value, ms, statements};

statements! {
    FIND_KEPT = "SELECT idempotency_key, request_hash, outcome, at FROM idempotency \
        WHERE actor = $1 AND idempotency_key = $2";
    KEEP = "INSERT INTO idempotency (actor, idempotency_key, request_hash, outcome, at) \
        VALUES ($1, $2, $3, $4, $5)";
    PURGE_KEPT = "DELETE FROM idempotency WHERE (actor, idempotency_key) IN \
        (SELECT actor, idempotency_key FROM idempotency WHERE at < $1 ORDER BY at LIMIT $2)";
    PURGE_REPLACEMENTS = "DELETE FROM replacement WHERE id < $1";
    PURGE_SESSIONS = "DELETE FROM session WHERE id IN \
        (SELECT id FROM session WHERE id < $1 AND ended_at < $2 ORDER BY id LIMIT $3)";
}

/// As [`FIND_KEPT`], for many keys at once, on PostgreSQL.
pub(crate) static FIND_MANY: Statement = Statement::of_postgres(
    "FIND_MANY",
    "SELECT k.idempotency_key, k.request_hash, k.outcome, k.at, k.actor \
     FROM UNNEST($1::text[], $2::text[]) AS b (actor, key) \
     JOIN idempotency k ON k.actor = b.actor AND k.idempotency_key = b.key",
);

/// Those that only PostgreSQL is asked.
#[cfg(test)]
pub(crate) static ALL_OF_POSTGRES: &[&Statement] = &[&FIND_MANY];

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
        kept(row)
    })
}

fn kept(row: &mut Columns<'_, '_>) -> Result<Kept, StoreError> {
    Ok(Kept {
        request_hash: row.bytes("request_hash")?,
        outcome_json: row.text("outcome")?.to_owned(),
        at: row.time("at")?,
    })
}

/// A row of [`FIND_MANY`]: actor, key, and what was kept.
pub(crate) fn with_key(row: &mut Columns<'_, '_>) -> Result<(String, String, Kept), StoreError> {
    let key = row.of("idempotency").text("idempotency_key")?.to_owned();
    let kept = kept(row)?;
    Ok((row.text("actor")?.to_owned(), key, kept))
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
    let values = [actor.into(), key.into(), hash, outcome.into(), ms(at)];
    link.put_many(&KEEP, &values)
}

pub(crate) fn purge(link: Link<'_>, before: Timestamp, most: u32) -> Result<usize, StoreError> {
    link.run(&PURGE_KEPT, &[ms(before), most.into()])
}

pub(crate) fn purge_replacements(link: Link<'_>, before: Timestamp) -> Result<usize, StoreError> {
    link.run(&PURGE_REPLACEMENTS, &[first_id_at(before)])
}

/// Ids ascend with time, so those that ended long ago are at the beginning of the table.
pub(crate) fn purge_sessions(
    link: Link<'_>,
    before: Timestamp,
    most: u32,
) -> Result<usize, StoreError> {
    let values = [first_id_at(before), ms(before), most.into()];
    link.run(&PURGE_SESSIONS, &values)
}

/// The lowest id that could be made at a moment.
pub(crate) fn first_id_at(at: Timestamp) -> Value<'static> {
    let millis = u128::try_from(at.as_millis()).unwrap_or(0);
    Value::Id(Uuid::from_u128(millis << 80))
}
