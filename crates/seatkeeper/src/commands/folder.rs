//! `seatkeeper folder`: the tree in which users live and seats stand.

use wire::folder::{Folder, FolderPatch, FolderQuery, NewFolder};

use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::resolve;
use crate::table::{Table, number, text};

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List folders.
    List(List),
    /// Make a folder, and those above it that are missing.
    Add(Add),
    /// Rename a folder.
    Rename(Rename),
    /// Move a folder, with all below it.
    Move(Move),
    /// Delete an empty folder.
    Delete(Delete),
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Only with this text in the path.
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Add {
    /// The names from the root down, as in /Sales/EMEA.
    path: String,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Rename {
    /// Path or id.
    folder: String,
    /// Its new name.
    name: String,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Move {
    /// Path or id.
    folder: String,
    /// The folder it goes to: path or id.
    parent: String,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Delete {
    /// Path or id.
    folder: String,
}

impl Command {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        match self {
            Self::List(list) => {
                let fetch = |after| {
                    client.list_folders(&FolderQuery {
                        q: list.search.clone(),
                        limit: Some(wire::page::MAX_LIMIT),
                        after,
                    })
                };
                context.list(None, fetch, table)?;
            }
            Self::Add(add) => {
                let is_there = is_there(resolve::folder(&client, &add.path).ok(), &add.path);
                let folder = client.create_folder(&NewFolder {
                    path: Some(add.path),
                    ..NewFolder::default()
                })?;
                let done = if is_there { "already there:" } else { "made" };
                show(&folder, done, context);
            }
            Self::Rename(rename) => {
                let folder = resolve::folder(&client, &rename.folder)?;
                let patch = FolderPatch {
                    name: Some(rename.name),
                    parent: None,
                };
                let folder = client.update_folder(folder.id, &patch, Some(folder.version))?;
                show(&folder, "it is now", context);
            }
            Self::Move(moved) => {
                let folder = resolve::folder(&client, &moved.folder)?;
                let patch = FolderPatch {
                    name: None,
                    parent: Some(moved.parent),
                };
                let folder = client.update_folder(folder.id, &patch, Some(folder.version))?;
                show(&folder, "it is now", context);
            }
            Self::Delete(delete) => {
                let folder = resolve::folder(&client, &delete.folder)?;
                client.delete_folder(folder.id)?;
                context.printer.note(&format!("deleted {}", folder.path));
            }
        }
        Ok(Verdict::Done)
    }
}

/// Whether this is the folder of a path.
fn is_there(found: Option<Folder>, path: &str) -> bool {
    found.is_some_and(|folder| folder.path.to_lowercase() == path.to_lowercase())
}

fn show(folder: &Folder, done: &str, context: &mut Context) {
    context
        .printer
        .answer(folder, |folder| format!("{done} {}", folder.path));
}

fn table(folders: &[Folder]) -> Table {
    Table::of(["path", "users", "pools", "id"], folders, |folder| {
        [
            folder.path.as_str().into(),
            number(folder.users),
            number(folder.pools),
            text(folder.id),
        ]
    })
}
