//! `/v1/access`: what a sign-in would come to, and why. Changes nothing (A10).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::session::LicenseName;
use crate::{AccessLevel, DenialCode, Modules, Via};

/// What a sign-in would come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccessAnswer {
    /// Whether it would be granted.
    pub granted: bool,
    /// Why not, when it would be denied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<DenialCode>,
    /// What the person would read, when it would be denied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_message: Option<String>,
    /// What the administrator would read, when it would be denied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin_message: Option<String>,
    /// What would carry the session, when granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<Via>,
    /// The license that would carry it, when granted; none for a demo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<LicenseName>,
    /// The access level that it would give, when granted; none for a demo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<AccessLevel>,
    /// The modules that it would give, when granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modules: Option<Modules>,
    /// The steps taken, in order, up to the one that decided.
    pub explain: Vec<Finding>,
}

/// One step of the decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// The rule that was looked at, as the documentation numbers it.
    #[schema(example = "A4")]
    pub rule: String,
    /// What was found, in a sentence.
    pub finding: String,
}
