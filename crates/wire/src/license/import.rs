//! `/v1/licenses/import`: a license file comes in, whole or not at all.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::Displaced;
use crate::ImportCode;

/// How a license file is taken in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// Where new seats stand: the folder's id or path; the root when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Whether only to say what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

/// What became of a license file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportedLicenses {
    /// Each license of the file, in its order.
    pub licenses: Vec<ImportedLicense>,
    /// How many are new.
    pub added: u64,
    /// How many got new terms.
    pub updated: u64,
    /// How many were known already.
    pub unchanged: u64,
}

/// What became of one license of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportedLicense {
    /// Its id here; absent when a new one was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// The issuer's id of it.
    pub reference: String,
    /// Its serial number.
    pub serial: String,
    /// The product's code, as the file has it.
    pub product: String,
    /// What happened.
    pub code: ImportCode,
    /// Why it was refused: a stable code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// Why it was refused: a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The seats it has now; 0 for a site license.
    pub seats: u32,
    /// Who is affected by fewer seats, in the order in which they lose.
    #[serde(default)]
    pub displaced: Vec<Displaced>,
}
