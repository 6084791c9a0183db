//! The client of a Seatkeeper server: for applications that ask whether somebody may work, and for the command line.
//! Blocking, without an async runtime; safe to share between threads.
//!
//! ```no_run
//! use client::{Client, SignInRequest};
//!
//! let client = Client::new("https://licenses.example.org", "sk_…")?;
//! let request = SignInRequest { user: "anna".into(), product: "esm".into(), ..Default::default() };
//! let session = client.sign_in(&request)?; // Err(Error::Denied) says why not, in words for the user
//! // Heartbeats go out in the background; `session.state()` says how they are answered.
//! session.sign_out()?; // dropping it does the same
//! # Ok::<(), client::Error>(())
//! ```
//!
//! - [`Client`] has one method per route of the API, with the types of [`wire`]; `calls/` has one file per resource.
//! - [`SignedIn`] is a session that is kept alive as long as the value lives.
//! - [`TokenVerifier`] checks session tokens (H4), and tokens of borrowed seats (H5), without the network.
//! - [`every`] walks through the pages of a list.
//!
//! Requests are repeated once when the connection breaks and repeating can't do harm: reads, and whatever carries an
//! `Idempotency-Key`, which is made here. Time-outs: [`Builder`].
//!
//! To add a route: a method in the file of its resource under `calls/`, and a line in `tests/it/calls.rs`.

mod calls;
mod error;
mod http;
mod pages;
mod random;
mod session;
mod token;
mod upload;

pub use calls::{Answer, job::wait_for_job};
pub use error::{Denied, Error};
pub use http::{Builder, Client, Download};
pub use pages::every;
pub use session::{Lost, SessionState, SignedIn};
pub use token::{TokenError, TokenVerifier, Verified};
pub use upload::LicenseUpload;

pub use line::Unreachable;
pub use wire::session::SignInRequest;
