//! The tree of folders (P3).

use super::record::{Facts, record};
use super::{Context, Stop, ask_for_all, reach};
use crate::command::FolderRef;
use crate::event::{EventKind, Subject};
use crate::folder::Folder;
use crate::ids::FolderId;
use crate::names::FolderName;
use crate::outcome::Outcome;
use crate::refusal::Refusal;
use crate::set::WorkingSet;

/// How deep folders can be nested.
pub const MOST_DEEP: usize = 32;

/// The folder that a reference means; missing parts of a path are made.
pub(super) fn resolve(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    reference: &FolderRef,
) -> Result<FolderId, Stop> {
    match reference {
        FolderRef::Id(id) if set.folder_exists(*id)? => Ok(*id),
        FolderRef::Id(_) => Err(Refusal::UnknownFolder.into()),
        FolderRef::Path(names) => walk(set, context, names).map(|(folder, _)| folder),
    }
}

/// Makes what is missing of a path; what was there already is not made again.
pub(super) fn ensure(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    names: &[FolderName],
) -> Result<Outcome, Stop> {
    let (folder, is_new) = walk(set, context, names)?;
    if !reach::reaches(set, context.actor, folder)? {
        return Err(reach::outside(set, context.actor)?);
    }
    Ok(Outcome::FolderEnsured { folder, is_new })
}

/// The folder at the end of a path from the root, made with all above it where it is missing,
/// and whether it was.
fn walk(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    names: &[FolderName],
) -> Result<(FolderId, bool), Stop> {
    if names.len() > MOST_DEEP {
        return Err(Refusal::FolderTooDeep { most: MOST_DEEP }.into());
    }
    let mut at = (FolderId::ROOT, false);
    for name in names {
        at = match set.find_folder_name(at.0, &name.key())? {
            Some(id) => (id, false),
            None => (make(set, context, at.0, name), true),
        };
    }
    Ok(at)
}

fn make(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    parent: FolderId,
    name: &FolderName,
) -> FolderId {
    let folder = Folder {
        id: context.ids.fresh(),
        parent,
        name: name.clone(),
        version: 1,
    };
    let id = folder.id;
    record_folder(set, context, EventKind::FolderCreated, None, Some(&folder));
    set.put_folder(folder);
    id
}

fn record_folder(
    set: &mut WorkingSet,
    context: &Context<'_>,
    kind: EventKind,
    before: Option<&Folder>,
    after: Option<&Folder>,
) {
    let facts = |folder: &Folder| serde_json::json!({ "folder": folder.id, "parent": folder.parent, "name": folder.name });
    let facts = match (before, after) {
        (Some(before), Some(after)) => Facts::change(&facts(before), &facts(after)),
        (Some(before), None) => Facts::before(&facts(before)),
        (None, Some(after)) => Facts::after(&facts(after)),
        (None, None) => return,
    };
    record(set, context, kind, Subject::default(), facts);
}

/// The number of folders from the root down to this one, itself included.
fn depth(set: &WorkingSet, id: FolderId) -> Result<usize, Stop> {
    let mut at = id;
    let mut depth = 0;
    while at != FolderId::ROOT {
        at = set.find_folder(at)?.ok_or(Refusal::UnknownFolder)?.parent;
        depth += 1;
        if depth > MOST_DEEP {
            return Err(Refusal::FolderTooDeep { most: MOST_DEEP }.into());
        }
    }
    Ok(depth)
}

/// How many levels of folders a folder is, itself included. Nothing in the set is newer than
/// the store here: folders are moved alone.
fn levels(set: &WorkingSet, id: FolderId) -> Result<usize, Stop> {
    let mut levels = 0;
    let mut level = vec![id];
    while !level.is_empty() && levels <= MOST_DEEP {
        levels += 1;
        ask_for_all(level.iter().filter_map(|id| set.folders_in(*id).err()))?;
        let mut below = Vec::new();
        for id in level {
            below.extend(set.folders_in(id)?);
        }
        level = below;
    }
    Ok(levels)
}

