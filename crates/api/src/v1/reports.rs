//! `/v1/reports`

pub(crate) mod ending;
pub(crate) mod idle_seats;
pub(crate) mod people;
pub(crate) mod used;

use std::collections::HashMap;

use domain::ProductId;
use store::Reader;
use store::query::Paging;

use crate::problem::Problem;

/// The codes of all products.
fn codes(reader: &mut Reader<'_>) -> Result<HashMap<ProductId, String>, Problem> {
    let mut codes = HashMap::new();
    let mut paging = Paging::first(Paging::MOST);
    loop {
        let page = reader.product_names(&paging)?;
        codes.extend(
            page.items
                .into_iter()
                .map(|product| (product.id, product.code.as_str().to_owned())),
        );
        match page.next {
            Some(next) => paging.after = Some(next),
            None => return Ok(codes),
        }
    }
}

/// A quotient with two decimals.
#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds of many years fit into a double"
)]
fn quotient(sum: i64, span: i64) -> f64 {
    (sum as f64 / span as f64 * 100.0).round() / 100.0
}
