//! What somebody sees whose rights end at a folder (R1): conditions for lists, and look-ups for
//! single rows.
//!
//! A user is where their folder is, and a pool where its is; a license is seen where a pool of it
//! is seen, with the seats there. Sessions, seats, denials and entries of the record are their
//! user's; where they have none, their license's; where they have neither, nobody's whose rights
//! end anywhere.

use domain::{FolderId, LicenseId, UserId};
use foldhash::HashMap;

use crate::error::StoreError;
use crate::load::statements::{FOLDER, POOLS_OF, USER};
use crate::rows;
use crate::sql::{Link, Select};

/// The ids of a folder and of what is below it, as a list in parentheses.
macro_rules! below {
    ($folder:literal) => {
        concat!(
            "(WITH RECURSIVE below (id) AS (\
                SELECT f.id FROM folder f WHERE f.id = ",
            $folder,
            " UNION ALL SELECT f.id FROM folder f JOIN below b ON f.parent_id = b.id\
            ) SELECT b.id FROM below b)"
        )
    };
}
pub(crate) use below;

/// The folder beyond which nothing is seen; none: everything is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Within(pub(crate) Option<FolderId>);

impl Within {
    /// Only rows with a folder inside in this column.
    pub(crate) fn by_folder(self, select: &mut Select<'_>, column: &str) {
        if let Some(folder) = self.0 {
            select.push(&format!("AND {column} IN {}", below!("?")), [folder.into()]);
        }
    }

    /// Only rows with a user inside in this column.
    pub(crate) fn by_user(self, select: &mut Select<'_>, column: &str) {
        if let Some(folder) = self.0 {
            select.push(&format!("AND {}", has_user(column)), [folder.into()]);
        }
    }

    /// Only rows with a license in this column that has a pool inside.
    pub(crate) fn by_license(self, select: &mut Select<'_>, column: &str) {
        if let Some(folder) = self.0 {
            select.push(&format!("AND {}", has_pool(column)), [folder.into()]);
        }
    }

    /// Only of `license l` those that have a pool inside. Most have all of theirs in one folder,
    /// which their row says.
    pub(crate) fn by_home(self, select: &mut Select<'_>) {
        if let Some(folder) = self.0 {
            let text = format!(
                "AND (coalesce(l.home_id, l.id) IN {} OR (l.home_id IS NULL AND {}))",
                below!("?"),
                has_pool("l.id")
            );
            select.push(&text, [folder.into(), folder.into()]);
        }
    }

    /// Only rows with a user inside, or with no user and such a license.
    pub(crate) fn by_user_or_license(self, select: &mut Select<'_>, user: &str, license: &str) {
        if let Some(folder) = self.0 {
            let (of_user, of_license) = (has_user(user), has_pool(license));
            select.push(
                &format!("AND ({of_user} OR ({user} IS NULL AND {of_license}))"),
                [folder.into(), folder.into()],
            );
        }
    }
}

fn has_user(column: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM app_user w WHERE w.id = {column} AND w.folder_id IN {})",
        below!("?")
    )
}

fn has_pool(column: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM pool w WHERE w.license_id = {column} AND w.folder_id IN {})",
        below!("?")
    )
}

/// Looks single rows up; each folder is climbed up from once.
pub(crate) struct Inside<'l> {
    link: Link<'l>,
    within: Within,
    known: HashMap<FolderId, bool>,
}

impl<'l> Inside<'l> {
    pub(crate) fn new(link: Link<'l>, within: Within) -> Self {
        Self {
            link,
            within,
            known: HashMap::default(),
        }
    }

    /// The folder beyond which nothing is seen; none: everything is.
    pub(crate) const fn limit(&self) -> Option<FolderId> {
        self.within.0
    }

    /// Whether a folder is inside.
    pub(crate) fn folder(&mut self, folder: FolderId) -> Result<bool, StoreError> {
        let Some(limit) = self.within.0 else {
            return Ok(true);
        };
        if let Some(known) = self.known.get(&folder) {
            return Ok(*known);
        }
        let mut at = folder;
        // A tree in which a folder lies below itself is found by the store's check.
        for _ in 0..=domain::decide::MOST_DEEP {
            if at == limit || at == FolderId::ROOT {
                break;
            }
            match self.link.first(&FOLDER, &[at.into()], rows::folder)? {
                Some(folder) => at = folder.parent,
                None => break,
            }
        }
        self.known.insert(folder, at == limit);
        Ok(at == limit)
    }

    /// Whether a user is there and inside.
    pub(crate) fn user(&mut self, user: UserId) -> Result<bool, StoreError> {
        if self.within.0.is_none() {
            return Ok(true);
        }
        match self.link.first(&USER, &[user.into()], rows::user)? {
            Some(user) => self.folder(user.folder),
            None => Ok(false),
        }
    }

    /// Whether a license has a pool inside.
    pub(crate) fn license(&mut self, license: LicenseId) -> Result<bool, StoreError> {
        if self.within.0.is_none() {
            return Ok(true);
        }
        for pool in self.link.all(&POOLS_OF, &[license.into()], rows::pool)? {
            if self.folder(pool.folder)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
