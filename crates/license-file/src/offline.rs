//! The offline way between an installation and an issuer (I4): a [`Request`] (`.tlr`) goes out, signed by the
//! installation, and a [`Response`] (`.tls`) comes back, signed by the issuer, for that request alone.
//!
//! Both are JWS like license files, each with a `typ` of its own, between BEGIN and END lines of their own, so that
//! none can be taken for another. A request brings its own key: its signature proves that it is whole and who can
//! answer for it, not who that is. [`Kind::of`] tells the kinds of files apart.

mod error;
mod inspect;
mod kind;
mod request;
mod response;

pub use error::OfflineError;
pub use inspect::{RequestInspection, ResponseInspection, explain_request, explain_response};
pub use kind::Kind;
pub use request::{MAX_OWNED, OwnedLicense, Request, check_version};
pub use response::{MAX_REASON, Operation, Response, Withdrawn};

/// The format of requests and responses that we write, and the only one we read.
pub const FORMAT: u64 = 1;
