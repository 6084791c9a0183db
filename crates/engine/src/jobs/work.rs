//! Carrying steps out, one chunk after the other.

use std::sync::atomic::{AtomicBool, Ordering};

use domain::{Actor, JobId};

use super::{Plan, StepAnswer, Trail};
use crate::decision::Bench;
use crate::error::EngineError;
use crate::state::Shared;
use crate::upkeep;

/// After about so many steps a dry run forgets the people of those before. It stays exact but for
/// somebody who comes again after that many: named twice, or by another account of the person.
const MOST_REMEMBERED: usize = 1_024;

/// Work that is planned.
pub(crate) struct Work {
    pub(crate) actor: Actor,
    pub(crate) plan: Plan,
    pub(crate) dry_run: bool,
    /// The job under which what it changes is kept.
    pub(super) kept_for: Option<JobId>,
    /// The job that it takes back.
    pub(super) undoes: Option<JobId>,
}

impl Work {
    /// Work of which nothing is kept, unless it becomes a job.
    pub(crate) const fn new(actor: Actor, plan: Plan, dry_run: bool) -> Self {
        Self {
            actor,
            plan,
            dry_run,
            kept_for: None,
            undoes: None,
        }
    }
}

/// How it ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Done,
    Cancelled,
}

/// Carries out all steps while somebody waits for the answers. Blocks.
pub(crate) fn do_now(shared: &Shared, work: Work) -> Result<Vec<StepAnswer>, EngineError> {
    let mut answers = Vec::new();
    let never = AtomicBool::new(false);
    carry_out(shared, work, &never, |some, _| answers.extend(some))?;
    Ok(answers)
}

/// Carries out all steps and gives their answers to `take`, chunk by chunk, until somebody
/// cancels. Blocks; what was done when it fails stays done.
pub(crate) fn carry_out(
    shared: &Shared,
    work: Work,
    cancelled: &AtomicBool,
    mut take: impl FnMut(Vec<StepAnswer>, u64),
) -> Result<End, EngineError> {
    let Work {
        actor,
        mut plan,
        dry_run,
        kept_for,
        undoes,
    } = work;
    let mut take = |plan: &Plan, answers: Vec<StepAnswer>| {
        let steps = answers.len() as u64;
        let mut answers = answers;
        answers.retain(|answer| plan.counts(answer));
        take(answers, steps);
    };
    let cancelled = || cancelled.load(Ordering::Acquire);
    if dry_run {
        // What lapsed holds nothing (H2), and need not be found out again and again.
        upkeep::reclaim(shared)?;
        // One snapshot and one set for all, so that each step sees those before it.
        return shared
            .store
            .read(|reader| {
                reader.limit_to(actor.reach);
                let policy = reader.policy()?;
                let mut bench = Bench::new(reader, policy, shared.now());
                let mut remembered = 0;
                loop {
                    if cancelled() {
                        return Ok(End::Cancelled);
                    }
                    let steps = plan.next(bench.source)?;
                    if steps.is_empty() {
                        return Ok(End::Done);
                    }
                    remembered += steps.len();
                    if remembered > MOST_REMEMBERED {
                        bench.set.forget_people();
                        remembered = steps.len();
                    }
                    let answers = steps.into_iter().map(|step| {
                        let result = bench.decide(&actor, &step.command, None);
                        step.answer(result)
                    });
                    let answers = answers.collect();
                    take(&plan, answers);
                }
            })
            .map_err(EngineError::from);
    }
    let mut done = 0_u64;
    loop {
        if cancelled() {
            return Ok(End::Cancelled);
        }
        let steps = shared.store.read(|reader| {
            reader.limit_to(actor.reach);
            plan.next(reader)
        })?;
        if steps.is_empty() {
            return Ok(End::Done);
        }
        let trail = match (undoes, kept_for) {
            (Some(job), _) => {
                let numbers = steps.iter().filter_map(|step| step.undoes).collect();
                Some(Trail::Forget(job, numbers))
            }
            (None, job) => job.map(|job| Trail::Keep(job, done)),
        };
        done += steps.len() as u64;
        let commands = steps.iter().map(|step| step.command.clone()).collect();
        let results = shared.run_noted_chunk(&actor, commands, trail)?;
        let answers = steps.into_iter().zip(results);
        let answers = answers.map(|(step, result)| step.answer(result)).collect();
        take(&plan, answers);
    }
}
