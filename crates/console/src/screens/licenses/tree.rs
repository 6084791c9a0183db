//! The tree of folders beside a table, and the list of folders to choose from.

use domain::FolderId;
use store::{Reader, StoreError};

/// So many folders are shown; more are found by their path.
const MOST: usize = 1000;

/// A folder beside a table.
#[derive(Clone, Debug)]
pub(crate) struct Branch {
    pub(crate) id: FolderId,
    pub(crate) name: String,
    pub(crate) path: String,
    /// Below how many others, for the stylesheet.
    pub(crate) depth: usize,
    pub(crate) here: bool,
}

/// All folders, the root first.
pub(crate) fn folders(
    reader: &mut Reader<'_>,
    here: Option<FolderId>,
) -> Result<Vec<Branch>, StoreError> {
    let found = reader.folder_paths(MOST)?;
    let branch = |(id, path): (FolderId, String)| Branch {
        id,
        name: match path.rsplit_once('/') {
            Some((_, name)) if !name.is_empty() => name.to_owned(),
            _ => "/".to_owned(),
        },
        depth: match path.as_str() {
            "/" => 0,
            path => path.matches('/').count().min(4),
        },
        here: here == Some(id),
        path,
    };
    Ok(found.into_iter().map(branch).collect())
}
