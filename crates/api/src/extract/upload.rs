//! Files as bodies: as they are, or as the one file of a form.

use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use bytes::Bytes;

use super::body::Limit;
use crate::problem::Problem;

/// A license file.
#[derive(Debug)]
pub(crate) struct LicenseFile(pub(crate) Bytes);

/// A CSV file.
#[derive(Debug)]
pub(crate) struct CsvFile(pub(crate) Bytes);

impl<S: Send + Sync> FromRequest<S> for LicenseFile {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let plain = ["text/plain", "application/octet-stream"];
        read(request, state, &plain, Limit::LICENSE_FILE)
            .await
            .map(Self)
    }
}

impl<S: Send + Sync> FromRequest<S> for CsvFile {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        read(request, state, &["text/csv", "text/plain"], Limit::CSV)
            .await
            .map(Self)
    }
}

async fn read<S: Send + Sync>(
    mut request: Request,
    state: &S,
    plain: &[&str],
    limit: Limit,
) -> Result<Bytes, Problem> {
    let media_type = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|media_type| media_type.to_str().ok())
        .and_then(|media_type| media_type.split(';').next())
        .map(|media_type| media_type.trim().to_ascii_lowercase());
    match media_type.as_deref() {
        Some("multipart/form-data") => {
            limit.check_announced(request.headers())?;
            DefaultBodyLimit::max(limit.bytes()).apply(&mut request);
            let form = Multipart::from_request(request, state)
                .await
                .map_err(|rejection| {
                    Problem::new(
                        StatusCode::BAD_REQUEST,
                        wire::codes::INVALID_REQUEST,
                        rejection.body_text(),
                    )
                })?;
            tokio::time::timeout(limit.time(), only_file(form, limit))
                .await
                .unwrap_or_else(|_late| Err(limit.late()))
        }
        Some(given) if plain.contains(&given) => {
            let (parts, body) = request.into_parts();
            limit.read(&parts.headers, body).await
        }
        _ => {
            let detail = format!(
                "the body must be the file, with the header content-type: {}, or a form (multipart/form-data) with one file",
                plain.join(" or ")
            );
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            Err(Problem::new(
                status,
                wire::codes::UNSUPPORTED_MEDIA_TYPE,
                detail,
            ))
        }
    }
}

async fn only_file(mut form: Multipart, limit: Limit) -> Result<Bytes, Problem> {
    let refuse = |error: MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return limit.exceeded();
        }
        Problem::new(
            StatusCode::BAD_REQUEST,
            wire::codes::INVALID_REQUEST,
            error.body_text(),
        )
    };
    let mut file = None;
    while let Some(field) = form.next_field().await.map_err(refuse)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name != "file" {
            let detail = format!(
                "the form has a field {name:?}; it must have one field, the file, named \"file\""
            );
            return Err(Problem::invalid_field(format!("/{name}"), detail));
        }
        let bytes = field.bytes().await.map_err(refuse)?;
        if file.replace(bytes).is_some() {
            return Err(Problem::invalid_field(
                "/file",
                "the form has more than one file; send them one by one",
            ));
        }
    }
    file.ok_or_else(|| {
        Problem::invalid_field(
            "/file",
            "the form has no file; it must have one, named \"file\"",
        )
    })
}
