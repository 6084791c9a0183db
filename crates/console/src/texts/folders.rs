//! The page of the folders.

use super::{F, N, texts};

texts! {
    /// The page of the folders.
    Folders {
        title: S = "Folders";
        lead: S = "People and seats stand in folders. A folder that is moved takes along all that is below it.";
        edit: S = "Edit folders";
        make: S = "New folder";
        path: S = "Path";
        path_hint: S = "Such as /Sales/EMEA. What is missing on the way is made, too.";
        search: S = "Search paths";
        folder: S = "Folder";
        people: S = "People";
        pools: S = "Licenses";
        below: S = "Folders";
        more_than: F = F("more than {0}");
        change: S = "Rename or move";
        name: S = "Name";
        parent: S = "In the folder";
        delete: S = "Delete";
        none: S = "No folder has this in its path";
        count: N = N("{n} folder", "{n} folders");
        made: S = "The folder is there now.";
        there: S = "That folder was there already.";
        saved: S = "The folder was changed.";
        deleted: S = "The folder was deleted.";
    }
}
