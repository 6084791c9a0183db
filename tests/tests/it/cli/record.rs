//! `audit`.

use super::{Admin, has, row};

#[test]
fn every_change_is_in_the_record_with_who_and_what() {
    // R3
    let admin = Admin::of_small_house();
    admin.types("grant --product esm --user anna").exits(0);
    admin.types("user set anna --name Anna").exits(0);
    let table = admin.types("audit list --kind seat.assigned").good();
    assert_eq!(
        row(&table, "seat.assigned")[2..5],
        ["administrator", "seat.assigned", "anna"]
    );
    let added = admin.types("audit list --kind license.added").good();
    has(&added, &["\"starts_at\":\"2"]);
    let changed = admin.types("audit list --kind user.updated").good();
    has(&changed, &["was", "is", "Anna"]);
    for (filter, at_least) in [
        ("--user anna", 3),
        ("--product esm", 1),
        ("--license DEDICATED-esm", 2),
        ("--actor administrator", 3),
        ("--since 2000-01-01T00:00:00Z", 5),
        ("--limit 2", 2),
    ] {
        let found = admin.asks(&format!("audit list {filter}"));
        let count = found.as_array().unwrap().len();
        assert!(count >= at_least, "{filter}: {found}");
    }
    for filter in [
        "--actor nobody",
        "--until 2000-01-01T00:00:00Z",
        "--kind user.deleted",
    ] {
        let found = admin.asks(&format!("audit list {filter}"));
        assert_eq!(found.as_array().unwrap().len(), 0, "{filter}");
    }
    admin
        .types("audit list --kind no.such")
        .exits(2)
        .complains(&["no.such", "seat.assigned"]);
}

#[test]
fn a_whole_record_is_said_to_be_whole() {
    let admin = Admin::of_small_house();
    has(
        &admin.types("audit verify").good(),
        &["The record is whole"],
    );
    let report = admin.asks("audit verify");
    let (sealed, open) = (
        report["sealed"].as_u64().unwrap(),
        report["unsealed"].as_u64().unwrap(),
    );
    assert_eq!(report["events"], sealed + open);
}
