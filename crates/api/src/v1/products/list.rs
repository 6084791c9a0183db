//! `GET /v1/products`

use axum::extract::State;
use wire::path;
use wire::product::{ProductPage, ProductQuery};

use crate::answer::Answer;
use crate::app::App;
use crate::convert::product;
use crate::extract::{Authorized, Query, ViewLicenses};
use crate::problem::Problem;
use crate::resolve;

/// List products by code, with exact counts.
#[utoipa::path(
    get,
    path = path::PRODUCTS,
    tag = "Products",
    params(ProductQuery),
    responses((status = 200, description = "A page of products.", body = ProductPage)),
    security(("bearer" = ["view_licenses"])),
)]
pub(crate) async fn list_products(
    caller: Authorized<ViewLicenses>,
    State(app): State<App>,
    Query(query): Query<ProductQuery>,
) -> Result<Answer<ProductPage>, Problem> {
    let paging = resolve::paging(query.limit, query.after)?;
    let now = app.engine.now();
    let page = app
        .ask_settled(&caller, move |reader| {
            Ok(reader.products(query.q.as_deref(), now, &paging)?)
        })
        .await?;
    Ok(Answer::ok(ProductPage {
        items: page.items.into_iter().map(product::product).collect(),
        next: page.next,
        total: page.total.unwrap_or_default(),
    }))
}
