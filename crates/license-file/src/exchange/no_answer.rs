//! Why nothing came back from a license service, in words on which people can act.

use std::fmt;
use std::io::{self, ErrorKind};

/// What to do about an answer that is none of a license service.
pub const CHECK_ADDRESS: &str = "check the address: something else is there";

/// Why no answer came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAnswer {
    /// Nobody listens there.
    Refused,
    /// There is no host of that name.
    UnknownHost,
    /// Nothing came in time.
    TimedOut,
    /// The connection broke.
    Lost,
    /// No encrypted connection came about.
    Tls(String),
    /// Something else.
    Other(String),
}

impl NoAnswer {
    /// What an error of a connection means.
    pub fn of_io(error: &io::Error) -> Self {
        match error.kind() {
            ErrorKind::ConnectionRefused => Self::Refused,
            ErrorKind::TimedOut | ErrorKind::WouldBlock => Self::TimedOut,
            ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::NotConnected
            | ErrorKind::UnexpectedEof => Self::Lost,
            _ => match error.to_string() {
                // The standard library has no kind of its own for it.
                text if text.starts_with("failed to lookup address") => Self::UnknownHost,
                text => Self::Other(text),
            },
        }
    }

    /// What to do about it, for whoever administers the installation that asked.
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::Refused => "check the address, and ask its vendor whether the service runs",
            Self::UnknownHost => {
                "check the name in the address, and whether this machine finds others by name"
            }
            Self::TimedOut | Self::Lost => {
                "try again later; if it stays so, check the address, and whether a firewall or proxy is between"
            }
            Self::Tls(_) => {
                "check the address, and whether this machine trusts who signed the service's certificate"
            }
            Self::Other(_) => "check the address, and try again later",
        }
    }
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused => f.write_str("nothing listens at that address"),
            Self::UnknownHost => f.write_str("there is no host of that name"),
            Self::TimedOut => f.write_str("no answer came in time"),
            Self::Lost => f.write_str("the connection broke before an answer came"),
            Self::Tls(detail) => write!(f, "no encrypted connection came about ({detail})"),
            Self::Other(detail) => f.write_str(detail),
        }
    }
}
