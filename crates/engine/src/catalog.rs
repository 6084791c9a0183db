//! Products and their licenses, kept decoded for checks: they change seldom, are read by every
//! check, and take a third of its time to read from the store.
//!
//! A check must not see a license of one moment and its seats of another. So there is a version,
//! which is odd while a change of the catalog is being committed: when it is the same even number
//! before a snapshot is taken and after it was used, nothing was changed in between, and what was
//! learned at this version is what the snapshot has.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use domain::set::{Changes, Map};
use domain::{License, Product, WorkingSet};

/// What is known of the catalog.
pub(crate) struct Catalog {
    version: AtomicU64,
    known: RwLock<Known>,
}

/// Products by folded code, as they were at a version.
#[derive(Default)]
struct Known {
    version: u64,
    products: Map<String, Arc<Entry>>,
}

struct Entry {
    product: Product,
    site_licenses: Vec<License>,
    /// Some of its other licenses: those whose seats are given next.
    licenses: Vec<License>,
}

/// A moment at which the catalog was not being changed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Version(u64);

/// A change of the catalog; it is over when this goes, whether it was committed or not.
pub(crate) struct Changing<'a>(&'a Catalog);

impl Drop for Changing<'_> {
    fn drop(&mut self) {
        self.0.version.fetch_add(1, Ordering::SeqCst);
    }
}

impl Catalog {
    const MOST_PRODUCTS: usize = 4_096;
    const MOST_LICENSES: usize = 32;

    /// Nothing known.
    pub(crate) fn new() -> Self {
        Self {
            version: AtomicU64::new(0),
            known: RwLock::default(),
        }
    }

    /// Whether changes are of the catalog.
    pub(crate) fn is_in(changes: &Changes<'_>) -> bool {
        changes.wiped().is_some()
            || changes.licenses().next().is_some()
            || changes.products().next().is_some()
    }

    /// Begins a change. Only the writer thread does.
    pub(crate) fn change(&self) -> Changing<'_> {
        self.version.fetch_add(1, Ordering::SeqCst);
        Changing(self)
    }

    /// The version, unless a change is being made.
    pub(crate) fn version(&self) -> Option<Version> {
        let version = self.version.load(Ordering::SeqCst);
        version.is_multiple_of(2).then_some(Version(version))
    }

    /// Gives a set what is known of a product at a version; whether anything is.
    pub(crate) fn provide(&self, set: &mut WorkingSet, code: &str, at: Version) -> bool {
        let entry = {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            match known.products.get(code) {
                Some(entry) if known.version == at.0 => Arc::clone(entry),
                _ => return false,
            }
        };
        let product = entry.product.id;
        set.provide_product_code(code.to_owned(), Some(entry.product.clone()));
        set.provide_site_licenses(product, entry.site_licenses.clone());
        for license in &entry.licenses {
            set.provide_license(license.id, Some(license.clone()));
        }
        true
    }

    /// Learns what a set knows of a product, which was loaded at a version.
    pub(crate) fn learn(&self, set: &WorkingSet, code: &str, at: Version) {
        if Self::is_in(&set.changes()) {
            // Not what was loaded, but what a decision made of it.
            return;
        }
        let Ok(Some(product)) = set.find_product_code(code) else {
            return;
        };
        let Ok(site) = set.site_licenses(product.id) else {
            return;
        };
        let (site_licenses, mut licenses): (Vec<License>, Vec<License>) = set
            .known_licenses()
            .filter(|license| license.product == product.id)
            .cloned()
            .partition(|license| site.contains(&license.id));
        licenses.truncate(Self::MOST_LICENSES);
        if site_licenses.len() != site.len() {
            return;
        }
        let entry = Entry {
            product: product.clone(),
            site_licenses,
            licenses,
        };
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.version != at.0 || known.products.len() >= Self::MOST_PRODUCTS {
            known.version = at.0;
            known.products.clear();
        }
        known.products.insert(code.to_owned(), Arc::new(entry));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::names::Title;
    use domain::{Policy, ProductCode, ProductId};
    use uuid::Uuid;

    fn set() -> WorkingSet {
        WorkingSet::new(Policy::default())
    }

    /// A set that knows a product of this name, without licenses.
    fn with_product(name: &str) -> WorkingSet {
        let product = Product {
            id: ProductId(Uuid::from_u128(1)),
            code: ProductCode::parse("esm").unwrap(),
            name: Title::parse(name).unwrap(),
            modules: std::collections::BTreeSet::new(),
            ever_licensed: true,
            demo_in_use: 0,
        };
        let mut set = set();
        set.provide_site_licenses(product.id, Vec::new());
        set.provide_product_code("esm".into(), Some(product));
        set
    }

    #[test]
    fn what_was_learned_counts_until_the_catalog_changes() {
        let catalog = Catalog::new();
        let before = catalog.version().unwrap();
        assert!(!catalog.provide(&mut set(), "esm", before));
        catalog.learn(&with_product("Before"), "esm", before);
        let mut told = set();
        assert!(catalog.provide(&mut told, "esm", before));
        let product = told.find_product_code("esm").unwrap().unwrap();
        assert_eq!(product.name.as_str(), "Before");

        let changing = catalog.change();
        assert!(catalog.version().is_none());
        drop(changing);
        let after = catalog.version().unwrap();
        assert!(!catalog.provide(&mut set(), "esm", after));
        catalog.learn(&with_product("After"), "esm", after);
        assert!(!catalog.provide(&mut set(), "esm", before));
    }
}
