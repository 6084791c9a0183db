//! What is wrong with a specification, by line and license.

use std::fmt;

use license_file::document::{LicenseRef, Problems};

use super::LicenseSpec;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecProblem {
    /// Line of the file, counted from 1, where it is known.
    pub line: Option<usize>,
    /// The license, where one is to blame.
    pub license: Option<LicenseRef>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for SpecProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if let Some(license) = &self.license {
            write!(f, "{license}: ")?;
        }
        f.write_str(&self.message)
    }
}

/// Why nothing was issued: at least one problem.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct SpecError {
    problems: Vec<SpecProblem>,
    more: usize,
}

impl SpecError {
    pub(crate) fn new(problem: SpecProblem) -> Self {
        Self {
            problems: vec![problem],
            more: 0,
        }
    }

    /// Something about the specification as a whole.
    pub(crate) fn of_whole(message: &str) -> Self {
        Self::new(SpecProblem {
            line: None,
            license: None,
            message: message.to_owned(),
        })
    }

    /// The broken rules of a document, each with the line where its license begins.
    pub(crate) fn of_terms(problems: &Problems, lines: &[Option<usize>]) -> Self {
        let listed = problems.listed().iter().map(|problem| {
            let bare = license_file::document::Problem {
                license: None,
                ..problem.clone()
            };
            SpecProblem {
                line: problem
                    .license
                    .as_ref()
                    .and_then(|license| lines.get(license.position - 1).copied().flatten()),
                license: problem.license.clone(),
                message: bare.to_string(),
            }
        });
        Self {
            problems: listed.collect(),
            more: problems.total() - problems.listed().len(),
        }
    }

    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        "invalid_spec"
    }

    /// The first problems, in the order of the file.
    pub fn problems(&self) -> &[SpecProblem] {
        &self.problems
    }
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            write!(f, "{}{problem}", if index == 0 { "" } else { "; " })?;
        }
        if self.more > 0 {
            write!(f, "; and {} more", self.more)?;
        }
        Ok(())
    }
}

/// Where each license begins in the file.
pub(crate) fn lines(licenses: &[LicenseSpec]) -> Vec<Option<usize>> {
    licenses.iter().map(|license| license.line).collect()
}
