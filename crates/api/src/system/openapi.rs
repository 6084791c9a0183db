//! `GET /openapi.json`

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use wire::path;

use crate::app::App;

/// This description, for programs (OpenAPI 3.1).
#[utoipa::path(
    get,
    path = path::OPENAPI,
    tag = "Server",
    responses((status = 200, description = "The document.", body = Object)),
    security(()),
)]
pub(crate) async fn get_openapi(State(app): State<App>) -> Response {
    ([(CONTENT_TYPE, "application/json")], app.openapi.clone()).into_response()
}
