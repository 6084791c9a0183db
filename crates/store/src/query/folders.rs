//! Folders with their paths and what lies in them.

use domain::folder::FolderContents;
use domain::names::fold;
use domain::{Folder, FolderId};

use super::{Cursor, Inside, Page, Paging, Paths, Within, anywhere};
use crate::error::StoreError;
use crate::load::statements::{FOLDER, FOLDER_CONTENTS, FOLDER_NAME};
use crate::reader::Reader;
use crate::rows;
use crate::sql::{Link, Select, Value, statements};

statements! {
    CONTENTS_UP_TO = "SELECT (SELECT count(*) FROM (SELECT 1 FROM app_user u \
        WHERE u.folder_id = $1 LIMIT $2) AS few), (SELECT count(*) FROM (SELECT 1 FROM pool q \
        WHERE q.folder_id = $1 LIMIT $2) AS few), (SELECT count(*) FROM (SELECT 1 FROM folder f \
        WHERE f.parent_id = $1 LIMIT $2) AS few)";
}

/// A folder in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderItem {
    /// Its id.
    pub id: FolderId,
    /// The folder; none for the root, which is no row.
    pub folder: Option<Folder>,
    /// The names from the root down, as in `/Sales/EMEA`; the root is `/`.
    pub path: String,
    /// What lies in it, not counting what lies in folders below.
    pub contents: FolderContents,
}

/// Every folder below the root, or with `f.id` for `f.parent_id` one folder and all below it, each
/// with its folded path from there. Names are put together with a character
/// that no name has and that comes before all others, so that a folder is followed by what
/// is below it.
const TREE: &str = "WITH RECURSIVE tree (id, path) AS (\
        SELECT f.id, '\u{1}' || f.name_key FROM folder f WHERE f.parent_id = ? \
        UNION ALL \
        SELECT f.id, t.path || '\u{1}' || f.name_key \
            FROM folder f JOIN tree t ON f.parent_id = t.id\
    ) SELECT t.id, t.path FROM tree t WHERE TRUE";

impl Reader<'_> {
    /// Folders by path, the root first, with their total; `q`: with this text in the path.
    pub fn folders(
        &mut self,
        q: Option<&str>,
        paging: &Paging,
    ) -> Result<Page<FolderItem>, StoreError> {
        self.folders_with(q, paging, None)
    }

    /// The same, with what lies in each counted up to so many: a page can't wait for a count of
    /// millions.
    pub fn folders_up_to(
        &mut self,
        q: Option<&str>,
        paging: &Paging,
        most: u32,
    ) -> Result<Page<FolderItem>, StoreError> {
        self.folders_with(q, paging, Some(most))
    }

    fn folders_with(
        &mut self,
        q: Option<&str>,
        paging: &Paging,
        most: Option<u32>,
    ) -> Result<Page<FolderItem>, StoreError> {
        let (list, count) = selects(self.within, q, paging)?;
        let total = self
            .link
            .select(&count, |row| row.of("folder").number::<u64>("count"))?;
        let mut found: Vec<(FolderId, String)> = self.link.select(&list, |row| {
            row.of("folder");
            Ok((row.id("id")?, row.text("name_key")?.to_owned()))
        })?;
        let with_root = self.within == Within(None) && q.is_none_or(|q| "/".contains(q));
        if with_root && paging.after.is_none() {
            found.insert(0, (FolderId::ROOT, String::new()));
        }
        let page = Page::of(found, paging, |(_, path)| {
            Cursor::new([path.as_str().into()])
        });
        let total = total.first().copied().unwrap_or(0) + u64::from(with_root);
        let mut paths = Paths::new(self.link);
        let link = self.link;
        page.with_total(total)
            .try_map(|(id, _)| item(link, &mut paths, id, most))
    }

    /// Every folder with its folded path, in the order of paths, the root first.
    pub(crate) fn folder_tree(&mut self) -> Result<Vec<(FolderId, String)>, StoreError> {
        let mut tree = Vec::new();
        if self.within == Within(None) {
            tree.push((FolderId::ROOT, String::new()));
        }
        let mut paging = Paging::first(Paging::MOST);
        loop {
            let (list, _) = selects(self.within, None, &paging)?;
            let found: Vec<(FolderId, String)> = self.link.select(&list, |row| {
                row.of("folder");
                Ok((row.id("id")?, row.text("name_key")?.to_owned()))
            })?;
            let page = Page::of(found, &paging, |(_, path)| {
                Cursor::new([path.as_str().into()])
            });
            tree.extend(page.items);
            match page.next {
                Some(next) => paging.after = Some(next),
                None => break,
            }
        }
        Ok(tree)
    }

    /// Folders by path, the root first, at most so many, without what lies in them.
    pub fn folder_paths(&mut self, most: usize) -> Result<Vec<(FolderId, String)>, StoreError> {
        let mut paths = Paths::new(self.link);
        let tree = self.folder_tree()?.into_iter().take(most);
        tree.map(|(id, _)| Ok((id, paths.of(id)?))).collect()
    }

    /// A folder.
    pub fn find_folder(&mut self, id: FolderId) -> Result<Option<FolderItem>, StoreError> {
        let there = id == FolderId::ROOT
            || self
                .link
                .first(&FOLDER, &[id.into()], rows::folder)?
                .is_some();
        if !there || !Inside::new(self.link, self.within).folder(id)? {
            return Ok(None);
        }
        item(self.link, &mut Paths::new(self.link), id, None).map(Some)
    }

    /// The folder with a path such as `/Sales/EMEA`, compared without case.
    pub fn find_folder_by_path(&mut self, path: &str) -> Result<Option<FolderId>, StoreError> {
        let mut at = FolderId::ROOT;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            let values = [at.into(), fold(name).into()];
            match self.link.first(&FOLDER_NAME, &values, rows::folder)? {
                Some(folder) => at = folder.id,
                None => return Ok(None),
            }
        }
        let is_seen = Inside::new(self.link, self.within).folder(at)?;
        Ok(is_seen.then_some(at))
    }

    /// The path of the folder at which what is seen ends (R1), unless a path leads into it.
    pub fn limit_that_leaves_out(&mut self, path: &str) -> Result<Option<String>, StoreError> {
        let Some(limit) = self.within.0 else {
            return Ok(None);
        };
        let folded = |path: &str| -> Vec<String> {
            let names = path.split('/').filter(|name| !name.is_empty());
            names.map(fold).collect()
        };
        let limit = Paths::new(self.link).of(limit)?;
        let leads_into_it = folded(path).starts_with(&folded(&limit));
        Ok((!leads_into_it).then_some(limit))
    }

    /// The path of a folder, as in `/Sales/EMEA`; the root is `/`. One that is not seen is `…`.
    pub fn folder_path(&mut self, id: FolderId) -> Result<String, StoreError> {
        if !Inside::new(self.link, self.within).folder(id)? {
            return Ok("…".to_owned());
        }
        Paths::new(self.link).of(id)
    }
}

