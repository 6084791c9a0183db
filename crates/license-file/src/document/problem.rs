//! What is wrong with a document, said so that the issuer can mend it.

use std::fmt;

use serde::Serialize;

use crate::show::quoted;

/// Which license of a document a problem is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LicenseRef {
    /// Its place in the document, counted from 1.
    pub position: usize,
    /// Its serial, where that could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
}

impl fmt::Display for LicenseRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.serial {
            Some(serial) => write!(f, "license {} ({})", self.position, quoted(serial)),
            None => write!(f, "license {}", self.position),
        }
    }
}

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The license; absent when the document as a whole is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license: Option<LicenseRef>,
    /// The field, or `document`, `license` when no single one is to blame.
    pub field: &'static str,
    /// What is wrong with it, a clause that follows the field's name.
    pub message: String,
}

impl Problem {
    pub(crate) fn of_document(field: &'static str, message: impl Into<String>) -> Self {
        Self {
            license: None,
            field,
            message: message.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(license) = &self.license {
            write!(f, "{license}: ")?;
        }
        match self.field {
            "license" | "document" => f.write_str(&self.message),
            field => write!(f, "{field} {}", self.message),
        }
    }
}

/// All the rules that a document breaks: never empty, and cut after [`Problems::LISTED`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
pub struct Problems {
    listed: Vec<Problem>,
    total: usize,
}

impl Problems {
    /// How many problems are kept; further ones are only counted.
    pub const LISTED: usize = 100;

    pub(crate) fn one(problem: Problem) -> Self {
        Self {
            listed: vec![problem],
            total: 1,
        }
    }

    /// The first problems, in the document's order.
    pub fn listed(&self) -> &[Problem] {
        &self.listed
    }

    /// How many there are in all.
    pub fn total(&self) -> usize {
        self.total
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.listed.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{problem}")?;
        }
        match self.total - self.listed.len() {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

/// Gathers problems while a document is checked.
#[derive(Debug, Default)]
pub(super) struct Collector {
    listed: Vec<Problem>,
    total: usize,
}

impl Collector {
    pub(super) fn add(&mut self, problem: Problem) {
        self.total += 1;
        if self.listed.len() < Problems::LISTED {
            self.listed.push(problem);
        }
    }

    pub(super) fn finish(self) -> Result<(), Problems> {
        if self.total == 0 {
            Ok(())
        } else {
            Err(Problems {
                listed: self.listed,
                total: self.total,
            })
        }
    }
}
