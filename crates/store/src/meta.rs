//! The few single values: policy, latest time, settings.

use domain::{Policy, Timestamp};

use crate::error::StoreError;
use crate::sql::{Link, statements};

statements! {
    POLICY = "SELECT id, content FROM policy WHERE id = 1";
    SAVE_POLICY = "INSERT INTO policy (id, content) VALUES (1, $1) \
        ON CONFLICT (id) DO UPDATE SET content = excluded.content";
    NUMBER = "SELECT name, number FROM meta WHERE name = $1";
    RAISE_NUMBER = "UPDATE meta SET number = $2 WHERE name = $1 AND number < $2";
    SETTING = "SELECT name, content FROM meta WHERE name = $1";
    PUT_SETTING = "INSERT INTO meta (name, content) VALUES ($1, $2) \
        ON CONFLICT (name) DO UPDATE SET content = excluded.content";
}

pub(crate) const LATEST_TIME: &str = "latest_time";
const LAST_EVENT: &str = "last_event";
/// Up to when the use of products is written down by the hour.
pub(crate) const USE_UPTO: &str = "use_upto";
/// Up to which event ended sessions are counted for their people.
pub(crate) const USE_EVENT: &str = "use_event";
/// Up to which event sign-ins are written down for their accounts.
pub(crate) const SEEN_EVENT: &str = "seen_event";
/// On PostgreSQL: the schema's version, which SQLite keeps elsewhere.
pub(crate) const SCHEMA_VERSION: &str = "schema_version";
/// On PostgreSQL: rises with each change of what nodes keep in memory.
pub(crate) const GENERATION: &str = "generation";
/// On PostgreSQL: rises with each transaction that carries commands out.
pub(crate) const TURN: &str = "turn";

pub(crate) fn policy(link: Link<'_>) -> Result<Policy, StoreError> {
    let stored = link.first(&POLICY, &[], |row| {
        row.of("policy").int("id")?;
        row.parsed("content", |text| serde_json::from_str(text))
    })?;
    Ok(stored.unwrap_or_default())
}

pub(crate) fn save_policy(link: Link<'_>, policy: &Policy) -> Result<(), StoreError> {
    let content = crate::rows::json("policy.content", policy)?;
    link.put(&SAVE_POLICY, &[content.into()])
}

/// A number that is kept under a name.
pub(crate) fn number(link: Link<'_>, name: &str) -> Result<i64, StoreError> {
    if let Some(number) = link.known_number(name) {
        return Ok(number);
    }
    link.one(&NUMBER, &[name.into()], |row| {
        row.of("meta").text("name")?;
        row.int("number")
    })
}

pub(crate) fn latest_time(link: Link<'_>) -> Result<Timestamp, StoreError> {
    number(link, LATEST_TIME).map(Timestamp::from_millis)
}

pub(crate) fn save_latest_time(link: Link<'_>, at: Timestamp) -> Result<(), StoreError> {
    raise(link, LATEST_TIME, at.as_millis())
}

/// The number of the last entry of the record; 0 before the first.
pub(crate) fn last_event(link: Link<'_>) -> Result<i64, StoreError> {
    number(link, LAST_EVENT)
}

pub(crate) fn save_last_event(link: Link<'_>, seq: i64) -> Result<(), StoreError> {
    raise(link, LAST_EVENT, seq)
}

/// Keeps a number, unless a later one is kept already. Each name at most once before the link is
/// settled.
pub(crate) fn raise(link: Link<'_>, name: &str, number: i64) -> Result<(), StoreError> {
    link.put_many(&RAISE_NUMBER, &[name.into(), number.into()])?;
    link.note_number(name, number);
    Ok(())
}

/// Tells other nodes that commands were carried out. A store of one process has none.
pub(crate) fn next_turn(link: Link<'_>) -> Result<(), StoreError> {
    match link.known_number(TURN) {
        Some(turn) => raise(link, TURN, turn + 1),
        None => Ok(()),
    }
}

/// Tells other nodes that what they keep in memory was changed. A store of one process has none.
pub(crate) fn next_generation(link: Link<'_>) -> Result<(), StoreError> {
    match link.known_number(GENERATION) {
        Some(generation) => raise(link, GENERATION, generation + 1),
        None => Ok(()),
    }
}

pub(crate) fn setting(link: Link<'_>, name: &str) -> Result<Option<String>, StoreError> {
    let stored = link.first(&SETTING, &[name.into()], |row| {
        row.of("meta").text("name")?;
        Ok(row.opt_text("content")?.map(str::to_owned))
    })?;
    Ok(stored.flatten())
}

pub(crate) fn put_setting(link: Link<'_>, name: &str, content: &str) -> Result<(), StoreError> {
    link.put(&PUT_SETTING, &[name.into(), content.into()])
}
