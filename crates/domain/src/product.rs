//! A product: something people need a license for.

use std::collections::BTreeSet;

use crate::ids::ProductId;
use crate::names::{ModuleCode, ProductCode, Title};

/// Something people need a license for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// Its short code.
    pub code: ProductCode,
    /// Its name, as the latest license gave it.
    pub name: Title,
    /// Every module that a license named.
    pub modules: BTreeSet<ModuleCode>,
    /// Whether a license for it ever arrived (A2).
    pub ever_licensed: bool,
    /// Live demo seats (A2).
    pub demo_in_use: u32,
}
