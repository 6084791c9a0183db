//! Products.

use domain::ModuleCode;
use store::query::ProductItem;

/// A product with its counts (R4).
pub(crate) fn product(item: ProductItem) -> wire::product::Product {
    let counts = item.counts;
    wire::product::Product {
        id: item.product.id.0,
        code: item.product.code.into(),
        name: item.product.name.into(),
        modules: item
            .product
            .modules
            .into_iter()
            .map(ModuleCode::into)
            .collect(),
        owned: counts.owned,
        assigned: counts.assigned,
        in_use: counts.in_use,
        releasing: counts.releasing,
        free: counts.free,
        unbacked: counts.unbacked,
        over_allocated: counts.unbacked > 0,
        site: counts.site,
    }
}
