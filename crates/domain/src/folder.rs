//! A folder: a node of the one tree in which users and pools live.

use crate::ids::FolderId;
use crate::names::FolderName;

/// A node of the tree. The root has the id [`FolderId::ROOT`] and is no row of this kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Its id.
    pub id: FolderId,
    /// What it lies in; the root or another folder.
    pub parent: FolderId,
    /// Its name, unique among its siblings without case.
    pub name: FolderName,
    /// Counts changes, for optimistic concurrency.
    pub version: u32,
}

/// What lies in a folder, counted (P3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FolderContents {
    /// Users in it.
    pub users: u64,
    /// Pools in it.
    pub pools: u64,
    /// Folders directly below it.
    pub folders: u64,
}

impl FolderContents {
    /// Whether nothing is in it.
    pub const fn is_empty(self) -> bool {
        self.users == 0 && self.pools == 0 && self.folders == 0
    }
}
