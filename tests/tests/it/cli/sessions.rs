//! `session`, `access` and `denial`.

use super::{Admin, has, row};
use crate::support::license;

#[test]
fn a_session_is_started_kept_alive_and_stopped_by_hand() {
    let admin = Admin::of(&license("floating", "esm", 1));
    let started = admin
        .types("session start --user anna --product esm")
        .good();
    has(&started, &["anna", "floating", "FLOATING-esm", "token"]);
    let listed = admin.asks("session list --user anna --product esm --license FLOATING-esm");
    let id = listed[0]["id"].as_str().unwrap();
    assert_eq!(listed[0]["client"], "seatkeeper command line");
    has(
        &admin.types(&format!("session heartbeat {id}")).good(),
        &["holds until"],
    );
    let seats = admin.types("seat list FLOATING-esm").exits(0);
    has(&seats.stderr, &["session list --license FLOATING-esm"]);
    admin.types(&format!("session stop {id}")).exits(0);
    // H3
    admin.types(&format!("session stop {id}")).exits(0);
    admin
        .types(&format!("session heartbeat {id}"))
        .exits(1)
        .complains(&["signed_out"]);
    let ended = admin.types("session list --ended").good();
    assert!(row(&ended, "anna").contains(&"signed_out"), "{ended}");
    assert!(admin.asks("session list").as_array().unwrap().is_empty());
}

#[test]
fn an_administrator_ends_a_session() {
    // H1
    let admin = Admin::of(&license("floating", "esm", 1));
    let session = admin.asks("session start --user anna --product esm");
    let id = session["id"].as_str().unwrap();
    admin.types(&format!("session end {id}")).exits(0);
    admin
        .types(&format!("session heartbeat {id}"))
        .exits(1)
        .complains(&["ended_by_administrator"]);
    let unknown = "00000000-0000-7000-8000-000000000000";
    admin
        .types(&format!("session end {unknown}"))
        .exits(1)
        .complains(&["unknown_session"]);
}

#[test]
fn a_check_explains_itself_and_changes_nothing() {
    // A10
    let admin = Admin::of(&license("floating", "esm", 1));
    let said = admin.types("access check --user anna --product esm").good();
    has(
        &said,
        &[
            "granted",
            "floating",
            "FLOATING-esm",
            "How it was decided",
            "A8",
        ],
    );
    assert!(
        admin.asks("user list").as_array().unwrap().is_empty(),
        "A1 adds nobody in a check"
    );
    assert_eq!(admin.asks("product show esm")["in_use"], 0);
    admin
        .types("session start --user boris --product esm")
        .exits(0);
    let said = admin
        .types("access check --user anna --product esm")
        .exits(1)
        .stdout;
    has(&said, &["denied (no_free_seat)", "for the user", "for you"]);
    assert!(admin.asks("denial list").as_array().unwrap().is_empty());
    let said = admin
        .types("--json access check --user anna --product esm --module cmdb")
        .exits(1);
    assert_eq!(said.json()["granted"], false);
}

#[test]
fn access_levels_and_modules_are_asked_for() {
    let reading = license("floating", "esm", 5)
        .replace("\"write\"", "\"read\"")
        .replace("\"all\"", "[\"cmdb\"]");
    let admin = Admin::of(&reading);
    admin.house.add_users(["anna"]);
    let asked = "access check --user anna --product esm";
    for more in ["--access write", "--module processes"] {
        let said = admin.types(&format!("{asked} {more}")).exits(1);
        has(&said.stdout, &["module_not_licensed"]);
    }
    admin.types(&format!("{asked} --access sometimes")).exits(2);
}

#[test]
fn denials_are_counted_by_person_product_and_reason() {
    // A9
    let admin = Admin::of(&license("floating", "esm", 1));
    admin
        .types("session start --user anna --product esm")
        .exits(0);
    for _ in 0..3 {
        admin
            .types("session start --user boris --product esm")
            .exits(1);
    }
    admin
        .types("session start --user boris --product nothing")
        .exits(1);
    let table = admin.types("denial list").good();
    assert_eq!(
        row(&table, "no_free_seat")[1..5],
        ["3", "boris", "esm", "no_free_seat"]
    );
    for (filter, count) in [
        ("--code no_free_seat", 1),
        ("--product nothing", 1),
        ("--user boris", 2),
        ("--user anna", 0),
        ("--since 2999-01-01T00:00:00Z", 0),
        ("--until 2000-01-01T00:00:00Z", 0),
        ("--limit 1", 1),
    ] {
        let found = admin.asks(&format!("denial list {filter}"));
        assert_eq!(found.as_array().unwrap().len(), count, "{filter}: {found}");
    }
}
