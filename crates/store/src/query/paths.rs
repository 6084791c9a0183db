//! Paths of folders.

use domain::{FolderId, FolderName};
use foldhash::HashMap;

use crate::error::StoreError;
use crate::load::statements::FOLDER;
use crate::rows;
use crate::sql::Link;

/// The deepest tree that is believed; deeper ones have a cycle.
const DEEPEST: usize = 1000;

/// Paths of folders, each found once.
pub(crate) struct Paths<'l> {
    link: Link<'l>,
    known: HashMap<FolderId, String>,
}

impl<'l> Paths<'l> {
    pub(crate) fn new(link: Link<'l>) -> Self {
        Self {
            link,
            known: HashMap::default(),
        }
    }

    /// The names from the root down, as in `/Sales/EMEA`; the root is `/`.
    pub(crate) fn of(&mut self, id: FolderId) -> Result<String, StoreError> {
        if let Some(path) = self.known.get(&id) {
            return Ok(path.clone());
        }
        let mut names: Vec<FolderName> = Vec::new();
        let mut at = id;
        while at != FolderId::ROOT {
            let folder = self.link.first(&FOLDER, &[at.into()], rows::folder)?;
            let fault = |why| StoreError::Corrupt {
                table: "folder",
                column: "parent_id",
                row: at.to_string(),
                why,
            };
            let folder = folder.ok_or_else(|| fault("there is no such folder".into()))?;
            if names.len() > DEEPEST {
                return Err(fault("it lies below itself".into()));
            }
            at = folder.parent;
            names.push(folder.name);
        }
        let mut path = String::new();
        for name in names.iter().rev() {
            path.push('/');
            path.push_str(name.as_str());
        }
        if path.is_empty() {
            path.push('/');
        }
        self.known.insert(id, path.clone());
        Ok(path)
    }
}
