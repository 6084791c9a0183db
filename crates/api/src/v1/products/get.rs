//! `GET /v1/products/{code}`

use axum::extract::State;
use wire::path;
use wire::product::Product;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::product;
use crate::extract::{Authorized, Path, ViewLicenses};
use crate::problem::Problem;
use crate::resolve;

/// Look at one product, with exact counts.
#[utoipa::path(
    get,
    path = path::PRODUCT,
    tag = "Products",
    params(("code" = String, Path, description = "The product's code, compared without case.")),
    responses(
        (status = 200, description = "The product.", body = Product),
        (status = 404, description = "There is no such product.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["view_licenses"])),
)]
pub(crate) async fn get_product(
    caller: Authorized<ViewLicenses>,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Answer<Product>, Problem> {
    let now = app.engine.now();
    let item = app
        .ask_settled(&caller, move |reader| {
            resolve::product(reader, "code", &code, now)
        })
        .await?;
    Ok(Answer::ok(product::product(item)))
}
