//! What was found: facts for the report, and contradictions.

use std::fmt::{Debug, Display};

use anyhow::{Result, bail};

/// The report shows this many contradictions; a systematic fault would repeat for each product.
const SHOWN: usize = 20;

#[derive(Default)]
pub(super) struct Findings {
    facts: Vec<String>,
    comparisons: usize,
    contradictions: Vec<String>,
}

impl Findings {
    /// Adds a line to the report.
    pub(super) fn say(&mut self, fact: String) {
        self.facts.push(fact);
    }

    /// Compares what was found with what must be.
    pub(super) fn compare<T: PartialEq + Debug>(
        &mut self,
        what: impl Display,
        found: T,
        expected: T,
    ) {
        self.comparisons += 1;
        if found != expected {
            self.contradictions
                .push(format!("{what}: {found:?}, expected {expected:?}"));
        }
    }

    /// The report so far.
    pub(super) fn lines(&self) -> &[String] {
        &self.facts
    }

    /// Fails if anything contradicted.
    pub(super) fn conclude(&self) -> Result<()> {
        if self.contradictions.is_empty() {
            crate::printer::result(&format!(
                "{} comparisons, no contradiction",
                self.comparisons
            ));
            return Ok(());
        }
        let mut shown = self.contradictions[..self.contradictions.len().min(SHOWN)].join("\n  ");
        if self.contradictions.len() > SHOWN {
            shown.push_str("\n  …");
        }
        bail!(
            "{} of {} comparisons contradict:\n  {shown}",
            self.contradictions.len(),
            self.comparisons
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_contradiction_fails_and_is_named() {
        let mut findings = Findings::default();
        findings.compare("seats", 1, 1);
        findings.conclude().unwrap();
        findings.compare("people", 2, 3);
        let error = findings.conclude().unwrap_err().to_string();
        assert!(
            error.contains("1 of 2") && error.contains("people: 2, expected 3"),
            "{error}"
        );
    }
}
