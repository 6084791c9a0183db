//! `grant`, `recall` and `seat`.

use super::{Admin, has, row};
use crate::support::license;

#[test]
fn a_grant_says_what_each_person_got() {
    // S3, S7
    let admin = Admin::of_small_house();
    let preview = admin
        .types("grant --product esm --user anna --dry-run")
        .good();
    has(&preview, &["would be: granted 1"]);
    assert_eq!(admin.asks("product show esm")["assigned"], 0);
    let done = admin
        .types("grant --product esm --user anna --user boris")
        .good();
    assert_eq!(
        row(&done, "anna"),
        ["anna", "esm", "DEDICATED-esm", "granted"]
    );
    // S2: what is held already is no failure.
    has(
        &admin.types("grant --product esm --user ANNA").good(),
        &["already_held"],
    );
    let none = admin.types("grant --product esm --user clara").exits(1);
    assert_eq!(row(&none.stdout, "clara")[3], "no_free_seat");
    has(&none.stdout, &["no seat is free where the policy looks"]);
    let unknown = admin.types("grant --product esm --user nobody").exits(1);
    assert_eq!(row(&unknown.stdout, "nobody")[3], "unknown_user");
    has(&unknown.stdout, &["there is no such user"]);
    admin
        .types("grant --product nothing --user clara")
        .exits(1)
        .complains(&["unknown_product", "nothing"]);
}

#[test]
fn everyone_gets_a_seat_while_there_are_any() {
    // S7: in bulk, somebody getting none is part of a good answer.
    let admin = Admin::of_small_house();
    admin.types("user deactivate clara").exits(0);
    let done = admin.types("grant --license DEDICATED-esm --all").good();
    has(&done, &["granted 2", "user_inactive 1"]);
    has(
        &admin.types("recall --license DEDICATED-esm --all").good(),
        &["released 2"],
    );
    assert_eq!(admin.asks("product show esm")["free"], 2);
}

#[test]
fn a_recall_waits_for_the_user_unless_told_otherwise() {
    // S4
    let admin = Admin::of_small_house();
    admin.types("grant --product esm --user anna").exits(0);
    let session = admin.asks("session start --user anna --product esm");
    let recalled = admin.types("recall --product esm --user anna").good();
    assert_eq!(row(&recalled, "anna").last(), Some(&"releasing"));
    let held = admin.types("seat list DEDICATED-esm").good();
    assert_eq!(row(&held, "anna").last(), Some(&"releasing"));
    admin
        .types("seat cancel-release DEDICATED-esm anna")
        .exits(0);
    admin
        .types("seat cancel-release DEDICATED-esm anna")
        .exits(1);
    let held = admin.types("seat list DEDICATED-esm").good();
    assert_eq!(row(&held, "anna").last(), Some(&"held"));
    let recalled = admin.types("recall --product esm --user anna --now").good();
    assert_eq!(row(&recalled, "anna").last(), Some(&"released"));
    let id = session["id"].as_str().unwrap();
    admin
        .types(&format!("session heartbeat {id}"))
        .exits(1)
        .complains(&["seat_recalled"]);
    has(
        &admin.types("recall --product esm --user anna").stdout,
        &["not_held"],
    );
}

#[test]
fn bulk_operations_stay_with_their_license() {
    // S7, S10
    let admin = Admin::of(&(license("dedicated", "esm", 2) + &license("dedicated", "crm", 3)));
    admin.house.add_users(["anna", "boris", "clara"]);
    admin.types("grant --product crm --user anna").exits(0);
    has(
        &admin
            .types("seat assign-all DEDICATED-esm --dry-run")
            .good(),
        &["would be", "granted 2"],
    );
    has(
        &admin.types("seat assign-all DEDICATED-esm").good(),
        &["granted 2", "no_free_seat 1"],
    );
    has(
        &admin.types("seat assign-missing DEDICATED-crm").good(),
        &["granted 2"],
    );
    has(
        &admin.types("seat clear-all DEDICATED-esm").good(),
        &["released 2"],
    );
    assert_eq!(admin.asks("product show esm")["assigned"], 0);
    assert_eq!(admin.asks("product show crm")["assigned"], 3);
}

#[test]
fn a_bulk_operation_can_be_kept_to_a_folder() {
    let admin = Admin::of(&license("dedicated", "esm", 9));
    for line in [
        "user add anna --folder /Sales/EMEA",
        "user add boris --folder /Sales",
        "user add clara",
    ] {
        admin.types(line).exits(0);
    }
    has(
        &admin
            .types("grant --product esm --all --folder /Sales --below")
            .good(),
        &["granted 2"],
    );
    let held = admin.types("seat list DEDICATED-esm").good();
    assert!(!held.contains("clara"), "{held}");
    admin
        .types("seat move DEDICATED-esm --user anna --to /Sales")
        .exits(0);
    let held = admin.types("seat list DEDICATED-esm").good();
    assert!(row(&held, "anna").contains(&"/Sales"), "{held}");
}
