//! `/people/import`: people from a CSV file; first what it would do, row by row, then a job.
//!
//! Between the two the file travels in the page itself: nothing lies around on the server.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use bytes::Bytes;
use domain::Outcome;
use domain::outcome::PutCode;
use engine::people_csv::{PeopleFile, PeopleFileError};
use engine::{Bulk, BulkAnswer, BulkMode, StepAnswer};

use crate::app::App;
use crate::caller::{ManageUsers, Signed};
use crate::fault::{Fault, sentence};
use crate::fields::{Fields, SentFile};
use crate::page::{Answer, Section, Shell, Tone, framed, see};
use crate::screens::licenses::bulk;
use crate::texts::Texts;
use crate::ui::{Confirm, Enclosed, Line, Tally};

const PATH: &str = "/people/import";

#[derive(Template)]
#[template(path = "people/import.html")]
struct ImportPage {
    t: &'static Texts,
    shell: Shell,
    fault: Option<&'static str>,
}

fn form(me: &Signed<ManageUsers>, fault: Option<&'static str>) -> ImportPage {
    ImportPage {
        t: me.texts(),
        shell: me.shell(Section::People),
        fault,
    }
}

/// The form.
pub(crate) async fn ask(me: Signed<ManageUsers>) -> Answer {
    let page = form(&me, None);
    Ok(framed(&page, &page.shell))
}

/// What the file would do; with `confirmed`, the job that does it.
pub(crate) async fn look(
    me: Signed<ManageUsers>,
    State(app): State<App>,
    fields: Fields,
) -> Answer {
    let t = me.texts();
    if fields.has("confirmed") {
        bulk::stop_preview(&app, &me, &fields).await?;
        let file = fields.into_enclosed();
        let file = file.ok_or_else(|| Fault::said(StatusCode::BAD_REQUEST, t.fault.stale_form))?;
        let people = read(file).await?;
        let people = people.map_err(|error| {
            let text = sentence(&error.to_string());
            Fault::said(StatusCode::UNPROCESSABLE_ENTITY, text)
        })?;
        let mode = BulkMode {
            dry_run: false,
            as_job: true,
            listed: false,
        };
        let work = Bulk::PutUsers(people);
        return match app.engine.bulk(me.actor(), work, mode).await? {
            BulkAnswer::Started(job) => Ok(see(&format!("/jobs/{job}"))),
            BulkAnswer::Done(_) | BulkAnswer::Listed(..) => Ok(see("/people")),
        };
    }
    let Some(file) = fields.into_files().into_iter().next() else {
        let page = form(&me, Some(t.jobs.nothing_sent));
        let mut response = framed(&page, &page.shell);
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    };
    let mut page = question(&me, &file);
    match read(file.content.clone()).await? {
        Ok(people) => outlook(&me, &app, &mut page, people).await?,
        Err(error) => refused(t, &mut page, error),
    }
    Ok(page.page())
}

fn question(me: &Signed<ManageUsers>, file: &SentFile) -> Confirm {
    let t = me.texts();
    let title = t.jobs.preview_title.of(&file.name);
    let mut page = Confirm::new(t, me.shell(Section::People), title, PATH.to_owned());
    t.jobs.preview_lead.clone_into(&mut page.lead);
    PATH.clone_into(&mut page.back);
    page.file = Some(Enclosed::new(file.content.clone()));
    page
}

/// Reads it, off the threads that serve requests.
async fn read(file: Bytes) -> Result<Result<PeopleFile, PeopleFileError>, Fault> {
    tokio::task::spawn_blocking(move || PeopleFile::check(file))
        .await
        .map_err(|error| Fault::Internal(error.to_string()))
}

/// A file with malformed rows is refused whole, and every such row is named.
fn refused(t: &'static Texts, page: &mut Confirm, error: PeopleFileError) {
    page.notes.push((Tone::Bad, t.jobs.refused_file.to_owned()));
    let more = error.count.saturating_sub(error.faults.len()) as u64;
    let lines = error.faults.into_iter().map(|fault| Line {
        who: t.jobs.row_of.of(fault.row),
        what: sentence(&fault.detail),
        tone: Tone::Bad,
    });
    page.lines(lines.collect());
    page.more += more;
    // There is nothing to confirm, and no need to send the file again.
    page.file = None;
}

/// What would come of each row.
async fn outlook(
    me: &Signed<ManageUsers>,
    app: &App,
    page: &mut Confirm,
    people: PeopleFile,
) -> Result<(), Fault> {
    let t = me.texts();
    page.button = Some(t.jobs.import_do.n(people.count()));
    let mode = BulkMode {
        dry_run: true,
        as_job: false,
        listed: false,
    };
    let work = Bulk::PutUsers(people);
    match app.engine.bulk(me.actor(), work, mode).await? {
        BulkAnswer::Done(steps) | BulkAnswer::Listed(_, steps) => told(t, page, &steps),
        BulkAnswer::Started(job) => bulk::watch(app, me, page, job).await?,
    }
    Ok(())
}

/// How many of each, and the rows: those that are refused first.
fn told(t: &'static Texts, page: &mut Confirm, steps: &[StepAnswer]) {
    let j = t.jobs;
    let mut counts = [
        (j.would_create, Tone::Good, 0),
        (j.would_change, Tone::Info, 0),
        (j.would_stay, Tone::Plain, 0),
        (j.would_refuse, Tone::Bad, 0),
    ];
    let mut lines: Vec<(usize, Line)> = Vec::new();
    for step in steps {
        let (kind, why) = match &step.result {
            Ok(Outcome::User { code, .. }) => match code {
                PutCode::Created => (0, None),
                PutCode::Updated => (1, None),
                PutCode::Unchanged => (2, None),
            },
            Ok(_) => (2, None),
            Err(error) => (3, Some(sentence(&error.to_string()))),
        };
        counts[kind].2 += 1;
        let (word, tone, _) = counts[kind];
        let row = step.row.unwrap_or_default();
        let line = Line {
            who: j.row_and.of2(row, &step.username),
            what: why.unwrap_or_else(|| word.to_owned()),
            tone,
        };
        lines.push((kind, line));
    }
    // Refused, new, changed; what stays is no news.
    lines.retain(|(kind, _)| *kind != 2);
    lines.sort_by_key(|(kind, _)| if *kind == 3 { 0 } else { kind + 1 });
    let tallies = counts.into_iter().filter(|(_, _, count)| *count > 0);
    page.tallies = tallies
        .map(|(what, tone, count)| Tally {
            count,
            what: what.to_owned(),
            tone,
        })
        .collect();
    page.lines(lines.into_iter().map(|(_, line)| line).collect());
}
