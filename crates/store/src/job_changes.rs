//! What jobs changed of people, kept for a time so that it can be taken back (S7), and which job
//! takes back which.

use domain::undo::Change;
use domain::{JobId, Timestamp};

use crate::error::StoreError;
use crate::reader::Reader;
use crate::rows::{from_json, json};
use crate::sql::{Value, ms, statements};
use crate::writer::Transaction;

statements! {
    PUT_CHANGE = "INSERT INTO job_change (job_id, number, user_id, what) VALUES ($1, $2, $3, $4)";
    CHANGES = "SELECT c.number, c.user_id, c.what FROM job_change c \
        WHERE c.job_id = $1 AND c.number >= $2 ORDER BY c.number LIMIT $3";
    COUNT_CHANGES = "SELECT count(*) AS n FROM job_change c WHERE c.job_id = $1";
    FORGET_CHANGE = "DELETE FROM job_change WHERE job_id = $1 AND number = $2";
    MARK_UNDONE = "UPDATE job SET undone_by = $2 WHERE id = $1";
    FIRST_OUTDATED = "SELECT j.id FROM job j WHERE j.is_known AND j.ended_at < $1 \
        ORDER BY j.ended_at LIMIT 1";
    PURGE_CHANGES = "DELETE FROM job_change WHERE job_id = $1 AND number IN \
        (SELECT number FROM job_change WHERE job_id = $1 ORDER BY number LIMIT $2)";
    FORGET_CHANGES = "UPDATE job SET is_known = $2 WHERE id = $1";
}

fn number(step: u64) -> Result<Value<'static>, StoreError> {
    let number = i64::try_from(step).map_err(|e| StoreError::Unstorable {
        column: "job_change.number",
        why: e.to_string(),
    })?;
    Ok(Value::Int(number))
}

impl Reader<'_> {
    /// What steps of a job changed that nobody took back, from a step on, in their order, with the
    /// numbers of the steps; at most so many.
    pub fn job_changes(
        &mut self,
        job: JobId,
        from: u64,
        at_most: u32,
    ) -> Result<Vec<(u64, Change)>, StoreError> {
        let values = [job.into(), number(from)?, at_most.into()];
        self.link.all(&CHANGES, &values, |row| {
            row.of("job_change");
            let number = row.number("number")?;
            let change = Change {
                user: row.id("user_id")?,
                what: row.parsed("what", from_json)?,
            };
            Ok((number, change))
        })
    }

    /// How many steps of a job changed something that nobody took back.
    pub fn count_job_changes(&mut self, job: JobId) -> Result<u64, StoreError> {
        let found = self.link.first(&COUNT_CHANGES, &[job.into()], |row| {
            row.of("job_change").number("n")
        })?;
        Ok(found.unwrap_or_default())
    }
}

impl Transaction<'_> {
    /// Keeps what a step of a job changed. It is written with the change itself, or neither is.
    pub fn put_job_change(
        &mut self,
        job: JobId,
        step: u64,
        change: &Change,
    ) -> Result<(), StoreError> {
        let what = json("job_change.what", &change.what)?;
        let values = [job.into(), number(step)?, change.user.into(), what.into()];
        self.link().put_many(&PUT_CHANGE, &values)
    }

    /// Forgets what a step of a job changed, since it was taken back.
    pub fn forget_job_change(&mut self, job: JobId, step: u64) -> Result<(), StoreError> {
        self.link()
            .put_many(&FORGET_CHANGE, &[job.into(), number(step)?])
    }

    /// Notes that a job is undone by another one.
    pub fn mark_job_undone(&mut self, job: JobId, by: JobId) -> Result<(), StoreError> {
        self.link().put(&MARK_UNDONE, &[job.into(), by.into()])
    }

    /// Forgets what a job changed that ended before a moment, at most so many steps of one such
    /// job; whether there may be more.
    pub fn purge_job_changes(
        &mut self,
        before: Timestamp,
        at_most: u32,
    ) -> Result<bool, StoreError> {
        let link = self.link();
        let outdated = link.first(&FIRST_OUTDATED, &[ms(before)], |row| {
            row.of("job").id::<JobId>("id")
        })?;
        let Some(job) = outdated else {
            return Ok(false);
        };
        let gone = link.run(&PURGE_CHANGES, &[job.into(), at_most.into()])?;
        if gone < at_most as usize {
            link.put(&FORGET_CHANGES, &[job.into(), false.into()])?;
        }
        Ok(true)
    }
}