fn item(
    link: Link<'_>,
    paths: &mut Paths<'_>,
    id: FolderId,
    most: Option<u32>,
) -> Result<FolderItem, StoreError> {
    let folder = link.first(&FOLDER, &[id.into()], rows::folder)?;
    let mut values = vec![id.into()];
    values.extend(most.map(Value::from));
    let statement = match most {
        Some(_) => &CONTENTS_UP_TO,
        None => &FOLDER_CONTENTS,
    };
    let contents = link.one(statement, &values, |row| {
        row.of("folder");
        Ok(FolderContents {
            users: row.number("users")?,
            pools: row.number("pools")?,
            folders: row.number("folders")?,
        })
    })?;
    Ok(FolderItem {
        id,
        folder,
        path: paths.of(id)?,
        contents,
    })
}

pub(crate) fn selects<'a>(
    within: Within,
    q: Option<&str>,
    paging: &Paging,
) -> Result<(Select<'a>, Select<'a>), StoreError> {
    let (tree, top) = match within.0 {
        None => (TREE.to_owned(), FolderId::ROOT),
        Some(limit) => (TREE.replacen("f.parent_id = ?", "f.id = ?", 1), limit),
    };
    let mut list = Select::new("FOLDERS", "");
    list.push(&tree, [top.into()]);
    let mut count = Select::new("FOLDER_TOTAL", "");
    let counted = tree.replace("SELECT t.id, t.path FROM", "SELECT count(*) FROM");
    count.push(&counted, [top.into()]);
    if let Some(q) = q {
        // A search for `sales/emea` looks for names that follow each other.
        let pattern = anywhere(q).replace('/', "\u{1}");
        for select in [&mut list, &mut count] {
            select.push(
                r"AND t.path LIKE ? ESCAPE '\'",
                [Value::from(pattern.clone())],
            );
        }
    }
    if let Some(cursor) = paging.cursor()? {
        list.push("AND t.path > ?", [cursor.text(0)?.into()]);
    }
    list.push("ORDER BY t.path LIMIT ?", [paging.one_more()]);
    Ok((list, count))
}
