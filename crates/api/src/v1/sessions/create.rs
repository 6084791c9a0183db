//! `POST /v1/sessions`

use axum::extract::State;
use axum::http::StatusCode;
use domain::{Denial, Outcome};
use wire::path;
use wire::session::{SignInRequest, SignedIn};

use crate::answer::Answer;
use crate::app::App;
use crate::convert::session;
use crate::extract::{Authorized, Idempotent, UseAccess};
use crate::openapi::IdempotencyHeader;
use crate::problem::Problem;

/// Sign a user in to a product.
///
/// The answer comes after the session is kept safely. Its token says the same as the answer, is
/// signed, and can be checked without the network with the keys at `/.well-known/jwks.json`.
#[utoipa::path(
    post,
    path = path::SESSIONS,
    tag = "Sessions",
    params(IdempotencyHeader),
    request_body(content = SignInRequest, description = "Who wants to work in what."),
    responses(
        (status = 201, description = "Granted: the user may work.", body = SignedIn),
        (status = 403, description = "Denied: `code` says why, `user_message` and `admin_message` in words. Or the token's role may not sign users in (`forbidden`).",
            body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["use_access"])),
)]
pub(crate) async fn create_session(
    caller: Authorized<UseAccess>,
    State(app): State<App>,
    request: Idempotent<SignInRequest>,
) -> Result<Answer<SignedIn>, Problem> {
    let command = session::sign_in(&request.body)?;
    match app.engine.run(caller.actor(), command, request.key).await? {
        Outcome::SignedIn(granted) => {
            app.metrics.granted(&granted.via);
            let token = app.engine.session_token(&granted);
            Ok(Answer::created(session::signed_in(granted, token)?))
        }
        Outcome::Denied(denial) => {
            app.metrics.denied(denial.code);
            Err(denied(denial))
        }
        other => Err(Problem::unexpected(&other)),
    }
}

fn denied(denial: Denial) -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        denial.code.code(),
        denial.user_message.clone(),
    )
    .with_messages(denial.user_message, denial.admin_message)
}
