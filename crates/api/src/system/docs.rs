//! `GET /docs` and its style sheet

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use wire::path;

use super::html_page;
use crate::app::App;
use crate::docs::STYLE;

/// This description, for people.
#[utoipa::path(
    get,
    path = path::DOCS,
    tag = "Server",
    responses((status = 200, description = "The page.", body = String, content_type = "text/html")),
    security(()),
)]
pub(crate) async fn get_docs(State(app): State<App>) -> Response {
    html_page(app.docs.clone())
}

/// The style sheet of the pages.
#[utoipa::path(
    get,
    path = path::STYLE,
    tag = "Server",
    responses((status = 200, description = "The style sheet.", body = String, content_type = "text/css")),
    security(()),
)]
pub(crate) async fn get_style() -> Response {
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, "public, max-age=300"),
    ];
    (headers, Bytes::from_static(STYLE.as_bytes())).into_response()
}
