//! What a dry run of work on many people says, and what the work itself came to.

use domain::outcome::{GrantCode, PutCode, RecallCode};
use domain::{JobId, Outcome};
use engine::{Bulk, BulkAnswer, BulkMode, JobKind, StepAnswer};

use axum::response::Response;

use crate::app::App;
use crate::caller::Signed;
use crate::fault::{Fault, sentence};
use crate::fields::Fields;
use crate::page::{Flash, Tone, see};
use crate::screens::jobs::view::{JobView, changed, taken_back};
use crate::texts::Texts;
use crate::ui::{Confirm, Line, Tally};

/// How work on many people was answered.
pub(crate) enum Came {
    /// It is done, or would come to this; the job that did it, by which it can be undone.
    To(Vec<StepAnswer>, Option<JobId>),
    /// It goes on as a job.
    Started(JobId),
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
        listed: !dry_run,
    };
    Ok(match app.engine.bulk(actor, work, mode).await? {
        BulkAnswer::Done(steps) => Came::To(steps, None),
        BulkAnswer::Listed(job, steps) => Came::To(steps, Some(job)),
        BulkAnswer::Started(job) => Came::Started(job),
    })
}

/// Puts on a page what work would come to; what takes longer is followed there.
pub(crate) async fn tell<P>(
    app: &App,
    me: &Signed<P>,
    page: &mut Confirm,
    came: Came,
) -> Result<(), Fault> {
    tell_of(app, me, page, JobKind::Grant, came).await
}

/// The same of work whose kind matters to its words: changes of accounts.
pub(crate) async fn tell_of<P>(
    app: &App,
    me: &Signed<P>,
    page: &mut Confirm,
    kind: JobKind,
    came: Came,
) -> Result<(), Fault> {
    match came {
        Came::To(steps, _) => {
            let (tallies, lines) = account_of(me.texts(), kind, &steps);
            page.tallies = tallies;
            page.lines(lines);
        }
        Came::Started(job) => watch(app, me, page, job).await?,
    }
    Ok(())
}

/// Follows a dry run on a page; the answer to the page's question stops it.
pub(crate) async fn watch<P>(
    app: &App,
    me: &Signed<P>,
    page: &mut Confirm,
    job: JobId,
) -> Result<(), Fault> {
    let t = me.texts();
    page.notes.push((Tone::Info, t.jobs.looking.to_owned()));
    page.hidden.push((PREVIEW.to_owned(), job.to_string()));
    let mut job = JobView::new(t, app.engine.job(me.actor(), job).await?);
    job.watch();
    page.watch = Some(job);
    Ok(())
}

/// The field with the dry run of a question.
const PREVIEW: &str = "preview";

/// Stops the dry run of a question that is answered.
pub(crate) async fn stop_preview<P>(
    app: &App,
    me: &Signed<P>,
    fields: &Fields,
) -> Result<(), Fault> {
    if let Ok(job) = fields.text(PREVIEW).parse::<JobId>()
        && app.engine.job(me.actor(), job).await?.dry_run
    {
        app.engine.cancel_job(me.actor(), job).await?;
    }
    Ok(())
}

/// What is said of work that is done, with the way to undo it.
pub(crate) fn said_of(t: &Texts, text: String, job: Option<JobId>) -> Flash {
    let flash = Flash::good(text);
    match job {
        Some(job) => flash.leading(format!("/jobs/{job}"), t.jobs.look_or_undo),
        None => flash,
    }
}

/// The page on which a job is followed.
pub(crate) fn follow(job: JobId) -> Response {
    see(&format!("/jobs/{job}"))
}

/// What happened to each, in words; and how many of each, what went well first.
pub(crate) fn account(t: &'static Texts, steps: &[StepAnswer]) -> (Vec<Tally>, Vec<Line>) {
    account_of(t, JobKind::Grant, steps)
}

