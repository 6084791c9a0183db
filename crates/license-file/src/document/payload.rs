//! A document as its payload writes it: each product's name once, not once a license.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Document, LicenseTerms};

/// Names of products by code.
pub(crate) type ProductNames = BTreeMap<String, String>;

/// The JSON form of a [`Document`].
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Payload {
    format: u64,
    issuer: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    customer: Option<String>,
    issued_at: Timestamp,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    products: ProductNames,
    licenses: Vec<LicenseTerms>,
}

impl From<Payload> for Document {
    fn from(mut payload: Payload) -> Self {
        fill_in(&payload.products, &mut payload.licenses);
        Self {
            format: payload.format,
            issuer: payload.issuer,
            customer: payload.customer,
            issued_at: payload.issued_at,
            licenses: payload.licenses,
        }
    }
}

impl From<Document> for Payload {
    fn from(mut document: Document) -> Self {
        let products = take_out(&mut document.licenses);
        Self {
            format: document.format,
            issuer: document.issuer,
            customer: document.customer,
            issued_at: document.issued_at,
            products,
            licenses: document.licenses,
        }
    }
}

/// Gives licenses that don't name their product the name that stands in `products`.
pub(crate) fn fill_in(products: &ProductNames, licenses: &mut [LicenseTerms]) {
    for license in licenses
        .iter_mut()
        .filter(|license| license.product_name.is_empty())
    {
        if let Some(name) = products.get(&license.product) {
            license.product_name.clone_from(name);
        }
    }
}

/// The opposite: takes the first name of each product out of the licenses that have it.
fn take_out(licenses: &mut [LicenseTerms]) -> ProductNames {
    let mut products = ProductNames::new();
    for license in licenses {
        match products.get(&license.product) {
            Some(name) if *name == license.product_name => license.product_name.clear(),
            Some(_) => {}
            None => {
                let name = std::mem::take(&mut license.product_name);
                products.insert(license.product.clone(), name);
            }
        }
    }
    products
}
