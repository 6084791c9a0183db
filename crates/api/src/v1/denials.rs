//! `GET /v1/denials`

use axum::extract::State;
use domain::ProductCode;
use domain::command::UserRef;
use store::query::DenialFilter;
use wire::denial::{DenialPage, DenialQuery};
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::names::{field, user_ref};
use crate::convert::{record, time, words};
use crate::extract::{Authorized, Query, ViewAudit};
use crate::problem::Problem;
use crate::resolve;

/// List who was denied what, why, when and how often, latest day first.
#[utoipa::path(
    get,
    path = path::DENIALS,
    tag = "Record",
    params(DenialQuery),
    responses(
        (status = 200, description = "A page of denials.", body = DenialPage),
        (status = 404, description = "There is no user with that id.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["view_audit"])),
)]
pub(crate) async fn list_denials(
    caller: Authorized<ViewAudit>,
    State(app): State<App>,
    Query(query): Query<DenialQuery>,
) -> Result<Answer<DenialPage>, Problem> {
    let paging = resolve::paging(query.limit, query.after)?;
    // Names that nobody has are denied too: they need no account, and no product.
    let product = query.product.as_deref().map(ProductCode::parse);
    let product = product
        .map(|product| field("product", product))
        .transpose()?;
    let user = query
        .user
        .as_deref()
        .map(|user| user_ref("user", user))
        .transpose()?;
    let page = app
        .ask(&caller, move |reader| {
            let username_key = match user {
                Some(UserRef::Name(name)) => Some(name.key()),
                Some(UserRef::Id(id)) => Some(
                    resolve::user(reader, "user", &id.to_string())?
                        .username
                        .key(),
                ),
                None => None,
            };
            let filter = DenialFilter {
                username_key,
                product_key: product.map(|product| product.key()),
                code: query.code.map(words::to_denial_code),
                since: query.since.map(time::timestamp),
                until: query.until.map(time::timestamp),
            };
            Ok(reader.denials(&filter, &paging)?)
        })
        .await?;
    let items = page.items.into_iter().map(record::denial).collect();
    Ok(Answer::ok(DenialPage {
        items,
        next: page.next,
    }))
}
