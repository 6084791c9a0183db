//! Folders and pools.

use domain::folder::FolderContents;
use domain::set::Spot;
use domain::{FolderId, License, LicenseId, Pool, PoolId, ProductId};

use super::{Loader, sql};
use crate::error::StoreError;
use crate::rows;

impl Loader<'_, '_> {
    pub(super) fn folder(&mut self, id: FolderId) -> Result<(), StoreError> {
        let folder = self.link.first(&sql::FOLDER, &[id.into()], rows::folder)?;
        self.set.provide_folder(id, folder);
        Ok(())
    }

    pub(super) fn folder_name(&mut self, parent: FolderId, key: &str) -> Result<(), StoreError> {
        let values = [parent.into(), key.into()];
        let folder = self.link.first(&sql::FOLDER_NAME, &values, rows::folder)?;
        self.set.provide_folder_name(parent, key.to_owned(), folder);
        Ok(())
    }

    pub(super) fn folder_contents(&mut self, id: FolderId) -> Result<(), StoreError> {
        let contents = self.link.one(&sql::FOLDER_CONTENTS, &[id.into()], |row| {
            row.of("folder");
            Ok(FolderContents {
                users: row.number("users")?,
                pools: row.number("pools")?,
                folders: row.number("folders")?,
            })
        })?;
        self.set.provide_folder_contents(id, contents);
        Ok(())
    }

    pub(super) fn folders_in(&mut self, id: FolderId) -> Result<(), StoreError> {
        let folders = self
            .link
            .all(&sql::FOLDERS_IN, &[id.into()], rows::folder)?;
        self.set.provide_folders_in(id, folders);
        Ok(())
    }

    pub(super) fn pool(&mut self, id: PoolId) -> Result<(), StoreError> {
        let found = match self.link.first(&sql::POOL, &[id.into()], rows::pool)? {
            Some(pool) => Some(self.with_license(pool)?),
            None => None,
        };
        self.set.provide_pool(id, found);
        Ok(())
    }

    /// A pool with its license, asked for only if the set does not have it.
    pub(super) fn with_license(&mut self, pool: Pool) -> Result<(Pool, License), StoreError> {
        let license = self.license_of(pool.id, pool.license)?;
        Ok((pool, license))
    }

    fn license_of(&mut self, pool: PoolId, id: LicenseId) -> Result<License, StoreError> {
        if let Some(license) = self.set.known_license(id) {
            return Ok(license.clone());
        }
        self.link
            .first(&sql::LICENSE, &[id.into()], rows::license)?
            .ok_or_else(|| StoreError::Corrupt {
                table: "pool",
                column: "license_id",
                row: pool.to_string(),
                why: format!("there is no license {id}"),
            })
    }

    pub(super) fn pools_of(&mut self, license: LicenseId) -> Result<(), StoreError> {
        let pools = self
            .link
            .all(&sql::POOLS_OF, &[license.into()], rows::pool)?;
        let pools = pools
            .into_iter()
            .map(|pool| self.with_license(pool))
            .collect::<Result<_, _>>()?;
        self.set.provide_pools_of(license, pools);
        Ok(())
    }

    pub(super) fn open_pools(&mut self, spot: Spot, at_least: u32) -> Result<(), StoreError> {
        let (product, model, folder) = spot;
        let limit = Self::some_more(at_least);
        let values = [
            product.into(),
            model.code().into(),
            folder.into(),
            self.at(),
            limit.into(),
        ];
        let pools = self.link.all(&sql::OPEN_POOLS, &values, rows::pool)?;
        let complete = pools.len() < limit as usize;
        let mut found = Vec::with_capacity(pools.len());
        for pool in pools {
            let pair = self.with_license(pool)?;
            self.set.provide_license(pair.1.id, Some(pair.1.clone()));
            found.push(pair);
        }
        self.set.provide_open_pools(spot, found, complete);
        Ok(())
    }

    pub(super) fn over_allocated(&mut self, product: ProductId) -> Result<(), StoreError> {
        let pools = self
            .link
            .one(&sql::OVER_ALLOCATED, &[product.into()], |row| {
                row.of("pool").number("count")
            })?;
        self.set.provide_over_allocated(product, pools);
        Ok(())
    }
}
