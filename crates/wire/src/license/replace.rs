//! `/v1/licenses/replace`, `/v1/replacements`: licenses take over from others, and back.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::Displaced;
use crate::page::pages;
use crate::{RestoreCode, Time};

/// Which license takes over from one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplaceRequest {
    /// The id of the license that comes.
    pub with: Uuid,
    /// Whether to do what fits when it has too few seats; otherwise nothing is done then.
    #[serde(default)]
    pub partly: bool,
}

/// Which licenses take over from which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplaceLicensesRequest {
    /// The ids of the licenses that go. When none is named: those that the new ones say they replace.
    #[serde(default)]
    pub old: Vec<Uuid>,
    /// The ids of the licenses that come, the first to be filled first.
    pub with: Vec<Uuid>,
    /// Whether to do what fits when they have too few seats; otherwise nothing is done then.
    #[serde(default)]
    pub partly: bool,
}

/// What a replacement came to, or would.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Replaced {
    /// The id by which it can be undone within 24 hours; absent when it was only asked what would happen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replacement: Option<Uuid>,
    /// How many holders have a seat of a new license now.
    pub moved: u32,
    /// How many go without one.
    pub left_out: u32,
    /// Every holder of an old license and what became of them, in the order in which they were served: longest held
    /// first.
    pub holders: Vec<Displaced>,
    /// Those of them who keep the old seat until sign-out, or were left out.
    pub displaced: Vec<Displaced>,
}

/// A license of a replacement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LicenseSerial {
    /// Its id here.
    pub id: Uuid,
    /// Its serial number.
    pub serial: String,
}

/// A replacement that took place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Replacement {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: Time,
    /// Who did it, as the record names them.
    pub by: String,
    /// The licenses that went.
    pub old: Vec<LicenseSerial>,
    /// The licenses that came.
    pub new: Vec<LicenseSerial>,
    /// How many holders were carried over.
    pub moved: u32,
    /// How many were left out.
    pub left_out: u32,
    /// Until when (exclusive) it can be undone.
    pub undo_until: Time,
    /// When it was undone; absent when it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_at: Option<Time>,
}

pages! {
    /// A page of replacements, latest first.
    ReplacementPage of Replacement;
}

/// Which part of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReplacementQuery {
    /// How many at most, 1 to 1000; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// What undoing a replacement came to, or would.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReplacementUndone {
    /// How many hold their old seat again.
    pub restored: u32,
    /// Every holder who had been carried over, longest held first.
    pub holders: Vec<Restored>,
}

/// What undoing a replacement came to for one holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Restored {
    /// The id of the account for which the seat had been assigned.
    pub user: Uuid,
    /// Its username; empty when the account is gone.
    pub username: String,
    /// The id of the license they held before.
    pub license: Uuid,
    /// What happened.
    pub code: RestoreCode,
    /// The same as a sentence.
    pub detail: String,
}
