//! `POST /v1/users/activate` and `/v1/users/deactivate`

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::IntoResponse;
use domain::{Outcome, Timestamp};
use engine::{Bulk, StepAnswer};
use store::Reader;
use wire::grant::BulkQuery;
use wire::job::JobStarted;
use wire::path;
use wire::user::{ActivateRequest, UserChanged, UsersChanged};

use crate::app::App;
use crate::bulk;
use crate::extract::{Authorized, LargeJson, ManageUsers, Query};
use crate::problem::Problem;

/// Let users work again.
///
/// Users or everyone who matches. They get no seats by it. Who is active already is left alone.
#[utoipa::path(
    post,
    path = path::USERS_ACTIVATE,
    tag = "Users",
    params(BulkQuery),
    request_body(content = ActivateRequest, description = "Who is activated."),
    responses(
        (status = 200, description = "What it came to; or would.", body = UsersChanged),
        (status = 202, description = "It is much: a job does it.", body = JobStarted),
        (status = 404, description = "There is no such folder or product.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_users"])),
)]
pub(crate) async fn activate_users(
    caller: Authorized<ManageUsers>,
    State(app): State<App>,
    Query(query): Query<BulkQuery>,
    LargeJson(request): LargeJson<ActivateRequest>,
) -> Result<impl IntoResponse, Problem> {
    let work = set_active(request, true);
    bulk::answer(&app, &caller, query, work, changed).await
}

/// Let users work no longer.
///
/// Users or everyone who matches. Their sessions end and their seats are free at once, but for borrowed
/// ones. Who is inactive already is left alone.
#[utoipa::path(
    post,
    path = path::USERS_DEACTIVATE,
    tag = "Users",
    params(BulkQuery),
    request_body(content = ActivateRequest, description = "Who is deactivated."),
    responses(
        (status = 200, description = "What it came to; or would.", body = UsersChanged),
        (status = 202, description = "It is much: a job does it.", body = JobStarted),
        (status = 404, description = "There is no such folder or product.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_users"])),
)]
pub(crate) async fn deactivate_users(
    caller: Authorized<ManageUsers>,
    State(app): State<App>,
    Query(query): Query<BulkQuery>,
    LargeJson(request): LargeJson<ActivateRequest>,
) -> Result<impl IntoResponse, Problem> {
    let work = set_active(request, false);
    bulk::answer(&app, &caller, query, work, changed).await
}

/// What the request comes to.
fn set_active(
    request: ActivateRequest,
    active: bool,
) -> impl FnOnce(&mut Reader<'_>, Timestamp) -> Result<Bulk, Problem> {
    move |reader, now| {
        let who = bulk::who(reader, request.users, request.everyone, now)?;
        Ok(Bulk::SetActive { who, active })
    }
}

/// What became of many accounts.
pub(super) fn changed(steps: Vec<StepAnswer>) -> Result<UsersChanged, Problem> {
    let mut results = Vec::with_capacity(steps.len());
    let mut counts = BTreeMap::new();
    for step in steps {
        let (code, detail) = match step.result {
            Ok(Outcome::User { code, .. }) => (code.code(), None),
            Ok(other) => return Err(Problem::unexpected(&other)),
            Err(error) => (error.code(), Some(error.to_string())),
        };
        *counts.entry(code.to_owned()).or_default() += 1;
        results.push(UserChanged {
            user: step.user.map(|user| user.0),
            username: step.username,
            code: code.to_owned(),
            detail,
        });
    }
    Ok(UsersChanged { results, counts })
}
