//! The rules that the data must obey, checked against all of it (S1, P2, S2, R4, …).
//!
//! A whole store obeys every one of them after every commit. [`crate::Reader::check`] reads
//! everything and takes minutes for millions of rows; tests, restores and `store check` run it.
//! To add a rule: a statement that answers each row that breaks it with its id and the
//! reason, or, where terms of licenses are needed, a few lines in `licenses`.

pub(crate) mod counts;
pub(crate) mod links;
mod record;
pub(crate) mod texts;

use crate::error::StoreError;
use crate::reader::Reader;
use crate::sql::{Link, statements};

statements! {
    /// Whether pages, rows and indexes of the file fit together. PostgreSQL watches over its
    /// own files.
    FILE_CHECK = "SELECT 0, integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
        postgres "SELECT 0, '' WHERE FALSE";
}

/// The most violations of one rule that are told.
pub const MOST: usize = 100;

/// A rule that the data breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule, such as `S1`; or `file` for damage below the rows, `readable` for a value that
    /// makes no sense, `link` for a row that names another that is not there, `folded` and
    /// `repeated` for what is kept twice and differs.
    pub rule: &'static str,
    /// In which table.
    pub table: &'static str,
    /// At which row.
    pub row: String,
    /// What is wrong, as a sentence.
    pub detail: String,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            rule,
            table,
            row,
            detail,
        } = self;
        write!(f, "{rule}: {table} {row}: {detail}")
    }
}

impl Reader<'_> {
    /// Checks every rule against everything that is stored; empty when all is well. At most
    /// [`MOST`] violations of each rule are told.
    pub fn check(&mut self) -> Result<Vec<Violation>, StoreError> {
        let mut found = Findings::default();
        for part in [
            file,
            links::check,
            counts::check,
            texts::check,
            record::check,
        ] {
            let checked = part(self.link, &mut found);
            found.tolerate(checked)?;
        }
        Ok(found.violations)
    }
}

fn file(link: Link<'_>, found: &mut Findings) -> Result<(), StoreError> {
    link.each(&FILE_CHECK, &[], |row| {
        row.of("database").int("number")?;
        let detail = row.text("integrity_check")?.to_owned();
        found.add("file", "database", "0", detail);
        Ok(())
    })
}

/// What was found so far.
#[derive(Default)]
struct Findings {
    violations: Vec<Violation>,
}

impl Findings {
    /// What can't be read is a finding too, and the rest is still looked at.
    fn tolerate(&mut self, checked: Result<(), StoreError>) -> Result<(), StoreError> {
        match checked {
            Err(StoreError::Corrupt {
                table,
                column,
                row,
                why,
            }) => self.add("readable", table, row, format!("{column}: {why}")),
            Err(StoreError::Damaged(why)) => self.add("file", "database", "0", why),
            other => return other,
        }
        Ok(())
    }

    fn add(
        &mut self,
        rule: &'static str,
        table: &'static str,
        row: impl std::fmt::Display,
        detail: impl Into<String>,
    ) {
        let known = |violation: &&Violation| violation.rule == rule && violation.table == table;
        if self.violations.iter().filter(known).count() < MOST {
            self.violations.push(Violation {
                rule,
                table,
                row: row.to_string(),
                detail: detail.into(),
            });
        }
    }
}
