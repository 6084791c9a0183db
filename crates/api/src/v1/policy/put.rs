//! `PUT /v1/policy`

use axum::extract::State;
use domain::Command;
use wire::path;
use wire::policy::Policy;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::policy;
use crate::extract::{Authorized, IfMatch, Json, ManageSettings};
use crate::openapi::IfMatchHeader;
use crate::problem::Problem;

/// Change the policy.
///
/// What was read is changed and sent back as a whole. The version that is meant is the one in
/// `If-Match`, or else the body's `version`; with neither, whatever there is.
#[utoipa::path(
    put,
    path = path::POLICY,
    tag = "Settings",
    params(IfMatchHeader),
    request_body(content = Policy, description = "All of the policy."),
    responses(
        (status = 200, description = "The policy as it is now, with its `ETag`.", body = Policy),
        (status = 412, description = "It was changed in between.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 422, description = "The values can't be used.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_settings"])),
)]
pub(crate) async fn put_policy(
    caller: Authorized<ManageSettings>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Json(body): Json<Policy>,
) -> Result<Answer<Policy>, Problem> {
    let version = version.or(body.version);
    let command = Command::SetPolicy {
        policy: policy::to_policy(body)?,
        version,
    };
    app.engine.run(caller.actor(), command, None).await?;
    let current = app.engine.policy();
    Ok(Answer::ok(policy::policy(&current)).with_version(current.version))
}
