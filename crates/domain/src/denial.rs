//! A denied sign-in (A9): why, in words for the user and for the administrator.

use serde::{Deserialize, Serialize};

use crate::license::codes;

codes! {
    /// Why access was denied, in the order of A1 to A9.
    DenialCode {
        /// A1: no such account, and the policy adds none.
        UnknownUser = "unknown_user",
        /// A1: the account is not active.
        UserInactive = "user_inactive",
        /// A2: no license for the product ever arrived, or none is left.
        NotLicensed = "not_licensed",
        /// A3: more seats are occupied than exist.
        OverAllocated = "over_allocated",
        /// A7, A9: the license is over.
        LicenseExpired = "license_expired",
        /// A9: the license was not revalidated in time.
        LicenseStale = "license_stale",
        /// A9: the license has not started, or waits for its agreement.
        NotStarted = "not_started",
        /// A9: what is asked is not covered by what there is.
        ModuleNotLicensed = "module_not_licensed",
        /// A9: the user's seat is being released.
        ReleasePending = "release_pending",
        /// A9: every seat is taken, or the free ones can't be given.
        NoFreeSeat = "no_free_seat",
    }
}

/// A denied sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denial {
    /// The stable code.
    pub code: DenialCode,
    /// What the person should read.
    pub user_message: String,
    /// What the administrator should read: what to do about it.
    pub admin_message: String,
}
