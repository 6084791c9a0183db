//! The few single values: policy, latest time, settings.

use domain::{Policy, Timestamp};

use crate::error::StoreError;
use crate::sql::{Link, ms, statements};

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

const LATEST_TIME: &str = "latest_time";
const LAST_EVENT: &str = "last_event";

pub(crate) fn policy(link: Link<'_>) -> Result<Policy, StoreError> {
    let stored = link.first(&POLICY, &[], |row| {
        row.of("policy").int("id")?;
        row.parsed("content", |text| serde_json::from_str(text))
    })?;
    Ok(stored.unwrap_or_default())
}

pub(crate) fn save_policy(link: Link<'_>, policy: &Policy) -> Result<(), StoreError> {
    let content = crate::rows::json("policy.content", policy)?;
    link.run(&SAVE_POLICY, &[content.into()])?;
    Ok(())
}

fn number(link: Link<'_>, name: &str) -> Result<i64, StoreError> {
    link.one(&NUMBER, &[name.into()], |row| {
        row.of("meta").text("name")?;
        row.int("number")
    })
}

pub(crate) fn latest_time(link: Link<'_>) -> Result<Timestamp, StoreError> {
    number(link, LATEST_TIME).map(Timestamp::from_millis)
}

pub(crate) fn save_latest_time(link: Link<'_>, at: Timestamp) -> Result<(), StoreError> {
    link.run(&RAISE_NUMBER, &[LATEST_TIME.into(), ms(at)])?;
    Ok(())
}

/// The number of the last entry of the record; 0 before the first.
pub(crate) fn last_event(link: Link<'_>) -> Result<i64, StoreError> {
    number(link, LAST_EVENT)
}

pub(crate) fn save_last_event(link: Link<'_>, seq: i64) -> Result<(), StoreError> {
    link.run(&RAISE_NUMBER, &[LAST_EVENT.into(), seq.into()])?;
    Ok(())
}

pub(crate) fn setting(link: Link<'_>, name: &str) -> Result<Option<String>, StoreError> {
    let stored = link.first(&SETTING, &[name.into()], |row| {
        row.of("meta").text("name")?;
        Ok(row.opt_text("content")?.map(str::to_owned))
    })?;
    Ok(stored.flatten())
}

pub(crate) fn put_setting(link: Link<'_>, name: &str, content: &str) -> Result<(), StoreError> {
    link.run(&PUT_SETTING, &[name.into(), content.into()])?;
    Ok(())
}
