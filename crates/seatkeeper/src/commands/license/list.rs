//! `license list` and `license show`.

use wire::license::{License, LicenseDetail, LicenseQuery, LicenseSort};
use wire::{Model, State};

use crate::args;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::printer::Printer;
use crate::resolve;
use crate::table::{Mood, Table, Value, facts, maybe, moment, number, text, yes_no};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Only of this product: its code.
    #[arg(long, value_name = "CODE")]
    product: Option<String>,
    /// Only in this state.
    #[arg(long, value_parser = args::state())]
    state: Option<State>,
    /// Only of this model.
    #[arg(long, value_parser = args::model())]
    model: Option<Model>,
    /// Only with seats in this folder: path or id.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<String>,
    /// Only with this text in the serial or the product.
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Also licenses that were removed.
    #[arg(long)]
    removed: bool,
    /// In which order.
    #[arg(long, value_parser = args::license_sort(), allow_hyphen_values = true)]
    sort: Option<LicenseSort>,
    /// At most so many.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

impl Options {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let query = LicenseQuery {
            product: self.product,
            state: self.state,
            model: self.model,
            folder: self.folder,
            q: self.search,
            removed: self.removed.then_some(true),
            sort: self.sort,
            limit: Some(args::page_size(self.limit)),
            ..LicenseQuery::default()
        };
        let fetch = |after| {
            client.list_licenses(&LicenseQuery {
                after,
                ..query.clone()
            })
        };
        context.list(self.limit, fetch, table)
    }
}

fn table(licenses: &[License]) -> Table {
    Table::of(
        [
            "serial", "product", "model", "access", "seats", "occupied", "free", "state", "expires",
        ],
        licenses,
        |license| {
            [
                license.serial.as_str().into(),
                license.product.as_str().into(),
                text(license.model),
                text(license.access),
                number(license.seats),
                number(license.occupied),
                number(license.free),
                state(license),
                moment(license.expires_at),
            ]
        },
    )
}

fn state(license: &License) -> Value {
    let mood = match license.state {
        State::Active => Mood::Good,
        State::Scheduled => Mood::Plain,
        State::Expiring | State::Grace | State::AwaitingAgreement => Mood::Warning,
        State::Expired | State::Stale | State::Revoked | State::Removed => Mood::Bad,
    };
    let unbacked = match license.unbacked {
        0 => String::new(),
        count => format!(", {count} unbacked"),
    };
    let replaced = match license.replaced_by {
        Some(_) if license.state != State::Removed => ", replaced",
        _ => "",
    };
    let refresh = trouble(license);
    let mood = match mood {
        Mood::Good | Mood::Plain if !refresh.is_empty() => Mood::Warning,
        mood => mood,
    };
    Value::State(
        format!("{}{replaced}{unbacked}{refresh}", license.state),
        mood,
    )
}

/// What is said of a license whose refreshing fails, long before that bites (I3).
fn trouble(license: &License) -> String {
    let fails = license
        .refresh
        .as_ref()
        .is_some_and(|refresh| refresh.trouble.is_some());
    match license.days_until_stale {
        Some(days) if fails && license.usable => format!(", refresh fails: {days} days left"),
        _ if fails => ", refresh fails".to_owned(),
        _ => String::new(),
    }
}

/// How the refreshing of a license stands.
fn refreshing(license: &License) -> Vec<(&'static str, Value)> {
    let mut rows = Vec::new();
    if let (Some(at), Some(days)) = (license.stale_at, license.days_until_stale) {
        rows.push((
            "stale",
            text(format!(
                "{at}, in {days} days, unless it is refreshed before"
            )),
        ));
    }
    let Some(refresh) = &license.refresh else {
        return rows;
    };
    if let Some(at) = refresh.attempted_at {
        rows.push(("last refresh tried", moment(at)));
    }
    if let Some(at) = refresh.succeeded_at {
        rows.push(("last refreshed", moment(at)));
    }
    if let Some(at) = refresh.next_at {
        rows.push(("next refresh", moment(at)));
    }
    if let Some(trouble) = &refresh.trouble {
        let since = format!(
            "{} failed since {}: {}",
            trouble.attempts, trouble.since, trouble.detail
        );
        rows.push(("refresh fails", Value::State(since, Mood::Warning)));
    }
    rows
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// Serial or id.
    license: String,
}

