//! `/v1/folders`.

use uuid::Uuid;
use wire::folder::{Folder, FolderPage, FolderPatch, FolderQuery, NewFolder};
use wire::path;

use crate::{Client, Error};

impl Client {
    /// Lists folders by path.
    ///
    /// # Errors
    /// [`Error`].
    pub fn list_folders(&self, query: &FolderQuery) -> Result<FolderPage, Error> {
        self.get(path::FOLDERS).query(query).answer()
    }

    /// One folder.
    ///
    /// # Errors
    /// [`Error`].
    pub fn get_folder(&self, folder: Uuid) -> Result<Folder, Error> {
        self.get_at(path::FOLDER, folder).answer()
    }

    /// Makes a folder.
    ///
    /// # Errors
    /// [`Error`].
    pub fn create_folder(&self, folder: &NewFolder) -> Result<Folder, Error> {
        self.post(path::FOLDERS).json(folder).keyed().answer()
    }

    /// Renames or moves a folder, if it is still at `version`, where one is given.
    ///
    /// # Errors
    /// [`Error`].
    pub fn update_folder(
        &self,
        folder: Uuid,
        patch: &FolderPatch,
        version: Option<u32>,
    ) -> Result<Folder, Error> {
        self.patch_at(path::FOLDER, folder)
            .json(patch)
            .version(version)
            .answer()
    }

    /// Deletes an empty folder (P3).
    ///
    /// # Errors
    /// [`Error`].
    pub fn delete_folder(&self, folder: Uuid) -> Result<(), Error> {
        self.delete_at(path::FOLDER, folder).done()
    }
}
