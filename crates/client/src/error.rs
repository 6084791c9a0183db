//! What can come instead of an answer.

use line::Unreachable;
use wire::{DenialCode, Problem, codes};

/// What came instead of an answer. Reads as a sentence; [`Error::code`] is for programs.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server understood and refuses, or has a fault of its own.
    #[error("{}", .0.detail)]
    Problem(Box<Problem>),
    /// The user may not work in the product now (A9).
    #[error("{}", .0.admin_message)]
    Denied(Box<Denied>),
    /// No answer came. Whether the request was done is not known, unless it can't have been sent.
    #[error("the server {url} can't be reached: {cause}")]
    Unreachable {
        /// The server's address.
        url: String,
        /// Why.
        cause: Unreachable,
    },
    /// Something answered that doesn't speak our language.
    #[error("{url} does not answer as a Seatkeeper server does: {detail}")]
    Protocol {
        /// The address.
        url: String,
        /// What it did.
        detail: String,
    },
    /// The server's address can't be used.
    #[error("{url:?} is not the address of a server: {detail}")]
    InvalidUrl {
        /// What was given.
        url: String,
        /// What is wrong with it.
        detail: &'static str,
    },
    /// The token has characters that no token has.
    #[error("the token is not one: it must be printable ASCII without spaces")]
    InvalidToken,
}

impl Error {
    /// The stable code: the problem's, the denial's, or `unreachable`, `protocol`, `invalid_url`, `invalid_token`.
    pub fn code(&self) -> &str {
        match self {
            Self::Problem(problem) => &problem.code,
            Self::Denied(denied) => &denied.code,
            Self::Unreachable { .. } => "unreachable",
            Self::Protocol { .. } => "protocol",
            Self::InvalidUrl { .. } => "invalid_url",
            Self::InvalidToken => "invalid_token",
        }
    }

    /// The problem, when the server sent one.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Problem(problem) => Some(problem),
            _ => None,
        }
    }

    /// Whether the same request may succeed a little later: no answer came, or the server was busy.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Problem(problem) => problem.code == codes::BUSY,
            _ => false,
        }
    }
}

/// A denied sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    /// The stable code, also one that this version doesn't know.
    pub code: String,
    /// What the person should read.
    pub user_message: String,
    /// What the administrator should read.
    pub admin_message: String,
    /// The id under which the server's log has the request.
    pub request_id: Option<String>,
}

impl Denied {
    /// The code, if this version knows it.
    pub fn known_code(&self) -> Option<DenialCode> {
        DenialCode::from_code(&self.code)
    }
}
