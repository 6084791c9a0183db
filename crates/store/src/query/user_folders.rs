//! Accounts folder by folder: one folder after the other, or those of several put together in one
//! order. Each folder has an index in these orders, so that neither who lives elsewhere nor how
//! many live there makes a page slower.

use std::cmp::Ordering;
use std::collections::VecDeque;

use domain::FolderId;
use foldhash::HashMap;

use super::order::UserSort;
use super::user_list::{Asked, Listed, Search, listed};
use super::users::COMMON;
use super::{Cursor, Inside, Page, Paging, Within};
use crate::error::StoreError;
use crate::reader::Reader;

/// How many are fetched of one folder at first; each time after it is so many times as many.
const PIECE: usize = 4;

/// A folder with those of it that were fetched and not taken yet.
struct Line {
    folder: FolderId,
    ready: VecDeque<(Cursor, Listed)>,
    after: Option<Cursor>,
    piece: usize,
    is_done: bool,
}

impl Reader<'_> {
    /// Folder by folder, in the order of their paths; in each by username.
    pub(crate) fn users_by_folder(
        &mut self,
        asked: Asked<'_>,
        sort: UserSort,
        paging: &Paging,
    ) -> Result<Page<Listed>, StoreError> {
        let mut tree = self.tree_of(asked)?;
        if sort.is_down() {
            tree.reverse();
        }
        let begin = paging.cursor()?;
        let found = if asked.search == Search::Begins && asked.filter.q.is_some() {
            self.few_by_folder(asked, sort, &tree, begin.as_ref())?
        } else {
            self.walk_folders(asked, sort, tree, begin, paging)?
        };
        let page = Page::of(found, paging, |(item, path)| {
            Cursor::new([path.as_str().into(), item.user.username.key().into()])
        });
        page.try_map(|(item, _)| Ok(item))
    }

    fn walk_folders(
        &mut self,
        asked: Asked<'_>,
        sort: UserSort,
        tree: Vec<(FolderId, String)>,
        mut begin: Option<Cursor>,
        paging: &Paging,
    ) -> Result<Vec<(Listed, String)>, StoreError> {
        let mut found: Vec<(Listed, String)> = Vec::new();
        for (folder, path) in tree {
            // Folders before that of the cursor are done.
            let after = match &begin {
                Some(cursor) => {
                    let at = cursor.text(0)?;
                    let is_done = if sort.is_down() { path > at } else { path < at };
                    if is_done {
                        continue;
                    }
                    let username = (path == at).then(|| cursor.text(1)).transpose()?;
                    username.map(|username| Cursor::new([username.into()]))
                }
                None => None,
            };
            begin = None;
            let missing = paging.limit() + 1 - found.len();
            let select = asked.in_one_folder(sort, folder, after.as_ref(), missing)?;
            let some = self.link.select(&select, listed)?;
            found.extend(some.into_iter().map(|item| (item, path.clone())));
            if found.len() > paging.limit() {
                break;
            }
        }
        Ok(found)
    }

    /// The same where a text finds few, by any of four keys: they are put in order here.
    fn few_by_folder(
        &mut self,
        asked: Asked<'_>,
        sort: UserSort,
        tree: &[(FolderId, String)],
        begin: Option<&Cursor>,
    ) -> Result<Vec<(Listed, String)>, StoreError> {
        let begin = match begin {
            Some(cursor) => Some((cursor.text(0)?, cursor.text(1)?)),
            None => None,
        };
        let paths: HashMap<FolderId, &String> = tree.iter().map(|(id, path)| (*id, path)).collect();
        let mut found = Vec::new();
        for item in self.link.select(&asked.all(COMMON * 4), listed)? {
            let Some(path) = paths.get(&item.user.folder) else {
                continue;
            };
            let key = ((*path).clone(), item.user.username.key());
            let is_after = match &begin {
                None => true,
                Some(begin) if sort.is_down() => key < *begin,
                Some(begin) => key > *begin,
            };
            if is_after {
                found.push((key, item));
            }
        }
        found.sort_by(
            |(a, _), (b, _)| {
                if sort.is_down() { b.cmp(a) } else { a.cmp(b) }
            },
        );
        Ok(found
            .into_iter()
            .map(|((path, _), item)| (item, path))
            .collect())
    }

    /// The folders whose accounts are put together for this order; none where all accounts have
    /// an index in it, or a text finds few.
    pub(crate) fn folders_of(
        &mut self,
        asked: Asked<'_>,
        sort: UserSort,
    ) -> Result<Option<Vec<FolderId>>, StoreError> {
        let finds_few = asked.search == Search::Begins && asked.filter.q.is_some();
        if !asked.is_placed() || !sort.has_folders() || finds_few {
            return Ok(None);
        }
        let tree = self.tree_of(asked)?;
        Ok(Some(tree.into_iter().map(|(id, _)| id).collect()))
    }

    /// The accounts of these folders in one order.
    pub(crate) fn users_of_folders(
        &mut self,
        asked: Asked<'_>,
        sort: UserSort,
        folders: &[FolderId],
        paging: &Paging,
    ) -> Result<Page<Listed>, StoreError> {
        let wanted = paging.limit() + 1;
        let mut lines = Vec::with_capacity(folders.len());
        for folder in folders {
            lines.push(Line {
                folder: *folder,
                ready: VecDeque::new(),
                after: paging.cursor()?,
                piece: if folders.len() == 1 { wanted } else { PIECE },
                is_done: false,
            });
        }
        let mut found = Vec::new();
        while found.len() < wanted {
            let mut next: Option<usize> = None;
            for at in 0..lines.len() {
                self.fill(asked, sort, &mut lines[at], wanted)?;
                let Some((key, _)) = lines[at].ready.front() else {
                    continue;
                };
                let best = next.and_then(|next| lines[next].ready.front());
                let is_better = best.is_none_or(|(best, _)| {
                    let before = if sort.is_down() {
                        Ordering::Greater
                    } else {
                        Ordering::Less
                    };
                    key.compare(best) == before
                });
                if is_better {
                    next = Some(at);
                }
            }
            let Some((_, item)) = next.and_then(|next| lines[next].ready.pop_front()) else {
                break;
            };
            found.push(item);
        }
        Ok(Page::of(found, paging, |item| sort.cursor(item)))
    }

    /// Fetches more of a folder when all that was fetched is taken.
    fn fill(
        &mut self,
        asked: Asked<'_>,
        sort: UserSort,
        line: &mut Line,
        wanted: usize,
    ) -> Result<(), StoreError> {
        if line.is_done || !line.ready.is_empty() {
            return Ok(());
        }
        let piece = line.piece.min(wanted);
        let select = asked.in_one_folder(sort, line.folder, line.after.as_ref(), piece)?;
        let some = self.link.select(&select, listed)?;
        line.is_done = some.len() < piece;
        line.piece = piece * PIECE;
        if let Some(last) = some.last() {
            line.after = Some(sort.cursor(last));
        }
        line.ready
            .extend(some.into_iter().map(|item| (sort.cursor(&item), item)));
        Ok(())
    }

    /// The folders that are asked for and seen, with their folded paths, in the order of paths.
    fn tree_of(&mut self, asked: Asked<'_>) -> Result<Vec<(FolderId, String)>, StoreError> {
        let mut tree = self.folder_tree()?;
        let Some(top) = asked.filter.folder else {
            return Ok(tree);
        };
        let below = asked.filter.below;
        let Some((_, path)) = tree.iter().find(|(id, _)| *id == top).cloned() else {
            // What is above all that is seen has all of it below it.
            let limit = asked.within.0.unwrap_or(FolderId::ROOT);
            let is_above = below && Inside::new(self.link, Within(Some(top))).folder(limit)?;
            return Ok(if is_above { tree } else { Vec::new() });
        };
        tree.retain(|(id, at)| {
            let rest = at.strip_prefix(path.as_str());
            *id == top || (below && rest.is_some_and(|rest| rest.starts_with('\u{1}')))
        });
        Ok(tree)
    }
}
