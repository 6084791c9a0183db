//! `/v1/sessions`: signing in, staying, signing out, and who is signed in.

mod borrow;
mod claims;

pub use borrow::{BorrowRequest, Borrowed, Returned, SessionHeld};
pub use claims::{BORROW_TYP, Claims, TOKEN_TYP};

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::page::pages;
use crate::{AccessLevel, EndReason, Modules, Secret, Time, Via};

/// A user asks to work in a product. Also what a check asks (`/v1/access/check`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    /// The username, compared without case.
    #[schema(example = "anna", max_length = 128)]
    pub user: String,
    /// The product's code, compared without case.
    #[schema(example = "esm", max_length = 64)]
    pub product: String,
    /// The lowest access level that will do; the best to be had when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<AccessLevel>,
    /// Codes of the modules that are needed; any will do when empty or absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modules: Vec<String>,
    /// What the application says of itself (host, version, device), for administrators to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub client: Option<String>,
}

/// A license, named for people and programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LicenseName {
    /// Its id here.
    pub id: Uuid,
    /// Its serial number.
    #[schema(example = "NW-ESM-001")]
    pub serial: String,
}

/// A granted sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignedIn {
    /// The session.
    pub id: Uuid,
    /// The user's id.
    pub user: Uuid,
    /// The username, as the account has it.
    pub username: String,
    /// The product's code, as the product has it.
    pub product: String,
    /// What carries the session.
    pub via: Via,
    /// The license that carries it, the one that ends first where there are several; none for a demo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<LicenseName>,
    /// The access level that it gives; none for a demo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<AccessLevel>,
    /// The modules that it gives.
    pub modules: Modules,
    /// Until when the session holds without a heartbeat.
    pub expires_at: Time,
    /// When the next heartbeat is due, in seconds from now.
    pub heartbeat_after_s: u64,
    /// A signed token that says all this and can be checked offline: a compact JWS.
    pub token: Secret,
}

/// The session holds on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Heartbeat {
    /// Until when it holds without a further heartbeat.
    pub expires_at: Time,
    /// When the next heartbeat is due, in seconds from now.
    pub heartbeat_after_s: u64,
}

/// One session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// Its id.
    pub id: Uuid,
    /// The user's id.
    pub user: Uuid,
    /// The username.
    pub username: String,
    /// The product's code.
    pub product: String,
    /// What carries it.
    pub via: Via,
    /// The license that carries it; none for a demo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<LicenseName>,
    /// When it began.
    pub started_at: Time,
    /// Until when it holds without a heartbeat.
    pub expires_at: Time,
    /// What the application said of itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Until when its seat is borrowed and so held; absent when it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub borrowed_until: Option<Time>,
    /// Why it was ended while borrowed: it is over for its user, and its seat is held until `borrowed_until`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub close_reason: Option<EndReason>,
    /// When it ended; absent while it lives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Time>,
    /// Why it ended; absent while it lives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_reason: Option<EndReason>,
}

pages! {
    /// A page of sessions, latest first.
    SessionPage of Session;
}

/// Which sessions are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SessionQuery {
    /// Of this user: username or id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// In this product: its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Carried by this license: its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<Uuid>,
    /// `true` or absent: those that live; `false`: those that ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<bool>,
    /// How many at most, 1 to 1000; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}
