//! The crate through its public face: RFC vectors, refusals, explanations, and mutated files.

mod explain;
mod intake;
mod introduction;
mod jws;
mod key_files;
mod keygen;
mod keygen_maker;
mod mutations;
mod offline;
mod open;
mod packed_mutations;
mod samples;
mod terms;
mod vectors;
mod xml;
mod zip;
