//! `/v1/jobs`.

use std::thread;
use std::time::Duration;

use uuid::Uuid;
use wire::job::{Job, JobPage, JobQuery, JobStarted, JobState, UndoQuery};
use wire::path;

use crate::{Client, Error};

impl Client {
    /// Lists jobs, latest first.
    ///
    /// # Errors
    /// [`Error`].
    pub fn list_jobs(&self, query: &JobQuery) -> Result<JobPage, Error> {
        self.get(path::JOBS).query(query).answer()
    }

    /// How far a job is.
    ///
    /// # Errors
    /// [`Error`].
    pub fn get_job(&self, job: Uuid) -> Result<Job, Error> {
        self.get_at(path::JOB, job).answer()
    }

    /// Starts a job that takes back what another one did, or says what that would come to; its id.
    ///
    /// # Errors
    /// [`Error::Problem`] when it can't be undone.
    pub fn undo_job(&self, job: Uuid, dry_run: bool) -> Result<Uuid, Error> {
        let started: JobStarted = self
            .post_at(path::JOB_UNDO, job)
            .query(&UndoQuery { dry_run })
            .answer()?;
        Ok(started.job)
    }

    /// Stops a job. What it did stays done.
    ///
    /// # Errors
    /// [`Error`].
    pub fn cancel_job(&self, job: Uuid) -> Result<(), Error> {
        self.delete_at(path::JOB, job).done()
    }
}

/// Looks at a job until it has ended, and tells `progress` each time. Starts with short pauses, and never pauses longer
/// than a second.
///
/// # Errors
/// [`Error`]; that the job failed is in the answer.
pub fn wait_for_job(
    client: &Client,
    job: Uuid,
    progress: &mut dyn FnMut(&Job),
) -> Result<Job, Error> {
    let mut pause = Duration::from_millis(50);
    loop {
        let seen = client.get_job(job)?;
        progress(&seen);
        if seen.state != JobState::Running {
            return Ok(seen);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_secs(1));
    }
}
