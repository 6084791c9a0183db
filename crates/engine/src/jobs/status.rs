//! How far a job is.

use std::collections::BTreeMap;

use domain::outcome::{GrantCode, RecallCode};
use domain::undo::Act;
use domain::{FolderId, JobId, Outcome, Refusal, Timestamp};
use serde::{Deserialize, Serialize};
use store::query::{self, Job};

use super::StepAnswer;
use crate::error::EngineError;

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
        /// Moves accounts to another folder.
        UserMove = "user_move",
        /// Lets accounts work again.
        UserActivate = "user_activate",
        /// Lets accounts work no longer, and frees what they hold.
        UserDeactivate = "user_deactivate",
        /// Takes back what another job did.
        Undo = "undo",
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

impl JobKind {
    /// What it does, as far as it matters to taking it back.
    pub const fn act(self) -> Act {
        match self {
            Self::UserImport => Act::Import,
            Self::Grant | Self::Recall | Self::AssignAll | Self::AssignMissing | Self::ClearAll => {
                Act::Seats
            }
            Self::UserMove | Self::UserActivate => Act::Accounts,
            Self::UserDeactivate => Act::Deactivation,
            Self::Undo => Act::Undo,
        }
    }
}

/// A step of a job that did not do what it should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobError {
    /// The row of the file, of an import.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The username or id, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The stable code.
    pub code: String,
    /// What happened, as a sentence.
    pub detail: String,
}

impl JobError {
    /// That the end of the server stopped the job.
    pub(super) fn interrupted(detail: String) -> Self {
        Self {
            row: None,
            username: None,
            code: "interrupted".to_owned(),
            detail,
        }
    }
}

/// Why a job ended whose server is gone without a word: as far as its trail knows, in JSON as
/// rows have it. `changed`: how many of its steps are known to have changed something.
pub(crate) fn of_lost_server(job: &Job, changed: Option<u64>) -> serde_json::Value {
    let detail = match changed {
        _ if job.dry_run => "the server died while this was at work; it changed nothing".to_owned(),
        Some(0) => {
            "the server died while this was at work; none of its steps changed anything".to_owned()
        }
        Some(1) => "the server died while this was at work; 1 of its steps changed something, \
             which can be undone"
            .to_owned(),
        Some(changed) => format!(
            "the server died while this was at work; {changed} of its steps changed something, \
             which can be undone"
        ),
        None => "the server died while this was at work; how much was done after the last count \
             is not known here, see the record"
            .to_owned(),
    };
    let error = JobError::interrupted(detail);
    serde_json::to_value(error).expect("numbers and texts always serialize")
}

/// How far a job is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobStatus {
    /// Its id.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// What it is about: product codes or serials, or the folder to which people are moved; empty
    /// for an import of people, and for who is active.
    pub subject: String,
    /// Whether it changes nothing, and only says what it would come to.
    pub dry_run: bool,
    /// Who started it.
    pub actor: String,
    /// What became of it.
    pub state: JobState,
    /// Steps done.
    pub done: u64,
    /// Steps in all, as counted at the start.
    pub total: u64,
    /// How many steps came to what, by stable code.
    pub counts: BTreeMap<String, u64>,
    /// The first [`JobStatus::MOST_ERRORS`] steps that did not do what they should.
    pub errors: Vec<JobError>,
    /// When it was asked for.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// The folder beyond which the rights end of whoever asked for it (R1).
    pub folder: Option<FolderId>,
    /// Whether what it changes of whom is known, so that it can be undone.
    pub is_known: bool,
    /// The job that it takes back.
    pub undoes: Option<JobId>,
    /// The job that takes it back, or was to.
    pub undone_by: Option<JobId>,
}

impl JobStatus {
    /// How many errors are kept; further ones are only counted.
    pub const MOST_ERRORS: usize = 1000;

    /// Counts the answers to so many steps.
    pub(super) fn add(&mut self, answers: Vec<StepAnswer>, steps: u64) {
        self.done += steps;
        self.total = self.total.max(self.done);
        for answer in answers {
            let mut wrong = None;
            for (code, fault) in said(&answer.result) {
                match self.counts.get_mut(code) {
                    Some(count) => *count += 1,
                    None => {
                        self.counts.insert(code.to_owned(), 1);
                    }
                }
                wrong = wrong.or(fault.map(|detail| (code, detail)));
            }
            if let Some((code, detail)) = wrong
                && self.errors.len() < Self::MOST_ERRORS
            {
                self.errors.push(JobError {
                    row: answer.row,
                    username: Some(answer.username),
                    code: code.to_owned(),
                    detail,
                });
            }
        }
    }

