//! Rows that are nothing but rows: no rule has more to say of them.

use crate::actor::{Reach, Role};
use crate::denial::DenialCode;
use crate::ids::{TokenId, UserId};
use crate::names::TokenName;
use crate::time::Timestamp;

/// An API token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// What people call it; the record names its acts by this.
    pub name: TokenName,
    /// What it may do.
    pub role: Role,
    /// How far that goes.
    pub reach: Reach,
    /// SHA-256 of the secret, lower-case hexadecimal.
    pub hash: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when it does not work any more.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl Token {
    /// Whether it works at a moment.
    pub fn is_in_force(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// A denial to be counted (A9): who, what, why, when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DenialRecord {
    /// When.
    pub at: Timestamp,
    /// The username as it was given.
    pub username: String,
    /// The account, where there is one.
    pub user: Option<UserId>,
    /// The product's code as it was given.
    pub product: String,
    /// Why.
    pub code: DenialCode,
    /// The sentence for the administrator.
    pub admin_message: String,
}

/// What a delete-all takes away, counted (L7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Totals {
    /// Licenses that are not removed.
    pub licenses: u64,
    /// Occupied dedicated seats.
    pub seats: u64,
    /// Sessions that have not ended.
    pub sessions: u64,
}
