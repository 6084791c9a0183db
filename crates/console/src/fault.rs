//! What is said when something can't be done: a page with a sentence, and a way on.

use std::borrow::Cow;

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use domain::Refusal;
use engine::{EngineError, ImportError, IntroduceError, KeyError, SignInError};
use store::StoreError;

use crate::page;
use crate::texts::{EN, Texts};

/// Why a page can't be shown, or a wish not be fulfilled.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Somebody must sign in first; then they come back to this address.
    SignIn(Option<String>),
    /// There is a sentence to be read.
    Said(StatusCode, Cow<'static, str>),
    /// A fault of the server, with its cause for the log.
    Internal(String),
}

impl Fault {
    pub(crate) fn said(status: StatusCode, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::Said(status, sentence.into())
    }

    /// There is nothing at this address, or not any more.
    pub(crate) fn not_found() -> Self {
        Self::said(StatusCode::NOT_FOUND, EN.fault.not_found)
    }

    /// The engine answered a command with another's outcome.
    pub(crate) fn unexpected(outcome: &domain::Outcome) -> Self {
        Self::Internal(format!("unexpected outcome: {outcome:?}"))
    }

    /// The sentence, for a page that says it in its own place; faults of the server go on.
    pub(crate) fn sentence(self) -> Result<String, Self> {
        match self {
            Self::Said(_, sentence) => Ok(sentence.into_owned()),
            other => Err(other),
        }
    }
}

/// A refusal as a sentence: a capital letter and a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let mut sentence = String::with_capacity(text.len() + 1);
    let mut rest = text.chars();
    sentence.extend(rest.next().into_iter().flat_map(char::to_uppercase));
    sentence.push_str(rest.as_str());
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        let status = match &refusal {
            Refusal::Forbidden(_) => StatusCode::FORBIDDEN,
            Refusal::UnknownUser
            | Refusal::UnknownProduct(_)
            | Refusal::UnknownLicense
            | Refusal::UnknownFolder
            | Refusal::UnknownSession
            | Refusal::UnknownAccount => StatusCode::NOT_FOUND,
            _ => StatusCode::CONFLICT,
        };
        Self::said(status, sentence(&refusal.to_string()))
    }
}

impl From<EngineError> for Fault {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Refused(refusal) => refusal.into(),
            EngineError::UnknownJob => Self::not_found(),
            EngineError::Store(error) if matches!(*error, StoreError::BadCursor(_)) => {
                Self::not_found()
            }
            error if error.is_retriable() => {
                Self::said(StatusCode::SERVICE_UNAVAILABLE, EN.fault.busy)
            }
            error => Self::Internal(error.to_string()),
        }
    }
}

impl From<ImportError> for Fault {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Engine(error) => error.into(),
            other => Self::said(
                StatusCode::UNPROCESSABLE_ENTITY,
                sentence(&other.to_string()),
            ),
        }
    }
}

impl From<KeyError> for Fault {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Import(error) => error.into(),
            other => Self::said(
                StatusCode::UNPROCESSABLE_ENTITY,
                sentence(&other.to_string()),
            ),
        }
    }
}

impl From<IntroduceError> for Fault {
    fn from(error: IntroduceError) -> Self {
        match error {
            IntroduceError::Engine(error) => error.into(),
            other @ IntroduceError::Document(_) => Self::said(
                StatusCode::UNPROCESSABLE_ENTITY,
                sentence(&other.to_string()),
            ),
        }
    }
}

impl From<SignInError> for Fault {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Engine(error) => error.into(),
            SignInError::Wrong => Self::said(StatusCode::FORBIDDEN, sentence(&error.to_string())),
            SignInError::Wait(_) => {
                Self::said(StatusCode::TOO_MANY_REQUESTS, sentence(&error.to_string()))
            }
        }
    }
}

#[derive(Template)]
#[template(path = "fault.html")]
struct FaultPage<'a> {
    t: &'static Texts,
    theme: &'static str,
    status: u16,
    title: &'a str,
    sentence: &'a str,
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let t = &EN;
        let (status, sentence) = match self {
            Self::SignIn(next) => {
                let next = next.filter(|next| next != "/").map(|next| {
                    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
                    format!("?next={next}")
                });
                let to = format!("/sign-in{}", next.unwrap_or_default());
                return (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response();
            }
            Self::Said(status, sentence) => (status, sentence),
            Self::Internal(cause) => {
                tracing::error!(cause, "a page of the console failed");
                (StatusCode::INTERNAL_SERVER_ERROR, t.fault.internal.into())
            }
        };
        let title = match status {
            StatusCode::NOT_FOUND => t.fault.not_found_title,
            StatusCode::FORBIDDEN => t.fault.forbidden_title,
            status if status.is_server_error() => t.fault.internal_title,
            _ => t.fault.refused_title,
        };
        let page = FaultPage {
            t,
            theme: "auto",
            status: status.as_u16(),
            title,
            sentence: &sentence,
        };
        let mut response = page::html(&page);
        *response.status_mut() = status;
        response
    }
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn refusals_read_as_sentences() {
        assert_eq!(sentence("there is no such user"), "There is no such user.");
        assert_eq!(sentence("Done!"), "Done!");
        assert_eq!(sentence(""), ".");
    }
}
