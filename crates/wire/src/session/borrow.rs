//! `/v1/sessions/{id}/borrow` and `/return`: seats that go offline (H5).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::LicenseName;
use crate::{AccessLevel, Modules, Secret, Time, Via};

/// How long a seat shall be offline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BorrowRequest {
    /// Until when (exclusive).
    pub until: Time,
}

/// A borrowed seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Borrowed {
    /// The session.
    pub id: Uuid,
    /// The user's id.
    pub user: Uuid,
    /// The username.
    pub username: String,
    /// The product's code.
    pub product: String,
    /// What carries the session.
    pub via: Via,
    /// The license that carries it, the one that ends first where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<LicenseName>,
    /// The access level that it gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<AccessLevel>,
    /// The modules that it gives.
    pub modules: Modules,
    /// Until when (exclusive) it is borrowed.
    pub borrowed_until: Time,
    /// A signed token that says all this and can be checked offline until then: a compact JWS with the `typ`
    /// `seatkeeper-borrow+jwt`.
    pub token: Secret,
}

/// Whether a borrowed seat came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Returned {
    /// `false` when there was nothing to return.
    pub returned: bool,
}

/// A session that was ended while borrowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionHeld {
    /// Until when its seat is held, unless it is returned before.
    pub held_until: Time,
    /// Why, as a sentence.
    pub why: String,
}
