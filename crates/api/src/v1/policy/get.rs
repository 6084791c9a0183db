//! `GET /v1/policy`

use axum::extract::State;
use wire::path;
use wire::policy::Policy;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::policy;
use crate::extract::{Authorized, ViewLicenses};

/// Look at the policy.
#[utoipa::path(
    get,
    path = path::POLICY,
    tag = "Settings",
    responses((status = 200, description = "The policy in force, with its `ETag`.", body = Policy)),
    security(("bearer" = ["view_licenses"])),
)]
pub(crate) async fn get_policy(
    _caller: Authorized<ViewLicenses>,
    State(app): State<App>,
) -> Answer<Policy> {
    let current = app.engine.policy();
    Answer::ok(policy::policy(&current)).with_version(current.version)
}
