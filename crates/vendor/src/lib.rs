//! The issuing side: an issuer's keys, and licenses made from a specification.
//!
//! - [`keys`] makes a key pair.
//! - [`spec`] is what an issuer writes down: a [`spec::Spec`] built in code or read from `licenses.toml`.
//! - [`issue`] turns a specification into the text of a signed `.lic` file.
//! - [`answer`] turns a specification and a request of an installation into a signed response (I4).
//! - [`files`] reads and writes these as files.
//! - [`service`] is the license service: it keeps what was issued, exchanges license keys for licenses, and refreshes
//!   them. To add a call of its administrators: its types in `service/model.rs`, the call in
//!   `service/administration.rs`, its route in `service/http.rs`, and its twin in `service/remote.rs`.
//!
//! To add a key to the specification: the field in [`spec::LicenseSpec`], its line in `spec/parse.rs`, its place in
//! `LicenseSpec::into_terms`, and a case in the tests of `spec/parse.rs`. What is allowed is checked in one place for
//! everyone, by [`license_file::document::Document::check`].

pub mod answer;
pub mod files;
pub mod issue;
pub mod keys;
pub mod service;
pub mod spec;
