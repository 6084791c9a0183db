//! `/v1/me`: who the caller is, and where.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Permission, Role};

/// The caller, and the installation that answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// The token's name.
    pub name: String,
    /// Its role.
    pub role: Role,
    /// The path of the folder to which that is limited; everywhere when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// What that role may do.
    pub permissions: Vec<Permission>,
    /// The installation's id.
    pub installation: Uuid,
    /// The company id of the installation, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
}
