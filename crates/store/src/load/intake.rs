//! What many licenses at once need: asked for ahead, since a decision that lacks something
//! begins anew, and a file may have a hundred thousand licenses.

use domain::command::NewLicense;
use domain::{License, Model, Timestamp, WorkingSet};

use super::Loader;
use crate::error::StoreError;
use crate::sql::Link;

/// Loads for an intake what the set does not know; see [`crate::Transaction::load_import`].
pub(crate) fn import(
    link: Link<'_>,
    set: &mut WorkingSet,
    licenses: &[NewLicense],
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut loader = Loader { link, set, now };
    if let Link::Postgres(session) = link {
        loader.named(session, licenses)?;
    }
    let mut last = "";
    for new in licenses {
        if new.key != last && loader.set.find_issuer(&new.key).is_err() {
            loader.issuer(&new.key)?;
        }
        last = &new.key;
    }
    for new in licenses {
        let terms = &new.terms;
        loader.want_product_code(&terms.product.key())?;
        let key = terms.reference.key();
        if loader.set.find_license_ref(&key).is_err() {
            loader.license_ref(&key)?;
        }
        let Some(old) = loader.set.find_license_ref(&key).ok().flatten().cloned() else {
            continue;
        };
        if terms.revision > old.terms.revision || old.removed_at.is_some() {
            let loses = terms.seats < old.capacity() || terms.counted_by != old.terms.counted_by;
            loader.around(&old, loses)?;
        }
    }
    Ok(())
}

impl Loader<'_, '_> {
    /// The pools of a license that is about to change, and, when seats of it may go, everyone
    /// who sits in them.
    pub(super) fn around(&mut self, license: &License, loses: bool) -> Result<(), StoreError> {
        if license.terms.model == Model::Site {
            return Ok(());
        }
        if self.set.pools_of(license.id).is_err() {
            self.pools_of(license.id)?;
        }
        if !loses {
            return Ok(());
        }
        if self.set.lapsed(license.product, 0).is_err() {
            self.lapsed(license.product, 0)?;
        }
        let pools = self.set.pools_of(license.id).unwrap_or_default();
        let is_taken = |id: &_| {
            let pool = self.set.find_pool(*id).ok().flatten();
            pool.is_some_and(|pool| pool.occupied > 0)
        };
        if pools.iter().any(is_taken) && self.set.holders_of(license.id).is_err() {
            self.holders_of(license.id)?;
        }
        Ok(())
    }
}
