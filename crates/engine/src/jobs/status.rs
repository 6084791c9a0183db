//! How far a job is.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{JobId, Timestamp};
use serde::{Deserialize, Serialize};

/// A closed set of words, as they are stored and travel.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// Every value, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The value of a code.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }
        }
    )*};
}

words! {
    /// What a job does.
    JobKind {
        /// Makes or changes accounts.
        UserImport = "user_import",
        /// Gives seats.
        Grant = "grant",
        /// Takes seats.
        Recall = "recall",
        /// Gives everyone a seat of one license.
        AssignAll = "assign_all",
        /// Gives a seat of one license to everyone who has none of its product.
        AssignMissing = "assign_missing",
        /// Takes the seats of one license from everyone.
        ClearAll = "clear_all",
    }
    /// What became of a job.
    JobState {
        /// At work, or waiting for its turn.
        Running = "running",
        /// Everything was tried; single steps may have failed.
        Done = "done",
        /// Stopped by a failure, or by the end of the server; what was done stays done.
        Failed = "failed",
        /// Somebody stopped it; what was done stays done.
        Cancelled = "cancelled",
    }
}

/// A step of a job that did not do what it should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobError {
    /// The position in the order of steps, from 1; of an import, in the order of users.
    pub row: Option<u64>,
    /// The username or id, as far as it is known.
    pub username: Option<String>,
    /// The stable code.
    pub code: String,
    /// What happened, as a sentence.
    pub detail: String,
}

/// How far a job is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobStatus {
    /// Its id.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// Who started it.
    pub actor: Arc<str>,
    /// Whether it changes nothing.
    pub dry_run: bool,
    /// What became of it.
    pub state: JobState,
    /// Steps done.
    pub done: u64,
    /// Steps in all.
    pub total: u64,
    /// How many steps came to what, by stable code.
    pub counts: BTreeMap<String, u64>,
    /// The first [`JobStatus::MOST_ERRORS`] steps that did not do what they should.
    pub errors: Vec<JobError>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

impl JobStatus {
    /// How many errors are kept; further ones are only counted.
    pub const MOST_ERRORS: usize = 1000;
}
