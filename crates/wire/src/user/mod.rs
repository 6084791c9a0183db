//! `/v1/users`: accounts and the people behind them.

mod change;
mod import;
mod query;
mod seat;

pub use change::{ActivateRequest, MoveUsersRequest, UserChanged, UsersChanged};
pub use import::{RowError, UserImportQuery, UsersImported};
pub use query::{UserFilter, UserQuery, UserSort};
pub use seat::{HeldSeat, UserSeats};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::page::pages;
use crate::{Time, patch};

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct User {
    /// Its id.
    pub id: Uuid,
    /// The id of the human behind it; linked accounts share it.
    pub person: Uuid,
    /// What it signs in with, unique without case.
    pub username: String,
    /// The person's full name, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The person's address, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The id of the folder it lives in.
    pub folder: Uuid,
    /// The path of that folder.
    #[schema(example = "/Sales/EMEA")]
    pub path: String,
    /// Whether it may work at all.
    pub active: bool,
    /// When it was made.
    pub created_at: Time,
    /// When it last signed in, to any product; absent when it never did. Written down afterwards:
    /// some ten seconds late, and not anew within ten minutes. Does not change the `ETag`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_active: Option<Time>,
    /// Counts changes; the `ETag`.
    pub version: u32,
}

pages! {
    /// A page of users.
    UserPage of User;
}

/// An account to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// What it signs in with.
    #[schema(example = "anna", max_length = 128)]
    pub username: String,
    /// The person's full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub name: Option<String>,
    /// The person's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 254)]
    pub email: Option<String>,
    /// Where it lives: the folder's id, or its path, of which what is missing is made; the root when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Whether it may work; `true` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

/// What changes on an account. What is absent stays as it is; `null` empties.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// A new username.
    #[serde(
        default,
        deserialize_with = "patch::present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = String, required = false, max_length = 128)]
    pub username: Option<String>,
    /// A new name, or none.
    #[serde(
        default,
        deserialize_with = "patch::nullable",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>, required = false, max_length = 200)]
    pub name: Option<Option<String>>,
    /// A new address, or none.
    #[serde(
        default,
        deserialize_with = "patch::nullable",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>, required = false, max_length = 254)]
    pub email: Option<Option<String>>,
    /// Another folder, id or path. The seats stay.
    #[serde(
        default,
        deserialize_with = "patch::present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = String, required = false)]
    pub folder: Option<String>,
    /// `false` ends the sessions and frees the seats.
    #[serde(
        default,
        deserialize_with = "patch::present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = bool, required = false)]
    pub active: Option<bool>,
}

/// The account whose person an account joins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkRequest {
    /// Username or id.
    pub with: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_tells_absent_from_null() {
        let patch: UserPatch = serde_json::from_str(r#"{"name":null}"#).unwrap();
        assert_eq!(patch.name, Some(None));
        assert_eq!(patch.email, None);
        assert_eq!(serde_json::to_string(&patch).unwrap(), r#"{"name":null}"#);
    }

    #[test]
    fn what_cannot_be_empty_refuses_null() {
        assert!(serde_json::from_str::<UserPatch>(r#"{"username":null}"#).is_err());
        assert!(serde_json::from_str::<UserPatch>(r#"{"active":null}"#).is_err());
    }

    #[test]
    fn an_unknown_field_is_named() {
        let error = serde_json::from_str::<NewUser>(r#"{"username":"anna","mail":"a@b"}"#);
        assert!(error.unwrap_err().to_string().contains("`mail`"));
    }
}
