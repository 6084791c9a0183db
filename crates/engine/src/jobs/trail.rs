//! What a job keeps in the transactions of its chunks, so that it can be undone (S7): what each
//! step changed; and what an undoing forgets, since it is taken back.

use domain::undo::Change;
use domain::{JobId, Outcome};
use store::{StoreError, Transaction};

/// What is noted of the commands of a chunk.
#[derive(Clone, Debug)]
pub(crate) enum Trail {
    /// What each changed is kept: the job, and the number of the first command's step.
    Keep(JobId, u64),
    /// What each took back is forgotten: the job that it is taken back of, and the number that
    /// each command's step had there.
    Forget(JobId, Vec<u64>),
}

/// A note to be written with the changes of the same transaction.
#[derive(Debug)]
pub(crate) enum Note {
    /// A step of the job changed this.
    Changed(JobId, u64, Change),
    /// What a step of the job changed is taken back.
    TakenBack(JobId, u64),
}

impl Trail {
    /// What is to be noted of the command at a place in the chunk.
    pub(crate) fn note(
        &self,
        place: usize,
        outcome: &Outcome,
        change: Option<Change>,
    ) -> Option<Note> {
        match self {
            Self::Keep(job, first) => {
                change.map(|change| Note::Changed(*job, first + place as u64, change))
            }
            Self::Forget(job, steps) => {
                let is_done = matches!(outcome, Outcome::TakenBack(answers)
                    if answers.iter().all(|answer| answer.code.is_done()));
                let step = steps.get(place).filter(|_| is_done)?;
                Some(Note::TakenBack(*job, *step))
            }
        }
    }
}

impl Note {
    /// Writes it.
    pub(crate) fn write(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        match self {
            Self::Changed(job, step, change) => transaction.put_job_change(*job, *step, change),
            Self::TakenBack(job, step) => transaction.forget_job_change(*job, *step),
        }
    }
}
