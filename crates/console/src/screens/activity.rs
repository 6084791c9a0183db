//! `/activity`: the record, each event as a sentence, what changed beside it (R3).

use askama::Template;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use domain::EventKind;
use store::query::{EventFilter, Paging};

use super::sentences::{self, Told};
use crate::app::App;
use crate::caller::{Signed, ViewAudit};
use crate::fields::{Asked, Fields};
use crate::page::{Answer, Section, Shell, framed};
use crate::texts::Texts;
use crate::ui::csv;

const PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "activity.html")]
struct ActivityPage {
    t: &'static Texts,
    shell: Shell,
    kinds: Vec<(&'static str, String, bool)>,
    actor: String,
    with_sign_ins: bool,
    license: String,
    user: String,
    is_filtered: bool,
    events: Vec<Told>,
    next: Option<String>,
    export: String,
}

const FIELDS: [&str; 5] = ["kind", "actor", "license", "user", "all"];

fn filter(asked: &Fields) -> EventFilter {
    EventFilter {
        kind: EventKind::from_code(asked.text("kind")),
        acts_only: !asked.has("all") && asked.filled("kind").is_none(),
        user: asked.text("user").parse().ok(),
        license: asked.text("license").parse().ok(),
        actor: asked.filled("actor").map(str::to_owned),
        ..EventFilter::default()
    }
}

/// The address of this list, as a page or as a file.
fn address(path: &str, asked: &Fields, after: Option<&str>) -> String {
    asked.address(path, &FIELDS, after)
}

/// The list.
pub(crate) async fn show(me: Signed<ViewAudit>, State(app): State<App>, asked: Asked) -> Answer {
    let t = me.texts();
    let wanted = filter(&asked);
    let kind = wanted.kind;
    let paging = Paging {
        limit: PAGE,
        after: asked.filled("after").map(str::to_owned),
    };
    let found = app
        .ask(&me, move |reader| {
            let page = reader.events(&wanted, &paging)?;
            Ok((sentences::tell(reader, t, page.items)?, page.next))
        })
        .await?;
    let kinds = EventKind::ALL.iter().map(|one| {
        let words = one.code().replace(['.', '_'], " ");
        (one.code(), words, kind == Some(*one))
    });
    let is_filtered = FIELDS.iter().any(|name| asked.filled(name).is_some());
    let page = ActivityPage {
        t,
        shell: me.shell(Section::Activity),
        kinds: kinds.collect(),
        actor: asked.text("actor").to_owned(),
        with_sign_ins: asked.has("all"),
        license: asked.text("license").to_owned(),
        user: asked.text("user").to_owned(),
        is_filtered,
        events: found.0,
        next: found
            .1
            .map(|next| address("/activity", &asked, Some(&next))),
        export: address("/activity.csv", &asked, None),
    };
    Ok(framed(&page, &page.shell))
}

/// As a file: the latest 100,000 that match.
pub(crate) async fn export(me: Signed<ViewAudit>, State(app): State<App>, asked: Asked) -> Answer {
    let t = me.texts();
    let wanted = filter(&asked);
    let text = app
        .ask(&me, move |reader| {
            let mut text = csv::line(["at", "actor", "kind", "what", "why", "before", "after"]);
            let mut paging = Paging::first(Paging::MOST);
            for _ in 0..100 {
                let page = reader.events(&wanted, &paging)?;
                let told = sentences::tell(reader, t, page.items.clone())?;
                for (item, told) in page.items.iter().zip(&told) {
                    let event = &item.event;
                    text.push_str(&csv::line([
                        &*csv::time(event.at),
                        &event.actor,
                        event.kind.code(),
                        &told.sentence,
                        &told.why,
                        event.before.as_deref().unwrap_or_default(),
                        event.after.as_deref().unwrap_or_default(),
                    ]));
                }
                match page.next {
                    Some(next) => paging.after = Some(next),
                    None => break,
                }
            }
            Ok(text)
        })
        .await?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"activity.csv\""),
    ];
    Ok((headers, text).into_response())
}
