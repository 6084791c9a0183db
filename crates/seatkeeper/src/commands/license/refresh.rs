//! `license refresh`: issuers' license services are asked for news (I3).

use wire::RefreshCode;
use wire::license::{RefreshRequest, RefreshedLicense};

use super::removal::{Serials, displaced_table};
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::resolve;
use crate::table::{Mood, Table, Value, maybe, moment, number};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Serials or ids; all that can be refreshed when left out.
    #[arg(value_name = "LICENSE")]
    licenses: Vec<String>,
}

impl Options {
    /// The answer is no when one could not be refreshed; nothing was changed on that one.
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let named = self.licenses.iter();
        let licenses = named.map(|license| resolve::license(&client, license));
        let licenses = licenses.collect::<Result<Vec<_>, _>>()?;
        let answer = client.refresh_licenses(&RefreshRequest { licenses })?;
        context.printer.show(&answer, |printer| {
            printer.table(table(&answer.licenses));
            printer.line(&format!(
                "confirmed {}, updated {}, withdrawn {}, failed {}",
                answer.confirmed, answer.updated, answer.withdrawn, answer.failed
            ));
            let displaced: Vec<_> = answer
                .licenses
                .iter()
                .flat_map(|license| license.displaced.iter().cloned())
                .collect();
            if !displaced.is_empty() {
                let serials = Serials::of(&client, &displaced);
                let table = displaced_table(&displaced, &serials);
                printer.section("Affected by fewer seats:", table);
            }
        });
        Ok(Verdict::of(answer.failed == 0))
    }
}

fn table(licenses: &[RefreshedLicense]) -> Table {
    let header = ["serial", "result", "seats", "expires", "days left", "why"];
    Table::of(header, licenses, |license| {
        let mood = match license.code {
            RefreshCode::Confirmed | RefreshCode::Updated => Mood::Good,
            RefreshCode::Withdrawn => Mood::Bad,
            RefreshCode::Failed => Mood::Warning,
        };
        [
            license.serial.as_str().into(),
            Value::State(license.code.to_string(), mood),
            number(license.seats),
            moment(license.expires_at),
            maybe(license.days_until_stale),
            license.detail.as_deref().unwrap_or_default().into(),
        ]
    })
}
