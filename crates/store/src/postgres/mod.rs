//! PostgreSQL: the driver's connections as this crate uses them.
//!
//! Nodes are equal. What a batch of one reads and writes is kept from the others by one lock
//! ([`writer`]), which goes with the connection that holds it. Every question is a round trip,
//! so that writes go out together ([`pending`]) and what batches need is asked for ahead
//! (`crate::load::ahead`).
//!
//! Connections are driven by one thread of their own ([`io`]); whoever asks something waits for it
//! with a time limit, and gives a connection up that does not answer. Nothing is ever cancelled:
//! a server that is told to cancel a commit may answer that it is done, and lose it.

mod address;
mod ask;
mod error;
mod follower;
mod io;
mod line;
pub(crate) mod migrate;
mod pending;
mod pool;
mod prepared;
mod proof;
pub(crate) mod purpose;
mod session;
mod tables;
#[cfg(test)]
mod tests;
mod tls;
mod value;
pub(crate) mod watcher;
pub(crate) mod writer;

pub use address::{AddressError, Database};
pub use follower::Follower;
pub use watcher::{Look, Watcher};

pub(crate) use ask::Question;
pub(crate) use error::chain;
pub(crate) use io::Io;
pub(crate) use migrate::{look, migrate};
pub(crate) use pool::Pool;
pub(crate) use session::Session;
pub(crate) use tables::{Found, STORE, Tables};
pub(crate) use value::Cell;
pub(crate) use writer::{Transaction, Writer};
