//! A folder: a node of the one tree in which users and pools live.

use crate::ids::FolderId;
use crate::names::{FolderName, NameError, quoted};

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

/// Why a text is not the path of a folder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// It does not begin at the root.
    #[error(
        "{} is neither a folder's id nor a path that begins with /, as in /Sales/EMEA",
        quoted(.0)
    )]
    NotFromTheRoot(String),
    /// One of its names can't be one.
    #[error("in the path {}, {error}", quoted(path))]
    BadName {
        /// The whole path.
        path: String,
        /// What is wrong with the name.
        error: NameError,
    },
}

/// The names of a path such as `/Sales/EMEA`, from the root down; none for the root, `/`.
///
/// # Errors
/// [`PathError`].
pub fn parse_path(text: &str) -> Result<Vec<FolderName>, PathError> {
    let Some(names) = text.strip_prefix('/') else {
        return Err(PathError::NotFromTheRoot(text.to_owned()));
    };
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let name = |name| {
        FolderName::parse(name).map_err(|error| PathError::BadName {
            path: text.to_owned(),
            error,
        })
    };
    names.split('/').map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_begins_at_the_root() {
        assert_eq!(parse_path("/").unwrap(), []);
        let names = parse_path("/Sales/EMEA").unwrap();
        let names: Vec<_> = names.iter().map(FolderName::as_str).collect();
        assert_eq!(names, ["Sales", "EMEA"]);
        let why = |text| parse_path(text).unwrap_err().to_string();
        assert!(why("Sales").contains("begins with /"));
        assert!(why("/Sales//EMEA").contains("is empty"));
        assert!(why("/Sales/").contains("is empty"));
    }
}
