//! `GET /`

use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use wire::path;

use super::html_page;
use crate::app::App;
use crate::docs::Html;

/// What this is, and where to go on.
#[utoipa::path(
    get,
    path = path::HOME,
    tag = "Server",
    responses((status = 200, description = "The page.", body = String, content_type = "text/html")),
    security(()),
)]
pub(crate) async fn get_home(State(app): State<App>) -> Response {
    html_page(Bytes::from(page(&app.options.version)))
}

fn page(version: &str) -> String {
    let mut html = Html::default();
    html.head("Seatkeeper");
    html.raw("<main class=\"welcome\"><h1>Seatkeeper <small>")
        .text(version)
        .raw("</small></h1>");
    html.raw("<p>This server manages user licenses: it takes in signed license files, keeps who holds which seat, ");
    html.raw("and answers applications whether a user may work now.</p><ul>");
    let links = [
        (path::DOCS, "API documentation"),
        (path::OPENAPI, "API description for programs (OpenAPI 3.1)"),
        (path::JWKS, "Public keys of session tokens (JWKS)"),
        (path::READYZ, "Readiness"),
        (path::HEALTHZ, "Health"),
    ];
    for (address, text) in links {
        html.raw("<li><a href=\"")
            .text(address)
            .raw("\">")
            .text(text)
            .raw("</a></li>");
    }
    html.raw("</ul><p>On the command line: <code>seatkeeper --help</code></p></main>");
    html.end()
}
