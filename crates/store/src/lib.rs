//! The only room with SQL: what is kept, how it is loaded for decisions, saved, and listed.
//!
//! [`Store::open`] gives a [`Store`], through which anybody reads snapshots, and the one
//! [`Writer`]. A write is a [`Transaction`]: `load` what decisions need into a
//! [`domain::WorkingSet`], decide, `save` its changes, `commit`.
//!
//! A store is a data folder with SQLite in it, or a PostgreSQL database on which any number of
//! nodes work. Both are the same to whoever uses one.
//!
//! Where things are: `sql` the thin layer over the drivers, `postgres` the second one, `migrations` the schema, `rows`
//! a row as a value of the domain, `load` the answers to [`domain::Need`]s, `save` the
//! changes of a set, [`query`] what lists and pages show, [`audit`] the sealed record,
//! [`usage`] what upkeep writes down about use, [`check`] the rules that the data must obey,
//! [`backup`] one file that holds all of it, [`copy`] the way from one store into another,
//! [`ledger`] what a vendor's license service keeps.
//!
//! To add a column: a migration for both databases, the statement and the reader in `rows`,
//! and the writer in `save`. To add a list: a file in `query`, and its statements in the tests
//! that prepare and explain them.

pub mod audit;
pub mod backup;
pub mod check;
mod connection;
pub mod copy;
mod error;
mod file;
mod job_changes;
mod keep;
pub mod ledger;
mod load;
mod lock;
mod meta;
mod migrations;
mod nodes;
mod open;
mod postgres;
pub mod query;
mod reader;
#[cfg(test)]
mod registry;
mod rows;
mod save;
mod sql;
pub mod usage;
mod writer;

pub use error::{Away, OpenError, StoreError};
pub use file::StoreFile;
pub use keep::Kept;
pub use load::Ahead;
pub use open::{Store, StoreOptions};
pub use postgres::{AddressError, Database, Follower, Look, Watcher};
pub use reader::Reader;
pub use writer::{Mark, Transaction, Writer};
