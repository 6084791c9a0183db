//! `user`: import, list, show, change, link, delete.

use super::{Admin, has, row};
use crate::support::{Ran, license};

#[test]
fn people_are_imported_and_their_folders_made_on_demand() {
    let admin = Admin::of("");
    let text = "username,name,email,folder,active\n\
        anna,Anna Berg,anna@example.org,/Sales/EMEA,true\nboris,,,,false\n";
    admin.house.file("people.csv", text);
    let preview = admin.types("user import people.csv --dry-run").good();
    has(&preview, &["would be created 2"]);
    assert!(admin.asks("user list").as_array().unwrap().is_empty());
    has(
        &admin.types("user import people.csv").good(),
        &["created 2, updated 0, unchanged 0, failed 0"],
    );
    has(
        &admin.types("user import people.csv").good(),
        &["unchanged 2"],
    );
    let changed = text.replace("Anna Berg", "Anna Berg-Dahl");
    let fed = Ran::fed(
        &mut admin.house.cli(["user", "import", "-"]),
        changed.as_bytes(),
    );
    has(&fed.good(), &["updated 1, unchanged 1"]);
    let table = admin.types("user list").good();
    assert_eq!(
        row(&table, "anna"),
        [
            "anna",
            "Anna",
            "Berg-Dahl",
            "anna@example.org",
            "/Sales/EMEA",
            "yes",
            "-"
        ]
    );
    let boris = row(&table, "boris");
    assert_eq!(boris[boris.len() - 2..], ["no", "-"]);
}

#[test]
fn a_file_with_a_bad_row_is_refused_whole_and_the_rows_are_named() {
    let admin = Admin::of("");
    admin.house.file(
        "people.csv",
        "username,name,email,folder,active\nanna,,,,\nAnna,,,,\nboris,,no-address,,\ncl\u{7}ara,,,,\ndora,,,,maybe\n",
    );
    let ran = admin.types("user import people.csv").exits(2);
    ran.complains(&[
        "invalid_csv",
        "row 3",
        "row 4",
        "row 5",
        "row 6",
        "nothing was changed",
    ]);
    assert!(admin.asks("user list").as_array().unwrap().is_empty());
    admin.house.file("columns.csv", "login,name\nanna,A\n");
    admin
        .types("user import columns.csv")
        .exits(2)
        .complains(&["username"]);
}

#[test]
fn an_account_is_made_changed_and_deleted() {
    let admin = Admin::of("");
    let made =
        admin.types("user add anna --name 'Anna Berg' --email anna@example.org --folder /Sales");
    has(&made.good(), &["created anna in /Sales"]);
    admin
        .types("user add ANNA")
        .exits(1)
        .complains(&["username_taken"]);
    admin.types("user add 'a b\u{7}'").exits(2);
    admin
        .types("user set anna --name '' --folder /Support --username anne")
        .exits(0);
    let shown = admin.asks("user show Anne");
    assert_eq!(
        (&shown["username"], &shown["path"]),
        (&"anne".into(), &"/Support".into())
    );
    assert!(shown["name"].is_null(), "{shown}");
    admin.types("user set anne").exits(2);
    admin.types("user delete anne").exits(0);
    admin
        .types("user show anne")
        .exits(1)
        .complains(&["unknown_user"]);
}

#[test]
fn whoever_is_deactivated_gives_the_seat_back_at_once() {
    // S8
    let admin = Admin::of_small_house();
    admin.types("grant --product esm --user anna").exits(0);
    admin
        .types("session start --user anna --product esm")
        .exits(0);
    admin.types("user deactivate anna").exits(0);
    assert_eq!(admin.asks("product show esm")["free"], 2);
    assert!(admin.asks("session list").as_array().unwrap().is_empty());
    admin
        .types("session start --user anna --product esm")
        .exits(1)
        .complains(&["user_inactive"]);
    let inactive = admin.asks("user list --inactive");
    assert_eq!(inactive.as_array().unwrap().len(), 1);
    admin.types("user activate anna").exits(0);
    admin
        .types("session start --user anna --product esm")
        .exits(0);
}

#[test]
fn many_are_moved_and_switched_by_name_or_all_who_match_p4_s8() {
    let admin = Admin::of_small_house();
    admin.types("folder add /Sales").exits(0);
    let dry = admin.types("user move anna boris --to /Sales --dry-run");
    has(&dry.good(), &["would be: updated 2"]);
    let moved = admin.types("user move anna nobody --to /Sales").exits(1);
    has(
        &moved.stdout,
        &["updated 1", "unknown_user 1", "no such user"],
    );
    let off = admin.types("user deactivate --all --folder /Sales").good();
    has(&off, &["updated 1"]);
    let inactive = admin.asks("user list --inactive");
    assert_eq!(inactive[0]["username"], "anna");
    has(
        &admin.types("user activate --all").good(),
        &["updated 1", "unchanged 2"],
    );
    admin.types("user move anna --to /Nowhere").exits(1);
    admin.types("user activate anna --folder /Sales").exits(2);
}

#[test]
fn users_are_found_by_folder_text_and_seat() {
    let admin = Admin::of(&license("dedicated", "esm", 2));
    for line in [
        "user add anna --folder /Sales/EMEA",
        "user add boris --folder /Sales",
        "user add clara --email c@example.org",
        "grant --product esm --user anna",
    ] {
        admin.types(line).exits(0);
    }
    for (filter, names) in [
        ("--folder /Sales", &["boris"][..]),
        ("--folder /Sales --below", &["anna", "boris"]),
        ("--search example.org", &["clara"]),
        ("--product esm", &["anna"]),
        ("--unlicensed esm", &["boris", "clara"]),
        ("--limit 2", &["anna", "boris"]),
        ("--sort -folder", &["anna", "boris", "clara"]),
        ("--sort -last_active", &["clara", "boris", "anna"]),
    ] {
        let found = admin.asks(&format!("user list {filter}"));
        let found: Vec<&str> = found
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|user| user["username"].as_str())
            .collect();
        assert_eq!(found, names, "{filter}");
    }
}

#[test]
fn a_person_is_shown_with_seats_and_sessions() {
    // R6
    let admin = Admin::of_small_house();
    has(&admin.types("user show anna").good(), &["Holds no seat."]);
    admin.types("grant --product esm --user anna").exits(0);
    admin
        .types("session start --user anna --product esm")
        .exits(0);
    let shown = admin.types("user show anna").good();
    has(
        &shown,
        &["Seats:", "DEDICATED-esm", "Signed in:", "dedicated"],
    );
}

#[test]
fn linked_accounts_share_their_persons_seats() {
    // S12
    let admin = Admin::of(&license("dedicated", "esm", 1));
    admin
        .types("license auto-assign DEDICATED-esm off")
        .exits(0);
    admin.house.add_users(["anna", "anna.admin", "boris"]);
    admin.types("grant --product esm --user anna").exits(0);
    admin
        .types("session start --user anna.admin --product esm")
        .exits(1);
    admin.types("user link anna.admin anna").exits(0);
    admin
        .types("session start --user anna.admin --product esm")
        .exits(0);
    admin
        .types("user link anna.admin anna")
        .exits(1)
        .complains(&["already_linked"]);
    admin.types("user unlink anna.admin").exits(0);
    admin
        .types("session start --user anna.admin --product esm")
        .exits(1);
    admin
        .types("user unlink boris")
        .exits(1)
        .complains(&["not_linked"]);
}
