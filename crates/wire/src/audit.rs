//! `/v1/audit`: whether the record is whole (R3).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a check of the whole record found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditReport {
    /// Whether nothing was altered or removed in between.
    pub ok: bool,
    /// How many events there are.
    pub events: u64,
    /// How many of them are sealed.
    pub sealed: u64,
    /// How many are too recent to be sealed.
    pub unsealed: u64,
    /// How many sealed blocks there are.
    pub blocks: u64,
    /// The first thing that is wrong, when something is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<AuditFault>,
}

/// What is wrong with the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditFault {
    /// In which block, counted from 1.
    pub block: u64,
    /// At which event, where one can be named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<i64>,
    /// What, in a sentence.
    pub detail: String,
}
