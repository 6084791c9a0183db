//! `/v1/jobs`: long work, its progress and its end.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::Time;
use crate::page::pages;
use crate::words::words;

words! {
    /// What a job does.
    JobKind {
        /// Takes in users from a CSV file.
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
        /// Moves users to another folder.
        UserMove = "user_move",
        /// Lets users work again.
        UserActivate = "user_activate",
        /// Lets users work no longer, and frees what they hold.
        UserDeactivate = "user_deactivate",
        /// Takes back what another job did.
        Undo = "undo",
    }
    /// How far a job is.
    JobState {
        /// At work, or waiting for its turn.
        Running = "running",
        /// Everything was tried; see `counts` and `errors`.
        Done = "done",
        /// It had to stop; see `errors`. What was done stays done.
        Failed = "failed",
        /// Somebody stopped it. What was done stays done.
        Cancelled = "cancelled",
    }
}

/// How a job is undone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UndoQuery {
    /// Whether only to say what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

/// The answer (202) to work that takes longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JobStarted {
    /// The job's id, to be looked at under `/v1/jobs/{id}`.
    pub job: Uuid,
}

/// Long work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Job {
    /// Its id.
    pub id: Uuid,
    /// What it does.
    pub kind: JobKind,
    /// What it is about: product codes or serials, or the folder to which users are moved; empty for an import of users
    /// and for who is active.
    #[serde(default)]
    pub subject: String,
    /// Whether it changes nothing, and only says what it would come to.
    #[serde(default)]
    pub dry_run: bool,
    /// Who asked for it.
    #[serde(default)]
    pub by: String,
    /// How far it is.
    pub state: JobState,
    /// How many items were worked on.
    pub done: u64,
    /// How many items there are.
    pub total: u64,
    /// How often each code occurred so far.
    pub counts: BTreeMap<String, u64>,
    /// What went wrong, the first 1000.
    pub errors: Vec<JobError>,
    /// When it was asked for.
    pub started_at: Time,
    /// When it ended; absent while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Time>,
    /// The id of the job that it takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<Uuid>,
    /// The id of the job that takes it back, or was to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_by: Option<Uuid>,
}

pages! {
    /// A page of jobs, latest first.
    JobPage of Job;
}

/// Which jobs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct JobQuery {
    /// How many at most, 1 to 1000; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// One item that went wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JobError {
    /// Which row of a CSV file; the header is row 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// Which user: username or id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The stable code.
    pub code: String,
    /// Why, in a sentence.
    pub detail: String,
}
