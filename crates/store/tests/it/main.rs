//! The store, driven as the engine drives it: real commands, decided on working sets, saved
//! and read back. A run is for SQLite, or, with `SEATKEEPER_TEST_STORE=postgres`, for the
//! PostgreSQL server in `SEATKEEPER_TEST_POSTGRES`; only what is about files stays with SQLite.

#![expect(clippy::unwrap_used, reason = "what fails here fails a test")]

mod ahead;
mod backup;
mod conformance;
mod copy;
mod damage;
mod lists;
mod opening;
mod place;
mod record;
mod rules;
mod saved;
mod tls;
mod usage;
mod world;
