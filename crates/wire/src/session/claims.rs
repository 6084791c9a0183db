//! What session tokens (H4) and tokens of borrowed seats (H5) say.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{AccessLevel, Modules, Via};

/// The `typ` in a session token's header.
pub const TOKEN_TYP: &str = "seatkeeper-session+jwt";

/// The `typ` in the header of the token of a borrowed seat (H5).
pub const BORROW_TYP: &str = "seatkeeper-borrow+jwt";

/// The payload of a session token, and of the token of a borrowed seat. Times are seconds since 1970-01-01T00:00:00Z (RFC 7519, NumericDate).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Claims {
    /// Who says so: the installation's id.
    pub iss: Uuid,
    /// The user's id.
    pub sub: Uuid,
    /// For which product: its code. An application takes only its own.
    pub aud: String,
    /// The session's id.
    pub sid: Uuid,
    /// The username.
    pub username: String,
    /// What carries the session.
    pub via: Via,
    /// The serial of the license that carries it; none for a demo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lic: Option<String>,
    /// The access level that it gives; none for a demo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<AccessLevel>,
    /// The modules that it gives.
    pub modules: Modules,
    /// When it was issued.
    pub iat: i64,
    /// From when it holds.
    pub nbf: i64,
    /// From when it does not hold any more.
    pub exp: i64,
}
