//! One method per route, in one file per resource.

mod access;
mod account;
mod audit;
mod folder;
mod grant;
mod issuer;
pub(crate) mod job;
mod license;
mod policy;
mod product;
mod report;
mod server;
mod session;
mod token;
mod user;

use uuid::Uuid;

/// An answer, or the job that goes on with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<T> {
    /// It is done.
    Done(T),
    /// It goes on in the background: [`crate::Client::get_job`].
    Job(Uuid),
}

/// `?dry_run=`.
#[derive(serde::Serialize)]
struct DryRun {
    dry_run: bool,
}
