//! `user list` and `user show`.

use wire::user::{HeldSeat, User, UserQuery, UserSeats, UserSort};

use crate::args;
use crate::commands::session;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::printer::Printer;
use crate::resolve;
use crate::table::{Mood, Table, Value, facts, maybe, moment, text, yes_no};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    filter: args::Filter,
    /// Only who are active.
    #[arg(long, conflicts_with = "inactive")]
    active: bool,
    /// Only who are not active.
    #[arg(long)]
    inactive: bool,
    /// Only who hold a seat of this product: its code.
    #[arg(long, value_name = "CODE")]
    product: Option<String>,
    /// Only who hold no seat of this product: its code.
    #[arg(long, value_name = "CODE")]
    unlicensed: Option<String>,
    /// In which order; a search among many users is answered best match first.
    #[arg(long, value_parser = args::user_sort(), allow_hyphen_values = true)]
    sort: Option<UserSort>,
    /// At most so many.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

impl Options {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let filter = self.filter.into_wire();
        let query = UserQuery {
            q: filter.q,
            folder: filter.folder,
            below: filter.below,
            active: match (self.active, self.inactive) {
                (true, _) => Some(true),
                (_, true) => Some(false),
                _ => None,
            },
            product: self.product,
            unlicensed: self.unlicensed,
            sort: self.sort,
            limit: Some(args::page_size(self.limit)),
            ..UserQuery::default()
        };
        let fetch = |after| {
            client.list_users(&UserQuery {
                after,
                ..query.clone()
            })
        };
        context.list(self.limit, fetch, table)
    }
}

fn table(users: &[User]) -> Table {
    Table::of(
        [
            "username",
            "name",
            "email",
            "folder",
            "active",
            "last active",
        ],
        users,
        |user| {
            [
                user.username.as_str().into(),
                maybe(user.name.as_ref()),
                maybe(user.email.as_ref()),
                user.path.as_str().into(),
                yes_no(user.active),
                moment(user.last_active),
            ]
        },
    )
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// Username or id.
    user: String,
}

/// A user with what they hold, as programs read it.
#[derive(serde::Serialize)]
struct Shown {
    #[serde(flatten)]
    user: User,
    #[serde(flatten)]
    holds: UserSeats,
}

impl Show {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let user = resolve::user(&client, &self.user)?;
        let holds = client.get_user_seats(user.id)?;
        let shown = Shown { user, holds };
        context
            .printer
            .show(&shown, |printer| describe(&shown, printer));
        Ok(Verdict::Done)
    }
}

fn describe(shown: &Shown, printer: &mut Printer) {
    let user = &shown.user;
    printer.table(facts([
        ("username", user.username.as_str().into()),
        ("id", text(user.id)),
        ("name", maybe(user.name.as_ref())),
        ("email", maybe(user.email.as_ref())),
        ("folder", user.path.as_str().into()),
        ("active", yes_no(user.active)),
        ("created", moment(user.created_at)),
        ("last active", moment(user.last_active)),
    ]));
    // R6: what was bought and where somebody works are shown apart.
    if shown.holds.seats.is_empty() {
        printer.line("");
        printer.line("Holds no seat.");
    } else {
        printer.section("Seats:", seats(&shown.holds.seats));
    }
    if !shown.holds.sessions.is_empty() {
        printer.section("Signed in:", session::table(&shown.holds.sessions));
    }
}

fn seats(seats: &[HeldSeat]) -> Table {
    Table::of(
        [
            "product", "serial", "access", "modules", "folder", "since", "from", "state",
        ],
        seats,
        |seat| {
            let (state, mood) = match (seat.unbacked, seat.releasing_since, seat.usable) {
                (true, _, _) => ("unbacked", Mood::Bad),
                (_, Some(_), _) => ("releasing", Mood::Warning),
                (_, _, false) => ("not usable", Mood::Bad),
                _ => ("held", Mood::Good),
            };
            let sources: Vec<&str> = seat.sources.iter().map(|source| source.code()).collect();
            [
                seat.product.as_str().into(),
                seat.serial.as_str().into(),
                text(seat.access),
                text(&seat.modules),
                seat.folder.as_str().into(),
                moment(seat.assigned_at),
                sources.join(", ").into(),
                Value::State(state.to_owned(), mood),
            ]
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::testing::printed;
    use uuid::Uuid;
    use wire::{AccessLevel, Modules, Source, Time};

    fn anna() -> User {
        User {
            id: Uuid::nil(),
            person: Uuid::nil(),
            username: "anna".into(),
            name: Some("Anna Arendt".into()),
            email: None,
            folder: Uuid::nil(),
            path: "/Sales".into(),
            active: true,
            created_at: Time::from_millis(0),
            last_active: None,
            version: 1,
        }
    }

    #[test]
    fn a_user_is_one_line() {
        let table = table(&[anna()]).render(false, None);
        assert_eq!(
            table,
            "USERNAME  NAME         EMAIL  FOLDER  ACTIVE  LAST ACTIVE\n\
             anna      Anna Arendt  -      /Sales  yes     -"
        );
    }

    #[test]
    fn an_unbacked_seat_is_shown_as_such() {
        let seat = HeldSeat {
            id: Uuid::nil(),
            user: Uuid::nil(),
            license: Uuid::nil(),
            serial: "NW-1".into(),
            product: "esm".into(),
            access: AccessLevel::Write,
            modules: Modules::All,
            folder: "/".into(),
            assigned_at: Time::from_millis(0),
            sources: vec![Source::Hand, Source::SignIn],
            releasing_since: None,
            unbacked: true,
            usable: true,
        };
        let shown = Shown {
            user: anna(),
            holds: UserSeats {
                seats: vec![seat],
                sessions: Vec::new(),
            },
        };
        let (out, _) = printed(false, |printer| describe(&shown, printer));
        assert!(out.contains("hand, sign_in  unbacked"), "{out}");
        let json = serde_json::to_value(&shown).unwrap();
        assert_eq!(
            (&json["username"], &json["seats"][0]["serial"]),
            (&"anna".into(), &"NW-1".into())
        );
    }
}