    /// As the store keeps it.
    pub(super) fn to_row(&self) -> Job {
        let errors = self
            .errors
            .iter()
            .map(|error| serde_json::to_value(error).expect("numbers and texts always serialize"));
        Job {
            id: self.id,
            kind: self.kind.code().to_owned(),
            subject: self.subject.clone(),
            dry_run: self.dry_run,
            actor: self.actor.clone(),
            state: match self.state {
                JobState::Running => query::JobState::Running,
                JobState::Done => query::JobState::Done,
                JobState::Failed => query::JobState::Failed,
                JobState::Cancelled => query::JobState::Cancelled,
            },
            done: self.done,
            total: self.total,
            counts: self.counts.clone(),
            errors: errors.collect(),
            started_at: self.started_at,
            ended_at: self.ended_at,
            folder: self.folder,
            is_known: self.is_known,
            undoes: self.undoes,
            undone_by: self.undone_by,
        }
    }

    /// From what the store kept.
    pub(super) fn from_row(row: Job) -> Result<Self, EngineError> {
        let bad = |why: String| EngineError::internal(format!("the job {}: {why}", row.id));
        let kind = JobKind::from_code(&row.kind);
        let errors = row.errors.iter().map(JobError::deserialize);
        Ok(Self {
            id: row.id,
            kind: kind.ok_or_else(|| bad(format!("unknown kind {:?}", row.kind)))?,
            state: match row.state {
                query::JobState::Running => JobState::Running,
                query::JobState::Done => JobState::Done,
                query::JobState::Failed => JobState::Failed,
                query::JobState::Cancelled => JobState::Cancelled,
            },
            done: row.done,
            total: row.total,
            errors: errors
                .collect::<Result<_, _>>()
                .map_err(|error| bad(error.to_string()))?,
            counts: row.counts,
            started_at: row.started_at,
            ended_at: row.ended_at,
            subject: row.subject,
            dry_run: row.dry_run,
            folder: row.folder,
            is_known: row.is_known,
            undoes: row.undoes,
            undone_by: row.undone_by,
            actor: row.actor,
        })
    }
}

/// The codes that a step came to, each with a sentence if it did not do what it should.
fn said(result: &Result<Outcome, EngineError>) -> Vec<(&'static str, Option<String>)> {
    match result {
        Err(error) => vec![(error.code(), Some(error.to_string()))],
        Ok(Outcome::Grant(answer)) => {
            vec![(
                answer.code.code(),
                fault_of_grant(answer.code).map(str::to_owned),
            )]
        }
        Ok(Outcome::Recall(answers)) => answers
            .iter()
            .map(|answer| {
                let unknown = answer.code == RecallCode::UnknownUser;
                let fault = unknown.then(|| Refusal::UnknownUser.to_string());
                (answer.code.code(), fault)
            })
            .collect(),
        Ok(Outcome::User { code, .. }) => vec![(code.code(), None)],
        Ok(Outcome::TakenBack(answers)) => answers
            .iter()
            .map(|answer| (answer.code.code(), answer.code.fault().map(str::to_owned)))
            .collect(),
        Ok(_) => vec![("done", None)],
    }
}

/// Why a grant gave nobody a seat, in a sentence; nothing where there is one now.
pub const fn fault_of_grant(code: GrantCode) -> Option<&'static str> {
    match code {
        GrantCode::Granted | GrantCode::AlreadyHeld => None,
        GrantCode::NoFreeSeat => Some("no seat is free where the policy looks"),
        GrantCode::UnknownUser => Some("there is no such user"),
        GrantCode::UserInactive => Some("the account is not active"),
        GrantCode::NotLicensed => {
            Some("no license of the product covers what is asked, or none is dedicated")
        }
        GrantCode::NotAssignable => Some("the license can't be assigned, or was replaced"),
        GrantCode::NotUsable => Some("the license is not in force"),
    }
}
