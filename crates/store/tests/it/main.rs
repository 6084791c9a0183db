//! The store, driven as the engine drives it: real commands, decided on working sets, saved
//! and read back. The functions of `conformance` take a store and know no database.

#![expect(clippy::unwrap_used, reason = "what fails here fails a test")]

mod conformance;
mod damage;
mod lists;
mod opening;
mod record;
mod rules;
mod saved;
mod world;
