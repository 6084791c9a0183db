//! `POST /v1/licenses/replace`, `POST /v1/licenses/{id}/replace`

use axum::extract::State;
use domain::{Command, LicenseId, Outcome};
use wire::license::{ReplaceLicensesRequest, ReplaceRequest, Replaced};
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::replacement;
use crate::extract::{Authorized, DryRun, Json, ManageLicenses, Path, Query};
use crate::problem::Problem;
use crate::resolve;

/// Have licenses take over the holders and folders of others.
///
/// Every holder gets a seat of the first new license that gives as much as the old one and has one
/// free, in the same folder; the old seat is released when its last session ends. With too few seats
/// nothing is done, unless `partly`; `errors` of the problem name who would be left out.
#[utoipa::path(
    post,
    path = path::LICENSES_REPLACE,
    tag = "Licenses",
    params(DryRun),
    request_body(content = ReplaceLicensesRequest, description = "The licenses that go and those that come."),
    responses(
        (status = 200, description = "What it came to; or would.", body = Replaced),
        (status = 404, description = "There is no such license.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "The new licenses can't replace the old ones, or have too few seats.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"])),
)]
pub(crate) async fn replace_licenses(
    caller: Authorized<ManageLicenses>,
    State(app): State<App>,
    Query(query): Query<DryRun>,
    Json(request): Json<ReplaceLicensesRequest>,
) -> Result<Answer<Replaced>, Problem> {
    let command = Command::ReplaceLicenses {
        old: request.old.into_iter().map(LicenseId).collect(),
        new: request.with.into_iter().map(LicenseId).collect(),
        partly: request.partly,
    };
    replace(&app, &caller, command, query.dry_run).await
}

/// Have another license take over a license's holders and folders.
///
/// The same for one license each.
#[utoipa::path(
    post,
    path = path::LICENSE_REPLACE,
    tag = "Licenses",
    params(("id" = uuid::Uuid, Path, description = "The id of the license that goes."), DryRun),
    request_body(content = ReplaceRequest, description = "The license that comes."),
    responses(
        (status = 200, description = "What it came to; or would.", body = Replaced),
        (status = 404, description = "There is no such license.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "The new license can't replace the old one, or has too few seats.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"])),
)]
pub(crate) async fn replace_license(
    caller: Authorized<ManageLicenses>,
    State(app): State<App>,
    Path(old): Path<LicenseId>,
    Query(query): Query<DryRun>,
    Json(request): Json<ReplaceRequest>,
) -> Result<Answer<Replaced>, Problem> {
    let command = Command::ReplaceLicenses {
        old: vec![old],
        new: vec![request.with.into()],
        partly: request.partly,
    };
    replace(&app, &caller, command, query.dry_run).await
}

async fn replace<P>(
    app: &App,
    caller: &Authorized<P>,
    command: Command,
    dry_run: bool,
) -> Result<Answer<Replaced>, Problem> {
    let outcome = app.run_or_preview(caller.actor(), command, dry_run).await?;
    let Outcome::Replaced {
        replacement,
        holders,
    } = outcome
    else {
        return Err(Problem::unexpected(&outcome));
    };
    let (holders, usernames) = app
        .ask(caller, move |reader| {
            let usernames = resolve::usernames(reader, &holders)?;
            Ok((holders, usernames))
        })
        .await?;
    let id = replacement.filter(|_| !dry_run);
    Ok(Answer::ok(replacement::replaced(id, &holders, &usernames)))
}
