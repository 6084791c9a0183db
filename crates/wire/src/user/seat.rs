//! `/v1/users/{id}/seats`: what a person holds, and where they work.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::session::Session;
use crate::{AccessLevel, Modules, Source, Time};

/// What a person holds, and where they work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserSeats {
    /// The dedicated seats of the person, also those assigned through linked accounts.
    pub seats: Vec<HeldSeat>,
    /// The live sessions of the person.
    pub sessions: Vec<Session>,
}

/// A dedicated seat of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HeldSeat {
    /// The seat's id.
    pub id: Uuid,
    /// The id of the account for which it was assigned.
    pub user: Uuid,
    /// The license's id.
    pub license: Uuid,
    /// The license's serial.
    pub serial: String,
    /// The product's code.
    pub product: String,
    /// What it lets its user do.
    pub access: AccessLevel,
    /// Which modules it gives.
    pub modules: Modules,
    /// The path of the folder in which the seat stands.
    pub folder: String,
    /// Since when.
    pub assigned_at: Time,
    /// Where the assignment comes from.
    pub sources: Vec<Source>,
    /// Since when it waits for its last session to end; absent when it doesn't.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub releasing_since: Option<Time>,
    /// Whether it is beyond what there is.
    pub unbacked: bool,
    /// Whether its license can be worked on at this moment.
    pub usable: bool,
}
