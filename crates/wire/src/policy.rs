//! `/v1/policy`: what the administrator of an installation decides once for all.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AutoAssign, Model, OverAllocation, Place};

/// The policy. What is read can be changed and written back as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Whether an unknown user who signs in becomes an account.
    pub auto_add_users: bool,
    /// How many people may work at once on a product that was never licensed.
    pub demo_seats: u32,
    /// Who is denied while a product is over-allocated.
    pub over_allocation: OverAllocation,
    /// Where a grant looks for seats, in order.
    pub folder_search: Vec<Place>,
    /// What a sign-in takes by itself, in order; empty: nothing.
    pub auto_allocation: Vec<AllocationStep>,
    /// Whether a sign-in trades an expired seat for a new one.
    pub renew_at_sign_in: bool,
    /// The auto-assign of a new license.
    pub auto_assign_default: AutoAssign,
    /// How long before its end a license is `expiring`, in days.
    pub warning_days: u16,
    /// How long a session holds without a heartbeat, in seconds.
    #[schema(minimum = 30, maximum = 604_800)]
    pub session_timeout_s: u32,
    /// For how many days a seat can be borrowed at most; 0: nobody borrows.
    #[schema(maximum = 366)]
    pub borrow_days: u16,
    /// How many sessions of one product can be borrowed at once.
    pub borrow_at_most: u32,
    /// The company id of this installation, as agreed with issuers: licenses for another one are refused.
    /// While there is none, licenses for any company are taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// Whether this server may talk to issuers' license services; otherwise licenses come as files only.
    #[serde(default = "yes")]
    pub internet: bool,
    /// Counts changes; the `ETag`. When written: the version that is meant, unless absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
}

fn yes() -> bool {
    true
}

/// One step of the allocation at sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AllocationStep {
    /// `dedicated` or `floating`.
    pub model: Model,
    /// Where.
    pub place: Place,
}
