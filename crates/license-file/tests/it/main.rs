//! The crate through its public face: RFC vectors, refusals, and mutated files.

mod jws;
mod samples;
