//! `/v1/products`: what there are licenses for, with exact counts (R4).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::page::pages;

/// A product and its seats. Owned and free are those of licenses in force: what is scheduled, expired
/// or waits for its agreement shows on the license, and does not count here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Product {
    /// Its id.
    pub id: Uuid,
    /// Its code.
    #[schema(example = "esm")]
    pub code: String,
    /// Its name.
    #[schema(example = "Service Management")]
    pub name: String,
    /// Codes of its modules, as far as licenses name them.
    pub modules: Vec<String>,
    /// How many seats the licenses in force have, dedicated and floating.
    pub owned: u64,
    /// How many dedicated seats people hold.
    pub assigned: u64,
    /// How many floating seats are occupied at this moment.
    pub in_use: u64,
    /// How many dedicated seats wait for their last session to end.
    pub releasing: u64,
    /// How many seats of licenses in force are free.
    pub free: u64,
    /// How many occupied seats are beyond what there is.
    pub unbacked: u64,
    /// Whether more seats are occupied than exist.
    pub over_allocated: bool,
    /// Whether a site license lets everyone in.
    pub site: bool,
}

pages! {
    /// A page of products, by code.
    ProductPage of Product, total;
}

/// Which products are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProductQuery {
    /// With this text in the code or the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// How many at most, 1 to 1000; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}
