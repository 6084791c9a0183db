//! Files as bodies: as they are, or in the fields of a form.

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use bytes::{Bytes, BytesMut};
use domain::names::quoted;
use engine::{IdempotencyKey, LicenseKey};

use super::body::Limit;
use super::echo::pointer_to;
use super::idempotent::Asked;
use crate::problem::Problem;

/// License files, what opens them, and the key under which the answer is kept, if the caller gave
/// one. Forms of the same files differ: the key is for the files.
#[derive(Debug)]
pub(crate) struct LicenseFiles {
    pub(crate) upload: Upload,
    pub(crate) key: Option<IdempotencyKey>,
}

/// A CSV file.
#[derive(Debug)]
pub(crate) struct CsvFile(pub(crate) Bytes);

/// What a form holds.
#[derive(Debug, Default)]
pub(crate) struct Upload {
    /// At least one.
    pub(crate) files: Vec<UploadedFile>,
    /// The fields `license_key`.
    pub(crate) license_keys: Vec<LicenseKey>,
}

/// A file with the name that its sender gives it.
#[derive(Debug)]
pub(crate) struct UploadedFile {
    pub(crate) name: Option<String>,
    pub(crate) bytes: Bytes,
}

/// What is read from a body of one kind.
struct Kind {
    /// The media types of a body that is the file as it is.
    plain: &'static [&'static str],
    limit: Limit,
    /// Whether a form may have many files, and license keys.
    is_intake: bool,
}

const LICENSES: Kind = Kind {
    plain: &[
        "text/plain",
        "application/octet-stream",
        "application/xml",
        "text/xml",
        "application/zip",
    ],
    limit: Limit::LICENSE_FILE,
    is_intake: true,
};

const PEOPLE: Kind = Kind {
    plain: &["text/csv", "text/plain"],
    limit: Limit::CSV,
    is_intake: false,
};

/// Longest license key, in bytes: room for one that carries a signature of its own.
const MAX_LICENSE_KEY: usize = 16 * 1024;
/// Most license keys of a form.
const MAX_LICENSE_KEYS: usize = 100;
/// Longest name of a file that is repeated, in characters.
const MAX_NAME: usize = 200;

impl<S: Send + Sync> FromRequest<S> for LicenseFiles {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let asked = Asked::of(&request);
        let upload = read(request, state, &LICENSES).await?;
        let files: Vec<&[u8]> = upload.files.iter().map(|file| &*file.bytes).collect();
        let key = asked.map(|asked| asked.key(&files)).transpose()?;
        Ok(Self { upload, key })
    }
}

impl<S: Send + Sync> FromRequest<S> for CsvFile {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let upload = read(request, state, &PEOPLE).await?;
        let only = upload.files.into_iter().next();
        only.map(|file| Self(file.bytes)).ok_or_else(no_file)
    }
}

async fn read<S: Send + Sync>(
    mut request: Request,
    state: &S,
    kind: &Kind,
) -> Result<Upload, Problem> {
    let limit = kind.limit;
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
            let room = limit.room(request.headers());
            let form = Multipart::from_request(request, state)
                .await
                .map_err(|rejection| {
                    Problem::new(
                        StatusCode::BAD_REQUEST,
                        wire::codes::INVALID_REQUEST,
                        rejection.body_text(),
                    )
                })?;
            tokio::time::timeout(limit.time(), fields(form, kind, room))
                .await
                .unwrap_or_else(|_late| Err(limit.late()))
        }
        Some(given) if kind.plain.contains(&given) => {
            let (parts, body) = request.into_parts();
            let bytes = limit.read(&parts.headers, body).await?;
            let file = UploadedFile { name: None, bytes };
            Ok(Upload {
                files: vec![file],
                ..Upload::default()
            })
        }
        _ => {
            let files = if kind.is_intake { "files" } else { "one file" };
            let detail = format!(
                "the body must be the file, with the header content-type: {}, or a form (multipart/form-data) with {files}",
                kind.plain.join(" or ")
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

/// The first file, mostly the only one, is put into the room that was made for the whole form.
async fn fields(mut form: Multipart, kind: &Kind, mut room: BytesMut) -> Result<Upload, Problem> {
    let refuse = |error: MultipartError| refused(&error, kind.limit);
    let mut upload = Upload::default();
    while let Some(field) = form.next_field().await.map_err(refuse)? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "file" => {
                let name = field.file_name().and_then(name_of);
                let room = std::mem::take(&mut room);
                let bytes = whole(field, room).await.map_err(refuse)?;
                upload.files.push(UploadedFile { name, bytes });
            }
            "license_key" if kind.is_intake => {
                upload.license_keys.push(license_key(field, kind).await?);
            }
            _ => {
                let others = if kind.is_intake {
                    "; its fields are \"file\" and \"license_key\""
                } else {
                    "; it must have one field, the file, named \"file\""
                };
                let detail = format!("the form has a field {}{others}", quoted(&name));
                return Err(Problem::invalid_field(pointer_to(&name), detail));
            }
        }
        if upload.files.len() > 1 && !kind.is_intake {
            return Err(Problem::invalid_field(
                "/file",
                "the form has more than one file; send them one by one",
            ));
        }
        if upload.license_keys.len() > MAX_LICENSE_KEYS {
            return Err(Problem::invalid_field(
                "/license_key",
                format!("the form has more than {MAX_LICENSE_KEYS} license keys"),
            ));
        }
    }
    if upload.files.is_empty() {
        return Err(no_file());
    }
    Ok(upload)
}

async fn whole(mut field: Field<'_>, mut room: BytesMut) -> Result<Bytes, MultipartError> {
    while let Some(piece) = field.chunk().await? {
        room.extend_from_slice(&piece);
    }
    Ok(room.freeze())
}

async fn license_key(field: Field<'_>, kind: &Kind) -> Result<LicenseKey, Problem> {
    let bytes = field.bytes().await;
    let bytes = bytes.map_err(|error| refused(&error, kind.limit))?;
    match std::str::from_utf8(&bytes) {
        Ok(text) if text.len() <= MAX_LICENSE_KEY => Ok(LicenseKey::new(text)),
        _ => Err(Problem::invalid_field(
            "/license_key",
            format!("a license key is text of {MAX_LICENSE_KEY} bytes at most"),
        )),
    }
}

fn refused(error: &MultipartError, limit: Limit) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return limit.exceeded();
    }
    Problem::new(
        StatusCode::BAD_REQUEST,
        wire::codes::INVALID_REQUEST,
        error.body_text(),
    )
}

fn no_file() -> Problem {
    Problem::invalid_field(
        "/file",
        "the form has no file; it must have one, named \"file\"",
    )
}

/// The name of a file for people: without folders, printable, not too long.
fn name_of(given: &str) -> Option<String> {
    let last = given.rsplit(['/', '\\']).next().unwrap_or(given);
    let shown: String = last
        .chars()
        .filter(|c| !c.is_control())
        .take(MAX_NAME)
        .collect();
    let shown = shown.trim();
    (!shown.is_empty()).then(|| shown.to_owned())
}
