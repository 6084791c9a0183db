//! Which servers work on the same database, and whose jobs are whose. Only a shared store uses it.

use domain::{JobId, Timestamp};
use uuid::Uuid;

use crate::error::StoreError;
use crate::query::{self, Job, WhyEnded};
use crate::reader::Reader;
use crate::sql::{Value, ms, statements};
use crate::writer::Transaction;

statements! {
    SEEN = "INSERT INTO node (id, started_at, seen_at, version) VALUES ($1, $2, $2, $3) \
        ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at";
    LEAVE = "DELETE FROM node WHERE id = $1";
    FORGET_NODES = "DELETE FROM node WHERE seen_at < $1";
    COUNT_NODES = "SELECT count(*) AS n FROM node n WHERE n.seen_at >= $1";
    TAKE_JOB = "INSERT INTO job_run (job_id, node_id, cancelled) VALUES ($1, $2, $3)";
    LEAVE_JOB = "DELETE FROM job_run WHERE job_id = $1";
    CANCEL_JOB = "UPDATE job_run SET cancelled = $2 WHERE job_id = $1";
    CANCELLED_JOBS = "SELECT r.job_id FROM job_run r WHERE r.node_id = $1 AND r.cancelled";
    LIVE_JOBS = "SELECT r.job_id FROM job_run r JOIN node n ON n.id = r.node_id \
        WHERE n.seen_at >= $1";
}

impl Reader<'_> {
    /// How many nodes were seen since a moment.
    pub fn count_nodes(&mut self, since: Timestamp) -> Result<u64, StoreError> {
        self.link
            .one(&COUNT_NODES, &[ms(since)], |row| row.of("node").number("n"))
    }

    /// Those jobs of a node that somebody wants stopped.
    pub fn cancelled_jobs(&mut self, node: Uuid) -> Result<Vec<JobId>, StoreError> {
        self.link.all(&CANCELLED_JOBS, &[Value::Id(node)], |row| {
            row.of("job_run").id("job_id")
        })
    }
}

impl Transaction<'_> {
    /// Says that a node runs, in this version of the program.
    pub fn put_node(&mut self, node: Uuid, at: Timestamp, version: &str) -> Result<(), StoreError> {
        let values = [Value::Id(node), ms(at), version.into()];
        self.link().put(&SEEN, &values)
    }

    /// Says that a node stops.
    pub fn leave_node(&mut self, node: Uuid) -> Result<(), StoreError> {
        self.link().put(&LEAVE, &[Value::Id(node)])
    }

    /// Forgets nodes that were not seen since a moment.
    pub fn forget_nodes(&mut self, before: Timestamp) -> Result<(), StoreError> {
        self.link().put(&FORGET_NODES, &[ms(before)])
    }

    /// Says which node does a job.
    pub fn take_job(&mut self, job: JobId, node: Uuid) -> Result<(), StoreError> {
        let values = [job.into(), Value::Id(node), false.into()];
        self.link().put(&TAKE_JOB, &values)
    }

    /// Says that a job is at work nowhere any more.
    pub fn leave_job(&mut self, job: JobId) -> Result<(), StoreError> {
        self.link().put(&LEAVE_JOB, &[job.into()])
    }

    /// Asks the node that does a job to stop; whether one does it.
    pub fn cancel_job(&mut self, job: JobId) -> Result<bool, StoreError> {
        let values = [job.into(), true.into()];
        Ok(self.link().run(&CANCEL_JOB, &values)? > 0)
    }

    /// Ends as failed, for this reason, the jobs of nodes that were not seen since a moment; how
    /// many.
    pub fn end_jobs_of_lost_nodes(
        &mut self,
        at: Timestamp,
        not_seen_since: Timestamp,
        why: WhyEnded<'_>,
    ) -> Result<usize, StoreError> {
        let link = self.link();
        let live: Vec<JobId> = link.all(&LIVE_JOBS, &[ms(not_seen_since)], |row| {
            row.of("job_run").id("job_id")
        })?;
        let is_lost = |job: &Job| !live.contains(&job.id);
        query::end_running(link, at, why, is_lost)
    }
}
