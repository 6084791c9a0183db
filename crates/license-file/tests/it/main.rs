//! The crate through its public face: RFC vectors, refusals, explanations, and mutated files.

mod explain;
mod jws;
mod key_files;
mod mutations;
mod open;
mod samples;
mod terms;
