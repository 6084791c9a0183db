//! Every list: its order, its filters one by one, its pages, its counts.

mod last_active;
mod license_folders;
mod licenses;
mod orders;
mod people;
mod record;

use store::query::{Page, Paging};
use store::{Reader, StoreError};

use crate::world::World;

/// Every item of a list, read in pages of two; each page's total is the same.
pub(super) fn all<T>(
    world: &World,
    mut page: impl FnMut(&mut Reader<'_>, &Paging) -> Result<Page<T>, StoreError>,
) -> (Vec<T>, Option<u64>) {
    let mut items = Vec::new();
    let mut paging = Paging::first(2);
    loop {
        let found = world.read(|reader| page(reader, &paging));
        assert!(found.items.len() <= 2);
        items.extend(found.items);
        match found.next {
            Some(next) => paging.after = Some(next),
            None => return (items, found.total),
        }
    }
}
