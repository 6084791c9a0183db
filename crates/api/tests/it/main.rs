//! The description of the interface, as others read it.

mod openapi;
mod refusals;
