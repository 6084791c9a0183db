//! What came back: an answer, a problem, or something that we don't understand.

use line::{Silence, Unreachable};
use serde::de::DeserializeOwned;
use ureq::Body;
use ureq::http::{Response, header};
use wire::{Problem, problem};

use crate::{Denied, Error};

/// The longest answer that is read, in bytes: a license file's worth of results and more.
const LONGEST: u64 = 1 << 30;

/// An answer in full.
pub(super) struct Received {
    pub(super) status: u16,
    media_type: String,
    location: Option<String>,
    body: Vec<u8>,
}

impl Received {
    pub(super) fn from_response(response: Response<Body>) -> Result<Self, ureq::Error> {
        let text = |name| {
            let value = response.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let status = response.status().as_u16();
        let media_type = text(header::CONTENT_TYPE).unwrap_or_default();
        let location = text(header::LOCATION);
        let body = response
            .into_body()
            .into_with_config()
            .limit(LONGEST)
            .read_to_vec()?;
        Ok(Self {
            status,
            media_type,
            location,
            body,
        })
    }
}

/// Lets successes through, and turns everything else into what it means.
pub(super) fn check(received: Received, url: &str) -> Result<Received, Error> {
    if (200..300).contains(&received.status) {
        return Ok(received);
    }
    Err(refused(&received, url))
}

/// What an answer means that is no success.
pub(super) fn refused(received: &Received, url: &str) -> Error {
    let problem = received
        .media_type
        .starts_with(problem::CONTENT_TYPE)
        .then(|| serde_json::from_slice::<Problem>(&received.body).ok())
        .flatten();
    match problem {
        Some(problem) => of_problem(problem),
        None => Error::Protocol {
            url: url.to_owned(),
            detail: describe(received),
        },
    }
}

/// Reads an answer that is a text.
pub(super) fn read_text(received: Received, url: &str) -> Result<String, Error> {
    String::from_utf8(received.body).map_err(|error| Error::Protocol {
        url: url.to_owned(),
        detail: format!(
            "status {}, and a body that is not text ({error})",
            received.status
        ),
    })
}

/// Reads a JSON answer.
pub(super) fn read<T: DeserializeOwned>(received: Received, url: &str) -> Result<T, Error> {
    serde_json::from_slice(&received.body).map_err(|error| Error::Protocol {
        url: url.to_owned(),
        detail: format!(
            "status {}, and a body that is not as documented ({error})",
            received.status
        ),
    })
}

fn of_problem(problem: Problem) -> Error {
    match (&problem.user_message, &problem.admin_message) {
        (Some(user_message), Some(admin_message)) => Error::Denied(Box::new(Denied {
            user_message: user_message.clone(),
            admin_message: admin_message.clone(),
            code: problem.code,
            request_id: problem.request_id,
        })),
        _ => Error::Problem(Box::new(problem)),
    }
}

fn describe(received: &Received) -> String {
    match (received.status, &received.location) {
        (300..400, Some(location)) => {
            format!("it redirects to {location:?}; use the address that it redirects to")
        }
        (status, _) if received.media_type.is_empty() => {
            format!("status {status} without a problem")
        }
        (status, _) => format!(
            "status {status} with {:?} instead of a problem",
            received.media_type
        ),
    }
}

/// Why no answer came. An address was looked at before anything was sent, so that here it is only something that can't be
/// reached.
pub(super) fn failure(url: &str, error: ureq::Error) -> Error {
    let url = url.to_owned();
    match Silence::from(error) {
        Silence::Unreachable(cause) => Error::Unreachable { url, cause },
        Silence::BadAddress(why) => Error::Unreachable {
            url,
            cause: Unreachable::Other(why),
        },
        Silence::Garbage(detail) => Error::Protocol { url, detail },
    }
}