fn account_of(t: &'static Texts, kind: JobKind, steps: &[StepAnswer]) -> (Vec<Tally>, Vec<Line>) {
    let mut counts: Vec<(Said, u64)> = Vec::new();
    let mut lines = Vec::new();
    for step in steps {
        for said in said(t, kind, &step.result) {
            match counts.iter_mut().find(|(known, _)| *known == said) {
                Some((_, count)) => *count += 1,
                None => counts.push((said, 1)),
            }
            lines.push(Line {
                who: step.username.clone(),
                what: match &step.result {
                    Err(error) => sentence(&error.to_string()),
                    Ok(_) => said.of_one.to_owned(),
                },
                tone: said.tone,
            });
        }
    }
    counts.sort_by_key(|(said, _)| match said.tone {
        Tone::Good | Tone::Info => 0,
        Tone::Warn => 1,
        Tone::Bad => 2,
        Tone::Plain => 3,
    });
    let tallies = counts.into_iter().map(|(said, count)| Tally {
        count,
        what: if count == 1 {
            said.of_one
        } else {
            said.of_many
        }
        .to_owned(),
        tone: said.tone,
    });
    (tallies.collect(), lines)
}

/// What came of a step, said of one person and of several.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Said {
    of_one: &'static str,
    of_many: &'static str,
    tone: Tone,
}

impl Said {
    const fn new(of_one: &'static str, of_many: &'static str, tone: Tone) -> Self {
        Self {
            of_one,
            of_many,
            tone,
        }
    }
}

fn said(
    t: &'static Texts,
    kind: JobKind,
    result: &Result<Outcome, engine::EngineError>,
) -> Vec<Said> {
    let l = t.licenses;
    let other = Said::new(l.one_other, l.tally_other, Tone::Bad);
    match result {
        Ok(Outcome::Grant(answer)) => vec![match answer.code {
            GrantCode::Granted => Said::new(l.one_granted, l.tally_granted, Tone::Good),
            GrantCode::AlreadyHeld => Said::new(l.one_held, l.tally_held, Tone::Plain),
            GrantCode::NoFreeSeat => Said::new(l.one_no_seat, l.tally_no_seat, Tone::Warn),
            GrantCode::UserInactive => Said::new(l.one_inactive, l.tally_inactive, Tone::Plain),
            _ => other,
        }],
        Ok(Outcome::Recall(answers)) => answers
            .iter()
            .map(|answer| match answer.code {
                RecallCode::Released => Said::new(l.one_released, l.tally_released, Tone::Good),
                RecallCode::Releasing | RecallCode::Borrowed => {
                    Said::new(l.one_releasing, l.tally_releasing, Tone::Warn)
                }
                _ => Said::new(l.one_not_held, l.tally_not_held, Tone::Plain),
            })
            .collect(),
        Ok(Outcome::User { code, .. }) => {
            let tone = match code {
                PutCode::Unchanged => Tone::Plain,
                _ => Tone::Good,
            };
            let of_many = changed(t, kind, *code, true).unwrap_or(l.tally_other);
            let of_one = of_one_account(t, kind, *code).unwrap_or(of_many);
            vec![Said::new(of_one, of_many, tone)]
        }
        Ok(Outcome::TakenBack(answers)) => answers
            .iter()
            .map(|answer| {
                let (word, tone) = taken_back(t, answer.code);
                Said::new(word, word, tone)
            })
            .collect(),
        _ => vec![other],
    }
}

/// What a change of one account would come to, where that reads otherwise than of several.
const fn of_one_account(t: &Texts, kind: JobKind, code: PutCode) -> Option<&'static str> {
    let j = t.jobs;
    Some(match (kind, code) {
        (JobKind::UserMove, PutCode::Updated) => j.moves,
        (JobKind::UserMove, PutCode::Unchanged) => j.lives_there,
        (JobKind::UserActivate, PutCode::Unchanged) => j.is_active,
        (JobKind::UserDeactivate, PutCode::Unchanged) => j.is_inactive,
        _ => return None,
    })
}

/// How many accounts were changed.
pub(crate) fn changes(steps: &[StepAnswer]) -> u64 {
    let is_changed = |step: &&StepAnswer| {
        matches!(
            step.result,
            Ok(Outcome::User {
                code: PutCode::Updated,
                ..
            })
        )
    };
    steps.iter().filter(is_changed).count() as u64
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
