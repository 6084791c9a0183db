//! License keys and refreshing: what issuers' license services are asked for.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Displaced, ImportedLicense};
use crate::{AccessLevel, Model, Modules, RefreshCode, Secret, Time};

/// A license key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddLicenseRequest {
    /// The key, as the vendor sent it; dashes, spaces and case don't matter.
    #[schema(value_type = String, example = "SK-00001-00002-00003-00004-00005")]
    pub key: Secret,
    /// Whose key it is, where license services of several issuers are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Where new seats stand: the folder's id or path; the root when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Whether the license is taken in. Otherwise it is only shown what the key would bring.
    #[serde(default)]
    pub confirm: bool,
}

/// What a license key brings, or brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AddedLicense {
    /// Whether the license is here now; otherwise this was only a look.
    pub confirmed: bool,
    /// Who issues it.
    pub issuer: String,
    /// The product's name.
    pub product_name: String,
    /// How seats are used.
    pub model: Model,
    /// What a seat lets its user do.
    pub access: AccessLevel,
    /// Which modules a seat gives.
    pub modules: Modules,
    /// From when.
    pub starts_at: Time,
    /// Until when (exclusive); perpetual when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Time>,
    /// How often it must be refreshed, in days; never when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revalidate_days: Option<u32>,
    /// Whether there is an agreement to be accepted before it takes effect.
    pub has_agreement: bool,
    /// What becomes of it here.
    pub license: ImportedLicense,
}

/// Which licenses are refreshed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshRequest {
    /// Their ids; all that can be refreshed when empty or absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub licenses: Vec<Uuid>,
}

/// What a refresh came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RefreshedLicenses {
    /// Each license.
    pub licenses: Vec<RefreshedLicense>,
    /// How many were confirmed as they are.
    pub confirmed: u64,
    /// How many got new terms.
    pub updated: u64,
    /// How many their issuer withdrew.
    pub withdrawn: u64,
    /// Of how many their issuer's service said nothing of use. Nothing was changed on those.
    pub failed: u64,
}

/// What a refresh of one license came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RefreshedLicense {
    /// Its id here.
    pub id: Uuid,
    /// Its serial number.
    pub serial: String,
    /// What happened.
    pub code: RefreshCode,
    /// What went wrong: a stable code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "service_unreachable")]
    pub fault: Option<String>,
    /// What went wrong: a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The seats it has now; 0 for a site license.
    pub seats: u32,
    /// Until when (exclusive); perpetual when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Time>,
    /// How many days people can work on it without a refresh; as long as it runs when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_until_stale: Option<u32>,
    /// When it is refreshed next by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_refresh_at: Option<Time>,
    /// Who is affected by fewer seats, in the order in which they lose.
    #[serde(default)]
    pub displaced: Vec<Displaced>,
}

/// How the refreshing of a license stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RefreshState {
    /// When it was last tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempted_at: Option<Time>,
    /// When it last succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub succeeded_at: Option<Time>,
    /// When it is tried next by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Time>,
    /// What stands in the way, if anything does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<RefreshTrouble>,
}

/// Attempts to refresh a license that failed since the last success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RefreshTrouble {
    /// When the first one failed.
    pub since: Time,
    /// How many failed.
    pub attempts: u32,
    /// What went wrong last: a stable code.
    #[schema(example = "service_unreachable")]
    pub fault: String,
    /// What went wrong last: a sentence.
    pub detail: String,
}
