//! Pages travel compressed. A page is made in one piece, so that its length is known and streams
//! are left alone.
//!
//! Whoever counts the bytes of compressed pages could guess at a secret in them, letter by letter
//! (BREACH). The only one that stays the same from page to page is the token of forms, and that is
//! written differently each time: see [`crate::caller::form_token`].

use std::io::Write as _;

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;

/// What is shorter fits into a packet as it is.
const WORTH_IT: u64 = 1024;
/// What is longer than any page, and left as it is.
const TOO_LONG: u64 = 16 * 1024 * 1024;
/// Four fifths of what the best level saves, in a third of its time.
const LEVEL: u32 = 4;

/// Whether the other end takes a coding.
pub(crate) fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let accepted = headers.get(ACCEPT_ENCODING);
    let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or("");
    accepted.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        parts.next() == Some(coding) && !parts.any(|part| part == "q=0")
    })
}

/// Compresses pages and tables for whoever takes that.
pub(crate) async fn compress(request: Request, next: Next) -> Response {
    let wanted = accepts(request.headers(), "gzip");
    let mut response = next.run(request).await;
    if !is_page(&response) {
        return response;
    }
    let vary = HeaderValue::from_static("accept-encoding");
    response.headers_mut().append(VARY, vary);
    if !wanted {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let plain = match to_bytes(body, usize::MAX).await {
        Ok(plain) => plain,
        Err(error) => {
            tracing::error!(%error, "a page could not be read to be compressed");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::new(LEVEL));
    let packed = encoder.write_all(&plain).and_then(|()| encoder.finish());
    let Ok(packed) = packed else {
        return Response::from_parts(head, Body::from(plain));
    };
    let coding = HeaderValue::from_static("gzip");
    head.headers.insert(CONTENT_ENCODING, coding);
    head.headers.remove(CONTENT_LENGTH);
    Response::from_parts(head, Body::from(packed))
}

/// Whether it is a text in one piece that is worth it, and not compressed yet.
fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or("");
    let is_text = kind.starts_with("text/html") || kind.starts_with("text/csv");
    let length = response.body().size_hint().exact();
    is_text
        && length.is_some_and(|length| (WORTH_IT..TOO_LONG).contains(&length))
        && !response.headers().contains_key(CONTENT_ENCODING)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;
    use axum::Router;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt as _;

    async fn answer(accepted: &'static str, path: &'static str) -> (HeaderMap, Vec<u8>) {
        let page = || async {
            (
                [(CONTENT_TYPE, "text/html; charset=utf-8")],
                "<p>a".repeat(999),
            )
        };
        let live = || async {
            (
                [(CONTENT_TYPE, "text/event-stream")],
                "data: a\n\n".repeat(999),
            )
        };
        let short = || async { ([(CONTENT_TYPE, "text/html")], "<p>a") };
        let app = Router::new()
            .route("/page", get(page))
            .route("/live", get(live))
            .route("/short", get(short))
            .layer(from_fn(compress));
        let request = Request::builder()
            .uri(path)
            .header(ACCEPT_ENCODING, accepted)
            .body(Body::empty())
            .unwrap();
        let (head, body) = app.oneshot(request).await.unwrap().into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        (head.headers, body.to_vec())
    }

    #[tokio::test]
    async fn a_page_is_compressed_for_whoever_takes_it() {
        let (headers, body) = answer("br, gzip;q=0.5", "/page").await;
        assert_eq!(headers[CONTENT_ENCODING], "gzip");
        assert_eq!(headers[VARY], "accept-encoding");
        assert!(body.len() < 200, "{}", body.len());
        if let Some(length) = headers.get(CONTENT_LENGTH) {
            assert_eq!(length.to_str().unwrap(), body.len().to_string());
        }
        let mut text = String::new();
        flate2::read::GzDecoder::new(&*body)
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "<p>a".repeat(999));
    }

    #[tokio::test]
    async fn streams_short_pages_and_other_readers_are_left_alone() {
        for (accepted, path) in [
            ("gzip", "/live"),
            ("gzip", "/short"),
            ("identity", "/page"),
            ("gzip;q=0", "/page"),
        ] {
            let (headers, body) = answer(accepted, path).await;
            assert!(!headers.contains_key(CONTENT_ENCODING), "{accepted} {path}");
            assert!(body.starts_with(b"<p>a") || body.starts_with(b"data: a"));
        }
    }
}
