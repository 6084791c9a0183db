//! What travels between a server and whoever talks to it: requests, answers, problems, paths. No I/O, and no rules:
//! a value of these types may still be refused by the server.
//!
//! - One file per resource, named as in the URL: [`session`], [`access`], [`license`], [`product`], [`folder`], [`user`],
//!   [`grant`], [`job`], [`denial`], [`event`], [`audit`], [`policy`], [`report`], [`issuer`], [`token`], [`me`], [`health`], [`jwks`].
//! - [`path`] has every URL and every header of ours, once, for the router, the client and the pages.
//! - [`problem`] is the body of every answer that is not a success; [`codes`] has the codes that are not a rule's.
//! - [`Time`], [`Secret`], [`Modules`] and [`patch`] are the few shapes that JSON has no word for.
//!
//! All names are `snake_case`, all times RFC 3339 in UTC, all ids UUIDs. A request with an unknown field is refused;
//! an answer may get further fields in later versions, and readers pass over those they don't know.
//!
//! To add an endpoint: its path in [`path`], its types in the file of its resource, each field with a comment: the
//! API's documentation is made of them. Codes here are spelled as in the domain; the server's tests compare them.

pub mod access;
pub mod account;
pub mod audit;
pub mod backup;
pub mod codes;
pub mod denial;
pub mod event;
pub mod folder;
pub mod grant;
pub mod health;
pub mod issuer;
pub mod job;
pub mod jwks;
pub mod license;
pub mod me;
pub mod page;
pub mod patch;
pub mod path;
pub mod policy;
pub mod problem;
pub mod product;
pub mod report;
pub mod session;
pub mod token;
pub mod user;

mod modules;
mod secret;
mod time;
mod words;

pub use modules::Modules;
pub use problem::Problem;
pub use secret::Secret;
pub use time::{Time, TimeError};
pub use words::{
    AccessLevel, AutoAssign, CountedBy, DenialCode, EndReason, Fate, GrantCode, ImportCode,
    IssuerKind, Model, OverAllocation, Permission, Place, RecallCode, RefreshCode, Removable,
    RestoreCode, Role, Source, Standing, State, Via,
};
