//! `seatkeeper grant`: seats to people (S3, S7). Who and what is shared with `recall` and `seat`.

use client::Client;
use uuid::Uuid;
use wire::grant::{BulkQuery, GrantRequest, GrantResult, Granted, ProductAsk, ProductChoice};
use wire::job::Job;
use wire::user::UserFilter;
use wire::{AccessLevel, GrantCode};

use crate::args;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::printer::Printer;
use crate::resolve;
use crate::table::{Mood, Table, Value, maybe};
use crate::work::{self, Outcome};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    what: What,
    /// Only say what would happen.
    #[arg(long)]
    dry_run: bool,
}

/// Whom.
#[derive(Debug, clap::Args)]
#[group(skip)]
#[command(group = clap::ArgGroup::new("who").required(true))]
pub(super) struct Who {
    /// A user: username or id; may be repeated.
    #[arg(long = "user", value_name = "USER", group = "who")]
    users: Vec<String>,
    /// Everyone, or everyone who matches.
    #[arg(long, group = "who")]
    all: bool,
    #[command(flatten)]
    filter: args::Filter,
}

impl Who {
    /// As the API wants it: users, or a filter.
    pub(super) fn split(self) -> Result<(Option<Vec<String>>, Option<UserFilter>), Failure> {
        if self.all {
            Ok((None, Some(self.filter.into_wire())))
        } else if self.filter.is_empty() {
            Ok((Some(self.users), None))
        } else {
            let detail = "--folder and --search go with --all, not with --user";
            Err(Failure::input("bad_usage", detail))
        }
    }
}

/// Of what.
#[derive(Debug, clap::Args)]
#[group(skip)]
#[command(group = clap::ArgGroup::new("what").required(true))]
pub(super) struct What {
    /// Any fitting license of this product: its code; may be repeated.
    #[arg(long = "product", value_name = "CODE", group = "what")]
    products: Vec<String>,
    /// Exactly this license: serial or id; may be repeated.
    #[arg(long = "license", value_name = "LICENSE", group = "what", conflicts_with_all = ["access", "modules"])]
    licenses: Vec<String>,
    /// With --product: the lowest access level that will do.
    #[arg(long, value_parser = args::access())]
    access: Option<AccessLevel>,
    /// With --product: a module that the seat must give; may be repeated.
    #[arg(long = "module", value_name = "CODE")]
    modules: Vec<String>,
}

/// Products or licenses, as the API wants them.
pub(super) type Targets = (Option<Vec<ProductChoice>>, Option<Vec<Uuid>>);

impl What {
    /// As the API wants it: products, or licenses.
    pub(super) fn split(self, client: &Client) -> Result<Targets, Failure> {
        if self.products.is_empty() {
            let ids = self
                .licenses
                .iter()
                .map(|text| resolve::license(client, text));
            return Ok((None, Some(ids.collect::<Result<_, _>>()?)));
        }
        let choice = |code| {
            ProductChoice::Ask(ProductAsk {
                code,
                access: self.access,
                modules: self.modules.clone(),
            })
        };
        Ok((Some(self.products.into_iter().map(choice).collect()), None))
    }
}

impl Options {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let (users, everyone) = self.who.split()?;
        let client = context.client()?;
        let (products, licenses) = self.what.split(&client)?;
        let named = users.is_some();
        let request = GrantRequest {
            users,
            everyone,
            products,
            licenses,
        };
        let query = BulkQuery {
            dry_run: self.dry_run,
            in_background: false,
        };
        let answer = client.grant(&request, query)?;
        let outcome = work::settle(&client, &context.printer, answer, "granting")?;
        Ok(show(&outcome, named, self.dry_run, &mut context.printer))
    }
}

/// Shows what a grant came to. The answer is no when a named user got no seat; in bulk, somebody getting none is part
/// of a good answer.
pub(super) fn show(
    outcome: &Outcome<Granted>,
    named: bool,
    dry_run: bool,
    printer: &mut Printer,
) -> Verdict {
    match outcome {
        Outcome::Answer(granted) => {
            printer.show(granted, |printer| {
                printer.table(table(&granted.results));
                printer.line(&work::counts(dry_run, &granted.counts));
            });
            let all_well = granted.results.iter().all(|result| is_well(result.code));
            Verdict::of(!named || all_well)
        }
        Outcome::Job(job) => {
            show_job(job, printer);
            let is_bad =
                |code: &String| GrantCode::from_code(code).is_none_or(|code| !is_well(code));
            let all_well = !job
                .counts
                .iter()
                .any(|(code, count)| *count > 0 && is_bad(code));
            Verdict::of(!named || all_well)
        }
    }
}

fn is_well(code: GrantCode) -> bool {
    matches!(code, GrantCode::Granted | GrantCode::AlreadyHeld)
}

