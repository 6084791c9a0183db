//! Folders.

use store::query::FolderItem;

/// The version of the root, which can't be changed.
const ROOT_VERSION: u32 = 1;

/// A folder.
pub(crate) fn folder(item: FolderItem) -> wire::folder::Folder {
    let (parent, name, version) = match item.folder {
        Some(folder) => (Some(folder.parent.0), folder.name.into(), folder.version),
        None => (None, String::new(), ROOT_VERSION),
    };
    wire::folder::Folder {
        id: item.id.0,
        parent,
        name,
        path: item.path,
        users: item.contents.users,
        pools: item.contents.pools,
        version,
    }
}
