//! `GET /healthz`

use axum::extract::State;
use wire::health::Health;
use wire::path;

use crate::answer::Answer;
use crate::app::App;

/// Whether the process runs.
#[utoipa::path(
    get,
    path = path::HEALTHZ,
    tag = "Server",
    responses((status = 200, description = "It runs.", body = Health)),
    security(()),
)]
pub(crate) async fn get_health(State(app): State<App>) -> Answer<Health> {
    Answer::ok(Health {
        status: "ok".to_owned(),
        version: app.options.version.clone(),
    })
}
