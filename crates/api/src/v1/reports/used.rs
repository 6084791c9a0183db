//! `GET /v1/reports/use`

use axum::extract::State;
use domain::Millis;
use store::query::Grain;
use wire::path;
use wire::report::{ProductUse, ProductUsePage, UseQuery};

use crate::answer::Answer;
use crate::app::App;
use crate::convert::time;
use crate::extract::{Authorized, Query, ViewLicenses};
use crate::problem::Problem;
use crate::resolve;

/// The longest period by the hour and by the day.
const MOST_HOURS: Millis = Millis::days(31);
const MOST_DAYS: Millis = Millis::days(400);

/// Tell how much of each product was in use, by the hour or by the day.
#[utoipa::path(
    get,
    path = path::REPORT_USE,
    tag = "Reports",
    params(UseQuery),
    responses(
        (status = 200, description = "The use of products, by time.", body = ProductUsePage),
        (status = 404, description = "There is no such product.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["view_licenses"])),
)]
pub(crate) async fn report_use(
    caller: Authorized<ViewLicenses>,
    State(app): State<App>,
    Query(query): Query<UseQuery>,
) -> Result<Answer<ProductUsePage>, Problem> {
    caller.must_reach_everything(&app).await?;
    let now = app.engine.now();
    let (grain, most) = match query.grain.unwrap_or_default() {
        wire::report::Grain::Hour => (Grain::Hour, MOST_HOURS),
        wire::report::Grain::Day => (Grain::Day, MOST_DAYS),
    };
    let until = query.until.map_or(now, time::timestamp);
    let since = query
        .since
        .map_or(until.minus(Millis::days(30)), time::timestamp);
    if until.since(since) > most {
        let detail = format!(
            "the period must not be longer than {} days; choose a later beginning",
            most.as_days()
        );
        return Err(Problem::invalid_field("since", detail));
    }
    let items = app
        .ask(&caller, move |reader| {
            let product = resolve::product_id(reader, "product", query.product.as_deref(), now)?;
            let codes = super::codes(reader)?;
            let points = reader.use_over_time(product, grain, (since, until), now)?;
            Ok(points.into_iter().filter_map(move |point| {
                Some(ProductUse {
                    product: codes.get(&point.product)?.clone(),
                    at: time::time(point.at),
                    peak: point.peak,
                    average: super::quotient(point.seat_ms, grain.span().get()),
                    owned: point.owned,
                    sessions: point.begun,
                })
            }))
        })
        .await?
        .collect();
    Ok(Answer::ok(ProductUsePage { items, next: None }))
}
