//! `/v1/tokens`: who may call this interface (R1).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::page::pages;
use crate::{Role, Secret, Time};

/// An API token; its secret is not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Token {
    /// Its id.
    pub id: Uuid,
    /// Its name, as the record names whoever uses it.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The folder to which it is limited, with what is below it; everywhere when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<Uuid>,
    /// That folder's path; absent also when the folder is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// When it was made.
    pub created_at: Time,
    /// From when it does not work any more; never when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Time>,
}

pages! {
    /// A page of tokens, by name.
    TokenPage of Token;
}

/// A token to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// Its name, as the record will name whoever uses it.
    #[schema(max_length = 100)]
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The folder to which it is to be limited, with what is below it: its path or id. Only with the
    /// role `manager`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// From when it does not work any more; never when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Time>,
}

/// A token that was just made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CreatedToken {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The folder to which it is limited, with what is below it; everywhere when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<Uuid>,
    /// That folder's path; absent also when the folder is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// When it was made.
    pub created_at: Time,
    /// From when it does not work any more; never when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Time>,
    /// The secret, for `authorization: Bearer …`. Shown this once.
    pub token: Secret,
}
