//! `POST /v1/tokens`

use axum::extract::State;
use domain::Refusal;
use domain::names::TokenName;
use wire::token::{CreatedToken, NewToken};
use wire::{Secret, path};

use crate::answer::Answer;
use crate::app::App;
use crate::convert::names::field;
use crate::convert::{settings, time, words};
use crate::extract::{Authorized, Idempotent, ManageSettings};
use crate::openapi::IdempotencyHeader;
use crate::problem::{Problem, refusal_problem};

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
    request_body(content = NewToken, description = "The token's name, role and end."),
    responses(
        (status = 201, description = "The token with its secret.", body = CreatedToken),
        (status = 409, description = "The same key made a token before, whose secret was shown that once.", body = wire::Problem, content_type = "application/problem+json"),
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
    let role = words::to_role(request.role);
    let (id, secret) = app
        .engine
        .create_token(caller.actor(), name, role, expires_at, key)
        .await?;
    let kept = app
        .ask(move |reader| {
            reader
                .find_token(id)?
                .ok_or_else(|| refusal_problem(Refusal::UnknownToken))
        })
        .await?;
    let token = settings::token(kept);
    Ok(Answer::created(CreatedToken {
        id: token.id,
        name: token.name,
        role: token.role,
        created_at: token.created_at,
        expires_at: token.expires_at,
        token: Secret::new(secret.reveal()),
    }))
}
