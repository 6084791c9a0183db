//! `GET /readyz`

use axum::extract::State;
use axum::http::StatusCode;
use wire::health::Health;
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::problem::Problem;

/// Whether requests can be answered: the writer is alive, the store answers and can be written.
#[utoipa::path(
    get,
    path = path::READYZ,
    tag = "Server",
    responses(
        (status = 200, description = "They can.", body = Health),
        (status = 503, description = "They can't, for the reason in `detail`.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(crate) async fn get_readiness(State(app): State<App>) -> Result<Answer<Health>, Problem> {
    match app.engine.readiness().await {
        Ok(()) => Ok(Answer::ok(Health {
            status: "ok".to_owned(),
            version: app.options.version.clone(),
        })),
        Err(error) => Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            wire::codes::NOT_READY,
            error.to_string(),
        )),
    }
}