impl Show {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let license = client.get_license(resolve::license(&client, &self.license)?)?;
        context
            .printer
            .show(&license, |printer| describe(&license, printer));
        Ok(Verdict::Done)
    }
}

fn describe(detail: &LicenseDetail, printer: &mut Printer) {
    let license = &detail.license;
    let mut rows = vec![
        ("serial", license.serial.as_str().into()),
        ("id", text(license.id)),
        ("reference", license.reference.as_str().into()),
        ("revision", text(license.revision)),
        (
            "product",
            text(format!("{} ({})", license.product, license.product_name)),
        ),
        ("model", text(license.model)),
        ("access", text(license.access)),
        ("modules", text(&license.modules)),
        (
            "seats",
            text(format!(
                "{}: {} occupied, {} free, {} releasing, {} unbacked",
                license.seats, license.occupied, license.free, license.releasing, license.unbacked
            )),
        ),
        ("state", state(license)),
        ("usable", yes_no(license.usable)),
        ("starts", moment(license.starts_at)),
        ("expires", moment(license.expires_at)),
        ("grace days", text(license.grace_days)),
        ("assignable", yes_no(license.assignable)),
        ("auto-assign", text(license.auto_assign)),
        ("removable", text(license.removable)),
        ("counted by", text(license.counted_by)),
        (
            "issuer",
            text(format!("{} ({})", license.issuer, license.key)),
        ),
        ("imported", moment(license.imported_at)),
    ];
    if let Some(days) = license.revalidate_days {
        rows.push(("revalidate days", text(days)));
        rows.push(("offline grace days", maybe(license.offline_grace_days)));
    }
    rows.extend(refreshing(license));
    if let Some(other) = license.replaced_by {
        rows.push(("replaced by", text(other)));
    }
    if let Some(agreement) = &license.agreement {
        let accepted = match (&agreement.accepted_by, agreement.accepted_at) {
            (Some(by), Some(at)) => format!("accepted by {by} at {at}"),
            _ => "not accepted yet".to_owned(),
        };
        rows.push((
            "agreement",
            text(format!("{accepted} (SHA-256 {})", agreement.hash)),
        ));
    }
    printer.table(facts(rows));
    if !detail.pools.is_empty() {
        let pools = Table::of(
            ["folder", "size", "occupied", "free", "unbacked"],
            &detail.pools,
            |pool| {
                [
                    pool.path.as_str().into(),
                    number(pool.size),
                    number(pool.occupied),
                    number(pool.free),
                    number(pool.unbacked),
                ]
            },
        );
        printer.section("Where its seats stand:", pools);
    }
    if let Some(text) = license.agreement.as_ref().and_then(|one| one.text.as_ref()) {
        printer.line("");
        printer.line("The agreement:");
        for line in text.lines() {
            printer.line(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::license::samples;
    use crate::printer::testing::printed;
    use wire::license::{Agreement, Pool};

    #[test]
    fn a_license_is_one_line_with_its_counts() {
        let mut over = samples::license("NW-ESM-002");
        over.unbacked = 3;
        let mut old = samples::license("NW-ESM-003");
        old.replaced_by = Some(over.id);
        let table = table(&[samples::license("NW-ESM-001"), over, old]).render(false, None);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(
            lines[1],
            "NW-ESM-001  esm      dedicated  write      25        20     5  active              -"
        );
        assert!(lines[2].contains("active, 3 unbacked"), "{table}");
        assert!(lines[3].contains("active, replaced"), "{table}");
    }

    #[test]
    fn a_license_shows_its_pools_and_what_is_to_be_accepted() {
        let mut license = samples::license("NW-ESM-001");
        license.agreement = Some(Agreement {
            text: Some("First line\nSecond \u{1b}line".into()),
            hash: "ab12".into(),
            accepted_by: None,
            accepted_at: None,
        });
        let pools = vec![Pool {
            id: license.id,
            folder: license.id,
            path: "/Sales".into(),
            size: 25,
            occupied: 20,
            free: 5,
            unbacked: 0,
        }];
        let detail = LicenseDetail { license, pools };
        let (shown, _) = printed(false, |printer| describe(&detail, printer));
        assert!(shown.contains("not accepted yet (SHA-256 ab12)"), "{shown}");
        assert!(shown.contains("/Sales"), "{shown}");
        assert!(
            shown.ends_with("First line\nSecond \\u{1b}line\n"),
            "{shown}"
        );
    }
}
