//! The engine as its callers see it: on a real data folder, with a clock that is set by hand.

mod batches;
mod heartbeats;
mod intake;
mod previews;
mod tokens;
mod world;
