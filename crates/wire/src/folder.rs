//! `/v1/folders`: the tree in which users and pools live.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::page::pages;
use crate::patch;

/// A folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Folder {
    /// Its id.
    pub id: Uuid,
    /// The id of the folder it is in; null for the root.
    pub parent: Option<Uuid>,
    /// Its name; empty for the root.
    pub name: String,
    /// The names from the root down.
    #[schema(example = "/Sales/EMEA")]
    pub path: String,
    /// How many users live in it, not counting folders below.
    pub users: u64,
    /// How many licenses have seats in it, not counting folders below.
    pub pools: u64,
    /// Counts changes; the `ETag`.
    pub version: u32,
}

pages! {
    /// A page of folders, by path.
    FolderPage of Folder, total;
}

/// A folder to be made: `name`, and `parent` unless it is in the root; or `path`, of which what is missing is made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFolder {
    /// The folder it is in, id or path; the root when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub name: Option<String>,
    /// Instead of both: the names from the root down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "/Sales/EMEA")]
    pub path: Option<String>,
}

/// What changes on a folder; what is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FolderPatch {
    /// Its new name.
    #[serde(
        default,
        deserialize_with = "patch::present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = String, required = false, max_length = 100)]
    pub name: Option<String>,
    /// The folder it goes to, id or path.
    #[serde(
        default,
        deserialize_with = "patch::present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = String, required = false)]
    pub parent: Option<String>,
}

/// Which folders are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FolderQuery {
    /// With this text in the path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// How many at most, 1 to 1000; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}
