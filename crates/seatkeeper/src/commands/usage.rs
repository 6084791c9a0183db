//! What is said of lines that can't be understood.

use super::Cli;
use clap::{CommandFactory as _, Parser as _};

/// What is said of a line.
fn said_of(line: &str) -> String {
    let words = std::iter::once("seatkeeper").chain(line.split_whitespace());
    match Cli::try_parse_from(words) {
        Ok(_) => panic!("{line} is understood"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn where_one_of_several_will_do_all_of_them_are_named() {
    for (line, choices) in [
        (
            "grant --product esm --folder /Sales",
            "<--user <USER>|--all>",
        ),
        (
            "grant --user anna",
            "<--product <CODE>|--license <LICENSE>>",
        ),
        (
            "recall --user anna",
            "<--product <CODE>|--license <LICENSE>>",
        ),
        (
            "session borrow 00000000-0000-0000-0000-000000000000",
            "<--until <TIME>|--days <N>>",
        ),
        ("issuer trust", "<PUB|--keygen <HEX>>"),
        (
            "license move NW-1 --to /Sales",
            "<--from <FOLDER>|--user <USER>>",
        ),
        ("user deactivate", "<USER|--all>"),
        ("user move --to /Sales", "<USER|--all>"),
    ] {
        let said = said_of(line);
        assert!(said.contains(choices), "{line}: {said}");
    }
}

#[test]
fn what_is_no_id_is_named_with_where_ids_are_to_be_had() {
    let id = "00000000-0000-0000-0000-000000000000";
    for (line, words) in [
        (
            "job show abc".to_owned(),
            ["\"abc\" is not an id", "job list"],
        ),
        (
            "job stop abc".to_owned(),
            ["\"abc\" is not an id", "job list"],
        ),
        (
            "session heartbeat xyz".to_owned(),
            ["\"xyz\" is not an id", "session list"],
        ),
        (
            format!("session borrow {id}0 --days 1"),
            ["is not an id", "session list"],
        ),
        (
            "license undo-replace NW-ESM-001".to_owned(),
            ["\"NW-ESM-001\" is not an id", "latest replacement"],
        ),
    ] {
        let said = said_of(&line);
        for word in words {
            assert!(said.contains(word), "{line}: {said}");
        }
    }
}

#[test]
fn the_console_has_no_accounts_for_applications() {
    assert!(said_of("account add crm --role application").contains("administrator"));
    assert!(said_of("account set crm --role application").contains("invalid value"));
}

#[test]
fn no_usage_line_names_what_comes_from_a_variable_for_every_command() {
    for argument in Cli::command().get_arguments() {
        assert!(argument.get_env().is_none(), "{}", argument.get_id());
    }
}
