//! Products and licenses.

use domain::{License, LicenseId, ProductId};

use super::{Loader, sql};
use crate::error::StoreError;
use crate::rows;
use crate::sql::{Statement, Value};

impl Loader<'_, '_> {
    pub(super) fn product(&mut self, id: ProductId) -> Result<(), StoreError> {
        let product = self
            .link
            .first(&sql::PRODUCT, &[id.into()], rows::product)?;
        self.set.provide_product(id, product);
        Ok(())
    }

    pub(super) fn product_code(&mut self, key: &str) -> Result<(), StoreError> {
        let product = self
            .link
            .first(&sql::PRODUCT_CODE, &[key.into()], rows::product)?;
        self.set.provide_product_code(key.to_owned(), product);
        Ok(())
    }

    pub(super) fn license(&mut self, id: LicenseId) -> Result<(), StoreError> {
        let license = self
            .link
            .first(&sql::LICENSE, &[id.into()], rows::license)?;
        self.set.provide_license(id, license);
        Ok(())
    }

    pub(super) fn license_ref(&mut self, key: &str) -> Result<(), StoreError> {
        let license = self
            .link
            .first(&sql::LICENSE_REF, &[key.into()], rows::license)?;
        self.set.provide_license_ref(key.to_owned(), license);
        Ok(())
    }

    /// The licenses whose ids a statement answers; only rows that are not known are read.
    fn licenses(
        &mut self,
        statement: &'static Statement,
        values: &[Value<'_>],
    ) -> Result<Vec<License>, StoreError> {
        let ids: Vec<LicenseId> = self
            .link
            .all(statement, values, |row| row.of("license").id("id"))?;
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            let license = match self.set.known_license(id) {
                Some(license) => Some(license.clone()),
                None => self
                    .link
                    .first(&sql::LICENSE, &[id.into()], rows::license)?,
            };
            found.extend(license);
        }
        Ok(found)
    }

    pub(super) fn licenses_of(&mut self, product: ProductId) -> Result<(), StoreError> {
        let licenses = self.licenses(&sql::LICENSES_OF, &[product.into()])?;
        self.set.provide_licenses_of(product, licenses);
        Ok(())
    }

    pub(super) fn site_licenses(&mut self, product: ProductId) -> Result<(), StoreError> {
        let licenses = self.licenses(&sql::SITE_LICENSES, &[product.into()])?;
        self.set.provide_site_licenses(product, licenses);
        Ok(())
    }

    pub(super) fn new_user_licenses(&mut self) -> Result<(), StoreError> {
        let licenses = self.licenses(&sql::NEW_USER_LICENSES, &[])?;
        self.set.provide_new_user_licenses(licenses);
        Ok(())
    }

    pub(super) fn all_licenses(&mut self) -> Result<(), StoreError> {
        let licenses = self.licenses(&sql::ENDED_LICENSES, &[self.at()])?;
        // All of them go at once (L7), or none.
        for license in &licenses {
            self.set.provide_license(license.id, Some(license.clone()));
            self.around(license, true)?;
        }
        self.set.provide_all_licenses(licenses);
        Ok(())
    }

    pub(super) fn licenses_of_key(&mut self, key: &str) -> Result<(), StoreError> {
        let licenses = self.licenses(&sql::LICENSES_OF_KEY, &[key.into()])?;
        self.set.provide_licenses_of_key(key.to_owned(), licenses);
        Ok(())
    }

    /// Makes sure that the set has a license.
    pub(super) fn want_license(&mut self, id: LicenseId) -> Result<(), StoreError> {
        if self.set.knows_license(id) {
            return Ok(());
        }
        self.license(id)
    }
}
