//! `seatkeeper report`: how much was used, what nobody uses, what ends, and who used what.

use client::every;
use serde::Serialize;
use wire::Time;
use wire::report::{
    EndingLicense, EndingQuery, Grain, IdleSeat, IdleSeatQuery, PersonUse, PersonUseQuery,
    ProductUse, UseQuery,
};

use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::printer::Printer;
use crate::table::{Mood, Table, Value, maybe, moment, number, text};

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// How much of each product was in use, against what is owned.
    Use(Use),
    /// Dedicated seats that nobody uses; `recall` takes them back.
    Idle(Idle),
    /// What ends when, and for how many there will be no seat.
    Ending(Ending),
    /// Who used what.
    People(People),
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Use {
    /// Only of this product: its code.
    #[arg(long, value_name = "CODE")]
    product: Option<String>,
    /// By the hour instead of by the day.
    #[arg(long)]
    hours: bool,
    #[command(flatten)]
    period: Period,
    #[command(flatten)]
    form: Form,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Idle {
    /// Only of this product: its code.
    #[arg(long, value_name = "CODE")]
    product: Option<String>,
    /// Without a sign-in for so many days.
    #[arg(long, value_name = "N", default_value_t = 30)]
    days: u32,
    #[command(flatten)]
    form: Form,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Ending {
    #[command(flatten)]
    period: Period,
    #[command(flatten)]
    form: Form,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct People {
    /// Only of this product: its code.
    #[arg(long, value_name = "CODE")]
    product: Option<String>,
    /// Only by users in this folder and those below: path or id.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<String>,
    /// Only by users with this text in the username, the name or the address.
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    #[command(flatten)]
    period: Period,
    #[command(flatten)]
    form: Form,
}

/// From when to when.
#[derive(Debug, clap::Args)]
struct Period {
    /// Not before, as in 2026-01-31T00:00:00Z.
    #[arg(long, value_name = "TIME")]
    since: Option<Time>,
    /// Before, as in 2026-01-31T00:00:00Z.
    #[arg(long, value_name = "TIME")]
    until: Option<Time>,
}

/// How it is written.
#[derive(Clone, Copy, Debug, clap::Args)]
struct Form {
    /// As a file for spreadsheets.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

impl Form {
    fn print<T: Serialize>(self, printer: &mut Printer, items: &[T], table: fn(&[T]) -> Table) {
        if self.csv {
            printer.raw(table(items).csv().as_bytes());
        } else {
            printer.list(items, || table(items));
        }
    }
}

impl Command {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let limit = Some(wire::page::MAX_LIMIT);
        match self {
            Self::Use(options) => {
                let query = UseQuery {
                    product: options.product,
                    grain: options.hours.then_some(Grain::Hour),
                    since: options.period.since,
                    until: options.period.until,
                };
                let found = client.report_use(&query)?.items;
                options.form.print(&mut context.printer, &found, used);
            }
            Self::Idle(options) => {
                let found: Vec<IdleSeat> = every(|after| {
                    client.report_idle_seats(&IdleSeatQuery {
                        product: options.product.clone(),
                        days: Some(options.days),
                        limit,
                        after,
                    })
                })
                .collect::<Result<_, _>>()?;
                options.form.print(&mut context.printer, &found, idle);
            }
            Self::Ending(options) => {
                let found: Vec<EndingLicense> = every(|after| {
                    client.report_ending(&EndingQuery {
                        since: options.period.since,
                        until: options.period.until,
                        limit,
                        after,
                    })
                })
                .collect::<Result<_, _>>()?;
                options.form.print(&mut context.printer, &found, ending);
            }
            Self::People(options) => {
                let found: Vec<PersonUse> = every(|after| {
                    client.report_people(&PersonUseQuery {
                        since: options.period.since,
                        until: options.period.until,
                        product: options.product.clone(),
                        folder: options.folder.clone(),
                        q: options.search.clone(),
                        limit,
                        after,
                    })
                })
                .collect::<Result<_, _>>()?;
                options.form.print(&mut context.printer, &found, people);
            }
        }
        Ok(Verdict::Done)
    }
}

fn used(points: &[ProductUse]) -> Table {
    Table::of(
        ["at", "product", "peak", "average", "owned", "sessions"],
        points,
        |point| {
            [
                moment(point.at),
                point.product.as_str().into(),
                number(point.peak),
                number(point.average),
                number(point.owned),
                number(point.sessions),
            ]
        },
    )
}

fn idle(seats: &[IdleSeat]) -> Table {
    Table::of(
        [
            "user",
            "name",
            "folder",
            "product",
            "serial",
            "last active",
            "idle days",
        ],
        seats,
        |seat| {
            [
                maybe(seat.username.as_deref()),
                maybe(seat.name.as_deref()),
                seat.folder.as_str().into(),
                seat.product.as_str().into(),
                seat.serial.as_str().into(),
                moment(seat.last_active),
                number(seat.idle_days),
            ]
        },
    )
}

fn ending(licenses: &[EndingLicense]) -> Table {
    Table::of(
        [
            "expires", "serial", "product", "model", "seats", "held", "without",
        ],
        licenses,
        |license| {
            let mood = if license.without > 0 {
                Mood::Bad
            } else {
                Mood::Good
            };
            [
                moment(license.expires_at),
                license.serial.as_str().into(),
                license.product.as_str().into(),
                text(license.model),
                number(license.seats),
                number(license.held),
                Value::State(license.without.to_string(), mood),
            ]
        },
    )
}

fn people(found: &[PersonUse]) -> Table {
    Table::of(
        [
            "user", "name", "folder", "product", "sessions", "hours", "last day",
        ],
        found,
        |item| {
            [
                item.username.as_str().into(),
                maybe(item.name.as_deref()),
                item.folder.as_str().into(),
                item.product.as_str().into(),
                number(item.sessions),
                number(item.hours),
                item.last_day.as_str().into(),
            ]
        },
    )
}
