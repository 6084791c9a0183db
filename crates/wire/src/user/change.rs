//! `/v1/users/move`, `/v1/users/activate` and `/v1/users/deactivate`: many accounts at once (P4, S8).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::UserFilter;

/// Whose accounts are activated or deactivated: `users` or `everyone`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivateRequest {
    /// These users: usernames or ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users: Option<Vec<String>>,
    /// Instead: everyone who matches; `{}` is everyone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub everyone: Option<UserFilter>,
}

/// Whose accounts are moved: `users` or `everyone`; and where to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveUsersRequest {
    /// These users: usernames or ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users: Option<Vec<String>>,
    /// Instead: everyone who matches; `{}` is everyone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub everyone: Option<UserFilter>,
    /// The folder where they live from now on: id or path of one that is there.
    #[schema(example = "/Sales/EMEA")]
    pub to: String,
}

/// What became of many accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UsersChanged {
    /// Per user.
    pub results: Vec<UserChanged>,
    /// How often each code occurs.
    pub counts: BTreeMap<String, u64>,
}

/// What became of one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserChanged {
    /// The account's id, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Uuid>,
    /// The username, or what was asked for where there is no such account.
    pub username: String,
    /// `updated`, `unchanged` where it was so already, or why it could not be changed: the code of the refusal.
    pub code: String,
    /// Why it could not be changed, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}
