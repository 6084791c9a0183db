//! `POST /jobs/{id}/undo`: takes back what a job did, after it was said what that comes to (S7).

use axum::extract::{Path, State};
use domain::Refusal;
use engine::{BulkAnswer, BulkMode, EngineError, JobKind, JobState, JobStatus};

use super::id_of;
use super::view::{JobView, Undone};
use crate::app::App;
use crate::caller::{ManageLicenses, Signed};
use crate::fault::{Fault, sentence};
use crate::fields::Fields;
use crate::page::{Answer, Section};
use crate::screens::licenses::bulk::{self, Came};
use crate::ui::Confirm;

/// Whether a job can be undone.
pub(super) enum Standing {
    /// It can.
    Open,
    /// It can't, for this reason.
    Closed(String),
    /// That is no question now: it goes on, changed nothing, or was undone, which is said elsewhere.
    Unasked,
}

/// Whether somebody may undo a job now.
pub(super) async fn standing(
    me: &Signed<ManageLicenses>,
    app: &App,
    status: &JobStatus,
) -> Result<Standing, Fault> {
    if status.state == JobState::Running || status.dry_run {
        return Ok(Standing::Unasked);
    }
    match app.engine.may_undo_job(me.actor(), status.id).await {
        Ok(()) => Ok(Standing::Open),
        Err(EngineError::Refused(Refusal::JobUndone(_))) => Ok(Standing::Unasked),
        Err(EngineError::Refused(refusal)) => Ok(Standing::Closed(sentence(&refusal.to_string()))),
        Err(error) => Err(error.into()),
    }
}

/// A job with what it takes back, and with what took it back.
pub(super) async fn view(
    me: &Signed<ManageLicenses>,
    app: &App,
    status: JobStatus,
) -> Result<JobView, Fault> {
    let t = me.texts();
    let (undoes, undone_by) = (status.undoes, status.undone_by);
    let mut view = JobView::new(t, status);
    if let Some(id) = undoes {
        let other = JobView::new(t, app.engine.job(me.actor(), id).await?);
        view.what = t.jobs.undo_of.of(&other.what);
        view.undoes = Some((other.id, other.what));
    }
    if let Some(id) = undone_by {
        // Whoever undid it may reach further than whoever looks.
        let in_part = match app.engine.job(me.actor(), id).await {
            Ok(by) => matches!(by.state, JobState::Cancelled | JobState::Failed),
            Err(EngineError::UnknownJob) => false,
            Err(error) => return Err(error.into()),
        };
        let by = id.to_string();
        view.undone = Some(Undone { by, in_part });
    }
    Ok(view)
}

/// Says what undoing it would come to, or undoes it.
pub(crate) async fn undo(
    me: Signed<ManageLicenses>,
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let id = id_of(&id)?;
    let confirmed = fields.has("confirmed");
    if confirmed {
        bulk::stop_preview(&app, &me, &fields).await?;
    }
    let mode = BulkMode {
        dry_run: !confirmed,
        as_job: false,
        listed: false,
    };
    let came = match app.engine.undo_job(me.actor(), id, mode).await? {
        BulkAnswer::Started(job) if confirmed => return Ok(bulk::follow(job)),
        BulkAnswer::Started(job) => Came::Started(job),
        BulkAnswer::Done(steps) | BulkAnswer::Listed(_, steps) => Came::To(steps, None),
    };
    let t = me.texts();
    let status = app.engine.job(me.actor(), id).await?;
    let takes = match status.kind {
        JobKind::Grant | JobKind::AssignAll | JobKind::AssignMissing | JobKind::UserActivate => {
            true
        }
        JobKind::Recall
        | JobKind::ClearAll
        | JobKind::UserMove
        | JobKind::UserDeactivate
        | JobKind::UserImport
        | JobKind::Undo => false,
    };
    let job = JobView::new(t, status);
    let title = t.jobs.undo_title.of(&job.what);
    let shell = me.shell(Section::Jobs);
    let mut page = Confirm::new(t, shell, title, format!("/jobs/{id}/undo"));
    t.jobs.undo_lead.clone_into(&mut page.lead);
    page.button = Some(t.jobs.undo_button.to_owned());
    page.danger = takes;
    page.back = format!("/jobs/{id}");
    bulk::tell_of(&app, &me, &mut page, JobKind::Undo, came).await?;
    Ok(page.page())
}
