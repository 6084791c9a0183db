//! What the engine offers of work on many users (S7).

use std::sync::Arc;

use domain::{Actor, JobId};
use store::query::{Page, Paging};

use super::{Bulk, BulkAnswer, BulkMode, JobStatus, MOST_AT_ONCE, Plan, Work, do_now, undo};
use crate::engine::Engine;
use crate::error::EngineError;

impl Engine {
    /// Work on many users: done at once up to 1,000 steps, else as a job (S7).
    pub async fn bulk(
        &self,
        actor: &Actor,
        work: Bulk,
        mode: BulkMode,
    ) -> Result<BulkAnswer, EngineError> {
        actor.must(work.permission())?;
        let (shared, actor) = (Arc::clone(&self.shared), actor.clone());
        self.blocking(move || {
            let kind = work.kind();
            let (subject, plan) = shared.store.read(|reader| {
                reader.limit_to(actor.reach);
                let subject = work.subject(reader)?;
                Ok((subject, Plan::new(work, reader)))
            })?;
            let (plan, total) = plan?;
            let dry_run = mode.dry_run;
            let work = Work::new(actor, plan, dry_run);
            if mode.as_job || total > MOST_AT_ONCE {
                let what = (kind, subject, None);
                let job = shared.desk.start(&shared, what, total, work)?;
                return Ok(BulkAnswer::Started(job));
            }
            if mode.listed && !dry_run && total > 1 {
                let what = (kind, subject, None);
                let (job, answers) = shared.desk.do_now(&shared, what, total, work)?;
                return Ok(BulkAnswer::Listed(job, answers));
            }
            do_now(&shared, work).map(BulkAnswer::Done)
        })
        .await
    }

    /// Starts a job that takes back what another one changed, of exactly those whom that changed
    /// (S7); a dry run of little is answered at once, unless it is to be a job.
    ///
    /// # Errors
    /// That it can't be undone, as [`domain::undo::Subject::check`] says; [`EngineError::UnknownJob`].
    pub async fn undo_job(
        &self,
        actor: &Actor,
        id: JobId,
        mode: BulkMode,
    ) -> Result<BulkAnswer, EngineError> {
        let (shared, actor) = (Arc::clone(&self.shared), actor.clone());
        self.blocking(move || undo::start(&shared, actor, id, mode))
            .await
    }

    /// Whether [`Self::undo_job`] could begin now; if not, why.
    pub async fn may_undo_job(&self, actor: &Actor, id: JobId) -> Result<(), EngineError> {
        let (shared, actor) = (Arc::clone(&self.shared), actor.clone());
        self.blocking(move || undo::check(&shared, &actor, id))
            .await
    }

    /// How far a job is; also one of an earlier run of the server.
    pub async fn job(&self, actor: &Actor, id: JobId) -> Result<JobStatus, EngineError> {
        let (shared, reach) = (Arc::clone(&self.shared), actor.reach);
        self.blocking(move || shared.desk.status(&shared, reach, id))
            .await
    }

    /// Jobs, latest first, also those of earlier runs of the server; of whoever's rights end at a
    /// folder, those within it.
    pub async fn jobs(
        &self,
        actor: &Actor,
        paging: Paging,
    ) -> Result<Page<JobStatus>, EngineError> {
        let (shared, reach) = (Arc::clone(&self.shared), actor.reach);
        self.blocking(move || shared.desk.list(&shared, reach, &paging))
            .await
    }

    /// Stops a job after the chunk at work; what is done stays done. Harmless when it has ended.
    pub async fn cancel_job(&self, actor: &Actor, id: JobId) -> Result<JobStatus, EngineError> {
        let (shared, reach) = (Arc::clone(&self.shared), actor.reach);
        self.blocking(move || shared.desk.cancel(&shared, reach, id))
            .await
    }
}
