//! The first promise: never one seat too many and none lost, whatever runs at once and whenever
//! the server dies.
//!
//! Clients keep a record of what they were told (`ledger.rs`), a gate counts what is held at
//! this moment (`gate.rs`), workers load the server (`worker.rs`). After each kill the record is
//! compared with what the server has come back with (`reckoning.rs`).

mod crowd;
mod gate;
mod import;
mod kill;
mod ledger;
mod reckoning;
mod worker;
