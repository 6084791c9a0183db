//! The product as its users meet it: its interface over a socket.
//!
//! - `support`: what every test starts from. One for all.
//! - `api`: the REST interface, one file per group of addresses.
//!
//! To add a test: in the file of what it is about, named as a claim. Nothing here asserts how
//! long something takes; waiting has generous limits, so that a loaded machine is no failure.

#[cfg(test)]
mod api;
#[cfg(test)]
mod support;
