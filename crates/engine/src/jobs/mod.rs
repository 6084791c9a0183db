//! Work on many users at once (S7): grants, recalls, imports of people; small amounts while the
//! caller waits, large ones as jobs with progress that can be cancelled and repeated harmlessly.

mod status;

pub use status::{JobError, JobKind, JobState, JobStatus};

use domain::command::NewUser;
use domain::{JobId, LicenseId, Outcome, Source, Target, UserId, UserRef, Username};

use crate::error::EngineError;

/// Whose seats are meant.
#[derive(Clone, Debug)]
pub enum Who {
    /// These, in this order.
    These(Vec<UserRef>),
}

/// Work on many users.
#[derive(Clone, Debug)]
pub enum Bulk {
    /// Each user gets each target (S3).
    Grant {
        /// Whom.
        who: Who,
        /// Of what.
        targets: Vec<Target>,
        /// Where the assignments come from (S11).
        source: Source,
    },
    /// Each target is taken from each user (S4, S10, S11).
    Recall {
        /// From whom.
        who: Who,
        /// Of what.
        targets: Vec<Target>,
        /// Only this source; none: whatever the source.
        source: Option<Source>,
        /// End the sessions at once.
        now: bool,
    },
    /// Every holder of a license loses its seat (S7 "clear all"); of no other license (S10).
    Clear {
        /// Which.
        license: LicenseId,
        /// End the sessions at once.
        now: bool,
    },
    /// Accounts are made, or changed to be so.
    PutUsers(Vec<NewUser>),
}

/// How work on many users is to be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BulkMode {
    /// Change nothing, and answer what would happen.
    pub dry_run: bool,
    /// Answer with a job even when it is little.
    pub as_job: bool,
}

/// How work on many users was answered.
#[derive(Debug)]
pub enum BulkAnswer {
    /// It is done: one answer per step, in order.
    Done(Vec<StepAnswer>),
    /// It goes on as a job.
    Started(JobId),
}

/// What came of one step: one user, and one target where there are targets.
#[derive(Clone, Debug)]
pub struct StepAnswer {
    /// The position in the order of steps, from 1; of an import, the row.
    pub row: u64,
    /// The account, where there is one.
    pub user: Option<UserId>,
    /// The username, where there is an account, or as it was given.
    pub username: Option<Username>,
    /// The target; none for imports of people.
    pub target: Option<Target>,
    /// What happened.
    pub result: Result<Outcome, EngineError>,
}
