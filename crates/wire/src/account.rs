//! `/v1/accounts`: who may sign in to the web console (R1).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::page::pages;
use crate::{Role, Secret, Time, patch};

/// An account of the web console. Its password is not shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Account {
    /// Its id.
    pub id: Uuid,
    /// What it signs in with; the record names its acts by this.
    pub name: String,
    /// The person's full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
    /// What it may do.
    pub role: Role,
    /// The folder to which it is limited, with what is below it; everywhere when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<Uuid>,
    /// That folder's path; absent also when the folder is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Whether it may sign in.
    pub active: bool,
    /// When it was made.
    pub created_at: Time,
    /// Counts changes; the `ETag`.
    pub version: u32,
}

pages! {
    /// The accounts, by name.
    AccountPage of Account;
}

/// An account to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// What it signs in with, unique without case.
    #[schema(max_length = 128)]
    pub name: String,
    /// The person's full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub full_name: Option<String>,
    /// What it may do; not `application`.
    pub role: Role,
    /// The folder to which it is to be limited, with what is below it: its path or id. Only with the
    /// role `manager`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Its password: at least 10 characters, and not with its name in it.
    pub password: Secret,
}

/// What changes on an account; what is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountPatch {
    /// Another full name, or none.
    #[serde(
        default,
        deserialize_with = "patch::nullable",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>, required = false, max_length = 200)]
    pub full_name: Option<Option<String>>,
    /// Another role.
    #[serde(
        default,
        deserialize_with = "patch::present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Role, required = false)]
    pub role: Option<Role>,
    /// The path or id of the folder to which it is limited from now on, or `null`: nowhere.
    #[serde(
        default,
        deserialize_with = "patch::nullable",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>, required = false)]
    pub folder: Option<Option<String>>,
    /// Another password; signs the account out everywhere.
    #[serde(
        default,
        deserialize_with = "patch::present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = String, required = false)]
    pub password: Option<Secret>,
    /// `false` signs the account out everywhere and lets it in no more.
    #[serde(
        default,
        deserialize_with = "patch::present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = bool, required = false)]
    pub active: Option<bool>,
}
