//! `seatkeeper session`: who is signed in, and signing in and out by hand.

use client::every;
use uuid::Uuid;
use wire::session::{Session, SessionQuery};

use crate::args::{self, Asked};
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::printer::Printer;
use crate::resolve;
use crate::table::{Table, facts, maybe, moment, text};

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List sessions.
    List(List),
    /// End somebody's session.
    End(Named),
    /// Sign a user in. The session ends by itself unless heartbeats follow.
    Start(Start),
    /// Say that a session is still in use.
    Heartbeat(Named),
    /// Sign out.
    Stop(Named),
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Only of this user: username or id.
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// Only in this product: its code.
    #[arg(long, value_name = "CODE")]
    product: Option<String>,
    /// Only carried by this license: serial or id.
    #[arg(long, value_name = "LICENSE")]
    license: Option<String>,
    /// Those that ended, instead of those that live.
    #[arg(long)]
    ended: bool,
    /// At most so many.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Named {
    /// The session's id.
    session: Uuid,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Start {
    #[command(flatten)]
    asked: Asked,
    /// What the session says of itself to administrators.
    #[arg(long, value_name = "TEXT", default_value = "seatkeeper command line")]
    client: String,
}

impl Command {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        match self {
            Self::List(list) => return list.run(context),
            Self::End(named) => {
                client.end_session(named.session)?;
                context.printer.note("ended");
            }
            Self::Start(start) => {
                let request = start.asked.into_request(Some(start.client));
                let granted = client.start_session(&request)?;
                context
                    .printer
                    .show(&granted, |printer| describe(&granted, printer));
            }
            Self::Heartbeat(named) => {
                let beat = client.heartbeat(named.session)?;
                context.printer.answer(&beat, |beat| {
                    format!(
                        "holds until {}; the next heartbeat is due in {} seconds",
                        beat.expires_at, beat.heartbeat_after_s
                    )
                });
            }
            Self::Stop(named) => {
                client.sign_out(named.session)?;
                context.printer.note("signed out");
            }
        }
        Ok(Verdict::Done)
    }
}

fn describe(granted: &wire::session::SignedIn, printer: &mut Printer) {
    printer.table(facts([
        ("session", text(granted.id)),
        ("user", granted.username.as_str().into()),
        ("product", granted.product.as_str().into()),
        ("via", text(granted.via)),
        (
            "license",
            maybe(granted.license.as_ref().map(|one| &one.serial)),
        ),
        ("access", maybe(granted.access)),
        ("modules", text(&granted.modules)),
        ("holds until", moment(granted.expires_at)),
        (
            "heartbeat due in",
            text(format!("{} seconds", granted.heartbeat_after_s)),
        ),
        ("token", granted.token.expose().into()),
    ]));
}

impl List {
    fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let license = match &self.license {
            Some(text) => Some(resolve::license(&client, text)?),
            None => None,
        };
        let query = SessionQuery {
            user: self.user,
            product: self.product,
            license,
            live: Some(!self.ended),
            limit: Some(args::page_size(self.limit)),
            after: None,
        };
        let found: Vec<Session> = every(|after| {
            client.list_sessions(&SessionQuery {
                after,
                ..query.clone()
            })
        })
        .take(self.limit.unwrap_or(usize::MAX))
        .collect::<Result<_, _>>()?;
        context.printer.list(&found, || table(&found));
        Ok(Verdict::Done)
    }
}

/// One line per session.
pub(super) fn table(sessions: &[Session]) -> Table {
    Table::of(
        [
            "id", "user", "product", "via", "license", "started", "until", "ended", "client",
        ],
        sessions,
        |session| {
            [
                text(session.id),
                session.username.as_str().into(),
                session.product.as_str().into(),
                text(session.via),
                maybe(session.license.as_ref().map(|license| &license.serial)),
                moment(session.started_at),
                moment(session.ended_at.unwrap_or(session.expires_at)),
                maybe(session.end_reason),
                maybe(session.client.as_ref()),
            ]
        },
    )
}
