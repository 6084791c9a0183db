//! `POST /v1/users/move`

use axum::extract::State;
use axum::response::IntoResponse;
use engine::Bulk;
use store::Reader;
use wire::grant::BulkQuery;
use wire::job::JobStarted;
use wire::path;
use wire::user::{MoveUsersRequest, UsersChanged};

use super::set_active::changed;
use crate::app::App;
use crate::bulk;
use crate::extract::{Authorized, LargeJson, ManageUsers, Query};
use crate::problem::Problem;
use crate::resolve;

/// Move users to another folder.
///
/// Users or everyone who matches. Their seats stay as they are. Who lives there already is left alone, so
/// that a request can be repeated harmlessly.
#[utoipa::path(
    post,
    path = path::USERS_MOVE,
    tag = "Users",
    params(BulkQuery),
    request_body(content = MoveUsersRequest, description = "Who moves where."),
    responses(
        (status = 200, description = "What it came to; or would.", body = UsersChanged),
        (status = 202, description = "It is much: a job does it.", body = JobStarted),
        (status = 404, description = "There is no such folder or product.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_users"])),
)]
pub(crate) async fn move_users(
    caller: Authorized<ManageUsers>,
    State(app): State<App>,
    Query(query): Query<BulkQuery>,
    LargeJson(request): LargeJson<MoveUsersRequest>,
) -> Result<impl IntoResponse, Problem> {
    let work = move |reader: &mut Reader<'_>, now| {
        let to = resolve::folder(reader, "/to", &request.to)?;
        let who = bulk::who(reader, request.users, request.everyone, now)?;
        Ok(Bulk::MoveUsers { who, to })
    };
    bulk::answer(&app, &caller, query, work, changed).await
}
