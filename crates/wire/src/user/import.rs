//! `/v1/users/import`: people from a CSV file with the columns `username,name,email,folder,active`.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// How a CSV file is taken in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UserImportQuery {
    /// Whether only to say what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

/// What became of a CSV file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UsersImported {
    /// How many accounts are new.
    pub created: u64,
    /// How many were changed.
    pub updated: u64,
    /// How many were so already.
    pub unchanged: u64,
    /// How many rows were refused.
    pub failed: u64,
    /// Which, the first 1000.
    pub errors: Vec<RowError>,
}

/// One row that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RowError {
    /// Which row; the header is row 1.
    pub row: u64,
    /// The stable code.
    pub code: String,
    /// Why, in a sentence.
    pub detail: String,
}
