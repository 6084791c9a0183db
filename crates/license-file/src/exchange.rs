//! What an installation and a license service say to each other (I2, I3): signed requests, signed answers.
//!
//! A request is a JWS by the installation's own key, which it carries along: the service remembers it at activation, and
//! whoever refreshes later must have it. An answer is a JWS by the issuer's key over the request's fingerprint, so that
//! neither an old answer nor one meant for somebody else is taken. Licenses travel as the documents that files hold.

mod answer;
mod request;

pub use answer::{Answer, AnswerError, Answered, open_answer};
pub use request::{Held, Request, RequestError, SignedRequest, Wish, fingerprint, open_request};

/// `typ` of requests.
pub const REQUEST_TYP: &str = "seatkeeper-exchange-request+jws";
/// `typ` of answers.
pub const ANSWER_TYP: &str = "seatkeeper-exchange-answer+jws";
/// The media type of both.
pub const MEDIA_TYPE: &str = "application/jose";
/// The only format there is.
pub const FORMAT: u64 = 1;

/// Where a service is asked what a key would bring.
pub const PREVIEW_PATH: &str = "/v1/exchange/preview";
/// Where a key is exchanged for a license.
pub const ACTIVATE_PATH: &str = "/v1/exchange/activate";
/// Where licenses are confirmed or renewed.
pub const REFRESH_PATH: &str = "/v1/exchange/refresh";

/// Largest request that is read, in bytes.
pub const MAX_REQUEST: usize = 256 * 1024;
/// Most licenses that one request asks for.
pub const MOST_LICENSES: usize = 500;
