//! Bringing a store to the schema of this program. See the README beside this file.

use rusqlite::{Connection, TransactionBehavior};

use crate::error::StoreError;

/// The steps for SQLite, in order; the first is version 1.
pub(crate) const SQLITE: &[&str] = &[
    include_str!("sqlite/0001_first.sql"),
    include_str!("sqlite/0002_nodes.sql"),
    include_str!("sqlite/0003_intake.sql"),
    include_str!("sqlite/0004_keys.sql"),
    include_str!("sqlite/0005_console.sql"),
    include_str!("sqlite/0006_borrow.sql"),
    include_str!("sqlite/0007_renewal.sql"),
    include_str!("sqlite/0008_stood.sql"),
    include_str!("sqlite/0009_usage.sql"),
    include_str!("sqlite/0010_reach.sql"),
    include_str!("sqlite/0011_jobs.sql"),
    include_str!("sqlite/0012_pages.sql"),
    include_str!("sqlite/0013_invitations.sql"),
    include_str!("sqlite/0014_orders.sql"),
    include_str!("sqlite/0015_undo.sql"),
    include_str!("sqlite/0016_turn.sql"),
    include_str!("sqlite/0017_rows.sql"),
];

/// The steps for PostgreSQL, in order.
pub(crate) const POSTGRES: &[&str] = &[
    include_str!("postgres/0001_first.sql"),
    include_str!("postgres/0002_nodes.sql"),
    include_str!("postgres/0003_intake.sql"),
    include_str!("postgres/0004_keys.sql"),
    include_str!("postgres/0005_console.sql"),
    include_str!("postgres/0006_borrow.sql"),
    include_str!("postgres/0007_renewal.sql"),
    include_str!("postgres/0008_stood.sql"),
    include_str!("postgres/0009_usage.sql"),
    include_str!("postgres/0010_reach.sql"),
    include_str!("postgres/0011_jobs.sql"),
    include_str!("postgres/0012_pages.sql"),
    include_str!("postgres/0013_invitations.sql"),
    include_str!("postgres/0014_orders.sql"),
    include_str!("postgres/0015_undo.sql"),
    include_str!("postgres/0016_turn.sql"),
    include_str!("postgres/0017_rows.sql"),
];

/// The schema version of this program.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a list written by hand is short"
)]
pub(crate) const KNOWN: u32 = SQLITE.len() as u32;

/// The schema version of a store; 0 when it is empty.
pub(crate) fn version(connection: &Connection) -> Result<u32, StoreError> {
    connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(|e| StoreError::of("schema version", e))
}

/// Brings a store to the schema of this program.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    run(connection, SQLITE)
}

/// Runs the steps that are missing, each in a transaction of its own.
pub(crate) fn run(connection: &mut Connection, steps: &[&str]) -> Result<(), StoreError> {
    let found = version(connection)?;
    for (number, step) in (1_u32..).zip(steps).skip(found as usize) {
        let run = |connection: &mut Connection| {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            transaction.execute_batch(step)?;
            transaction.pragma_update(None, "user_version", number)?;
            transaction.commit()
        };
        run(connection).map_err(|e| StoreError::of("migration", e))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a store from before has: licenses 1 (one pool), 2 (two pools) and 3 (none), accounts
    /// 1 (at work), 2 (long ago) and 3 (never), each with a folder, pools, sessions of the number.
    const BEFORE: &str = "
        WITH n (n) AS (VALUES (1), (2), (3)) INSERT INTO license (id, product_id, terms, issuer,
            key_id, auto_assign, imported_at, validated_at, version, reference_key, serial, model,
            starts_at, expires_at, ends_at, stale_at, awaits_agreement, search_text)
            SELECT CAST(printf('%016d', n) AS BLOB), zeroblob(16), '{}', '', '', 'off', 0, 0, 1, n, n, 'floating',
            0, 0, 0, 0, 0, '' FROM n;
        WITH n (license, folder) AS (VALUES (1, 5), (2, 5), (2, 6)) INSERT INTO pool (id,
            license_id, product_id, folder_id, size, occupied, model, expires_at, serial,
            usable_until, assignable) SELECT CAST(printf('%015d', license) || folder AS BLOB),
            CAST(printf('%016d', license) AS BLOB), zeroblob(16), CAST(printf('%016d', folder) AS BLOB), 1, 0, 'floating', 0, '',
            0, 1 FROM n;
        WITH n (n) AS (VALUES (1), (2), (3)) INSERT INTO app_user (id, person_id, username,
            username_key, folder_id, active, created_at, version, search_text)
            SELECT CAST(printf('%016d', n) AS BLOB), zeroblob(16), n, n, zeroblob(16), 1, 0, 1, '' FROM n;
        WITH n (n, at) AS (VALUES (1, 5), (2, 7)) INSERT INTO session (id, user_id, person_id,
            product_id, via, started_at, expires_at) SELECT CAST(printf('%016d', n) AS BLOB),
            CAST(printf('%016d', 1) AS BLOB), zeroblob(16), zeroblob(16), 'demo', at, 0 FROM n;
        INSERT INTO person_use (user_id, day, product_id, sessions, held_ms)
            VALUES (CAST(printf('%016d', 2) AS BLOB), 3, zeroblob(16), 1, 0),
            (CAST(printf('%016d', 2) AS BLOB), 4, zeroblob(16), 0, 9);
        UPDATE meta SET number = 12 WHERE name = 'last_event';";

    #[test]
    fn an_older_store_keeps_what_it_has_and_knows_where_licenses_stand_and_who_was_active() {
        let mut connection = Connection::open_in_memory().unwrap();
        let is_before = |step: &&&str| !step.contains("home_id");
        let before: Vec<&str> = SQLITE.iter().take_while(is_before).copied().collect();
        run(&mut connection, &before).unwrap();
        connection.execute_batch(BEFORE).unwrap();
        migrate(&mut connection).unwrap();
        let told = |sql: &str| -> Vec<Option<String>> {
            let mut statement = connection.prepare(sql).unwrap();
            let rows = statement.query_map([], |row| row.get(0)).unwrap();
            rows.map(Result::unwrap).collect()
        };
        let homes = told("SELECT CAST(home_id AS TEXT) FROM license ORDER BY serial");
        assert_eq!(homes, [Some("0000000000000005".to_owned()), None, None]);
        let seen = told("SELECT CAST(last_active_at AS TEXT) FROM app_user ORDER BY username");
        let three_days = (3 * 86_400_000_i64).to_string();
        assert_eq!(seen, ["7", &three_days, "0"].map(|at| Some(at.to_owned())));
        let upto = told("SELECT CAST(number AS TEXT) FROM meta WHERE name = 'seen_event'");
        assert_eq!(upto, [Some("12".to_owned())]);
        let used = told("SELECT sessions || ' ' || held_ms FROM person_use ORDER BY day");
        assert_eq!(used, ["1 0", "0 9"].map(|use_| Some(use_.to_owned())));
    }
}
