//! `GET /.well-known/jwks.json`

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use wire::jwks::Jwks;
use wire::path;

use crate::app::App;
use crate::problem::Problem;

/// The public keys with which session tokens are checked (RFC 7517).
#[utoipa::path(
    get,
    path = path::JWKS,
    tag = "Server",
    responses((status = 200, description = "The keys; during a change of keys there are two.", body = Jwks, content_type = "application/jwk-set+json")),
    security(()),
)]
pub(crate) async fn get_jwks(State(app): State<App>) -> Result<Response, Problem> {
    let keys = serde_json::to_vec(app.engine.jwks()).map_err(Problem::internal)?;
    let headers = [
        (CONTENT_TYPE, "application/jwk-set+json"),
        (CACHE_CONTROL, "public, max-age=300"),
    ];
    Ok((headers, keys).into_response())
}
