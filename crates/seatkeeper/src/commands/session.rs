//! `seatkeeper session`: who is signed in, and signing in and out by hand.

use uuid::Uuid;
use wire::Time;
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
    /// Take the seat of a session offline until a date.
    Borrow(Borrow),
    /// Give a borrowed seat back before its time.
    Return(Named),
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

/// Where ids of sessions are to be had.
const IDS: &str = "`seatkeeper session list` shows them";

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Named {
    /// The session's id.
    #[arg(value_parser = args::id(IDS))]
    session: Uuid,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("end").required(true))]
pub(crate) struct Borrow {
    /// The session's id.
    #[arg(value_parser = args::id(IDS))]
    session: Uuid,
    /// Until when, as in 2026-01-31T12:00:00Z.
    #[arg(long, value_name = "TIME", group = "end")]
    until: Option<Time>,
    /// For how many days from now.
    #[arg(long, value_name = "N", group = "end", value_parser = clap::value_parser!(u16).range(1..=366))]
    days: Option<u16>,
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
            Self::End(named) => match client.end_session(named.session)? {
                None => context.printer.note("ended"),
                Some(held) => context.printer.answer(&held, |held| {
                    format!("ended for its user, but not free: {}", held.why)
                }),
            },
            Self::Borrow(borrow) => {
                let borrowed = client.borrow_session(borrow.session, borrow.until())?;
                context
                    .printer
                    .show(&borrowed, |printer| describe_borrowed(&borrowed, printer));
            }
            Self::Return(named) => {
                let returned = client.return_session(named.session)?;
                context.printer.note(if returned {
                    "returned: the loan is over"
                } else {
                    "nothing to return: it is not borrowed, or not any more"
                });
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
                // An application's token may end sessions, and not look at them.
                let left = client.get_session(named.session).ok();
                context.printer.note(&signed_out(left.as_ref()));
            }
        }
        Ok(Verdict::Done)
    }
}

/// What became of a seat by signing out, as far as it can be seen.
fn signed_out(session: Option<&Session>) -> String {
    match session.map(|session| session.borrowed_until) {
        Some(None) => "signed out".to_owned(),
        Some(Some(until)) => format!(
            "signed out; the seat is borrowed, and held until {until} unless it is returned with `seatkeeper session return`"
        ),
        None => "signed out; a borrowed seat is held until its loan ends".to_owned(),
    }
}

impl Borrow {
    /// The end of the loan that is asked for; the server's clock judges it.
    fn until(&self) -> Time {
        const DAY_MS: i64 = 86_400_000;
        let days = i64::from(self.days.unwrap_or_default());
        let now = engine::Clock::System.now().as_millis();
        self.until
            .unwrap_or_else(|| Time::from_millis(now + days * DAY_MS))
    }
}

fn describe_borrowed(borrowed: &wire::session::Borrowed, printer: &mut Printer) {
    printer.table(facts([
        ("session", text(borrowed.id)),
        ("user", borrowed.username.as_str().into()),
        ("product", borrowed.product.as_str().into()),
        ("via", text(borrowed.via)),
        (
            "license",
            maybe(borrowed.license.as_ref().map(|one| &one.serial)),
        ),
        ("borrowed until", moment(borrowed.borrowed_until)),
        ("token", borrowed.token.expose().into()),
    ]));
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
        let fetch = |after| {
            client.list_sessions(&SessionQuery {
                after,
                ..query.clone()
            })
        };
        context.list(self.limit, fetch, table)
    }
}

/// One line per session.
pub(super) fn table(sessions: &[Session]) -> Table {
    Table::of(
        [
            "id",
            "user",
            "product",
            "via",
            "license",
            "started",
            "until",
            "borrowed until",
            "ended",
            "client",
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
                moment(session.borrowed_until),
                maybe(session.end_reason.or(session.close_reason)),
                maybe(session.client.as_ref()),
            ]
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::Via;

    #[test]
    fn h5_signing_out_of_a_borrowed_session_does_not_free_its_seat() {
        let session = |borrowed: Option<i64>| Session {
            id: Uuid::nil(),
            user: Uuid::nil(),
            username: "anna".into(),
            product: "esm".into(),
            via: Via::Floating,
            license: None,
            started_at: Time::from_millis(0),
            expires_at: Time::from_millis(0),
            client: None,
            borrowed_until: borrowed.map(Time::from_millis),
            close_reason: None,
            ended_at: None,
            end_reason: None,
        };
        assert_eq!(signed_out(Some(&session(None))), "signed out");
        let said = signed_out(Some(&session(Some(1000))));
        assert!(said.contains("held until 1970-01-01T00:00:01Z"), "{said}");
        assert!(signed_out(None).contains("a borrowed seat is held"));
    }
}
