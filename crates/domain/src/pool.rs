//! A pool: the seats of one license that stand in one folder.

use crate::ids::{FolderId, LicenseId, PoolId, ProductId};

/// The seats of one license in one folder. Its count of occupied seats is kept, not computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Its id.
    pub id: PoolId,
    /// The license whose seats these are.
    pub license: LicenseId,
    /// That license's product.
    pub product: ProductId,
    /// Where they stand.
    pub folder: FolderId,
    /// How many there are.
    pub size: u32,
    /// How many are occupied: dedicated seats held or releasing, floating seats in use.
    pub occupied: u32,
}

impl Pool {
    /// Seats that can be given.
    pub const fn free(&self) -> u32 {
        self.size.saturating_sub(self.occupied)
    }

    /// Occupied seats beyond what there is: the unbacked ones.
    pub const fn unbacked(&self) -> u32 {
        self.occupied.saturating_sub(self.size)
    }

    /// Whether more seats are occupied than exist.
    pub const fn is_over_allocated(&self) -> bool {
        self.occupied > self.size
    }
}
