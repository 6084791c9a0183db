//! `/jobs`: work on many people, while it runs and afterwards (S7).

pub(crate) mod undo;
pub(crate) mod view;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use domain::JobId;
use store::query::Paging;

use crate::app::App;
use crate::caller::{ManageLicenses, Signed};
use crate::fault::Fault;
use crate::fields::{Asked, Fields};
use crate::page::{Answer, Flash, Section, Shell, framed, see_saying};
use crate::texts::Texts;
use crate::ui::{Confirm, csv};
use undo::Standing;
use view::JobView;

const PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "jobs/list.html")]
struct ListPage {
    t: &'static Texts,
    shell: Shell,
    any_running: bool,
    rows: Vec<JobView>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "jobs/one.html")]
struct OnePage {
    t: &'static Texts,
    shell: Shell,
    job: JobView,
    may_undo: bool,
    /// Why it can't be undone.
    why_not: Option<String>,
}

/// The latest jobs. What only said what it would come to is no news.
pub(crate) async fn list(
    me: Signed<ManageLicenses>,
    State(app): State<App>,
    asked: Asked,
) -> Answer {
    let t = me.texts();
    let paging = Paging {
        limit: PAGE,
        after: asked.filled("after").map(str::to_owned),
    };
    let found = app.engine.jobs(me.actor(), paging).await?;
    let mut rows = Vec::new();
    for job in found.items.into_iter().filter(|job| !job.dry_run) {
        rows.push(undo::view(&me, &app, job).await?);
    }
    let page = ListPage {
        t,
        shell: me.shell(Section::Jobs),
        any_running: rows.iter().any(|row| row.running),
        rows,
        next: found.next,
    };
    Ok(framed(&page, &page.shell))
}

/// One job; also the part of a page that follows it.
pub(crate) async fn show(
    me: Signed<ManageLicenses>,
    State(app): State<App>,
    Path(id): Path<String>,
    asked: Asked,
) -> Answer {
    let t = me.texts();
    let status = app.engine.job(me.actor(), id_of(&id)?).await?;
    let standing = undo::standing(&me, &app, &status).await?;
    let mut job = undo::view(&me, &app, status).await?;
    if asked.has("watch") {
        job.watch();
    }
    let page = OnePage {
        t,
        shell: me.shell(Section::Jobs),
        job,
        may_undo: matches!(standing, Standing::Open),
        why_not: match standing {
            Standing::Closed(why) => Some(why),
            Standing::Open | Standing::Unasked => None,
        },
    };
    Ok(framed(&page, &page.shell))
}

fn id_of(text: &str) -> Result<JobId, Fault> {
    text.parse().map_err(|_| Fault::not_found())
}

/// Asks, and stops it.
pub(crate) async fn cancel(
    me: Signed<ManageLicenses>,
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let j = me.texts().jobs;
    let id = id_of(&id)?;
    let back = format!("/jobs/{id}");
    if fields.has("confirmed") {
        app.engine.cancel_job(me.actor(), id).await?;
        return Ok(see_saying(&back, &Flash::good(j.cancelled_now)));
    }
    let shell = me.shell(Section::Jobs);
    let action = format!("{back}/cancel");
    let mut page = Confirm::new(me.texts(), shell, j.cancel_title.to_owned(), action);
    j.cancel_lead.clone_into(&mut page.lead);
    page.button = Some(j.cancel.to_owned());
    page.danger = true;
    page.back = back;
    Ok(page.page())
}

/// What could not be done, for a spreadsheet.
pub(crate) async fn export(
    me: Signed<ManageLicenses>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Answer {
    let j = me.texts().jobs;
    let status = app.engine.job(me.actor(), id_of(&id)?).await?;
    let mut text = csv::line([j.row, j.person, "code", j.why]);
    for error in &status.errors {
        let row = error.row.map(|row| row.to_string()).unwrap_or_default();
        let who = error.username.as_deref().unwrap_or_default();
        text.push_str(&csv::line([&*row, who, &error.code, &error.detail]));
    }
    let name = format!("attachment; filename=\"job-{id}.csv\"", id = status.id);
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    Ok((headers, text).into_response())
}
