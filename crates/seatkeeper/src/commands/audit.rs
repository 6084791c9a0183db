//! `seatkeeper audit`: the record of every change, and whether it is whole (R3).

use serde_json::Value as Json;
use wire::Time;
use wire::audit::AuditReport;
use wire::event::{Event, EventQuery};

use crate::args;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::printer::Printer;
use crate::resolve;
use crate::table::{Table, maybe, moment, number, plural};

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List events, latest first.
    List(Box<List>),
    /// Prove that nothing was altered or removed in between. Exits with 1 when something was.
    Verify,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Only of this kind, as in seat.assigned.
    #[arg(long)]
    kind: Option<String>,
    /// Only about this user: username or id.
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// Only about this product: its code.
    #[arg(long, value_name = "CODE")]
    product: Option<String>,
    /// Only about this license: serial or id.
    #[arg(long, value_name = "LICENSE")]
    license: Option<String>,
    /// Only by this actor.
    #[arg(long, value_name = "NAME")]
    actor: Option<String>,
    /// Not before, as in 2026-01-31T00:00:00Z.
    #[arg(long, value_name = "TIME")]
    since: Option<Time>,
    /// Before, as in 2026-01-31T00:00:00Z.
    #[arg(long, value_name = "TIME")]
    until: Option<Time>,
    /// At most so many; 100 when left out.
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
}

impl Command {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        match self {
            Self::List(list) => list.run(context),
            Self::Verify => {
                let report = context.client()?.verify_audit()?;
                context
                    .printer
                    .show(&report, |printer| describe(&report, printer));
                Ok(Verdict::of(report.ok))
            }
        }
    }
}

impl List {
    fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let license = match &self.license {
            Some(text) => Some(resolve::license(&client, text)?),
            None => None,
        };
        let query = EventQuery {
            kind: self.kind,
            user: self.user,
            product: self.product,
            license,
            actor: self.actor,
            since: self.since,
            until: self.until,
            limit: Some(args::page_size(Some(self.limit))),
            after: None,
        };
        let fetch = |after| {
            client.list_events(&EventQuery {
                after,
                ..query.clone()
            })
        };
        context.list(Some(self.limit), fetch, table)
    }
}

fn table(events: &[Event]) -> Table {
    let header = ["seq", "at", "actor", "kind", "user", "what"];
    Table::of(header, events, |event| {
        [
            number(event.seq),
            moment(event.at),
            event.actor.as_str().into(),
            event.kind.as_str().into(),
            maybe(event.username.as_ref()),
            what(event).into(),
        ]
    })
}

/// What an event says beyond its kind, on one line.
fn what(event: &Event) -> String {
    let mut parts = Vec::new();
    if let Some(before) = &event.before {
        parts.push(format!("was {}", with_times(before)));
    }
    if let Some(after) = &event.after {
        let after = with_times(after);
        parts.push(if event.before.is_some() {
            format!("is {after}")
        } else {
            after.to_string()
        });
    }
    if let Some(why) = &event.why {
        parts.push(format!("({why})"));
    }
    parts.join(" ")
}

/// Whether what has this name in the record is a moment.
fn is_moment(key: &str) -> bool {
    let ends = ["_at", "_from", "_until"];
    key == "until" || ends.iter().any(|end| key.ends_with(end))
}

/// Facts whose moments, kept in milliseconds, can be read.
fn with_times(facts: &Json) -> Json {
    match facts {
        Json::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| {
                let moment = value.as_i64().filter(|_| is_moment(key));
                let value = match moment {
                    Some(millis) => Time::from_millis(millis).to_string().into(),
                    None => with_times(value),
                };
                (key.clone(), value)
            });
            Json::Object(fields.collect())
        }
        Json::Array(items) => items.iter().map(with_times).collect(),
        plain => plain.clone(),
    }
}

fn describe(report: &AuditReport, printer: &mut Printer) {
    let sealed = format!(
        "{}: {} sealed in {}, {} too recent to be sealed",
        plural(report.events, "event", "events"),
        report.sealed,
        plural(report.blocks, "block", "blocks"),
        report.unsealed
    );
    match &report.fault {
        None => printer.line(&format!("The record is whole. {sealed}.")),
        Some(fault) => {
            let at = match fault.seq {
                Some(seq) => format!(", event {seq}"),
                None => String::new(),
            };
            printer.line(&format!(
                "THE RECORD IS NOT WHOLE: block {}{at}: {}. {sealed}.",
                fault.block, fault.detail
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::testing::printed;
    use serde_json::json;
    use wire::audit::AuditFault;

    #[test]
    fn r3_an_event_shows_what_was_and_what_is() {
        let event = Event {
            seq: 7,
            at: Time::from_millis(0),
            actor: "me".into(),
            kind: "user.updated".into(),
            user: None,
            username: None,
            product: None,
            license: None,
            session: None,
            why: Some("import".into()),
            before: Some(json!({"name": "A"})),
            after: Some(json!({"name": "B"})),
        };
        assert_eq!(what(&event), r#"was {"name":"A"} is {"name":"B"} (import)"#);
    }

    #[test]
    fn moments_of_the_record_can_be_read() {
        let facts = json!({"serial": "NW-1", "expires_at": 0, "starts_at": null, "seats": 7, "until": 1000});
        let read = json!({"serial": "NW-1", "expires_at": "1970-01-01T00:00:00Z", "starts_at": null, "seats": 7, "until": "1970-01-01T00:00:01Z"});
        assert_eq!(with_times(&facts), read);
    }

    #[test]
    fn a_fault_is_named_with_its_place() {
        let report = AuditReport {
            ok: false,
            events: 10,
            sealed: 8,
            unsealed: 2,
            blocks: 1,
            fault: Some(AuditFault {
                block: 1,
                seq: Some(3),
                detail: "the text differs".into(),
            }),
        };
        let (out, _) = printed(false, |printer| describe(&report, printer));
        assert!(
            out.contains("NOT WHOLE: block 1, event 3: the text differs"),
            "{out}"
        );
    }
}
