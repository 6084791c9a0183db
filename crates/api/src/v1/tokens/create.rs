//! `POST /v1/tokens`

use axum::extract::State;
use domain::Refusal;
use domain::names::TokenName;
use engine::Rights;
use wire::token::{CreatedToken, NewToken};
use wire::{Secret, path};

use crate::answer::Answer;
use crate::app::App;
use crate::convert::names::field;
use crate::convert::{settings, time, words};
use crate::extract::{Authorized, Idempotent, ManageSettings};
use crate::openapi::IdempotencyHeader;
use crate::problem::{Problem, refusal_problem};
use crate::resolve;

/// Make a token.
///
/// Its secret is in this one answer and is kept nowhere: a repetition with the same `Idempotency-Key`
/// makes no second token, and is told the id of the first. The record names by the token's name whoever
/// uses it.
#[utoipa::path(
    post,
    path = path::TOKENS,
    tag = "Settings",
    params(IdempotencyHeader),
    request_body(content = NewToken, description = "The token's name, role, limit and end."),
    responses(
        (status = 201, description = "The token with its secret.", body = CreatedToken),
        (status = 404, description = "There is no folder to limit it to.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "The same key made a token before, whose secret was shown that once.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 422, description = "That role can't be limited to a folder.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_settings"])),
)]
pub(crate) async fn create_token(
    caller: Authorized<ManageSettings>,
    State(app): State<App>,
    request: Idempotent<NewToken>,
) -> Result<Answer<CreatedToken>, Problem> {
    let Idempotent { body: request, key } = request;
    let name = field("/name", TokenName::parse(&request.name))?;
    let expires_at = request.expires_at.map(time::timestamp);
    if expires_at.is_some_and(|end| end <= app.engine.now()) {
        return Err(Problem::invalid_field(
            "/expires_at",
            "the token would have expired already",
        ));
    }
    let folder = request.folder;
    let rights = Rights {
        role: words::to_role(request.role),
        reach: app
            .ask(&caller, move |reader| {
                resolve::reach(reader, folder.as_deref())
            })
            .await?,
    };
    let (id, secret) = app
        .engine
        .create_token(caller.actor(), name, rights, expires_at, key)
        .await?;
    let token = app
        .ask(&caller, move |reader| {
            let kept = reader.find_token(id)?;
            let kept = kept.ok_or_else(|| refusal_problem(Refusal::UnknownToken))?;
            let path = resolve::limit_of(reader, kept.reach)?;
            Ok(settings::token(kept, path))
        })
        .await?;
    Ok(Answer::created(CreatedToken {
        id: token.id,
        name: token.name,
        role: token.role,
        folder: token.folder,
        path: token.path,
        created_at: token.created_at,
        expires_at: token.expires_at,
        token: Secret::new(secret.reveal()),
    }))
}
