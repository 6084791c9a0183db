//! `seatkeeper seat`: the dedicated seats of one license.

use client::every;
use wire::Model;
use wire::grant::{AssignRequest, BulkQuery, ClearRequest};
use wire::license::{MoveSeatsRequest, SeatHolder, SeatQuery};

use super::{grant, recall};
use crate::args;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::resolve;
use crate::table::{Mood, Table, Value, maybe, moment};
use crate::work;

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List who holds seats of a license.
    List(List),
    /// Move somebody's seat to another folder.
    Move(Move),
    /// Keep a seat that is being released.
    CancelRelease(CancelRelease),
    /// Give everyone a seat of a license, while there are any.
    AssignAll(Assign),
    /// Give a seat of a license to everyone who has none of its product.
    AssignMissing(Assign),
    /// Take the seats of a license from everyone.
    ClearAll(Clear),
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Serial or id.
    license: String,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Move {
    /// Serial or id.
    license: String,
    /// Whose: username or id.
    #[arg(long, value_name = "USER")]
    user: String,
    /// The folder it goes to: path or id.
    #[arg(long, value_name = "FOLDER")]
    to: String,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct CancelRelease {
    /// Serial or id.
    license: String,
    /// Whose: username or id.
    user: String,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Assign {
    /// Serial or id.
    license: String,
    #[command(flatten)]
    filter: args::Filter,
    /// Only say what would happen.
    #[arg(long)]
    dry_run: bool,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Clear {
    /// Serial or id.
    license: String,
    #[command(flatten)]
    filter: args::Filter,
    /// End live sessions at once; otherwise a seat in use is freed when its last session ends.
    #[arg(long)]
    now: bool,
    /// Only say what would happen.
    #[arg(long)]
    dry_run: bool,
}

impl Command {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        match self {
            Self::List(options) => list(&options, context),
            Self::Move(options) => options.run(context),
            Self::CancelRelease(options) => cancel_release(&options, context),
            Self::AssignAll(options) => options.run(false, context),
            Self::AssignMissing(options) => options.run(true, context),
            Self::ClearAll(options) => options.run(context),
        }
    }
}

fn list(options: &List, context: &mut Context) -> Result<Verdict, Failure> {
    let client = context.client()?;
    let license = resolve::license(&client, &options.license)?;
    let fetch = |after| {
        let limit = Some(wire::page::MAX_LIMIT);
        client.list_seats(license, &SeatQuery { limit, after })
    };
    let holders = every(fetch).collect::<Result<Vec<_>, _>>()?;
    context.printer.list(&holders, || table(&holders));
    if holders.is_empty() {
        let license = client.get_license(license)?.license;
        if let Some(why) = without_holders(license.model) {
            let see = format!("`seatkeeper session list --license {}`", options.license);
            context.printer.note(&format!("{why}: {see}"));
        }
    }
    Ok(Verdict::Done)
}

/// Why nobody holds seats of a license of this model; nothing where somebody could.
const fn without_holders(model: Model) -> Option<&'static str> {
    match model {
        Model::Dedicated => None,
        Model::Floating => Some("its seats are floating, and held by sessions"),
        Model::Site => Some("a site license has no seats; who works is a session"),
    }
}

fn table(holders: &[SeatHolder]) -> Table {
    Table::of(
        [
            "user",
            "name",
            "folder",
            "since",
            "from",
            "last active",
            "borrowed until",
            "state",
        ],
        holders,
        |holder| {
            let (state, mood) = match (holder.unbacked, holder.releasing_since) {
                (true, _) => ("unbacked", Mood::Bad),
                (_, Some(_)) => ("releasing", Mood::Warning),
                _ => ("held", Mood::Good),
            };
            let sources: Vec<&str> = holder.sources.iter().map(|source| source.code()).collect();
            [
                holder.username.as_str().into(),
                maybe(holder.name.as_ref()),
                holder.folder.as_str().into(),
                moment(holder.assigned_at),
                sources.join(", ").into(),
                moment(holder.last_active),
                moment(holder.borrowed_until),
                Value::State(state.to_owned(), mood),
            ]
        },
    )
}

impl Move {
    fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let license = resolve::license(&client, &self.license)?;
        let request = MoveSeatsRequest {
            user: Some(self.user),
            to: self.to,
            ..MoveSeatsRequest::default()
        };
        client.move_seats(license, &request)?;
        context
            .printer
            .note(&format!("moved the seat to {}", request.to));
        Ok(Verdict::Done)
    }
}

fn cancel_release(options: &CancelRelease, context: &mut Context) -> Result<Verdict, Failure> {
    let client = context.client()?;
    let license = resolve::license(&client, &options.license)?;
    let answer = client.cancel_release(license, &options.user)?;
    context.printer.answer(&answer, |answer| {
        if answer.cancelled {
            format!("{} keeps the seat", options.user)
        } else {
            format!("no release of a seat of {} is pending", options.user)
        }
    });
    Ok(Verdict::of(answer.cancelled))
}

impl Assign {
    fn run(self, missing: bool, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let license = resolve::license(&client, &self.license)?;
        let request = AssignRequest {
            everyone: Some(self.filter.into_wire()),
        };
        let query = BulkQuery {
            dry_run: self.dry_run,
            in_background: false,
        };
        let answer = if missing {
            client.assign_missing(license, &request, query)
        } else {
            client.assign_all(license, &request, query)
        }?;
        let outcome = work::settle(&client, &context.printer, answer, "granting")?;
        Ok(grant::show(
            &outcome,
            false,
            self.dry_run,
            &mut context.printer,
        ))
    }
}

impl Clear {
    fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let license = resolve::license(&client, &self.license)?;
        let request = ClearRequest {
            everyone: Some(self.filter.into_wire()),
            now: self.now,
        };
        let query = BulkQuery {
            dry_run: self.dry_run,
            in_background: false,
        };
        let answer = client.clear_all(license, &request, query)?;
        let outcome = work::settle(&client, &context.printer, answer, "recalling")?;
        Ok(recall::show(&outcome, self.dry_run, &mut context.printer))
    }
}
