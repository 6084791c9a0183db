//! What the state of a license depends on besides the license.

use domain::{Millis, Timestamp};

use crate::engine::Engine;

/// The moment to judge a license by (L2).
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The time to judge by (L11).
    pub now: Timestamp,
    /// How long before its end a license is expiring, as the policy has it.
    pub warn_before: Millis,
}

impl Engine {
    /// This moment.
    pub fn moment(&self) -> Moment {
        Moment {
            now: self.now(),
            warn_before: self.policy().warn_before(),
        }
    }
}
