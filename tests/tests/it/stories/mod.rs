//! Whole ways through the product, as the documents tell them.

mod application;
mod readme;
mod record;
mod renewal;
mod session_token;
mod shell;
mod two_services;
mod walk_through;
mod year;
