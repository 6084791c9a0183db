//! `POST /v1/licenses/refresh`

use axum::extract::State;
use domain::outcome::RefreshCode;
use wire::license::{RefreshRequest, RefreshedLicenses};
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::license;
use crate::extract::{Authorized, Json, ManageLicenses};
use crate::problem::Problem;
use crate::resolve;

/// Refresh licenses at their issuers' license services now.
///
/// New terms are taken in, and what an issuer withdrew is withdrawn. A service that is away, or says something that can't
/// be believed, changes nothing: that is `failed`, with a `fault`.
#[utoipa::path(
    post,
    path = path::LICENSE_REFRESH,
    tag = "Licenses",
    request_body(content = RefreshRequest, description = "Which; all that can be refreshed when empty."),
    responses(
        (status = 200, description = "What became of each.", body = RefreshedLicenses),
        (status = 404, description = "There is no such license.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"])),
)]
pub(crate) async fn refresh_licenses(
    caller: Authorized<ManageLicenses>,
    State(app): State<App>,
    Json(request): Json<RefreshRequest>,
) -> Result<Answer<RefreshedLicenses>, Problem> {
    let named = request.licenses.into_iter().map(Into::into).collect();
    let answers = app.engine.refresh(caller.actor(), named).await?;
    let (answers, usernames) = app
        .ask(&caller, move |reader| {
            let displaced = answers.iter().flat_map(|answer| &answer.displaced);
            let usernames = resolve::usernames(reader, displaced)?;
            Ok((answers, usernames))
        })
        .await?;
    let count = |code: RefreshCode| -> u64 {
        let counted = answers.iter().map(|answer| u64::from(answer.code == code));
        counted.sum()
    };
    Ok(Answer::ok(RefreshedLicenses {
        confirmed: count(RefreshCode::Confirmed),
        updated: count(RefreshCode::Updated),
        withdrawn: count(RefreshCode::Withdrawn),
        failed: count(RefreshCode::Failed),
        licenses: answers
            .into_iter()
            .map(|answer| license::refreshed(answer, &usernames))
            .collect(),
    }))
}
