//! What every test starts from: requests over a socket, and patience.

mod http;
mod wait;

pub(crate) use http::{Answer, Call, Connection, read_answer};
pub(crate) use wait::until;
