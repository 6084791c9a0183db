//! What is written where: results to stdout, everything else to stderr, no color where nobody
//! sees it, JSON that parses.

use std::process::Stdio;

use super::{Admin, has, offline, words};
use crate::support::{Ran, license};

#[test]
fn every_list_is_json_for_programs_and_a_table_for_people() {
    let admin = Admin::of_small_house();
    admin.types("grant --product esm --user anna").exits(0);
    admin
        .types("session start --user anna --product esm")
        .exits(0);
    admin
        .types("session start --user boris --product nothing")
        .exits(1);
    for (line, word) in [
        ("license list", "DEDICATED-esm"),
        ("user list", "anna"),
        ("folder list", "/"),
        ("product list", "esm"),
        ("seat list DEDICATED-esm", "anna"),
        ("session list", "anna"),
        ("denial list", "boris"),
        ("audit list", "license.added"),
        ("issuer list", "Northwind"),
        ("token list", "administrator"),
    ] {
        let items = admin.asks(line);
        let items = items
            .as_array()
            .unwrap_or_else(|| panic!("{line}: {items}"));
        assert!(!items.is_empty(), "{line}");
        let table = admin.types(line).good();
        has(&table, &[word]);
        let header = table.lines().next().unwrap();
        assert_eq!(header, header.to_uppercase(), "{line}");
        assert!(
            table.lines().count() > items.len(),
            "{line}: one line each\n{table}"
        );
    }
}

#[test]
fn every_single_answer_is_one_json_value() {
    let admin = Admin::of_small_house();
    let file = admin
        .house
        .vendor()
        .license_file(&license("site", "crm", 0));
    admin.house.file("a.lic", file);
    admin.house.file(
        "people.csv",
        "username,name,email,folder,active\ndora,,,,\n",
    );
    for (line, field) in [
        ("license import a.lic", "added"),
        ("license show DEDICATED-esm", "pools"),
        ("license auto-assign DEDICATED-esm off", "auto_assign"),
        ("license remove SITE-crm --dry-run", "removed"),
        ("license inspect a.lic", "licenses"),
        ("user import people.csv", "created"),
        ("user add emil", "id"),
        ("user show emil", "seats"),
        ("user set emil --name Emil", "name"),
        ("folder add /Sales", "path"),
        ("product show esm", "free"),
        ("grant --product esm --user anna", "results"),
        ("recall --product esm --user anna", "results"),
        ("session start --user anna --product crm", "token"),
        ("access check --user anna --product crm", "explain"),
        ("audit verify", "ok"),
        ("policy show", "warning_days"),
        ("token create --name extra --role auditor", "token"),
        ("config show", "listen"),
    ] {
        let answer = admin.asks(line);
        assert!(!answer[field].is_null(), "{line}: no {field}: {answer}");
    }
}

#[test]
fn a_failure_is_json_on_stderr_for_programs() {
    let admin = Admin::of("");
    let ran = admin.types("--json license show NOWHERE").exits(1);
    assert_eq!(ran.stdout, "");
    let failure: serde_json::Value = serde_json::from_str(&ran.stderr).unwrap();
    assert_eq!(failure["code"], "unknown_license");
    assert!(
        failure["detail"].is_string() && failure["hint"].is_string(),
        "{failure}"
    );
}

#[test]
fn quiet_says_nothing_but_results() {
    let admin = Admin::of_small_house();
    let loud = admin.types("user delete anna").exits(0);
    assert_eq!(loud.stdout, "");
    has(&loud.stderr, &["deleted anna"]);
    let quiet = admin.types("--quiet user delete boris").exits(0);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    has(&admin.types("--quiet user list").good(), &["clara"]);
    admin
        .types("--quiet user show boris")
        .exits(1)
        .complains(&["unknown_user"]);
}

#[test]
fn what_is_piped_has_no_color_and_no_progress() {
    let admin = Admin::of_small_house();
    admin.house.file(
        "people.csv",
        "username,name,email,folder,active\ndora,,,,\n",
    );
    for line in [
        "license list",
        "access check --user anna --product esm",
        "user import people.csv",
    ] {
        for variable in [None, Some("NO_COLOR")] {
            let mut command = admin.house.cli(words(line));
            command
                .current_dir(admin.house.folder())
                .env("TERM", "xterm-256color");
            if let Some(name) = variable {
                command.env(name, "1");
            }
            let ran = Ran::of(&mut command).exits(0);
            assert!(!ran.stdout.contains('\u{1b}'), "{line}: {ran:?}");
            assert_eq!(ran.stderr, "", "{line}");
        }
    }
}

#[test]
fn a_reader_who_has_seen_enough_is_no_failure() {
    let admin = Admin::of("");
    let names: Vec<String> = (0..900).map(|number| format!("user-{number}")).collect();
    admin.house.add_users(names.iter().map(String::as_str));
    let mut command = admin.house.cli(["user", "list"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0), "{:?}", output.status);
}

#[test]
fn names_of_others_cannot_steer_the_terminal() {
    let admin = Admin::of("");
    let name = "Eve \u{202e}evil";
    admin.house.file(
        "people.csv",
        format!("username,name,email,folder,active\neve,{name},,,\n"),
    );
    // Whether such a name is taken or refused: what is shown is harmless.
    let ran = admin.types("user import people.csv");
    let shown = admin.types("user list");
    for text in [ran.stdout, ran.stderr, shown.stdout] {
        assert!(!text.contains('\u{202e}'), "{text:?}");
    }
}

#[test]
fn help_and_version_are_results() {
    let help = offline("--help").good();
    for command in [
        "serve",
        "license",
        "user",
        "folder",
        "product",
        "grant",
        "recall",
        "seat",
        "session",
        "access",
        "denial",
        "audit",
        "policy",
        "issuer",
        "token",
        "vendor",
        "config",
        "doctor",
        "completions",
    ] {
        has(&help, &[command]);
        let more = offline(&format!("{command} --help")).good();
        has(&more, &["Usage: seatkeeper"]);
    }
    has(&offline("--version").good(), &["seatkeeper"]);
    let mut secret = crate::support::seatkeeper(["license", "--help"]);
    let help = Ran::of(secret.env("SEATKEEPER_TOKEN", "sk_secret")).good();
    assert!(!help.contains("sk_secret"), "help shows the token");
}
