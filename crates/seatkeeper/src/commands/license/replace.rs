//! `license replace`, `undo-replace`: licenses take over from others, and back (L10).

use uuid::Uuid;
use wire::RestoreCode;
use wire::license::{
    ReplaceLicensesRequest, Replaced, Replacement, ReplacementQuery, ReplacementUndone,
};

use super::removal::{Serials, displaced_table};
use crate::args;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::printer::Printer;
use crate::resolve;
use crate::table::{Mood, Table, Value, plural};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Replace {
    /// The licenses that go: serials or ids. When left out: those that the new ones say they replace.
    #[arg(value_name = "OLD")]
    old: Vec<String>,
    /// A license that comes: serial or id. May be repeated; the first is filled first.
    #[arg(long, required = true, value_name = "NEW")]
    with: Vec<String>,
    /// Do what fits when the new ones have too few seats; otherwise nothing is done then.
    #[arg(long)]
    partly: bool,
    /// Only say what would happen: who keeps a seat and who loses, in which order.
    #[arg(long)]
    dry_run: bool,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Undo {
    /// The id that the replacement gave; the latest replacement when left out.
    #[arg(value_parser = args::id("it was shown when the licenses were replaced; when left out, the latest replacement is undone"))]
    replacement: Option<Uuid>,
    /// Only say what would happen.
    #[arg(long)]
    dry_run: bool,
}

impl Replace {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let ids = |names: &[String]| -> Result<Vec<Uuid>, Failure> {
            let ids = names.iter().map(|name| resolve::license(&client, name));
            ids.collect()
        };
        let request = ReplaceLicensesRequest {
            old: ids(&self.old)?,
            with: ids(&self.with)?,
            partly: self.partly,
        };
        let replaced = client.replace_licenses(&request, self.dry_run)?;
        context.printer.show(&replaced, |printer| {
            let serials = Serials::of(&client, &replaced.holders);
            self.describe(&replaced, &serials, printer);
        });
        Ok(Verdict::Done)
    }

    fn describe(&self, replaced: &Replaced, serials: &Serials, printer: &mut Printer) {
        let verb = if self.dry_run { "would move" } else { "moved" };
        let from = match self.old.as_slice() {
            [] => String::new(),
            old => format!(" from {}", old.join(", ")),
        };
        let left_out = match replaced.left_out {
            0 => String::new(),
            count => format!("; {} left out", plural(count, "person is", "people are")),
        };
        printer.line(&format!(
            "{verb} {}{from} to {}{left_out}",
            plural(replaced.moved, "person", "people"),
            self.with.join(", ")
        ));
        // Before it is done everyone counts, after it only who has not simply moved.
        let (heading, holders) = if self.dry_run {
            ("In this order, longest held first:", &replaced.holders)
        } else {
            (
                "Who keeps the old seat until they sign out, or is left out:",
                &replaced.displaced,
            )
        };
        if !holders.is_empty() {
            printer.section(heading, displaced_table(holders, serials));
        }
        if let Some(id) = replaced.replacement {
            printer.line(&format!(
                "within 24 hours, `seatkeeper license undo-replace {id}` takes it back"
            ));
        }
    }
}

impl Undo {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let id = match self.replacement {
            Some(id) => id,
            None => {
                let query = ReplacementQuery::default();
                let page = client.list_replacements(&query)?;
                latest(page.items)?
            }
        };
        let undone = client.undo_replacement(id, self.dry_run)?;
        context
            .printer
            .show(&undone, |printer| describe(&undone, self.dry_run, printer));
        let all = undone.holders.len() == undone.restored as usize;
        Ok(Verdict::of(all))
    }
}

/// The latest replacement that stands.
fn latest(replacements: Vec<Replacement>) -> Result<Uuid, Failure> {
    let mut standing = replacements
        .into_iter()
        .filter(|one| one.undone_at.is_none());
    match standing.next() {
        Some(latest) => Ok(latest.id),
        None => Err(Failure::refused(
            "unknown_replacement",
            "no license was replaced in the last days, or all of it was undone",
        )),
    }
}

fn describe(undone: &ReplacementUndone, dry_run: bool, printer: &mut Printer) {
    let verb = if dry_run { "would give" } else { "gave" };
    printer.line(&format!(
        "{verb} {} the old seat back",
        plural(undone.restored, "person", "people")
    ));
    let others: Vec<_> = undone
        .holders
        .iter()
        .filter(|one| one.code != RestoreCode::Restored)
        .collect();
    if !others.is_empty() {
        let table = Table::of(["user", "result", "why"], others, |one| {
            [
                one.username.as_str().into(),
                Value::State(one.code.to_string(), Mood::Bad),
                one.detail.as_str().into(),
            ]
        });
        printer.section("Not restored:", table);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::testing::printed;
    use wire::license::Restored;

    #[test]
    fn l10_whoever_is_not_restored_is_named_with_the_reason() {
        let holder = |username: &str, code, detail: &str| Restored {
            user: Uuid::nil(),
            username: username.into(),
            license: Uuid::nil(),
            code,
            detail: detail.into(),
        };
        let undone = ReplacementUndone {
            restored: 1,
            holders: vec![
                holder("anna", RestoreCode::Restored, "holds the old seat again"),
                holder("bob", RestoreCode::NoFreeSeat, "no seat is free"),
            ],
        };
        let (out, _) = printed(false, |printer| describe(&undone, false, printer));
        assert!(
            out.starts_with("gave 1 person the old seat back\n"),
            "{out}"
        );
        assert!(
            out.contains("bob") && out.contains("no seat is free"),
            "{out}"
        );
        assert!(!out.contains("anna"), "{out}");
    }

    #[test]
    fn l10_without_an_id_the_latest_replacement_that_stands_is_meant() {
        let replacement = |number, undone| Replacement {
            id: Uuid::from_u128(number),
            at: wire::Time::from_millis(0),
            by: "me".into(),
            old: Vec::new(),
            new: Vec::new(),
            moved: 0,
            left_out: 0,
            undo_until: wire::Time::from_millis(0),
            undone_at: undone,
        };
        let undone = Some(wire::Time::from_millis(0));
        let found = latest(vec![replacement(2, undone), replacement(1, None)]);
        assert_eq!(found.unwrap(), Uuid::from_u128(1));
        assert_eq!(latest(Vec::new()).unwrap_err().exit_code(), 1);
    }
}
