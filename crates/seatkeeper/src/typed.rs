//! What was typed, read; and where it can't be, said as every other failure is, without the passwords in it.

use std::ffi::OsString;
use std::io::Write as _;

use clap::Parser as _;
use clap::error::ErrorKind;

use crate::commands::Cli;
use crate::failure::Failure;
use crate::printer::{Printer, Style};

/// Reads what was typed. Otherwise says what is wrong with it, or shows the help that was asked for, and answers with
/// what the process ends with.
pub(crate) fn read(typed: impl IntoIterator<Item = OsString>) -> Result<Cli, u8> {
    let typed: Vec<OsString> = typed.into_iter().collect();
    Cli::try_parse_from(&typed).map_err(|error| {
        if !error.use_stderr() {
            // Nobody reads it any more: nothing to be done about that.
            let _ = error.print();
            return 0;
        }
        let failure = failure(&error);
        let text = error.render().to_string();
        let shown = masked(&text);
        if wants_json(&typed) {
            Printer::new(Style::detect(true, false, false)).failure(&failure);
        } else if shown == text {
            let _ = error.print();
        } else {
            let _ = std::io::stderr().write_all(shown.as_bytes());
        }
        failure.exit_code()
    })
}

fn wants_json(typed: &[OsString]) -> bool {
    typed
        .iter()
        .take_while(|word| *word != "--")
        .any(|word| word == "--json")
}

/// The first paragraphs, up to the usage lines, which are for people.
fn failure(error: &clap::Error) -> Failure {
    let missing = ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if error.kind() == missing {
        return Failure::input("bad_usage", "something is missing after these words")
            .hint("--help shows what can be typed");
    }
    let text = masked(&error.render().to_string());
    let said = text.split("\n\nUsage:").next().unwrap_or(&text);
    let said = said
        .split("\n\nFor more information")
        .next()
        .unwrap_or(said);
    let said = said.strip_prefix("error: ").unwrap_or(said);
    let words: Vec<&str> = said.split_whitespace().collect();
    Failure::input("bad_usage", words.join(" ")).hint("--help shows what can be typed")
}

/// With the passwords of addresses (`scheme://user:password@host`) left out: what is typed in the wrong place is repeated,
/// and may end in a log.
fn masked(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = rest.find("://") {
        let (before, after) = rest.split_at(found + 3);
        shown.push_str(before);
        let ends = |c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '/' | '?');
        let authority = after.split(ends).next().unwrap_or_default();
        let user = authority.rsplit_once('@').map(|(user, _)| user);
        match user.and_then(|user| Some((user.split_once(':')?.0, user.len()))) {
            Some((name, length)) => {
                shown.push_str(name);
                shown.push_str(":…");
                rest = &after[length..];
            }
            None => rest = after,
        }
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_an_address_is_not_repeated() {
        assert_eq!(
            masked("unexpected argument 'postgres://me:se:cr@et@h:5432/db' found, http://h:1/a@b"),
            "unexpected argument 'postgres://me:…@h:5432/db' found, http://h:1/a@b"
        );
        assert_eq!(masked("postgres://me@h x:y@z"), "postgres://me@h x:y@z");
    }

    #[test]
    fn json_is_asked_for_before_two_dashes() {
        let typed = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert!(wants_json(&typed("seatkeeper nonsense --json")));
        assert!(!wants_json(&typed("seatkeeper user add -- --json")));
    }
}
