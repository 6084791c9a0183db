//! The screens: one file or folder each, with the struct of its template and its handlers.

pub(crate) mod activity;
pub(crate) mod borrowed;
pub(crate) mod denials;
pub(crate) mod first_steps;
pub(crate) mod folders;
pub(crate) mod home;
pub(crate) mod in_use;
pub(crate) mod invitation;
pub(crate) mod jobs;
pub(crate) mod licenses;
pub(crate) mod mine;
pub(crate) mod overview;
pub(crate) mod people;
pub(crate) mod reports;
pub(crate) mod sentences;
pub(crate) mod session_names;
pub(crate) mod settings;
pub(crate) mod setup;
pub(crate) mod sign_in;
pub(crate) mod theme;
