//! `/licenses/replacements`: what took over from what, and taking that back within a day (L10).

use askama::Template;
use axum::extract::State;
use domain::outcome::Restored;
use domain::replacement::{Before, RestoreCode};
use domain::{Command, Outcome, Permission, ReplacementId, Timestamp};
use store::query::{Paging, ReplacementItem};

use crate::app::App;
use crate::caller::{ManageLicenses, Signed, ViewLicenses};
use crate::fault::{Fault, sentence};
use crate::fields::{Asked, Fields};
use crate::page::{Answer, Flash, Section, Shell, Tone, framed, see_saying};
use crate::texts::Texts;
use crate::ui::{Confirm, Line};

const PAGE: u32 = 50;
const PATH: &str = "/licenses/replacements";

#[derive(Template)]
#[template(path = "licenses/replacements.html")]
struct ReplacementsPage {
    t: &'static Texts,
    shell: Shell,
    may_manage: bool,
    rows: Vec<Row>,
    next: Option<String>,
}

struct Row {
    id: ReplacementId,
    what: String,
    at: Timestamp,
    by: String,
    people: String,
    left_out: Option<String>,
    undone: bool,
    /// Until when it can be undone, while it can be.
    until: Option<Timestamp>,
}

/// The list.
pub(crate) async fn show(me: Signed<ViewLicenses>, State(app): State<App>, asked: Asked) -> Answer {
    let t = me.texts();
    let now = app.engine.now();
    let paging = Paging {
        limit: PAGE,
        after: asked.filled("after").map(str::to_owned),
    };
    let found = app
        .ask(&me, move |reader| reader.replacements(&paging))
        .await?;
    let rows = found.items.iter().map(|item| row(t, item, now));
    let page = ReplacementsPage {
        t,
        shell: me.shell(Section::Licenses),
        may_manage: me.may(Permission::ManageLicenses),
        rows: rows.collect(),
        next: found.next,
    };
    Ok(framed(&page, &page.shell))
}

fn row(t: &Texts, item: &ReplacementItem, now: Timestamp) -> Row {
    let one = &item.replacement;
    let i = t.intake;
    Row {
        id: one.id,
        what: i
            .replaced_what
            .of2(serials(item, &one.old), serials(item, &one.new)),
        at: one.at,
        by: one.by.clone(),
        people: i.replaced_people.n(item.holders),
        left_out: (one.left_out > 0).then(|| i.left_out.n(one.left_out)),
        undone: one.undone_at.is_some(),
        until: Some(one.undo_until()).filter(|until| now < *until),
    }
}

fn serials(item: &ReplacementItem, of: &[Before]) -> String {
    let names = of.iter().map(|before| {
        let found = item.serials.iter().find(|(id, _)| *id == before.license);
        found.map_or_else(|| "–".to_owned(), |(_, serial)| serial.to_string())
    });
    names.collect::<Vec<_>>().join(", ")
}

/// Says what undoing one would come to, or undoes it.
pub(crate) async fn undo(
    me: Signed<ManageLicenses>,
    State(app): State<App>,
    fields: Fields,
) -> Answer {
    let t = me.texts();
    let id: ReplacementId = fields.text("id").parse().map_err(|_| Fault::not_found())?;
    let command = Command::UndoReplacement(id);
    if fields.has("confirmed") {
        return match app.engine.run(me.actor(), command, None).await? {
            Outcome::ReplacementUndone(restored) => {
                let back = restored.iter().filter(|one| is_back(one)).count();
                let text = t.intake.undone_now.n(back);
                Ok(see_saying(PATH, &Flash::good(text)))
            }
            other => Err(Fault::unexpected(&other)),
        };
    }
    let found = app.ask(&me, move |reader| {
        reader.replacements(&Paging::first(Paging::MOST))
    });
    let found = found.await?.items;
    let item = found.iter().find(|item| item.replacement.id == id);
    let item = item.ok_or_else(Fault::not_found)?;
    let title = t.intake.undo_title.of(serials(item, &item.replacement.old));
    let mut page = Confirm::new(t, me.shell(Section::Licenses), title, PATH.to_owned());
    t.intake.undo_lead.clone_into(&mut page.lead);
    page.hidden.push(("id".to_owned(), id.to_string()));
    PATH.clone_into(&mut page.back);
    match app.engine.preview(me.actor(), vec![command]).await?.pop() {
        Some(Ok(Outcome::ReplacementUndone(restored))) => {
            page.button = Some(t.intake.undo_button.to_owned());
            let lines = app
                .ask(&me, move |reader| lines(reader, t, &restored))
                .await?;
            page.lines(lines);
        }
        Some(Err(refusal)) => page.notes.push((Tone::Bad, sentence(&refusal.to_string()))),
        Some(Ok(other)) => return Err(Fault::unexpected(&other)),
        None => {}
    }
    Ok(page.page())
}

fn is_back(one: &Restored) -> bool {
    one.code == RestoreCode::Restored
}

fn lines(
    reader: &mut store::Reader<'_>,
    t: &Texts,
    restored: &[Restored],
) -> Result<Vec<Line>, store::StoreError> {
    let i = t.intake;
    let lines = restored.iter().map(|one| {
        let user = reader.find_user(one.holder.user)?;
        let (what, tone) = match one.code {
            RestoreCode::Restored => (i.restored, Tone::Good),
            RestoreCode::UnknownUser => (i.unknown_user, Tone::Plain),
            RestoreCode::UserInactive => (i.user_inactive, Tone::Plain),
            RestoreCode::RecalledSince => (i.recalled_since, Tone::Warn),
            RestoreCode::NotUsable => (i.not_usable, Tone::Warn),
            RestoreCode::NoFreeSeat => (i.no_free_seat, Tone::Warn),
        };
        Ok(Line {
            who: user.map_or_else(|| "–".to_owned(), |user| user.username.to_string()),
            what: what.to_owned(),
            tone,
        })
    });
    lines.collect()
}
