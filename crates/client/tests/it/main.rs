//! The client against a small HTTP server of our own making, which answers as it is told.

#![expect(
    clippy::unwrap_used,
    reason = "what a test stands on fails by panicking"
)]

mod calls;
mod failures;
mod server;
mod sign_in;
mod token;
