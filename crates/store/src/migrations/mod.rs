//! Bringing a store to the schema of this program. See the README beside this file.

use rusqlite::{Connection, TransactionBehavior};

use crate::error::StoreError;

/// The steps for SQLite, in order; the first is version 1.
pub(crate) const SQLITE: &[&str] = &[
    include_str!("sqlite/0001_first.sql"),
    include_str!("sqlite/0003_nodes.sql"),
    include_str!("sqlite/0004_intake.sql"),
    include_str!("sqlite/0005_keys.sql"),
    include_str!("sqlite/0006_console.sql"),
    include_str!("sqlite/0007_borrow.sql"),
    include_str!("sqlite/0008_renewal.sql"),
    include_str!("sqlite/0009_stood.sql"),
    include_str!("sqlite/0010_usage.sql"),
    include_str!("sqlite/0011_reach.sql"),
    include_str!("sqlite/0012_jobs.sql"),
    include_str!("sqlite/0013_pages.sql"),
    include_str!("sqlite/0014_invitations.sql"),
    include_str!("sqlite/0015_orders.sql"),
    include_str!("sqlite/0016_undo.sql"),
];

/// The steps for PostgreSQL, in order.
pub(crate) const POSTGRES: &[&str] = &[
    include_str!("postgres/0001_first.sql"),
    include_str!("postgres/0003_nodes.sql"),
    include_str!("postgres/0004_intake.sql"),
    include_str!("postgres/0005_keys.sql"),
    include_str!("postgres/0006_console.sql"),
    include_str!("postgres/0007_borrow.sql"),
    include_str!("postgres/0008_renewal.sql"),
    include_str!("postgres/0009_stood.sql"),
    include_str!("postgres/0010_usage.sql"),
    include_str!("postgres/0011_reach.sql"),
    include_str!("postgres/0012_jobs.sql"),
    include_str!("postgres/0013_pages.sql"),
    include_str!("postgres/0014_invitations.sql"),
    include_str!("postgres/0015_orders.sql"),
    include_str!("postgres/0016_undo.sql"),
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
