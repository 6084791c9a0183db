//! The product as its users meet it: its interface over a socket, the real program, its command
//! line, and what becomes of it when things break.
//!
//! - `support`: starting the program, signing licenses, sending requests. One for all.
//! - `api`: the REST interface, one file per group of addresses; the server runs within the test,
//!   whose clock it has.
//! - `stories`: whole ways through the product, as the documents tell them.
//! - `cli`: the command line, one file per group of subcommands.
//! - `crash`: the program killed at any moment, and many clients at once.
//! - `environment`: disks, files, sockets and clocks that are not as they should be.
//!
//! To add a test: in the file of what it is about, named as a claim. Nothing here asserts how
//! long something takes; waiting has generous limits, so that a loaded machine is no failure.

#[cfg(test)]
mod api;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod environment;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod support;
