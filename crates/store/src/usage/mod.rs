//! What upkeep writes down about use, after the fact: [`hours`] how many seats of each product
//! were in use, [`visits`] who used what, [`seen`] when somebody last signed in.
//!
//! All are computed from what sign-ins leave anyway (sessions and the record), so that a sign-in
//! costs no more for them. Each step reads a snapshot, and writes its rows together with how far it
//! came in one transaction, which does nothing if another step came as far before: a restart in
//! between, or two nodes at once, change no figure.

pub(crate) mod hours;
pub(crate) mod seen;
pub(crate) mod visits;

pub use hours::{HoursOfUse, ProductHour};
pub use seen::Seen;
pub use visits::Visits;
