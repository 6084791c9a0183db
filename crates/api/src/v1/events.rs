//! `GET /v1/events`

use std::collections::HashMap;

use axum::extract::State;
use domain::EventKind;
use store::Reader;
use store::query::EventFilter;
use uuid::Uuid;
use wire::event::{Event, EventPage, EventQuery};
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::{record, time};
use crate::extract::{Authorized, Query, ViewAudit};
use crate::problem::Problem;
use crate::resolve;

/// List what was changed, by whom and why, latest first.
///
/// A page may be short, even empty, and not the last: go on while there is a `next`.
#[utoipa::path(
    get,
    path = path::EVENTS,
    tag = "Record",
    params(EventQuery),
    responses(
        (status = 200, description = "A page of events.", body = EventPage),
        (status = 404, description = "There is no such user or product.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["view_audit"])),
)]
pub(crate) async fn list_events(
    caller: Authorized<ViewAudit>,
    State(app): State<App>,
    Query(query): Query<EventQuery>,
) -> Result<Answer<EventPage>, Problem> {
    let paging = resolve::paging(query.limit, query.after)?;
    let kind = query.kind.as_deref().map(kind).transpose()?;
    let now = app.engine.now();
    let (items, next) = app
        .ask(&caller, move |reader| {
            let filter = EventFilter {
                kind,
                acts_only: false,
                user: resolve::user_id(reader, "user", query.user.as_deref())?,
                product: resolve::product_id(reader, "product", query.product.as_deref(), now)?,
                license: query.license.map(Into::into),
                actor: query.actor,
                since: query.since.map(time::timestamp),
                until: query.until.map(time::timestamp),
            };
            let page = reader.events(&filter, &paging)?;
            let events = page.items.into_iter().map(record::event);
            let mut events = events.collect::<Result<Vec<_>, _>>()?;
            name_users(reader, &mut events)?;
            Ok((events, page.next))
        })
        .await?;
    Ok(Answer::ok(EventPage { items, next }))
}

/// Says of whom the events are that do not say it themselves, by the names of now.
fn name_users(reader: &mut Reader<'_>, events: &mut [Event]) -> Result<(), Problem> {
    let mut names: HashMap<Uuid, Option<String>> = HashMap::new();
    for event in events.iter_mut().filter(|event| event.username.is_none()) {
        let Some(id) = event.user else { continue };
        event.username = match names.get(&id) {
            Some(name) => name.clone(),
            None => {
                let found = reader.find_user(id.into())?;
                let name: Option<String> = found.map(|user| user.username.into());
                names.insert(id, name.clone());
                name
            }
        };
    }
    Ok(())
}

fn kind(code: &str) -> Result<EventKind, Problem> {
    EventKind::from_code(code).ok_or_else(|| {
        let known: Vec<_> = EventKind::ALL.iter().map(|kind| kind.code()).collect();
        let detail = format!(
            "there are no events of the kind {code:?}; the kinds are {}",
            known.join(", ")
        );
        Problem::invalid_field("kind", detail)
    })
}
