//! Commands in, answers out: the one way to what the store holds.
//!
//! [`Engine::run`] queues a command; one writer thread takes what the queue holds as a batch,
//! loads what the rules need, lets [`domain::decide()`] decide each, saves all changes in one
//! transaction, and answers only after the commit. [`Engine::check`] and [`Engine::preview`] are
//! the same decisions on a working set that is thrown away. There is no SQL here and no rule.
//!
//! - `writer/`: the queue, the batch, the thread.
//! - `heartbeat.rs`: heartbeats that need no write are answered from memory.
//! - `preview.rs`, `memory.rs`: checks and dry runs; `checks.rs`: checks where the store is elsewhere.
//! - `auth.rs`, `callers.rs`, `secret.rs`, `installation.rs`, `session_token.rs`: tokens and keys.
//! - `console.rs`: accounts of the web console, their passwords and sign-ins.
//! - `nodes.rs`: what this node may remember while others change the store.
//! - `documents.rs`, `intake.rs`, `offline.rs`: license files and responses become commands; requests are signed.
//!   `service/`: license keys, and refreshing.
//! - `archive.rs`: backups of a data folder, and the way back. `moving.rs`: into another store.
//! - `jobs/`: work on many users at once. `upkeep.rs`: what is done without being asked.
//!
//! To add a behavior, add it to `domain`; nothing changes here unless it needs a queue, a thread,
//! the clock or a secret.

mod archive;
mod auth;
mod callers;
mod carried;
mod checks;
mod clock;
mod console;
mod decision;
mod documents;
mod engine;
mod error;
mod heartbeat;
mod idempotency;
mod installation;
mod intake;
mod introduce;
mod jobs;
mod memory;
mod moment;
mod moving;
mod nodes;
mod offline;
mod options;
pub mod people_csv;
mod preview;
mod secret;
mod service;
mod session_token;
mod start;
mod state;
mod threads;
mod upkeep;
mod usage;
mod writer;

pub use archive::{BackupMade, Restored, back_up, restore};
pub use auth::Caller;
pub use callers::Rights;
pub use clock::{Clock, MovedClock, SetClock};
pub use console::{AccountWish, SignedIn};
pub use documents::Imported;
pub use engine::Engine;
pub use error::{AuthError, EngineError, ImportError, IntroduceError, SignInError, StartError};
pub use idempotency::IdempotencyKey;
pub use installation::KEY_FILE;
pub use intake::Intake;
pub use jobs::{
    Bulk, BulkAnswer, BulkMode, JobError, JobKind, JobState, JobStatus, MOST_AT_ONCE, StepAnswer,
    Who, fault_of_grant,
};
pub use license_file::jws::Jwks;
pub use license_file::key_file::{KeyFileError, PublicKeyFile};
pub use license_file::keygen::{Given, LicenseKey, key_from_hex};
pub use moment::Moment;
pub use moving::{MoveError, NoPlace, StorePlace, copy_store};
pub use options::EngineOptions;
pub use secret::{PREFIX, Secret};
pub use service::{KeyError, KeyLicense, LineError, ServiceLine};
