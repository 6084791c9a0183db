//! Which users: the same words in lists and in bulk operations (S7).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::words::words;

/// Everyone who matches all of these. Empty: everyone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserFilter {
    /// With this text in the username, the name or the address. In an installation of more than
    /// 10,000 users: whose username, name, last word of the name or address begins with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Who live in this folder: id or path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Whether the folders below count too; `false` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<bool>,
    /// Who are active, or are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// Who hold a seat of this product: its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Who hold no seat of this product: its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unlicensed: Option<String>,
}

words! {
    /// How users are ordered; ties by username.
    UserSort {
        /// By username.
        Username = "username",
        /// By username, last first.
        UsernameDown = "-username",
        /// By name; those without one first.
        Name = "name",
        /// By name, last first.
        NameDown = "-name",
        /// By the path of the folder.
        Folder = "folder",
        /// By the path of the folder, last first.
        FolderDown = "-folder",
        /// Those who are not active first.
        Active = "active",
        /// Those who are active first.
        ActiveDown = "-active",
        /// Those who never signed in first, then those whose last sign-in is longest ago.
        LastActive = "last_active",
        /// The latest sign-in first.
        LastActiveDown = "-last_active",
    }
}

/// Which users are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UserQuery {
    /// With this text in the username, the name or the address. In an installation of more than
    /// 10,000 users: whose username, name, last word of the name or address begins with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// With exactly this username, compared without case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Who live in this folder: id or path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Whether the folders below count too; `false` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<bool>,
    /// Who are active, or are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// Who hold a seat of this product: its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Who hold no seat of this product: its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unlicensed: Option<String>,
    /// In this order; by username when absent. Among more than 10,000 users those by username who
    /// match `q` come best match first: usernames, then names, last words of names, addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub sort: Option<UserSort>,
    /// How many at most, 1 to 1000; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl UserQuery {
    /// The filter alone; a username is looked up and not filtered by.
    pub fn filter(&self) -> UserFilter {
        UserFilter {
            q: self.q.clone(),
            folder: self.folder.clone(),
            below: self.below,
            active: self.active,
            product: self.product.clone(),
            unlicensed: self.unlicensed.clone(),
        }
    }
}
