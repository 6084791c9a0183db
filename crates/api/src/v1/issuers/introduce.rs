//! `POST /v1/issuers/introduce`

use axum::extract::State;
use axum::http::StatusCode;
use domain::Refusal;
use engine::IntroduceError;
use wire::issuer::{IntroduceRequest, Issuer};
use wire::path;

use super::list::known;
use crate::answer::Answer;
use crate::app::App;
use crate::extract::{Authorized, Json, ManageSettings};
use crate::problem::{Problem, refusal_problem};

/// Trust a further key of an issuer, on the word of a key of it that is trusted.
///
/// The document is what the issuer sends when it changes keys. It can end the time of the key that signed it, and can
/// neither bring back a key that was distrusted here nor take another issuer's name. Harmless twice.
#[utoipa::path(
    post,
    path = path::ISSUER_INTRODUCE,
    tag = "Settings",
    request_body = IntroduceRequest,
    responses(
        (status = 200, description = "The key is trusted.", body = Issuer),
        (status = 422, description = "The document is refused: `code` says why.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_settings"])),
)]
pub(crate) async fn introduce_issuer(
    caller: Authorized<ManageSettings>,
    State(app): State<App>,
    Json(request): Json<IntroduceRequest>,
) -> Result<Answer<Issuer>, Problem> {
    let introduced = app.engine.introduce(caller.actor(), request.document).await;
    let key = introduced.map_err(|error| match error {
        IntroduceError::Engine(error) => error.into(),
        IntroduceError::Document(_) => Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            error.code(),
            error.to_string(),
        ),
    })?;
    let now = app.engine.now();
    let issuers = app.ask(&caller, move |reader| known(reader, now)).await?;
    let kept = issuers.into_iter().find(|issuer| issuer.kid == key);
    let kept = kept.ok_or_else(|| refusal_problem(Refusal::UnknownIssuer(key)))?;
    Ok(Answer::ok(kept))
}
