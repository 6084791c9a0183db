//! `GET /v1/reports/idle-seats`

use axum::extract::State;
use domain::{Millis, Timestamp};
use store::query::IdleFilter;
use wire::path;
use wire::report::{IdleSeat, IdleSeatPage, IdleSeatQuery};

use crate::answer::Answer;
use crate::app::App;
use crate::convert::time;
use crate::extract::{Authorized, Query, ViewLicenses};
use crate::problem::Problem;
use crate::resolve;

/// How long a seat may be asked to have been idle, in days.
const MOST_DAYS: u32 = 3650;

/// List dedicated seats that nobody has used for some time.
#[utoipa::path(
    get,
    path = path::REPORT_IDLE_SEATS,
    tag = "Reports",
    params(IdleSeatQuery),
    responses(
        (status = 200, description = "A page of seats; it may be short and not the last.", body = IdleSeatPage),
        (status = 404, description = "There is no such product.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["view_licenses"])),
)]
pub(crate) async fn report_idle_seats(
    caller: Authorized<ViewLicenses>,
    State(app): State<App>,
    Query(query): Query<IdleSeatQuery>,
) -> Result<Answer<IdleSeatPage>, Problem> {
    let paging = resolve::paging(query.limit, query.after)?;
    let now = app.engine.now();
    let days = query.days.unwrap_or(30);
    if days == 0 || days > MOST_DAYS {
        let detail = format!("days is {days}; it must be from 1 to {MOST_DAYS}");
        return Err(Problem::invalid_field("days", detail));
    }
    let page = app
        .ask(&caller, move |reader| {
            let product = resolve::product_id(reader, "product", query.product.as_deref(), now)?;
            let since = now.minus(Millis::days(i64::from(days)));
            Ok(reader.idle_seats(&IdleFilter { product, since }, now, &paging)?)
        })
        .await?;
    Ok(Answer::ok(IdleSeatPage {
        items: page.items.into_iter().map(|item| idle(item, now)).collect(),
        next: page.next,
    }))
}

fn idle(item: store::query::IdleSeat, now: Timestamp) -> IdleSeat {
    let since = item.last_active.unwrap_or(item.seat.assigned_at);
    let user = item.user.as_ref();
    let name = user.and_then(|user| user.name.as_ref());
    IdleSeat {
        id: item.seat.id.0,
        user: item.seat.user.0,
        username: user.map(|user| user.username.as_str().to_owned()),
        name: name.map(|name| name.as_str().to_owned()),
        folder: item.path,
        product: item.license.terms.product.as_str().to_owned(),
        license: item.license.id.0,
        serial: item.license.terms.serial.as_str().to_owned(),
        assigned_at: time::time(item.seat.assigned_at),
        last_active: item.last_active.map(time::time),
        idle_days: u64::try_from(now.since(since).get() / Millis::DAY.get()).unwrap_or(0),
    }
}
