//! `/v1/denials`: who was denied what, why, when and how often.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::page::pages;
use crate::{DenialCode, Time};

/// Denied sign-ins of one user to one product for one reason on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Denial {
    /// The username that was asked for.
    pub username: String,
    /// The account's id, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Uuid>,
    /// The product code that was asked for.
    pub product: String,
    /// Why.
    pub code: DenialCode,
    /// What the administrator should know: the latest wording.
    pub admin_message: String,
    /// The first time that day.
    pub first_at: Time,
    /// The last time that day.
    pub last_at: Time,
    /// How often that day.
    pub count: u64,
    /// The day, in UTC.
    #[schema(example = "2026-01-31")]
    pub day: String,
}

pages! {
    /// A page of denials, latest first.
    DenialPage of Denial;
}

/// Which denials are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DenialQuery {
    /// Of this user: username or id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// To this product: its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// For this reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub code: Option<DenialCode>,
    /// Not before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>, format = DateTime)]
    pub since: Option<Time>,
    /// Before (exclusive).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>, format = DateTime)]
    pub until: Option<Time>,
    /// How many at most, 1 to 1000; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}
