//! `GET /v1/reports/people`

use axum::extract::State;
use domain::usage::HOUR;
use domain::{Millis, Timestamp};
use store::query::UsedByFilter;
use wire::path;
use wire::report::{PersonUse, PersonUsePage, PersonUseQuery};

use crate::answer::Answer;
use crate::app::App;
use crate::convert::time;
use crate::extract::{Authorized, Query, ViewAudit};
use crate::problem::Problem;
use crate::resolve;

/// List who used what in a period.
#[utoipa::path(
    get,
    path = path::REPORT_PEOPLE,
    tag = "Reports",
    params(PersonUseQuery),
    responses(
        (status = 200, description = "A page of users with what each used.", body = PersonUsePage),
        (status = 404, description = "There is no such product or folder.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["view_audit"])),
)]
pub(crate) async fn report_people(
    caller: Authorized<ViewAudit>,
    State(app): State<App>,
    Query(query): Query<PersonUseQuery>,
) -> Result<Answer<PersonUsePage>, Problem> {
    let paging = resolve::paging(query.limit, query.after)?;
    let now = app.engine.now();
    let until = query.until.map_or(now, time::timestamp);
    let since = query
        .since
        .map_or(until.minus(Millis::days(29)), time::timestamp);
    let (items, next) = app
        .ask(&caller, move |reader| {
            let filter = UsedByFilter {
                first_day: since.day(),
                last_day: until.minus(Millis::new(1)).day(),
                product: resolve::product_id(reader, "product", query.product.as_deref(), now)?,
                folder: match &query.folder {
                    Some(folder) => Some(resolve::folder(reader, "folder", folder)?),
                    None => None,
                },
                q: query.q,
            };
            let codes = super::codes(reader)?;
            let page = reader.used_by(&filter, now, &paging)?;
            let items = page.items.into_iter().filter_map(|item| {
                let name = item.user.name.as_ref();
                Some(PersonUse {
                    user: item.user.id.0,
                    name: name.map(|name| name.as_str().to_owned()),
                    username: item.user.username.as_str().to_owned(),
                    folder: item.path,
                    product: codes.get(&item.product)?.clone(),
                    sessions: item.sessions,
                    hours: super::quotient(item.held_ms, HOUR.get()),
                    last_day: Timestamp::NEVER.plus(Millis::days(item.last_day)).date(),
                })
            });
            Ok((items.collect(), page.next))
        })
        .await?;
    Ok(Answer::ok(PersonUsePage { items, next }))
}
