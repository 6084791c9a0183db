//! What the engine is started with.

use std::path::PathBuf;
use std::sync::Arc;

use domain::names::CompanyId;
use license_file::key_file::PublicKeyFile;

use crate::clock::Clock;
use crate::service::{Http, ServiceLine};

/// What the engine is started with.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    /// The folder that holds the store and the installation's key; made when missing.
    pub data: PathBuf,
    /// A database that is worked on instead of a store in the folder, together with any number
    /// of other nodes. The folder then holds nothing that is missed when it is lost.
    pub database: Option<store::Database>,
    /// Issuers' keys to trust (L3), besides those that are trusted already.
    pub trust: Vec<PublicKeyFile>,
    /// The company id that licenses must be for (L5); none: as it was set before.
    pub company: Option<CompanyId>,
    /// Where the time comes from.
    pub clock: Clock,
    /// How license services are reached.
    pub line: Arc<dyn ServiceLine>,
    /// Whether licenses are refreshed by themselves (I3).
    pub refreshes: bool,
    /// How many commands may wait before callers are told to come again.
    pub most_waiting: usize,
}

impl EngineOptions {
    /// The defaults, on a data folder.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            database: None,
            trust: Vec::new(),
            company: None,
            clock: Clock::System,
            line: Http::line(),
            refreshes: true,
            most_waiting: 16_384,
        }
    }
}
