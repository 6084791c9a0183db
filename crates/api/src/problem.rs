//! Refusals as they travel: RFC 9457 problems with a stable code.
//!
//! A handler returns a [`Problem`]; the [envelope](crate::envelope) writes it, with the request
//! id, and logs what is this server's fault. Nothing else in this crate writes an error.

mod item;
mod refusal;

use std::borrow::Cow;
use std::error::Error;
use std::sync::Arc;

use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use wire::license::ImportedLicense;
use wire::problem::ProblemItem;

use item::at_row;
pub(crate) use item::{at_index, at_pointer};
pub(crate) use refusal::{name_problem, refusal_problem};

/// Why a request was not done.
#[derive(Debug)]
pub(crate) struct Problem(Box<Parts>);

#[derive(Debug)]
struct Parts {
    status: StatusCode,
    code: Cow<'static, str>,
    detail: String,
    errors: Vec<ProblemItem>,
    user_message: Option<String>,
    admin_message: Option<String>,
    licenses: Vec<ImportedLicense>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

/// How a problem travels from the handler to the envelope.
#[derive(Clone)]
struct Carried(Arc<Parts>);

impl Problem {
    /// A problem with a stable code and a sentence that helps.
    pub(crate) fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<String>,
    ) -> Self {
        Self(Box::new(Parts {
            status,
            code: code.into(),
            detail: detail.into(),
            errors: Vec::new(),
            user_message: None,
            admin_message: None,
            licenses: Vec::new(),
            cause: None,
        }))
    }

    /// 400: the request is well-formed, but something in it can't be.
    pub(crate) fn invalid(errors: Vec<ProblemItem>) -> Self {
        let detail = match errors.as_slice() {
            [] => "the request can't be understood".to_owned(),
            [only] => item::sentence(only),
            [first, others @ ..] => {
                format!("{} (and {} more)", item::sentence(first), others.len())
            }
        };
        Self::new(
            StatusCode::BAD_REQUEST,
            wire::codes::INVALID_REQUEST,
            detail,
        )
        .with_errors(errors)
    }

    /// 400 for one field, named by its JSON pointer or its parameter.
    pub(crate) fn invalid_field(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::invalid(vec![at_pointer(
            pointer,
            wire::codes::INVALID_REQUEST,
            detail,
        )])
    }

    /// 404 for what has an address and is not there.
    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, wire::codes::NOT_FOUND, detail)
    }

    /// 500: this server's fault. The cause is logged, once, and does not leave the server.
    pub(crate) fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let detail = "something went wrong on the server; its log says more under the request id";
        let mut problem = Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            wire::codes::INTERNAL,
            detail,
        );
        problem.0.cause = Some(cause.into());
        problem
    }

    /// 500: the engine answered a command with another's outcome.
    pub(crate) fn unexpected(outcome: &domain::Outcome) -> Self {
        Self::internal(format!("unexpected outcome: {outcome:?}"))
    }

    /// Keeps what lies behind, for the log.
    pub(crate) fn because(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// Names what exactly is wrong, and where.
    pub(crate) fn with_errors(mut self, errors: Vec<ProblemItem>) -> Self {
        self.0.errors = errors;
        self
    }

    /// What the person and the administrator should read (A9).
    pub(crate) fn with_messages(mut self, user: String, admin: String) -> Self {
        self.0.user_message = Some(user);
        self.0.admin_message = Some(admin);
        self
    }
}

#[cfg(test)]
impl Problem {
    pub(crate) fn code(&self) -> &str {
        &self.0.code
    }

    pub(crate) fn detail(&self) -> &str {
        &self.0.detail
    }

    pub(crate) fn items(&self) -> &[ProblemItem] {
        &self.0.errors
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        response.extensions_mut().insert(Carried(Arc::from(self.0)));
        response
    }
}

