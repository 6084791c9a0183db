//! What a sign-in usually needs, at once.

use domain::license::Model;
use domain::policy::{Place, Step};
use domain::set::{Holding, Spot};
use domain::{AccessLevel, FolderId, PersonId, ProductId, Timestamp, WorkingSet};

use super::Loader;
use crate::error::StoreError;
use crate::sql::Link;

/// Loads for a sign-in what the set does not know; see [`crate::Transaction::load_access`].
pub(crate) fn access(
    link: Link<'_>,
    set: &mut WorkingSet,
    username_key: &str,
    product_key: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut loader = Loader { link, set, now };
    let Some(product) = loader.want_product_code(product_key)? else {
        return loader.want_user(username_key).map(|_| ());
    };
    if loader.set.site_licenses(product).is_err() {
        loader.site_licenses(product)?;
    }
    let user = loader.want_user(username_key)?;
    if let Some((person, _)) = user {
        loader.want_holding(person, product)?;
        let holds = |holding: &Holding| !holding.seats.is_empty() || !holding.sessions.is_empty();
        if loader.set.holding(person, product).is_ok_and(holds) {
            // What they have most likely carries them; if not, the decision asks.
            return Ok(());
        }
    }
    if loader.set.lapsed(product, 0).is_err() {
        loader.lapsed(product, 0)?;
    }
    // Whom the policy will add lives in the root.
    let home = user.map_or(FolderId::ROOT, |(_, folder)| folder);
    for spot in loader.spots(product, home) {
        if !loader.set.knows_open_pools(&spot) {
            loader.open_pools(spot, 4)?;
        }
        // A free seat here most likely ends the search; if not, the decision asks.
        let levels = AccessLevel::ALL;
        if let Ok(Some(_)) = loader.set.first_open(spot, levels, |_, _| Ok(true)) {
            break;
        }
    }
    Ok(())
}

impl Loader<'_, '_> {
    pub(super) fn want_product_code(&mut self, key: &str) -> Result<Option<ProductId>, StoreError> {
        if self.set.find_product_code(key).is_err() {
            self.product_code(key)?;
        }
        let found = self.set.find_product_code(key).ok().flatten();
        Ok(found.map(|product| product.id))
    }

    fn want_user(&mut self, key: &str) -> Result<Option<(PersonId, FolderId)>, StoreError> {
        if self.set.find_username(key).is_err() {
            self.username(key)?;
        }
        let found = self.set.find_username(key).ok().flatten();
        Ok(found.map(|user| (user.person, user.folder)))
    }

    /// Where the policy's steps look for seats (A8).
    pub(super) fn spots(&self, product: ProductId, home: FolderId) -> Vec<Spot> {
        let mut spots: Vec<Spot> = Vec::new();
        for Step { model, place } in &self.set.policy().auto_allocation {
            let folder = match place {
                Place::UserFolder => home,
                Place::Root => FolderId::ROOT,
            };
            let spot = (product, *model, folder);
            if *model != Model::Site && !spots.contains(&spot) {
                spots.push(spot);
            }
        }
        spots
    }
}
