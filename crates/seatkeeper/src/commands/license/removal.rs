//! `license remove`, `remove-expired`, `delete-all` (L7).

use std::collections::{BTreeMap, BTreeSet};

use client::Client;
use uuid::Uuid;
use wire::Fate;
use wire::license::{Displaced, RemovedLicenses};

use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::printer::Printer;
use crate::resolve;
use crate::table::{Mood, Table, Value, maybe, plural};

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
        show(&client, &removed, self.dry_run, &mut context.printer);
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
        let client = context.client()?;
        let removed = client.remove_expired_licenses(self.dry_run)?;
        show(&client, &removed, self.dry_run, &mut context.printer);
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
                "removed {}, freed {}, ended {}",
                plural(deleted.licenses, "license", "licenses"),
                plural(deleted.seats, "seat", "seats"),
                plural(deleted.sessions, "session", "sessions")
            )
        });
        Ok(Verdict::Done)
    }
}

fn show(client: &Client, removed: &RemovedLicenses, dry_run: bool, printer: &mut Printer) {
    printer.show(removed, |printer| {
        let verb = if dry_run { "would remove" } else { "removed" };
        printer.line(&format!(
            "{verb} {}, affecting {}",
            plural(removed.removed.len(), "license", "licenses"),
            plural(removed.displaced.len(), "person", "people")
        ));
        if !removed.displaced.is_empty() {
            let serials = Serials::of(client, &removed.displaced);
            printer.table(displaced_table(&removed.displaced, &serials));
        }
    });
}

/// What people call the licenses that holders lost and got.
pub(crate) struct Serials(BTreeMap<Uuid, String>);

impl Serials {
    /// Asks for those that are named. One that can't be had is shown by its id.
    pub(crate) fn of(client: &Client, displaced: &[Displaced]) -> Self {
        let ids: BTreeSet<Uuid> = displaced
            .iter()
            .flat_map(|one| [Some(one.from), one.to])
            .flatten()
            .collect();
        let named = ids.into_iter().filter_map(|id| {
            let detail = client.get_license(id).ok()?;
            Some((id, detail.license.serial))
        });
        Self(named.collect())
    }

    fn name(&self, id: Uuid) -> String {
        self.0.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }
}

/// Who lost a seat, in the order in which they lose (S13).
pub(crate) fn displaced_table(displaced: &[Displaced], serials: &Serials) -> Table {
    Table::of(["user", "became", "from", "to"], displaced, |one| {
        let mood = match one.fate {
            Fate::Moved => Mood::Good,
            Fate::Releasing => Mood::Warning,
            Fate::Unbacked | Fate::LeftOut => Mood::Bad,
        };
        [
            one.username.as_str().into(),
            Value::State(one.fate.to_string(), mood),
            serials.name(one.from).into(),
            maybe(one.to.map(|id| serials.name(id))),
        ]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s13_whoever_is_affected_is_named_with_what_they_lose() {
        let displaced = [Displaced {
            person: Uuid::nil(),
            user: Uuid::nil(),
            username: "anna".into(),
            from: Uuid::nil(),
            to: None,
            fate: Fate::Unbacked,
        }];
        let serials = Serials(BTreeMap::from([(Uuid::nil(), "NW-1".into())]));
        assert_eq!(
            displaced_table(&displaced, &serials).render(false, None),
            "USER  BECAME    FROM  TO\nanna  unbacked  NW-1  -"
        );
    }
}
