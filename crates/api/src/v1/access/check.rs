//! `POST /v1/access/check`

use axum::extract::State;
use domain::Outcome;
use domain::decide::Step;
use wire::access::{AccessAnswer, Finding};
use wire::path;
use wire::session::{LicenseName, SignInRequest};

use crate::answer::Answer;
use crate::app::App;
use crate::convert::{session, words};
use crate::extract::{Authorized, Json, UseAccess};
use crate::problem::Problem;

/// Ask what a sign-in would come to.
///
/// Changes nothing. The answer is the one that `POST /v1/sessions` would give at this moment, with
/// the steps of the reasoning.
#[utoipa::path(
    post,
    path = path::ACCESS_CHECK,
    tag = "Sessions",
    request_body(content = SignInRequest, description = "Who would want to work in what."),
    responses((status = 200, description = "What a sign-in would come to, and why.", body = AccessAnswer)),
    security(("bearer" = ["use_access"])),
)]
pub(crate) async fn check_access(
    caller: Authorized<UseAccess>,
    State(app): State<App>,
    Json(request): Json<SignInRequest>,
) -> Result<Answer<AccessAnswer>, Problem> {
    let command = session::sign_in(&request)?;
    let (outcome, steps) = app.engine.check(caller.actor(), command, true).await?;
    answer(outcome, steps).map(Answer::ok)
}

fn answer(outcome: Outcome, steps: Vec<Step>) -> Result<AccessAnswer, Problem> {
    let explain = steps
        .into_iter()
        .map(|step| Finding {
            rule: step.rule.to_owned(),
            finding: step.finding,
        })
        .collect();
    let nothing = AccessAnswer {
        granted: false,
        code: None,
        user_message: None,
        admin_message: None,
        via: None,
        license: None,
        access: None,
        modules: None,
        explain,
    };
    match outcome {
        Outcome::SignedIn(granted) => Ok(AccessAnswer {
            granted: true,
            via: Some(session::via(&granted.via)?),
            license: granted.license.map(|(id, serial)| LicenseName {
                id: id.0,
                serial: serial.into(),
            }),
            access: granted.access.map(words::access),
            modules: Some(words::modules(&granted.modules)),
            ..nothing
        }),
        Outcome::Denied(denial) => Ok(AccessAnswer {
            code: Some(words::denial_code(denial.code)),
            user_message: Some(denial.user_message),
            admin_message: Some(denial.admin_message),
            ..nothing
        }),
        other => Err(Problem::unexpected(&other)),
    }
}