/// Makes a folder.
pub(super) fn create(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    parent: FolderId,
    name: &FolderName,
) -> Result<Outcome, Stop> {
    if !set.folder_exists(parent)? {
        return Err(Refusal::UnknownFolder.into());
    }
    if set.find_folder_name(parent, &name.key())?.is_some() {
        return Err(Refusal::FolderNameTaken(name.to_string()).into());
    }
    if depth(set, parent)? >= MOST_DEEP {
        return Err(Refusal::FolderTooDeep { most: MOST_DEEP }.into());
    }
    Ok(Outcome::Folder(make(set, context, parent, name)))
}

/// P3: renames or moves a folder, with all below it.
pub(super) fn update(
    set: &mut WorkingSet,
    context: &Context<'_>,
    id: FolderId,
    name: Option<&FolderName>,
    parent: Option<FolderId>,
    version: Option<u32>,
) -> Result<Outcome, Stop> {
    let before = get(set, id)?.clone();
    super::check_version(version, before.version)?;
    let after = Folder {
        parent: parent.unwrap_or(before.parent),
        name: name.unwrap_or(&before.name).clone(),
        version: before.version + 1,
        ..before
    };
    if after.parent == before.parent && after.name == before.name {
        return Ok(Outcome::Folder(id));
    }
    if !set.folder_exists(after.parent)? {
        return Err(Refusal::UnknownFolder.into());
    }
    let mut above = after.parent;
    while above != FolderId::ROOT {
        if above == id {
            return Err(Refusal::FolderCycle.into());
        }
        above = set
            .find_folder(above)?
            .ok_or(Refusal::UnknownFolder)?
            .parent;
    }
    if after.parent != before.parent && depth(set, after.parent)? + levels(set, id)? > MOST_DEEP {
        return Err(Refusal::FolderTooDeep { most: MOST_DEEP }.into());
    }
    let taken = set.find_folder_name(after.parent, &after.name.key())?;
    if taken.is_some_and(|other| other != id) {
        return Err(Refusal::FolderNameTaken(after.name.to_string()).into());
    }
    record_folder(
        set,
        context,
        EventKind::FolderUpdated,
        Some(&before),
        Some(&after),
    );
    set.put_folder(after);
    Ok(Outcome::Folder(id))
}

/// Whose rights end at a folder (R1): accounts of the console, also deactivated ones, and tokens
/// that still work.
fn limited_to(
    set: &WorkingSet,
    context: &Context<'_>,
    folder: FolderId,
) -> Result<Vec<String>, Stop> {
    let accounts = set.console_accounts()?.into_iter();
    let accounts = accounts
        .filter(|account| account.reach.folder() == Some(folder))
        .map(|account| format!("the account {}", account.name));
    let mut names: Vec<String> = accounts.collect();
    for id in set.tokens_limited_to(folder)? {
        if let Some(token) = set.find_token(*id)?
            && token.is_in_force(context.now)
        {
            names.push(format!("the token {}", token.name));
        }
    }
    Ok(names)
}

/// P3: deletes an empty folder.
pub(super) fn delete(
    set: &mut WorkingSet,
    context: &Context<'_>,
    id: FolderId,
) -> Result<Outcome, Stop> {
    let folder = get(set, id)?.clone();
    let contents = set.folder_contents(id)?;
    if !contents.is_empty() {
        return Err(Refusal::FolderNotEmpty {
            folder: id,
            users: contents.users,
            pools: contents.pools,
            folders: contents.folders,
        }
        .into());
    }
    let limited = limited_to(set, context, id)?;
    if !limited.is_empty() {
        return Err(Refusal::FolderIsALimit(limited).into());
    }
    record_folder(set, context, EventKind::FolderDeleted, Some(&folder), None);
    set.delete_folder(&folder);
    Ok(Outcome::Done(true))
}

fn get(set: &WorkingSet, id: FolderId) -> Result<&Folder, Stop> {
    if id == FolderId::ROOT {
        return Err(Refusal::RootFolder.into());
    }
    Ok(set.find_folder(id)?.ok_or(Refusal::UnknownFolder)?)
}
