//! `GET /metrics`

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use wire::path;

use crate::app::App;
use crate::extract::{Authorized, ViewAudit};
use crate::metrics::Text;
use crate::problem::Problem;

/// Numbers for Prometheus.
///
/// Requests by route and status, sign-ins by how they were answered, and how busy the writer is. No label
/// is a user or a product.
#[utoipa::path(
    get,
    path = path::METRICS,
    tag = "Server",
    responses((status = 200, description = "The numbers, as text.", body = String, content_type = "text/plain")),
    security(("bearer" = ["view_audit"])),
)]
pub(crate) async fn get_metrics(
    caller: Authorized<ViewAudit>,
    State(app): State<App>,
) -> Result<Response, Problem> {
    caller.must_reach_everything(&app).await?;
    let mut text = Text::default();
    text.family(
        "seatkeeper_build_info",
        "gauge",
        "The version that runs; always 1.",
    );
    text.sample(
        "seatkeeper_build_info",
        &[("version", &app.options.version)],
        1,
    );
    text.single(
        "seatkeeper_ready",
        "gauge",
        "Whether the engine takes commands.",
        u8::from(app.engine.is_ready()),
    );
    let waiting = app.engine.waiting();
    text.single(
        "seatkeeper_commands_waiting",
        "gauge",
        "Commands that wait for the writer.",
        waiting,
    );
    app.metrics.write(&mut text);
    Ok(([(CONTENT_TYPE, Text::MEDIA_TYPE)], text.into_string()).into_response())
}
