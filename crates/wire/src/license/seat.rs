//! `/v1/licenses/{id}/seats`: who holds the dedicated seats of a license.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::page::pages;
use crate::{Source, Time};

/// A dedicated seat that is occupied, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SeatHolder {
    /// The seat's id.
    pub id: Uuid,
    /// The id of the account for which it was assigned.
    pub user: Uuid,
    /// Its username.
    pub username: String,
    /// The person's name, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
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
    /// Until when a session on it is borrowed, and so the seat held; absent when none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub borrowed_until: Option<Time>,
    /// When the holder last signed in to the product; absent when never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_active: Option<Time>,
}

pages! {
    /// A page of holders, longest held first.
    SeatHolderPage of SeatHolder;
}

/// Which part of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SeatQuery {
    /// How many at most, 1 to 1000; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}
