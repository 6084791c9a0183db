//! The sealed record: what was written down once can't be altered or removed unseen (R3).
//!
//! Events are appended without being chained, so that commits never wait for each other.
//! Behind them, seals are put on blocks of events: [`crate::Reader::next_seal`] hashes the
//! events after the last block on a snapshot, in the background, and
//! [`crate::Transaction::put_seal`] writes the one row that results. A block's hash covers
//! the hash before it, so that whoever keeps one hash elsewhere can prove the whole record up
//! to it. What is in a hash, byte by byte, stands in [`hash`].

pub mod hash;
pub(crate) mod seal;
pub(crate) mod verify;

pub use seal::Seal;
pub use verify::{AuditFault, AuditReport, FaultKind};
