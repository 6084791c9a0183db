//! Long work on the server: its progress bar, and its end.

use client::{Answer, Client, wait_for_job};
use uuid::Uuid;
use wire::job::{Job, JobState};

use crate::failure::Failure;
use crate::printer::Printer;

/// Waits for a job with a progress bar. A job that failed or was cancelled is a failure.
pub(crate) fn wait(
    client: &Client,
    printer: &Printer,
    job: Uuid,
    label: &str,
) -> Result<Job, Failure> {
    let bar = printer.bar_of(label, 0);
    let ended = wait_for_job(client, job, &mut |seen| {
        bar.set_length(seen.total);
        bar.set_position(seen.done);
    });
    bar.finish_and_clear();
    let ended = ended?;
    match ended.state {
        JobState::Done => Ok(ended),
        JobState::Cancelled => Err(stopped(&ended, "job_cancelled", "was cancelled")),
        JobState::Failed | JobState::Running => Err(stopped(&ended, "job_failed", "had to stop")),
    }
}

fn stopped(job: &Job, code: &str, how: &str) -> Failure {
    let why = match job.errors.last() {
        Some(error) => format!(": {}", error.detail),
        None => String::new(),
    };
    let detail = format!(
        "the job {} {how} after {} of {}{why}",
        job.id, job.done, job.total
    );
    Failure::refused(code, detail)
        .hint("what was done stays done; repeating the command does the rest")
}

/// The answer, or what the job that goes on with it came to.
pub(crate) enum Outcome<T> {
    /// At once.
    Answer(T),
    /// In the background.
    Job(Job),
}

/// Waits for the job, if the answer is one.
pub(crate) fn settle<T>(
    client: &Client,
    printer: &Printer,
    answer: Answer<T>,
    label: &str,
) -> Result<Outcome<T>, Failure> {
    match answer {
        Answer::Done(answer) => Ok(Outcome::Answer(answer)),
        Answer::Job(job) => wait(client, printer, job, label).map(Outcome::Job),
    }
}

/// "granted 3, no_free_seat 1"; of a dry run "would be: granted 3, no_free_seat 1".
pub(crate) fn counts<'a>(
    dry_run: bool,
    counts: impl IntoIterator<Item = (&'a String, &'a u64)>,
) -> String {
    let parts: Vec<String> = counts
        .into_iter()
        .filter(|(_, count)| **count > 0)
        .map(|(code, count)| format!("{code} {count}"))
        .collect();
    let would = if dry_run { "would be: " } else { "" };
    match parts.as_slice() {
        [] => format!("{would}nothing to do"),
        parts => format!("{would}{}", parts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn counts_are_one_line() {
        let some = BTreeMap::from([("granted".to_owned(), 3), ("no_free_seat".to_owned(), 0)]);
        assert_eq!(counts(false, &some), "granted 3");
        assert_eq!(counts(true, &some), "would be: granted 3");
        assert_eq!(counts(false, &BTreeMap::new()), "nothing to do");
    }
}
