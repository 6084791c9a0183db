//! `user move`, `activate`, `deactivate`: one account or many (P4, S8).

use wire::grant::BulkQuery;
use wire::user::{ActivateRequest, MoveUsersRequest, UserChanged, UserFilter, UsersChanged};

use crate::args;
use crate::commands::grant::show_job;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::printer::Printer;
use crate::table::{Mood, Table, Value, maybe};
use crate::work::{self, Outcome};

/// What can be typed.
#[derive(Debug, clap::Args)]
#[group(skip)]
#[command(group = clap::ArgGroup::new("who").required(true))]
pub(crate) struct Many {
    /// Usernames or ids.
    #[arg(value_name = "USER", group = "who")]
    users: Vec<String>,
    /// Everyone, or everyone who matches.
    #[arg(long, group = "who")]
    all: bool,
    #[command(flatten)]
    filter: args::Filter,
    /// Only say what would happen.
    #[arg(long)]
    dry_run: bool,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Move {
    #[command(flatten)]
    many: Many,
    /// Where they live from now on: path or id of a folder that is there. Their seats stay as they are.
    #[arg(long, value_name = "FOLDER")]
    to: String,
}

/// Users, or a filter.
type Whom = (Option<Vec<String>>, Option<UserFilter>);

impl Many {
    /// As the API wants it.
    fn split(self) -> Result<Whom, Failure> {
        if self.all {
            Ok((None, Some(self.filter.into_wire())))
        } else if self.filter.is_empty() {
            Ok((Some(self.users), None))
        } else {
            let detail = "--folder and --search go with --all, not with names";
            Err(Failure::input("bad_usage", detail))
        }
    }

    const fn query(&self) -> BulkQuery {
        BulkQuery {
            dry_run: self.dry_run,
            in_background: false,
        }
    }

    pub(super) fn set_active(
        self,
        active: bool,
        context: &mut Context,
    ) -> Result<Verdict, Failure> {
        let query = self.query();
        let (users, everyone) = self.split()?;
        let client = context.client()?;
        let request = ActivateRequest { users, everyone };
        let answer = client.set_users_active(&request, active, query)?;
        let label = if active { "activating" } else { "deactivating" };
        let outcome = work::settle(&client, &context.printer, answer, label)?;
        Ok(show(&outcome, query.dry_run, &mut context.printer))
    }
}

impl Move {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let query = self.many.query();
        let (users, everyone) = self.many.split()?;
        let client = context.client()?;
        let request = MoveUsersRequest {
            users,
            everyone,
            to: self.to,
        };
        let answer = client.move_users(&request, query)?;
        let outcome = work::settle(&client, &context.printer, answer, "moving")?;
        Ok(show(&outcome, query.dry_run, &mut context.printer))
    }
}

/// Shows what became of them. The answer is no when somebody could not be changed.
fn show(outcome: &Outcome<UsersChanged>, dry_run: bool, printer: &mut Printer) -> Verdict {
    match outcome {
        Outcome::Answer(changed) => {
            printer.show(changed, |printer| {
                printer.table(table(&changed.results));
                printer.line(&work::counts(dry_run, &changed.counts));
            });
            Verdict::of(changed.results.iter().all(|one| one.detail.is_none()))
        }
        Outcome::Job(job) => {
            show_job(job, printer);
            Verdict::of(job.errors.is_empty())
        }
    }
}

fn table(results: &[UserChanged]) -> Table {
    Table::of(["user", "result", "why"], results, |result| {
        let mood = match result.code.as_str() {
            "updated" => Mood::Good,
            "unchanged" => Mood::Plain,
            _ => Mood::Bad,
        };
        [
            result.username.as_str().into(),
            Value::State(result.code.clone(), mood),
            maybe(result.detail.as_ref()),
        ]
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::printer::testing::printed;

    fn outcome(detail: Option<&str>) -> Outcome<UsersChanged> {
        let code = if detail.is_some() {
            "unknown_user"
        } else {
            "updated"
        };
        Outcome::Answer(UsersChanged {
            results: vec![UserChanged {
                user: None,
                username: "anna".into(),
                code: code.into(),
                detail: detail.map(str::to_owned),
            }],
            counts: BTreeMap::from([(code.to_owned(), 1)]),
        })
    }

    #[test]
    fn each_user_has_a_line_with_the_reason_and_the_counts_come_last() {
        let (out, _) = printed(false, |printer| {
            show(&outcome(Some("there is no such user")), true, printer);
        });
        assert_eq!(
            out,
            "USER  RESULT        WHY\nanna  unknown_user  there is no such user\nwould be: unknown_user 1\n"
        );
    }

    #[test]
    fn somebody_who_could_not_be_changed_is_a_no() {
        for (detail, verdict) in [(Some("why"), Verdict::No), (None, Verdict::Done)] {
            let mut came = Verdict::Done;
            printed(false, |printer| {
                came = show(&outcome(detail), false, printer);
            });
            assert_eq!(came, verdict);
        }
    }
}
