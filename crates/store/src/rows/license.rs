//! Products and licenses.

use std::sync::Arc;

use domain::names::Title;
use domain::{AutoAssign, License, Product, ProductCode};

use super::from_json;
use crate::error::StoreError;
use crate::sql::Columns;

/// The columns of a product, of `product p`.
macro_rules! product_columns {
    () => {
        "p.id, p.code, p.name, p.modules, p.ever_licensed, p.demo_in_use"
    };
}
pub(crate) use product_columns;

/// Reads [`product_columns`].
pub(crate) fn product(row: &mut Columns<'_, '_>) -> Result<Product, StoreError> {
    row.of("product");
    Ok(Product {
        id: row.id("id")?,
        code: row.parsed("code", ProductCode::parse)?,
        name: row.parsed("name", Title::parse)?,
        modules: row.parsed("modules", from_json)?,
        ever_licensed: row.bool("ever_licensed")?,
        demo_in_use: row.number("demo_in_use")?,
    })
}

/// The columns of a license, of `license l`.
macro_rules! license_columns {
    () => {
        "l.id, l.product_id, l.terms, l.issuer, l.key_id, l.auto_assign, l.imported_at, \
         l.validated_at, l.accepted, l.replaced_by, l.revoked_at, l.removed_at, l.version, \
         l.stood"
    };
}
pub(crate) use license_columns;

/// Reads [`license_columns`].
pub(crate) fn license(row: &mut Columns<'_, '_>) -> Result<License, StoreError> {
    row.of("license");
    Ok(License {
        id: row.id("id")?,
        product: row.id("product_id")?,
        terms: Arc::new(row.parsed("terms", from_json)?),
        issuer: row.parsed("issuer", Title::parse)?,
        key: row.text("key_id")?.to_owned(),
        auto_assign: row.code("auto_assign", AutoAssign::from_code)?,
        imported_at: row.time("imported_at")?,
        validated_at: row.time("validated_at")?,
        accepted: row.opt_parsed("accepted", from_json)?,
        replaced_by: row.opt_id("replaced_by")?,
        revoked_at: row.opt_time("revoked_at")?,
        removed_at: row.opt_time("removed_at")?,
        version: row.number("version")?,
        stood: row.opt_parsed("stood", from_json)?.unwrap_or_default(),
    })
}