/// Writes the problem that a response carries, or one for a refusal that carries none, as axum's
/// own do. Logs what is this server's fault. Any other response comes back as it is.
pub(crate) fn written(mut response: Response, request_id: &HeaderValue) -> Response {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let parts = match response.extensions_mut().remove::<Carried>() {
        Some(Carried(parts)) => parts,
        None => Arc::from(unexplained(status, response.headers()).0),
    };
    let request_id = request_id.to_str().unwrap_or_default();
    if parts.status == StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(request_id, error = chain(&parts), "a request failed");
    } else if parts.status.is_server_error() {
        tracing::warn!(
            request_id,
            error = chain(&parts),
            "a request was turned away"
        );
    }
    let body = wire::Problem {
        request_id: Some(request_id.to_owned()),
        errors: parts.errors.clone(),
        user_message: parts.user_message.clone(),
        admin_message: parts.admin_message.clone(),
        licenses: parts.licenses.clone(),
        ..wire::Problem::new(
            status.as_u16(),
            &parts.code,
            &title(&parts.code),
            parts.detail.as_str(),
        )
    };
    // The type is texts and numbers, whose serialization can't fail.
    let body = serde_json::to_vec(&body).unwrap_or_default();
    let mut headers = HeaderMap::new();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static(wire::problem::CONTENT_TYPE),
    );
    if let Some(allow) = response.headers_mut().remove(ALLOW) {
        headers.insert(ALLOW, allow);
    }
    match status {
        StatusCode::UNAUTHORIZED => {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        _ => {}
    }
    (status, headers, Bytes::from(body)).into_response()
}

/// The problem for a refusal by status alone.
fn unexplained(status: StatusCode, headers: &HeaderMap) -> Problem {
    match status {
        StatusCode::NOT_FOUND => Problem::not_found("there is nothing at this address"),
        StatusCode::METHOD_NOT_ALLOWED => {
            let allowed = headers.get(ALLOW).and_then(|allow| allow.to_str().ok());
            let detail = match allowed {
                Some(allowed) => format!("this address answers to {}", allowed.replace(',', ", ")),
                None => "this address does not answer to that method".to_owned(),
            };
            Problem::new(status, wire::codes::METHOD_NOT_ALLOWED, detail)
        }
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
            status,
            wire::codes::TOO_LARGE,
            "the request's body is too large",
        ),
        status if status.is_server_error() => Problem::internal(format!("bare status {status}")),
        status => Problem::new(
            status,
            wire::codes::INVALID_REQUEST,
            status
                .canonical_reason()
                .unwrap_or("the request was refused"),
        ),
    }
}

/// `version_mismatch` becomes `Version mismatch`.
fn title(code: &str) -> String {
    let mut title = code
        .replace('_', " ")
        .replace("json", "JSON")
        .replace("csv", "CSV");
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    title
}

fn chain(parts: &Parts) -> String {
    let mut text = parts.detail.clone();
    let mut next: Option<&(dyn Error + 'static)> = match &parts.cause {
        Some(cause) => {
            text = cause.to_string();
            cause.source()
        }
        None => None,
    };
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_the_codes_in_words() {
        assert_eq!(title("version_mismatch"), "Version mismatch");
        assert_eq!(title("invalid_json"), "Invalid JSON");
        assert_eq!(title(""), "");
    }

    #[test]
    fn a_bare_refusal_becomes_a_problem_and_keeps_what_is_allowed() {
        let bare = (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET,POST")]).into_response();
        let response = written(bare, &HeaderValue::from_static("r1"));
        assert_eq!(
            response.headers()[CONTENT_TYPE],
            wire::problem::CONTENT_TYPE
        );
        assert_eq!(response.headers()[ALLOW], "GET,POST");
    }

    #[test]
    fn the_cause_of_an_internal_error_stays_inside() {
        let problem = Problem::internal("disk on fire");
        assert!(!problem.0.detail.contains("disk"));
        assert_eq!(chain(&problem.0), "disk on fire");
    }
}
