//! Backups: one file that holds the whole store of one moment, and the way back.
//!
//! A backup is taken off a snapshot, page by page ([`make`]): the server goes on writing, and
//! what was answered before the snapshot is in it. What belongs to an installation besides its
//! database travels as notes in the file. A restore ([`restore`]) examines a copy in the data
//! folder, and gives it the store's name only when nothing is wrong with it.

mod error;
mod make;
mod new_file;
mod restore;

pub use error::BackupError;
pub use make::Made;
pub use new_file::NewFile;
pub use restore::Restoring;

use crate::error::StoreError;
use crate::sql::{Link, statements};

/// How far copying is: pages done, pages in all.
pub type Told<'a> = &'a mut dyn FnMut(u64, u64);

/// What the names of notes begin with among the settings.
const PREFIX: &str = "backup.";

statements! {
    NOTES = "SELECT name, content FROM meta WHERE name LIKE 'backup.%' ORDER BY name";
    PUT_NOTE = "INSERT INTO meta (name, content) VALUES ($1, $2) \
        ON CONFLICT (name) DO UPDATE SET content = excluded.content";
    FORGET_NOTES = "DELETE FROM meta WHERE name LIKE 'backup.%'";
}

/// What a backup file says besides the store: name and text.
fn notes(link: Link<'_>) -> Result<Vec<(String, String)>, StoreError> {
    link.all(&NOTES, &[], |row| {
        let name = row.of("meta").text("name")?;
        let name = name.strip_prefix(PREFIX).unwrap_or(name).to_owned();
        Ok((name, row.text("content")?.to_owned()))
    })
}
