//! `/v1/products`.

use wire::path;
use wire::product::{Product, ProductPage, ProductQuery};

use crate::{Client, Error};

impl Client {
    /// Lists products with their counts.
    ///
    /// # Errors
    /// [`Error`].
    pub fn list_products(&self, query: &ProductQuery) -> Result<ProductPage, Error> {
        self.get(path::PRODUCTS).query(query).answer()
    }

    /// One product, by its code.
    ///
    /// # Errors
    /// [`Error`].
    pub fn get_product(&self, code: &str) -> Result<Product, Error> {
        self.get_at(path::PRODUCT, code).answer()
    }
}
