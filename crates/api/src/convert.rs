//! Between the words that travel and the words of the domain.
//!
//! Inward a text becomes a type that proves it, or a problem that names the field; outward nothing
//! can fail, except where the store contradicts itself.

pub(crate) mod folder;
pub(crate) mod grant;
pub(crate) mod job;
pub(crate) mod license;
pub(crate) mod names;
pub(crate) mod policy;
pub(crate) mod product;
pub(crate) mod record;
pub(crate) mod replacement;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod time;
pub(crate) mod user;
pub(crate) mod words;
