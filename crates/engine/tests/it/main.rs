//! The engine as its callers see it: on a real data folder, with a clock that is set by hand.

#![expect(
    clippy::unwrap_used,
    reason = "a test helper that fails should say where"
)]

mod accounts;
mod batches;
mod heartbeats;
mod intake;
mod jobs;
mod many;
mod moving;
mod nodes;
mod office;
mod place;
mod previews;
mod services;
mod tokens;
mod undo;
mod world;
