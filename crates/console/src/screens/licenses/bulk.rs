//! What a dry run of work on many people says, and what the work itself came to.

use std::collections::BTreeMap;

use domain::Outcome;
use domain::outcome::{GrantCode, RecallCode};
use engine::{Bulk, BulkAnswer, BulkMode, StepAnswer};

use crate::app::App;
use crate::fault::Fault;
use crate::page::Tone;
use crate::texts::Texts;
use crate::ui::{Line, Tally};

/// How work on many people was answered.
pub(crate) enum Came {
    /// It is done, or would come to this.
    To(Vec<StepAnswer>),
    /// It goes on as a job.
    Started,
}

/// Does the work, or says what it would come to.
pub(crate) async fn run(
    app: &App,
    actor: &domain::Actor,
    work: Bulk,
    dry_run: bool,
) -> Result<Came, Fault> {
    let mode = BulkMode {
        dry_run,
        as_job: false,
    };
    Ok(match app.engine.bulk(actor, work, mode).await? {
        BulkAnswer::Done(steps) => Came::To(steps),
        BulkAnswer::Started(_) => Came::Started,
    })
}

/// What happened to each, in words; and how many of each.
pub(crate) fn account(t: &'static Texts, steps: &[StepAnswer]) -> (Vec<Tally>, Vec<Line>) {
    let mut counts: BTreeMap<&'static str, (u64, Tone)> = BTreeMap::new();
    let mut lines = Vec::new();
    for step in steps {
        for (what, tone) in said(t, &step.result) {
            let count = counts.entry(what).or_insert((0, tone));
            count.0 += 1;
            lines.push(Line {
                who: step.username.clone(),
                what: what.to_owned(),
                tone,
            });
        }
    }
    let tallies = counts.into_iter().map(|(what, (count, tone))| Tally {
        count,
        what: what.to_owned(),
        tone,
    });
    (tallies.collect(), lines)
}

fn said(
    t: &'static Texts,
    result: &Result<Outcome, engine::EngineError>,
) -> Vec<(&'static str, Tone)> {
    let l = t.licenses;
    match result {
        Ok(Outcome::Grant(answer)) => vec![match answer.code {
            GrantCode::Granted => (l.tally_granted, Tone::Good),
            GrantCode::AlreadyHeld => (l.tally_held, Tone::Plain),
            GrantCode::NoFreeSeat => (l.tally_no_seat, Tone::Warn),
            GrantCode::UserInactive => (l.tally_inactive, Tone::Plain),
            _ => (l.tally_other, Tone::Bad),
        }],
        Ok(Outcome::Recall(answers)) => answers
            .iter()
            .map(|answer| match answer.code {
                RecallCode::Released => (l.tally_released, Tone::Good),
                RecallCode::Releasing | RecallCode::Borrowed => (l.tally_releasing, Tone::Warn),
                _ => (l.tally_not_held, Tone::Plain),
            })
            .collect(),
        _ => vec![(l.tally_other, Tone::Bad)],
    }
}

/// How many seats were given.
pub(crate) fn granted(steps: &[StepAnswer]) -> u64 {
    let is_granted = |step: &&StepAnswer| matches!(&step.result, Ok(Outcome::Grant(answer)) if answer.code == GrantCode::Granted);
    steps.iter().filter(is_granted).count() as u64
}

/// How many seats became free, and how many will at sign-out.
pub(crate) fn recalled(steps: &[StepAnswer]) -> (u64, u64) {
    let (mut released, mut releasing) = (0, 0);
    for step in steps {
        if let Ok(Outcome::Recall(answers)) = &step.result {
            for answer in answers {
                match answer.code {
                    RecallCode::Released => released += 1,
                    RecallCode::Releasing | RecallCode::Borrowed => releasing += 1,
                    _ => {}
                }
            }
        }
    }
    (released, releasing)
}