/// What a job came to: its counts, and the first things that went wrong.
pub(super) fn show_job(job: &Job, printer: &mut Printer) {
    printer.show(job, |printer| {
        printer.line(&work::counts(job.dry_run, &job.counts));
        first_errors(job, printer);
    });
}

/// The first things that went wrong in a job, if any did.
pub(super) fn first_errors(job: &Job, printer: &mut Printer) {
    if job.errors.is_empty() {
        return;
    }
    let first = job.errors.iter().take(20);
    let table = Table::of(["user", "code", "why"], first, |error| {
        [
            maybe(error.username.as_ref()),
            error.code.as_str().into(),
            error.detail.as_str().into(),
        ]
    });
    printer.section("The first that went wrong:", table);
}

fn table(results: &[GrantResult]) -> Table {
    Table::of(
        ["user", "product", "license", "result", "why"],
        results,
        |result| {
            let mood = match result.code {
                GrantCode::Granted => Mood::Good,
                GrantCode::AlreadyHeld => Mood::Plain,
                _ => Mood::Bad,
            };
            [
                result.username.as_str().into(),
                maybe(result.product.as_ref()),
                maybe(result.serial.as_ref()),
                Value::State(result.code.to_string(), mood),
                maybe(result.detail.as_ref()),
            ]
        },
    )
    .without_empty(&["why"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::testing::printed;
    use std::collections::BTreeMap;

    fn outcome(code: GrantCode) -> Outcome<Granted> {
        let why = "no seat is free where the policy looks";
        Outcome::Answer(Granted {
            results: vec![GrantResult {
                user: Some(Uuid::nil()),
                username: "anna".into(),
                product: Some("esm".into()),
                license: None,
                serial: None,
                code,
                detail: (code == GrantCode::NoFreeSeat).then(|| why.to_owned()),
                seat: None,
            }],
            counts: BTreeMap::from([(code.to_string(), 1)]),
        })
    }

    fn verdict(code: GrantCode, named: bool) -> Verdict {
        let mut verdict = Verdict::Done;
        printed(false, |printer| {
            verdict = show(&outcome(code), named, false, printer);
        });
        verdict
    }

    #[test]
    fn a_filter_goes_with_everyone_and_not_with_names() {
        let who = |all| Who {
            users: if all { Vec::new() } else { vec!["anna".into()] },
            all,
            filter: args::Filter::of_folder("/Sales"),
        };
        let (users, everyone) = who(true).split().unwrap();
        assert_eq!(
            (users, everyone.unwrap().folder),
            (None, Some("/Sales".into()))
        );
        assert_eq!(who(false).split().unwrap_err().exit_code(), 2);
    }

    #[test]
    fn a_named_user_without_a_seat_is_a_no_and_a_held_one_is_not() {
        assert_eq!(verdict(GrantCode::NoFreeSeat, true), Verdict::No);
        assert_eq!(verdict(GrantCode::NoFreeSeat, false), Verdict::Done);
        assert_eq!(verdict(GrantCode::Granted, true), Verdict::Done);
        assert_eq!(verdict(GrantCode::AlreadyHeld, true), Verdict::Done);
    }

    #[test]
    fn each_user_has_a_line_and_the_counts_come_last() {
        let (out, _) = printed(false, |printer| {
            show(&outcome(GrantCode::NoFreeSeat), true, true, printer);
        });
        assert_eq!(
            out,
            "USER  PRODUCT  LICENSE  RESULT        WHY\nanna  esm      -        no_free_seat  no seat is free where the policy looks\nwould be: no_free_seat 1\n"
        );
        let (out, _) = printed(false, |printer| {
            show(&outcome(GrantCode::Granted), true, false, printer);
        });
        assert_eq!(
            out,
            "USER  PRODUCT  LICENSE  RESULT\nanna  esm      -        granted\ngranted 1\n"
        );
    }

    #[test]
    fn s13_a_dry_run_that_was_a_job_says_so_too() {
        let job = |dry_run| Job {
            id: Uuid::nil(),
            kind: wire::job::JobKind::Grant,
            subject: "esm".into(),
            dry_run,
            by: "me".into(),
            state: wire::job::JobState::Done,
            done: 1300,
            total: 1300,
            counts: BTreeMap::from([("granted".into(), 1300)]),
            errors: Vec::new(),
            started_at: wire::Time::from_millis(0),
            ended_at: None,
            undoes: None,
            undone_by: None,
        };
        for (dry_run, line) in [
            (true, "would be: granted 1300\n"),
            (false, "granted 1300\n"),
        ] {
            let (out, _) = printed(false, |printer| show_job(&job(dry_run), printer));
            assert_eq!(out, line);
        }
    }
}
