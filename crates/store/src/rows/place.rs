//! Folders and pools.

use domain::{Folder, FolderName, Pool};

use crate::error::StoreError;
use crate::sql::Columns;

/// The columns of a folder, of `folder f`.
macro_rules! folder_columns {
    () => {
        "f.id, f.parent_id, f.name, f.version"
    };
}
pub(crate) use folder_columns;

/// Reads [`folder_columns`].
pub(crate) fn folder(row: &mut Columns<'_, '_>) -> Result<Folder, StoreError> {
    row.of("folder");
    Ok(Folder {
        id: row.id("id")?,
        parent: row.id("parent_id")?,
        name: row.parsed("name", FolderName::parse)?,
        version: row.number("version")?,
    })
}

/// The columns of a pool, of `pool q`.
macro_rules! pool_columns {
    () => {
        "q.id, q.license_id, q.product_id, q.folder_id, q.size, q.occupied"
    };
}
pub(crate) use pool_columns;

/// Reads [`pool_columns`].
pub(crate) fn pool(row: &mut Columns<'_, '_>) -> Result<Pool, StoreError> {
    row.of("pool");
    Ok(Pool {
        id: row.id("id")?,
        license: row.id("license_id")?,
        product: row.id("product_id")?,
        folder: row.id("folder_id")?,
        size: row.number("size")?,
        occupied: row.number("occupied")?,
    })
}
