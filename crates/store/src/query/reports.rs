//! Reports: what was used and by whom, what nobody uses, and what ends.

pub(crate) mod ending;
pub(crate) mod idle;
pub(crate) mod used;
pub(crate) mod used_by;

pub use ending::EndingItem;
pub use idle::{IdleCounts, IdleFilter, IdleSeat, IdleSummary};
pub use used::{Grain, UsePoint};
pub use used_by::{UsedByFilter, UsedByItem};
