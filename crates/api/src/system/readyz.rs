//! `GET /readyz`

use axum::extract::State;
use axum::http::StatusCode;
use wire::health::Health;
use wire::path;

use crate::answer::Answer;
use crate::app::App;

/// Whether requests can be answered: the writer is alive, the store answers and can be written.
#[utoipa::path(
    get,
    path = path::READYZ,
    tag = "Server",
    responses(
        (status = 200, description = "They can.", body = Health),
        (status = 503, description = "They can't, for the reason in `detail`.", body = Health),
    ),
    security(()),
)]
pub(crate) async fn get_readiness(State(app): State<App>) -> Answer<Health> {
    let failing = |status: &str, detail: String| {
        let version = app.options.version.clone();
        Answer::of(
            StatusCode::SERVICE_UNAVAILABLE,
            Health {
                status: status.to_owned(),
                version,
                detail: Some(detail),
            },
        )
    };
    if !app.engine.is_ready() {
        return failing("stopping", "the engine takes no commands".to_owned());
    }
    if let Some(error) = app.engine.unwritable() {
        return failing("failing", format!("nothing can be written: {error}"));
    }
    match app.engine.readiness().await {
        Ok(()) => Answer::ok(Health {
            status: "ok".to_owned(),
            version: app.options.version.clone(),
            detail: None,
        }),
        Err(error) => failing("failing", error.to_string()),
    }
}
