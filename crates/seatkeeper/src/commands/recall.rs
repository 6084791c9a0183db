//! `seatkeeper recall`: seats back from people (S4, S7).

use wire::grant::{BulkQuery, RecallRequest, RecallResult, Recalled};
use wire::{RecallCode, Source};

use super::grant::{What, Who, show_job};
use crate::args;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::printer::Printer;
use crate::table::{Mood, Table, Value, maybe};
use crate::work::{self, Outcome};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    what: What,
    /// End live sessions at once; otherwise a seat in use is freed when its last session ends.
    #[arg(long)]
    now: bool,
    /// Take only this source of the assignment away; the seat stays while it has another.
    #[arg(long, value_parser = args::source())]
    source: Option<Source>,
    /// Only say what would happen.
    #[arg(long)]
    dry_run: bool,
}

impl Options {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let (users, everyone) = self.who.split()?;
        let client = context.client()?;
        let (products, licenses) = self.what.split(&client)?;
        let request = RecallRequest {
            users,
            everyone,
            products,
            licenses,
            now: self.now,
            source: self.source,
        };
        let query = BulkQuery {
            dry_run: self.dry_run,
            in_background: false,
        };
        let answer = client.recall(&request, query)?;
        let outcome = work::settle(&client, &context.printer, answer, "recalling")?;
        Ok(show(&outcome, self.dry_run, &mut context.printer))
    }
}

/// Who holds nothing has nothing to lose; these are another matter.
const IS_NO: [RecallCode; 2] = [RecallCode::UnknownUser, RecallCode::OutsideYourFolder];

/// Shows what a recall came to.
pub(super) fn show(outcome: &Outcome<Recalled>, dry_run: bool, printer: &mut Printer) -> Verdict {
    match outcome {
        Outcome::Answer(recalled) => {
            printer.show(recalled, |printer| {
                printer.table(table(&recalled.results));
                printer.line(&work::counts(dry_run, &recalled.counts));
            });
            let mut results = recalled.results.iter();
            Verdict::of(results.all(|result| !IS_NO.contains(&result.code)))
        }
        Outcome::Job(job) => {
            show_job(job, printer);
            let count = |code: &RecallCode| job.counts.get(code.code()).copied();
            Verdict::of(IS_NO.iter().all(|code| count(code).unwrap_or(0) == 0))
        }
    }
}

fn table(results: &[RecallResult]) -> Table {
    Table::of(
        ["user", "product", "license", "result", "kept by", "why"],
        results,
        |result| {
            let mood = match result.code {
                RecallCode::Released => Mood::Good,
                RecallCode::Releasing | RecallCode::Borrowed | RecallCode::StillHeld => {
                    Mood::Warning
                }
                RecallCode::NotHeld => Mood::Plain,
                RecallCode::UnknownUser | RecallCode::OutsideYourFolder => Mood::Bad,
            };
            let left: Vec<&str> = result.left.iter().map(|source| source.code()).collect();
            [
                result.username.as_str().into(),
                maybe(result.product.as_ref()),
                maybe(result.serial.as_ref()),
                Value::State(result.code.to_string(), mood),
                left.join(", ").into(),
                maybe(result.detail.as_ref()),
            ]
        },
    )
    .without_empty(&["kept by", "why"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(code: RecallCode, left: Vec<Source>, detail: Option<&str>) -> RecallResult {
        RecallResult {
            user: None,
            username: "anna".into(),
            product: Some("p9".into()),
            license: None,
            serial: Some("P9".into()),
            code,
            detail: detail.map(str::to_owned),
            left,
        }
    }

    #[test]
    fn only_what_there_is_to_say_has_a_column() {
        let shown = |result| table(&[result]).render(false, None);
        assert_eq!(
            shown(result(RecallCode::Released, Vec::new(), None)),
            "USER  PRODUCT  LICENSE  RESULT\nanna  p9       P9       released"
        );
        assert_eq!(
            shown(result(RecallCode::StillHeld, vec![Source::Rule], None)),
            "USER  PRODUCT  LICENSE  RESULT      KEPT BY\nanna  p9       P9       still_held  rule"
        );
        assert_eq!(
            shown(result(RecallCode::Borrowed, Vec::new(), Some("on a trip"))),
            "USER  PRODUCT  LICENSE  RESULT    WHY\nanna  p9       P9       borrowed  on a trip"
        );
    }
}
