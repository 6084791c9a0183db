//! `POST /v1/replacements/{id}/undo`

use axum::extract::State;
use domain::{Command, Outcome, ReplacementId};
use wire::license::ReplacementUndone;
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::replacement;
use crate::extract::{Authorized, DryRun, ManageLicenses, Path, Query};
use crate::problem::Problem;
use crate::resolve;

/// Give holders their old seats back.
///
/// Within 24 hours of the replacement. Whoever is at work on the new seat keeps it until sign-out.
/// Who can't be given the old seat any more is told with the reason, and keeps the new one.
#[utoipa::path(
    post,
    path = path::REPLACEMENT_UNDO,
    tag = "Licenses",
    params(("id" = uuid::Uuid, Path, description = "The replacement's id."), DryRun),
    responses(
        (status = 200, description = "Who holds the old seat again, and who does not; or would.", body = ReplacementUndone),
        (status = 404, description = "There is no such replacement.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "It was undone already, is older than 24 hours, or what came was replaced itself.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"])),
)]
pub(crate) async fn undo_replacement(
    caller: Authorized<ManageLicenses>,
    State(app): State<App>,
    Path(id): Path<ReplacementId>,
    Query(query): Query<DryRun>,
) -> Result<Answer<ReplacementUndone>, Problem> {
    let command = Command::UndoReplacement(id);
    let outcome = app
        .run_or_preview(caller.actor(), command, query.dry_run)
        .await?;
    let Outcome::ReplacementUndone(restored) = outcome else {
        return Err(Problem::unexpected(&outcome));
    };
    let (restored, usernames) = app
        .ask(&caller, move |reader| {
            let users = restored.iter().map(|one| one.holder.user);
            let usernames = resolve::usernames_of(reader, users)?;
            Ok((restored, usernames))
        })
        .await?;
    Ok(Answer::ok(replacement::undone(&restored, &usernames)))
}
