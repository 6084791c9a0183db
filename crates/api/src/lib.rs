//! The REST interface: HTTP in, a command or a question to the engine, HTTP out.
//!
//! [`router`] builds it, [`serve`] puts it on a socket. There is no rule here and no SQL: a handler
//! takes a request apart with `extract`, turns it into the domain's words with `convert`, calls the
//! [`engine::Engine`] or reads through `store`'s queries, and turns the answer into `wire`'s words.
//!
//! - `routes.rs`: the whole interface on one screen.
//! - `v1/`, `system/`: one file per endpoint, in a tree that mirrors the URLs.
//! - `envelope.rs`, `problem.rs`: what surrounds every request, and how refusals are written.
//! - `openapi.rs`, `docs.rs`: the description, for programs and for people.
//!
//! To add an endpoint: its path and types in `wire`; a file in the tree with the handler, whose name
//! is the operation's id and whose first argument is the permission it needs
//! (`Authorized<ViewLicenses>`), and its `#[utoipa::path]` with the same permission; a line in
//! `routes.rs`; then `UPDATE_SNAPSHOTS=1 cargo test -p seatkeeper-api` writes the new description.

mod answer;
mod app;
mod bulk;
mod convert;
mod docs;
mod envelope;
mod extract;
mod metrics;
mod openapi;
mod problem;
mod request_id;
mod resolve;
mod routes;
mod serve;
mod system;
mod v1;

pub use app::ApiOptions;
pub use routes::{openapi, router};
pub use serve::{Peer, serve, serve_with_addresses};
