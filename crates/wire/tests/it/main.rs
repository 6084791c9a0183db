//! What travels, seen from outside: requests are strict, answers are lenient, and every field is explained.

#![expect(
    clippy::unwrap_used,
    reason = "what a test stands on fails by panicking"
)]

mod schemas;
mod strictness;
mod words;
