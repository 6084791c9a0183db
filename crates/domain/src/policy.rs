//! What the administrator of an installation decides once for all.

use serde::{Deserialize, Serialize};

use crate::license::{AutoAssign, Model, codes};
use crate::names::CompanyId;
use crate::time::{Millis, Timestamp};

codes! {
    /// A place in which seats are looked for.
    Place {
        /// The folder in which the user lives.
        UserFolder = "user_folder",
        /// The root of the tree.
        Root = "root",
    }
    /// Who is denied while a product is over-allocated (A3).
    OverAllocation {
        /// Only holders of unbacked seats.
        LockUnbacked = "lock_unbacked",
        /// Everyone.
        LockProduct = "lock_product",
    }
}

/// One step of the allocation at sign-in (A8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// `dedicated` or `floating`.
    pub model: Model,
    /// Where.
    pub place: Place,
}

/// The policies of an installation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Whether an unknown user who signs in becomes an account (A1).
    pub auto_add_users: bool,
    /// How many people may work at once on a product that was never licensed (A2).
    pub demo_seats: u32,
    /// Who is denied while a product is over-allocated (A3).
    pub over_allocation: OverAllocation,
    /// Where a grant looks for seats, in order (S3).
    pub folder_search: Vec<Place>,
    /// What a sign-in takes by itself, in order; empty: nothing (A8).
    pub auto_allocation: Vec<Step>,
    /// Whether a sign-in trades an expired seat for a new one (A7).
    pub renew_at_sign_in: bool,
    /// The auto-assign of a new license (S9).
    pub auto_assign_default: AutoAssign,
    /// How long before its end a license is `expiring` (L2), in days.
    pub warning_days: u16,
    /// How long a session holds without a heartbeat (H1), in seconds, 30 to 604,800.
    pub session_timeout_s: u32,
    /// For how many days a seat can be borrowed at most (H5), 0 to 366; 0: nobody borrows.
    #[serde(default)]
    pub borrow_days: u16,
    /// How many sessions of one product can be borrowed at once (H5).
    #[serde(default)]
    pub borrow_at_most: u32,
    /// Our company id; a document for another is refused (L5). The first document that names
    /// one sets it.
    #[serde(default)]
    pub company: Option<CompanyId>,
    /// Whether this server may talk to issuers' license services (I2, I3). Otherwise licenses come as files only.
    #[serde(default = "yes")]
    pub internet: bool,
    /// Counts changes, for optimistic concurrency.
    pub version: u32,
}

const fn yes() -> bool {
    true
}

impl Default for Policy {
    fn default() -> Self {
        let step = |model, place| Step { model, place };
        Self {
            auto_add_users: true,
            demo_seats: 0,
            over_allocation: OverAllocation::LockUnbacked,
            folder_search: vec![Place::UserFolder, Place::Root],
            auto_allocation: vec![
                step(Model::Floating, Place::UserFolder),
                step(Model::Floating, Place::Root),
                step(Model::Dedicated, Place::UserFolder),
                step(Model::Dedicated, Place::Root),
            ],
            renew_at_sign_in: false,
            auto_assign_default: AutoAssign::AsNeeded,
            warning_days: 30,
            session_timeout_s: 600,
            borrow_days: 0,
            borrow_at_most: 10,
            company: None,
            internet: true,
            version: 1,
        }
    }
}

impl Policy {
    /// Shortest and longest session time-out, in seconds.
    pub const TIMEOUT_RANGE: std::ops::RangeInclusive<u32> = 30..=604_800;

    /// The longest that a seat can be borrowed, in days.
    pub const MOST_BORROW_DAYS: u16 = 366;

    /// What is wrong with these values, as a sentence; `None` when they can be used.
    pub fn fault(&self) -> Option<String> {
        let range = Self::TIMEOUT_RANGE;
        if !range.contains(&self.session_timeout_s) {
            return Some(format!(
                "session_timeout_s is {}; it must be from {} to {} seconds",
                self.session_timeout_s,
                range.start(),
                range.end()
            ));
        }
        if self.borrow_days > Self::MOST_BORROW_DAYS {
            return Some(format!(
                "borrow_days is {}; it must be from 0 to {} days",
                self.borrow_days,
                Self::MOST_BORROW_DAYS
            ));
        }
        if self
            .auto_allocation
            .iter()
            .any(|step| step.model == Model::Site)
        {
            return Some(
                "auto_allocation has a step for site licenses, which have no seats".into(),
            );
        }
        let doubled = |n: usize, same: &dyn Fn(usize, usize) -> bool| {
            (0..n).any(|i| (0..i).any(|j| same(i, j)))
        };
        let steps = &self.auto_allocation;
        if doubled(steps.len(), &|i, j| steps[i] == steps[j]) {
            return Some("auto_allocation names a step twice".into());
        }
        let places = &self.folder_search;
        if doubled(places.len(), &|i, j| places[i] == places[j]) {
            return Some("folder_search names a place twice".into());
        }
        if places.is_empty() {
            return Some("folder_search is empty; a grant would never find a seat".into());
        }
        None
    }

    /// The session time-out.
    pub fn session_timeout(&self) -> Millis {
        Millis::seconds(i64::from(self.session_timeout_s))
    }

    /// How long before its end a license is `expiring`.
    pub fn warn_before(&self) -> Millis {
        Millis::days(i64::from(self.warning_days))
    }

    /// Until when a session holds that is confirmed at `now`: the time-out and a tenth more,
    /// so that a heartbeat soon after need not be written (see [`Self::lease_suffices`]).
    pub fn lease(&self, now: Timestamp) -> Timestamp {
        let timeout = self.session_timeout().get();
        now.plus(Millis::new(timeout + timeout / 10))
    }

    /// Whether a kept lease still gives the whole time-out from `now`.
    pub fn lease_suffices(&self, expires_at: Timestamp, now: Timestamp) -> bool {
        now.plus(self.session_timeout()) <= expires_at
    }
}
