//! Signed documents: writing, reading, verifying and explaining them. Pure bytes in, values out; no I/O, clock or randomness.
//!
//! - [`jws`] is the envelope that every signed text of the product shares: compact JWS with Ed25519 and a fixed `typ`.
//!   License files and session tokens both stand on it.
//! - [`document`] is what a license file says: [`document::Document`], [`document::LicenseTerms`] (L1) and their checks.
//! - [`armor`] is the text form people see (`-----BEGIN SEATKEEPER LICENSE-----`).
//! - [`intake`] takes files apart, whatever they are packed in: `.lic`, [`xml`], [`keygen`]'s, and archives of these (I1).
//! - [`open`](open::open) takes one `.lic` file from bytes to trusted terms or to one specific refusal (L3, L5).
//! - [`explain`](explain::explain) says what is in a file and whether it verifies, without needing to trust it.
//! - [`offline`] is the offline way: a request of an installation and its issuer's response (I4).
//! - [`introduction`] is how an issuer makes a further key known.
//! - [`key_file`] is the text of `.key` and `.pub` files.
//! - [`license_key`] is what people type to get a license; [`exchange`] is what is said to a license service then, and later.
//!
//! To add a kind of signed document: give it a `typ` of its own in [`jws`], a module with its payload and its checks,
//! and an entry in the tests under `tests/it/`. To add a field to the terms: [`document::LicenseTerms`],
//! its check in `document/check.rs`, and a line in the vendor's specification.

pub mod armor;
pub mod document;
pub mod exchange;
pub mod explain;
pub mod intake;
pub mod introduction;
pub mod jws;
pub mod key_file;
pub mod keygen;
pub mod license_key;
pub mod offline;
pub mod open;
mod show;
pub mod xml;
