//! `license remove`, `remove-expired`, `delete-all` (L7).

use wire::Fate;
use wire::license::{Displaced, RemovedLicenses};

use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::printer::Printer;
use crate::resolve;
use crate::table::{Mood, Table, Value, maybe, text};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Remove {
    /// Serial or id.
    license: String,
    /// Only say who would be affected.
    #[arg(long)]
    dry_run: bool,
}

impl Remove {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let id = resolve::license(&client, &self.license)?;
        let removed = client.remove_license(id, self.dry_run)?;
        show(&removed, self.dry_run, &mut context.printer);
        Ok(Verdict::Done)
    }
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct RemoveExpired {
    /// Only say who would be affected.
    #[arg(long)]
    dry_run: bool,
}

impl RemoveExpired {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let removed = context.client()?.remove_expired_licenses(self.dry_run)?;
        show(&removed, self.dry_run, &mut context.printer);
        Ok(Verdict::Done)
    }
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct DeleteAll {
    /// Exactly: delete all licenses
    #[arg(long, value_name = "TEXT", default_value = "")]
    confirm: String,
}

impl DeleteAll {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let deleted = context.client()?.delete_all_licenses(&self.confirm)?;
        context.printer.answer(&deleted, |deleted| {
            format!(
                "removed {} licenses, freed {} seats, ended {} sessions",
                deleted.licenses, deleted.seats, deleted.sessions
            )
        });
        Ok(Verdict::Done)
    }
}

fn show(removed: &RemovedLicenses, dry_run: bool, printer: &mut Printer) {
    printer.show(removed, |printer| {
        let verb = if dry_run { "would remove" } else { "removed" };
        printer.line(&format!(
            "{verb} {} licenses, affecting {} people",
            removed.removed.len(),
            removed.displaced.len()
        ));
        if !removed.displaced.is_empty() {
            printer.table(displaced_table(&removed.displaced));
        }
    });
}

/// Who lost a seat, in the order in which they lose (S13).
pub(super) fn displaced_table(displaced: &[Displaced]) -> Table {
    Table::of(["user", "became", "from", "to"], displaced, |one| {
        let mood = match one.fate {
            Fate::Moved => Mood::Good,
            Fate::Releasing => Mood::Warning,
            Fate::Unbacked | Fate::LeftOut => Mood::Bad,
        };
        [
            one.username.as_str().into(),
            Value::State(one.fate.to_string(), mood),
            text(one.from),
            maybe(one.to),
        ]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::testing::printed;
    use uuid::Uuid;

    #[test]
    fn s13_a_removal_says_who_is_affected_and_how() {
        let removed = RemovedLicenses {
            removed: vec![Uuid::nil()],
            displaced: vec![Displaced {
                person: Uuid::nil(),
                user: Uuid::nil(),
                username: "anna".into(),
                from: Uuid::nil(),
                to: None,
                fate: Fate::Unbacked,
            }],
        };
        let (out, _) = printed(false, |printer| show(&removed, true, printer));
        assert!(
            out.starts_with("would remove 1 licenses, affecting 1 people\n"),
            "{out}"
        );
        assert!(out.contains("anna  unbacked"), "{out}");
        let (json, _) = printed(true, |printer| show(&removed, true, printer));
        assert_eq!(
            serde_json::from_str::<RemovedLicenses>(&json).unwrap(),
            removed
        );
    }
}
