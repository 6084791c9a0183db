//! Pools with free seats, in the order in which they are given (S3, A8).

use std::collections::BTreeSet;

use super::table::Map;
use crate::ids::{FolderId, PoolId, ProductId};
use crate::license::{AccessLevel, License, Model};
use crate::names::Serial;
use crate::pool::Pool;
use crate::time::Timestamp;

/// The order within a step: earliest expiry, then serial (S3, A8); the id only breaks ties.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// When the license ends.
    pub expires_at: Timestamp,
    /// Its serial.
    pub serial: Serial,
    /// The pool.
    pub pool: PoolId,
}

impl Rank {
    /// The rank of a pool of a license.
    pub fn of(license: &License, pool: PoolId) -> Self {
        Self {
            expires_at: license.terms.expires_at,
            serial: license.terms.serial.clone(),
            pool,
        }
    }
}

/// Where pools are looked for: one product, one model, one folder.
pub type Spot = (ProductId, Model, FolderId);

/// The open pools that are known, and up to where they are known.
#[derive(Clone, Debug, Default)]
pub struct OpenPools {
    pools: Map<(Spot, AccessLevel), BTreeSet<Rank>>,
    horizons: Map<Spot, Horizon>,
}

/// Up to where the pools of a spot are known.
#[derive(Clone, Debug)]
pub enum Horizon {
    /// All of them.
    Complete,
    /// Those up to this rank; there may be more behind it.
    UpTo(Rank, u32),
}

impl OpenPools {
    /// Notes that a pool changed from one state to another.
    pub fn note(&mut self, license: &License, before: Option<&Pool>, after: Option<&Pool>) {
        let open = |pool: Option<&Pool>| {
            pool.filter(|pool| pool.free() > 0).map(|pool| {
                let spot = (pool.product, license.terms.model, pool.folder);
                ((spot, license.terms.access), pool.id)
            })
        };
        let (was, is) = (open(before), open(after));
        if was == is {
            return;
        }
        if let Some((key, id)) = was
            && let Some(ranks) = self.pools.get_mut(&key)
        {
            ranks.remove(&Rank::of(license, id));
        }
        if let Some((key, id)) = is {
            self.pools
                .entry(key)
                .or_default()
                .insert(Rank::of(license, id));
        }
    }

    /// Forgets every pool, to be noted anew. How far the store's answers reached stays.
    pub fn forget_pools(&mut self) {
        self.pools.clear();
    }

    /// Notes how far the store's answer reached.
    pub fn reach(&mut self, spot: Spot, horizon: Horizon) {
        self.horizons.insert(spot, horizon);
    }

    /// Forgets how far the pools of a spot are known.
    pub(super) fn forget(&mut self, spot: Spot) {
        self.horizons.remove(&spot);
    }

    /// Up to where the pools of each spot are known.
    pub(super) fn horizons_mut(&mut self) -> impl Iterator<Item = &mut Horizon> {
        self.horizons.values_mut()
    }

    /// Up to where the pools of a spot are known.
    pub fn horizon(&self, spot: &Spot) -> Option<&Horizon> {
        self.horizons.get(spot)
    }

    /// The known open pools of a spot with an access level, in order.
    pub fn iter(&self, spot: Spot, access: AccessLevel) -> impl Iterator<Item = &Rank> {
        self.pools.get(&(spot, access)).into_iter().flatten()
    }
}
