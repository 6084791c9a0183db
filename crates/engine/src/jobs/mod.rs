//! Work on many users at once (S7): grants, recalls, imports of people; small amounts while the
//! caller waits, large ones as jobs with progress that can be cancelled and repeated harmlessly.
//!
//! [`plan`] turns the work into steps, a few at a time; [`work`] carries steps out, through the
//! bulk lane of the queue or, in a dry run, on a set that is thrown away; [`status`] counts what
//! came of them; [`desk`] knows the jobs and runs them; [`undo`] begins those that take back what
//! others did, by what [`trail`] kept.

mod desk;
mod face;
mod plan;
mod status;
mod trail;
mod undo;
mod work;

pub(crate) use desk::{Desk, THREADS};
pub(crate) use plan::Plan;
pub(crate) use status::of_lost_server;
pub use status::{JobError, JobKind, JobState, JobStatus, fault_of_grant};
pub(crate) use trail::Trail;
pub(crate) use work::{Work, carry_out, do_now};

use domain::{FolderId, JobId, LicenseId, Outcome, Permission, Source, Target, UserId, UserRef};
use store::query::UserFilter;
use store::{Reader, StoreError};

use crate::error::EngineError;
use crate::people_csv::PeopleFile;

/// Up to how many steps are done while the caller waits.
pub const MOST_AT_ONCE: u64 = 1_000;

/// Whose seats are meant.
#[derive(Clone, Debug)]
pub enum Who {
    /// These, in this order.
    These(Vec<UserRef>),
    /// Everyone who matches.
    Everyone(UserFilter),
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
    /// Everyone gets a seat of a license.
    AssignAll {
        /// Which.
        license: LicenseId,
        /// Whom.
        everyone: UserFilter,
    },
    /// Everyone gets a seat of a license who has no seat of its product, dedicated or at work.
    AssignMissing {
        /// Which.
        license: LicenseId,
        /// Whom; what its `unlicensed` says does not count.
        everyone: UserFilter,
    },
    /// The seats of a license are taken from everyone; of no other license (S10).
    ClearAll {
        /// Which.
        license: LicenseId,
        /// From whom.
        everyone: UserFilter,
        /// End the sessions at once.
        now: bool,
    },
    /// Accounts are changed, or made, as by [`domain::Command::PutUser`]: those of a file.
    PutUsers(PeopleFile),
    /// Accounts live in another folder from now on (P4).
    MoveUsers {
        /// Whose.
        who: Who,
        /// Where.
        to: FolderId,
    },
    /// Accounts are deactivated, or activated again (S8).
    SetActive {
        /// Whose.
        who: Who,
        /// Whether they may work.
        active: bool,
    },
}

impl Bulk {
    /// What the work is called.
    pub const fn kind(&self) -> JobKind {
        match self {
            Self::Grant { .. } => JobKind::Grant,
            Self::Recall { .. } => JobKind::Recall,
            Self::AssignAll { .. } => JobKind::AssignAll,
            Self::AssignMissing { .. } => JobKind::AssignMissing,
            Self::ClearAll { .. } => JobKind::ClearAll,
            Self::PutUsers(_) => JobKind::UserImport,
            Self::MoveUsers { .. } => JobKind::UserMove,
            Self::SetActive { active: true, .. } => JobKind::UserActivate,
            Self::SetActive { active: false, .. } => JobKind::UserDeactivate,
        }
    }

    /// What it is about, in the words of people: product codes or serials, or a folder's path.
    pub(crate) fn subject(&self, reader: &mut Reader<'_>) -> Result<String, StoreError> {
        let targets = match self {
            Self::Grant { targets, .. } | Self::Recall { targets, .. } => targets.clone(),
            Self::AssignAll { license, .. }
            | Self::AssignMissing { license, .. }
            | Self::ClearAll { license, .. } => vec![Target::License(*license)],
            Self::MoveUsers { to, .. } => return reader.folder_path(*to),
            Self::PutUsers(_) | Self::SetActive { .. } => Vec::new(),
        };
        let mut names = Vec::new();
        for target in targets.iter().take(Self::MOST_NAMED) {
            names.push(match target {
                Target::Product(code, _) => code.to_string(),
                Target::License(id) => match reader.find_license(*id)? {
                    Some(detail) => detail.license.terms.serial.to_string(),
                    None => id.to_string(),
                },
            });
        }
        if targets.len() > names.len() {
            names.push("…".to_owned());
        }
        Ok(names.join(", "))
    }

    /// So many targets are named.
    const MOST_NAMED: usize = 5;

    /// What the actor must be allowed (R1).
    pub const fn permission(&self) -> Permission {
        match self {
            Self::PutUsers(_) | Self::MoveUsers { .. } | Self::SetActive { .. } => {
                Permission::ManageUsers
            }
            _ => Permission::ManageLicenses,
        }
    }
}

/// How work on many users is to be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BulkMode {
    /// Change nothing, and answer what would happen.
    pub dry_run: bool,
    /// Answer with a job even when it is little.
    pub as_job: bool,
    /// Keep it among the jobs even when it is little and done at once, so that it can be undone.
    pub listed: bool,
}

/// How work on many users was answered.
#[derive(Debug)]
pub enum BulkAnswer {
    /// It is done: one answer per step, in order.
    Done(Vec<StepAnswer>),
    /// The same, and this job did it.
    Listed(JobId, Vec<StepAnswer>),
    /// It goes on as a job.
    Started(JobId),
}

/// What came of one step: one user, and one target where there are targets.
#[derive(Clone, Debug)]
pub struct StepAnswer {
    /// The row of the file, of an import.
    pub row: Option<u64>,
    /// The account, where there is one.
    pub user: Option<UserId>,
    /// The username; as it was given, where there is no such account.
    pub username: String,
    /// The target; none for imports of people.
    pub target: Option<Target>,
    /// What happened.
    pub result: Result<Outcome, EngineError>,
}
