//! `GET /v1/reports/ending`

use axum::extract::State;
use domain::Millis;
use store::query::EndingItem;
use wire::path;
use wire::report::{EndingLicense, EndingLicensePage, EndingQuery};

use crate::answer::Answer;
use crate::app::App;
use crate::convert::{time, words};
use crate::extract::{Authorized, Query, ViewLicenses};
use crate::problem::Problem;
use crate::resolve;

/// List licenses that end, and for how many people there will be no seat.
#[utoipa::path(
    get,
    path = path::REPORT_ENDING,
    tag = "Reports",
    params(EndingQuery),
    responses(
        (status = 200, description = "A page of licenses that end.", body = EndingLicensePage),
    ),
    security(("bearer" = ["view_licenses"])),
)]
pub(crate) async fn report_ending(
    caller: Authorized<ViewLicenses>,
    State(app): State<App>,
    Query(query): Query<EndingQuery>,
) -> Result<Answer<EndingLicensePage>, Problem> {
    let paging = resolve::paging(query.limit, query.after)?;
    let moment = app.engine.moment();
    let since = query.since.map_or(moment.now, time::timestamp);
    let until = query
        .until
        .map_or(since.plus(Millis::days(366)), time::timestamp);
    let page = app
        .ask_settled(&caller, move |reader| {
            Ok(reader.ending(since, until, &paging)?)
        })
        .await?;
    let item = |item: EndingItem| {
        let terms = &item.license.terms;
        EndingLicense {
            license: item.license.id.0,
            serial: terms.serial.as_str().to_owned(),
            product: terms.product.as_str().to_owned(),
            product_name: terms.product_name.as_str().to_owned(),
            model: words::model(terms.model),
            state: words::state(item.license.state(moment.now, moment.warn_before)),
            expires_at: time::time(terms.expires_at),
            grace_days: time::days(terms.grace),
            seats: item
                .seats
                .there
                .unwrap_or(u64::from(item.license.capacity())),
            held: item.term.held,
            without: item.term.without(),
        }
    };
    Ok(Answer::ok(EndingLicensePage {
        items: page.items.into_iter().map(item).collect(),
        next: page.next,
    }))
}
