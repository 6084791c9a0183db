//! What a form sent. Its token is checked before anybody sees a field.

use axum::body::HttpBody as _;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use bytes::{Bytes, BytesMut};
use domain::FolderId;

use crate::app::App;
use crate::caller::{SESSION, VISITOR, cookie, is_form_token};
use crate::fault::Fault;
use crate::routes::LARGEST_FORM;
use crate::texts::Texts;
use crate::ui::{Enclosed, Returning};

/// The field with the form's token.
pub(crate) const TOKEN: &str = "form";

/// From how many bytes on a part of a form is large.
const MUCH: usize = 1024 * 1024;

/// A file that was sent.
#[derive(Debug)]
pub(crate) struct SentFile {
    /// What it is called where it comes from.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) content: Bytes,
}

/// The fields of a form that came from a page of ours in the same browser.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    pairs: Vec<(String, String)>,
    files: Vec<SentFile>,
    enclosed: Option<Bytes>,
}

impl Fields {
    /// A field's text, without spaces around it; empty when it was not sent.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// A field's text as it is.
    pub(crate) fn raw(&self, name: &str) -> &str {
        let found = self.pairs.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }

    /// A field's text; none when it is empty.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// The folder that was chosen; the root when none was.
    pub(crate) fn folder(&self) -> FolderId {
        self.text("folder").parse().unwrap_or(FolderId::ROOT)
    }

    /// Whether a box was ticked.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(key, _)| key == name)
    }

    /// All texts of a field that can be sent several times.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let found = self.pairs.iter().filter(move |(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Those of a field's texts that are ids.
    pub(crate) fn ids<T: std::str::FromStr>(&self, name: &str) -> Vec<T> {
        self.all(name)
            .filter_map(|text| text.parse().ok())
            .collect()
    }

    /// The address of a list under these of the fields, from a place in it on.
    pub(crate) fn address(&self, path: &str, names: &[&str], after: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for name in names {
            if let Some(value) = self.filled(name) {
                query.append_pair(name, value);
            }
        }
        if let Some(after) = after {
            query.append_pair("after", after);
        }
        format!("{path}?{}", query.finish())
    }

    /// Files that have something in them.
    pub(crate) fn into_files(self) -> Vec<SentFile> {
        self.files
    }

    /// The file that a page of ours enclosed.
    pub(crate) fn into_enclosed(self) -> Option<Bytes> {
        self.enclosed
    }

    /// The fields of a query, which have no token and change nothing.
    pub(crate) fn of_query(query: &str) -> Self {
        Self {
            pairs: form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            ..Self::default()
        }
    }

    fn check_token(&self, headers: &HeaderMap) -> Result<(), Fault> {
        let given = self.raw(TOKEN);
        let is_ours = [SESSION, VISITOR]
            .iter()
            .filter_map(|name| cookie(headers, name))
            .any(|secret| is_form_token(secret, given));
        if is_ours {
            return Ok(());
        }
        let t = Texts::for_reader(headers);
        Err(Fault::said(StatusCode::FORBIDDEN, t.fault.stale_form))
    }
}

impl FromRequest<App> for Fields {
    type Rejection = Fault;

    async fn from_request(request: Request, app: &App) -> Result<Self, Fault> {
        let headers = request.headers().clone();
        let kind = headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok());
        let fields = if kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
            parts(request, app).await?
        } else {
            let body = Bytes::from_request(request, app).await;
            let body = body.map_err(|error| Fault::said(error.status(), error.body_text()))?;
            Self {
                pairs: form_urlencoded::parse(&body).into_owned().collect(),
                ..Self::default()
            }
        };
        fields.check_token(&headers)?;
        Ok(fields)
    }
}

async fn parts(request: Request, app: &App) -> Result<Fields, Fault> {
    let announced = request.body().size_hint().exact().unwrap_or(0);
    let announced = usize::try_from(announced).map_or(LARGEST_FORM, |all| all.min(LARGEST_FORM));
    let form = Multipart::from_request(request, app).await;
    let mut form = form.map_err(|error| Fault::said(error.status(), error.body_text()))?;
    let bad = |error: MultipartError| Fault::said(error.status(), error.body_text());
    let mut fields = Fields::default();
    while let Some(part) = form.next_field().await.map_err(bad)? {
        let name = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            Some(file) => {
                let content = whole(part, announced).await.map_err(bad)?;
                if !content.is_empty() {
                    fields.files.push(SentFile {
                        name: file,
                        content,
                    });
                }
            }
            None if name == Enclosed::FIELD => {
                fields.enclosed = returned(part, announced).await.map_err(bad)?;
            }
            None => fields.pairs.push((name, part.text().await.map_err(bad)?)),
        }
    }
    Ok(fields)
}

/// What a part holds. Once much of it is here, room is made for all that may come, so that it is
/// not moved each time that it grew.
async fn whole(mut part: Field<'_>, announced: usize) -> Result<Bytes, MultipartError> {
    let mut all = BytesMut::new();
    while let Some(piece) = part.chunk().await? {
        if all.len() > MUCH {
            all.reserve(announced.saturating_sub(all.len()));
        }
        all.extend_from_slice(&piece);
    }
    Ok(all.freeze())
}

/// A file that a page of ours enclosed, read as it arrives; none if it is not what went out.
async fn returned(mut part: Field<'_>, announced: usize) -> Result<Option<Bytes>, MultipartError> {
    let mut file = Returning::default();
    while let Some(piece) = part.chunk().await? {
        if file.len() > MUCH {
            file.make_room(announced);
        }
        file.take(&piece);
    }
    Ok(file.end())
}

/// The query of an address, as fields; it never fails.
#[derive(Debug)]
pub(crate) struct Asked(pub(crate) Fields);

impl axum::extract::FromRequestParts<App> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        _: &App,
    ) -> Result<Self, Self::Rejection> {
        Ok(Self(Fields::of_query(
            parts.uri.query().unwrap_or_default(),
        )))
    }
}

impl std::ops::Deref for Asked {
    type Target = Fields;

    fn deref(&self) -> &Fields {
        &self.0
    }
}
