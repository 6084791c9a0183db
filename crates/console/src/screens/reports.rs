//! Reports: what was used, what nobody uses, what ends, and who used what.

pub(crate) mod ending;
pub(crate) mod idle;
pub(crate) mod people;
pub(crate) mod reclaim;
pub(crate) mod used;

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use domain::{Permission, Product, ProductId, Timestamp};
use store::query::Paging;
use store::{Reader, StoreError};

use crate::caller::Signed;
use crate::fields::Fields;
use crate::texts::Texts;

/// So many products can be chosen from.
const MOST_PRODUCTS: u32 = 200;

/// One report in the row of them.
struct Tab {
    path: &'static str,
    name: &'static str,
    here: bool,
}

fn tabs<P>(me: &Signed<P>, here: &str) -> Vec<Tab> {
    let t = me.texts().reports;
    let tab = |path, name| Tab {
        path,
        name,
        here: path == here,
    };
    let mut tabs = vec![
        tab("/reports", t.tab_use),
        tab("/reports/idle", t.tab_idle),
        tab("/reports/ending", t.tab_ending),
    ];
    if me.may(Permission::ViewAudit) {
        tabs.push(tab("/reports/people", t.tab_people));
    }
    tabs
}

/// Products by code, without counts.
fn products(reader: &mut Reader<'_>) -> Result<Vec<Product>, StoreError> {
    Ok(reader.product_names(&Paging::first(MOST_PRODUCTS))?.items)
}

/// The product that is asked for, if there is one with that code.
fn chosen(products: &[Product], code: &str) -> Option<ProductId> {
    let key = domain::names::fold(code);
    let found = products.iter().find(|product| product.code.key() == key);
    found.map(|product| product.id)
}

/// The code, the name, and whether it is chosen, of each product.
fn choices(products: &[Product], chosen: Option<ProductId>) -> Vec<(String, String, bool)> {
    let choice = |product: &Product| {
        let is_chosen = chosen == Some(product.id);
        let code = product.code.as_str().to_owned();
        (code, product.name.as_str().to_owned(), is_chosen)
    };
    products.iter().map(choice).collect()
}

/// The name of a product; its id, should it be none of those shown.
fn name_of(products: &[Product], id: ProductId) -> String {
    let found = products.iter().find(|product| product.id == id);
    found.map_or_else(
        || id.to_string(),
        |product| product.name.as_str().to_owned(),
    )
}

/// One of the numbers of days that can be chosen; the preset one for any other.
fn days(asked: &Fields, of: &[i64], preset: i64) -> i64 {
    let days = asked.text("days").parse().unwrap_or(preset);
    if of.contains(&days) { days } else { preset }
}

/// The numbers of days to choose from, with their words.
fn periods(of: &[i64], chosen: i64, words: crate::texts::N) -> Vec<(i64, String, bool)> {
    let period = |days: &i64| (*days, words.n(days.unsigned_abs()), *days == chosen);
    of.iter().map(period).collect()
}

/// The address of a report under what is asked for.
fn address(path: &str, asked: &Fields, after: Option<&str>) -> String {
    asked.address(path, &["product", "days", "q"], after)
}

/// A report as a file.
fn file(name: &str, text: String) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.csv\""),
        ),
    ];
    (headers, text).into_response()
}

/// A quotient with two decimals, as text.
fn quotient(sum: i64, by: i64) -> String {
    let hundredths = hundredths(sum, by);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// A quotient in hundredths, rounded.
fn hundredths(sum: i64, by: i64) -> u64 {
    let by = i128::from(by.max(1));
    let rounded = (i128::from(sum) * 100 + by / 2) / by;
    u64::try_from(rounded).unwrap_or(0)
}

/// The beginning of a UTC day, counted from 1970-01-01.
fn midnight(day: i64) -> Timestamp {
    Timestamp::NEVER.plus(domain::Millis::days(day))
}

/// The model of a license and the access that it gives.
fn model_of(t: &Texts, license: &domain::License) -> String {
    let terms = &license.terms;
    format!("{}, {}", t.model(terms.model), t.access(terms.access))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_are_rounded_to_two_decimals() {
        assert_eq!(quotient(1, 3), "0.33");
        assert_eq!(quotient(2, 3), "0.67");
        assert_eq!(quotient(i64::MAX, i64::MAX), "1.00");
        assert_eq!(quotient(5, 0), "5.00");
    }
}
