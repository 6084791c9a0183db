//! `seatkeeper access check`: would they get in, and why? Changes nothing (A10).

use wire::access::AccessAnswer;

use crate::args::Asked;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::printer::Printer;
use crate::table::{Mood, Table, Value, facts, maybe, text};

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Say what a sign-in would come to, and why. Changes nothing. Exits with 1 for a no.
    Check(Asked),
}

impl Command {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let Self::Check(asked) = self;
        let answer = context.client()?.check_access(&asked.into_request(None))?;
        context
            .printer
            .show(&answer, |printer| describe(&answer, printer));
        Ok(Verdict::of(answer.granted))
    }
}

fn describe(answer: &AccessAnswer, printer: &mut Printer) {
    let mut rows = Vec::new();
    if answer.granted {
        rows.push(("access", Value::State("granted".into(), Mood::Good)));
        rows.push(("via", maybe(answer.via)));
        rows.push((
            "license",
            maybe(answer.license.as_ref().map(|one| &one.serial)),
        ));
        rows.push(("level", maybe(answer.access)));
        rows.push(("modules", maybe(answer.modules.as_ref())));
    } else {
        let code = answer.code.map_or("denied", |code| code.code());
        rows.push((
            "access",
            Value::State(format!("denied ({code})"), Mood::Bad),
        ));
        rows.push(("for the user", maybe(answer.user_message.as_ref())));
        rows.push(("for you", maybe(answer.admin_message.as_ref())));
    }
    printer.table(facts(rows));
    let steps = Table::of(["rule", "found"], &answer.explain, |step| {
        [text(&step.rule), text(&step.finding)]
    });
    printer.section("How it was decided:", steps);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::testing::printed;
    use wire::DenialCode;
    use wire::access::Finding;

    #[test]
    fn a_denial_says_what_to_do_and_how_it_came() {
        let answer = AccessAnswer {
            granted: false,
            code: Some(DenialCode::NoFreeSeat),
            user_message: Some("All seats are taken.".into()),
            admin_message: Some("Add seats of esm.".into()),
            via: None,
            license: None,
            access: None,
            modules: None,
            explain: vec![Finding {
                rule: "A8".into(),
                finding: "no pool has a free seat".into(),
            }],
        };
        let (out, _) = printed(false, |printer| describe(&answer, printer));
        assert_eq!(
            out,
            "access        denied (no_free_seat)\n\
             for the user  All seats are taken.\n\
             for you       Add seats of esm.\n\
             \n\
             How it was decided:\n\
             RULE  FOUND\n\
             A8    no pool has a free seat\n"
        );
    }
}
