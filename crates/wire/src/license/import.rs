//! `/v1/licenses/import`: license files come in, all of them whole or none at all.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::Displaced;
use crate::ImportCode;

/// How license files are taken in.
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
    /// The code of the product that Keygen's license files are for; the one that the file suggests when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
}

/// What became of license files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportedLicenses {
    /// Each license of the file, in its order.
    pub licenses: Vec<ImportedLicense>,
    /// How many are new.
    pub added: u64,
    /// How many got new terms.
    pub updated: u64,
    /// How many a response gave more.
    #[serde(default)]
    pub extended: u64,
    /// How many a response gave less.
    #[serde(default)]
    pub shrunk: u64,
    /// How many a response took back.
    #[serde(default)]
    pub withdrawn: u64,
    /// How many were known already.
    pub unchanged: u64,
    /// What was in archives beside license files, and was not looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<String>,
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
    /// The file that it came in, with the path inside an archive; absent for pasted text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
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
