//! `license`: import, list, show, move, replace, accept, remove.

use super::{Admin, has, row};
use crate::support::{Ran, license};

/// Writes a license file with these tables into the test's folder.
fn file(admin: &Admin, name: &str, tables: &str) {
    let text = admin.house.vendor().license_file(tables);
    admin.house.file(name, text);
}

#[test]
fn an_import_says_what_became_of_each_license() {
    // I1
    let admin = Admin::of("");
    let first = license("floating", "esm", 5);
    file(
        &admin,
        "one.lic",
        &(first.clone() + &license("site", "crm", 0)),
    );
    let preview = admin.types("license import one.lic --dry-run").good();
    has(&preview, &["would be added 2"]);
    assert!(admin.asks("license list").as_array().unwrap().is_empty());

    let done = admin.types("license import one.lic").good();
    assert_eq!(
        row(&done, "FLOATING-esm"),
        ["FLOATING-esm", "esm", "5", "added"]
    );
    has(&done, &["added 2, updated 0, unchanged 0"]);
    has(
        &admin.types("license import one.lic").good(),
        &["unchanged 2"],
    );

    file(
        &admin,
        "two.lic",
        &(first.replace("seats = 5", "seats = 9") + "revision = 2\n"),
    );
    let updated = admin.types("license import two.lic").good();
    assert_eq!(
        row(&updated, "FLOATING-esm"),
        ["FLOATING-esm", "esm", "9", "updated"]
    );
    let refused = admin.types("license import one.lic").exits(1);
    has(&refused.stdout, &["FLOATING-esm", "refused", "revision"]);
    has(&refused.stderr, &["error"]);
}

#[test]
fn several_files_and_stdin_are_imported() {
    let admin = Admin::of("");
    file(&admin, "a.lic", &license("floating", "a", 1));
    file(&admin, "b.lic", &license("floating", "b", 1));
    admin.types("license import a.lic b.lic").exits(0);
    let text = admin
        .house
        .vendor()
        .license_file(&license("floating", "c", 1));
    Ran::fed(
        &mut admin.house.cli(["license", "import", "-"]),
        text.as_bytes(),
    )
    .exits(0);
    assert_eq!(admin.asks("license list").as_array().unwrap().len(), 3);
}

#[test]
fn files_that_cannot_be_trusted_are_refused_with_what_to_do() {
    // L3, L5
    let admin = Admin::of("");
    let stranger = crate::support::Vendor::new();
    admin.house.file(
        "stranger.lic",
        stranger.license_file(&license("floating", "esm", 1)),
    );
    admin
        .types("license import stranger.lic")
        .exits(1)
        .complains(&["unknown_key", "issuer trust"]);
    let genuine = admin
        .house
        .vendor()
        .license_file(&license("floating", "esm", 1));
    let cut = &genuine[..genuine.len() / 2];
    admin.house.file("cut.lic", cut);
    admin
        .types("license import cut.lic")
        .exits(2)
        .complains(&["hint"]);
    admin.types("policy set company=CUST-1").exits(0);
    let tables = license("floating", "esm", 1);
    let theirs = format!("issuer = \"N\"\ncustomer = \"CUST-2\"\n{tables}");
    admin
        .house
        .file("theirs.lic", admin.house.vendor().issue(&theirs));
    admin
        .types("license import theirs.lic")
        .exits(1)
        .complains(&["wrong_company", "CUST-2"]);
    assert!(admin.asks("license list").as_array().unwrap().is_empty());
}

#[test]
fn a_license_is_listed_filtered_and_shown() {
    let admin = Admin::of(&(license("dedicated", "esm", 2) + &license("site", "crm", 0)));
    let table = admin.types("license list").good();
    let cells = row(&table, "DEDICATED-esm");
    assert_eq!(
        cells[..8],
        [
            "DEDICATED-esm",
            "esm",
            "dedicated",
            "write",
            "2",
            "0",
            "2",
            "active"
        ]
    );
    for (filter, count) in [
        ("--product esm", 1),
        ("--model site", 1),
        ("--state expired", 0),
        ("--search crm", 1),
        ("--folder /", 1),
        ("--limit 1", 1),
    ] {
        let found = admin.asks(&format!("license list {filter}"));
        assert_eq!(found.as_array().unwrap().len(), count, "{filter}: {found}");
    }
    let sorted = admin.asks("license list --sort -serial");
    assert_eq!(sorted[0]["serial"], "SITE-crm");
    let by_folder = admin.asks("license list --sort -folder");
    // What stands in no folder comes last, so first the other way round.
    assert_eq!(by_folder[0]["serial"], "SITE-crm");
    let shown = admin.types("license show DEDICATED-esm").good();
    has(
        &shown,
        &[
            "esm",
            "2: 0 occupied, 2 free",
            "Northwind Software",
            "Where its seats stand",
        ],
    );
}

#[test]
fn seats_move_to_another_folder_and_with_their_holder() {
    // P1
    let admin = Admin::of_small_house();
    admin.types("folder add /Sales").exits(0);
    admin
        .types("license move DEDICATED-esm --from / --to /Sales --count 1")
        .exits(0);
    let shown = admin.types("license show DEDICATED-esm").good();
    assert_eq!(row(&shown, "/Sales"), ["/Sales", "1", "0", "1", "0"]);
    admin.types("grant --product esm --user anna").exits(0);
    admin
        .types("license move DEDICATED-esm --user anna --to /Sales")
        .exits(0);
    let held = admin.types("seat list DEDICATED-esm").good();
    assert!(row(&held, "anna").contains(&"/Sales"), "{held}");
    admin
        .types("license move DEDICATED-esm --from / --to /Sales --count 9")
        .exits(1)
        .complains(&["not_enough_free_seats"]);
}

#[test]
fn a_license_is_replaced_when_the_other_has_enough_seats() {
    // L10
    let admin = Admin::of_small_house();
    admin
        .types("grant --product esm --user anna --user boris")
        .exits(0);
    for (serial, seats) in [("SMALL", 1), ("LARGE", 4)] {
        let table = license("dedicated", "esm", seats).replace("DEDICATED-esm", serial);
        admin.house.import(&table).is(200);
    }
    admin
        .types("license replace DEDICATED-esm --with SMALL")
        .exits(1)
        .complains(&["too_few_seats", "1 too few", "boris", "--partly"]);
    let preview = admin
        .types("license replace DEDICATED-esm --with LARGE --dry-run")
        .good();
    has(&preview, &["would move 2", "anna", "boris", "moved"]);
    has(
        &admin
            .types("license replace DEDICATED-esm --with LARGE")
            .good(),
        &["moved 2"],
    );
    assert_eq!(admin.asks("seat list LARGE").as_array().unwrap().len(), 2);
    let undone = admin.types("license undo-replace").good();
    has(&undone, &["gave 2 people the old seat back"]);
    assert!(admin.asks("seat list LARGE").as_array().unwrap().is_empty());
    admin
        .types("license undo-replace")
        .exits(1)
        .complains(&["unknown_replacement"]);
}

#[test]
fn an_agreement_is_shown_and_accepted() {
    // L8
    let admin = Admin::of(&(license("floating", "esm", 1) + "agreement = \"Be kind.\"\n"));
    admin
        .types("session start --user anna --product esm")
        .exits(1);
    has(
        &admin.types("license show FLOATING-esm").good(),
        &["awaiting_agreement", "not accepted yet", "Be kind."],
    );
    admin.types("license accept FLOATING-esm").exits(0);
    has(
        &admin.types("license show FLOATING-esm").good(),
        &["accepted by administrator"],
    );
    admin
        .types("session start --user anna --product esm")
        .exits(0);
    admin.house.import(&license("site", "crm", 0)).is(200);
    admin
        .types("license accept SITE-crm")
        .exits(1)
        .complains(&["no_agreement"]);
}

#[test]
fn a_removal_says_first_who_would_lose_their_seat() {
    // S13, L6, L7, L9
    let admin = Admin::of_small_house();
    admin.types("grant --product esm --user anna").exits(0);
    let preview = admin.types("license remove DEDICATED-esm --dry-run").good();
    has(&preview, &["would remove 1", "anna", "unbacked"]);
    assert_eq!(admin.asks("license list").as_array().unwrap().len(), 1);
    has(
        &admin.types("license remove DEDICATED-esm").good(),
        &["removed 1", "anna"],
    );
    assert!(admin.asks("license list").as_array().unwrap().is_empty());
    let kept = license("floating", "crm", 1) + "removable = \"after_expiry\"\n";
    admin.house.import(&kept).is(200);
    admin
        .types("license remove FLOATING-crm")
        .exits(1)
        .complains(&["not_removable"]);
}

#[test]
fn expired_licenses_are_removed_in_one_step() {
    // L7
    let ended = license("floating", "old", 1) + "expires_at = \"2021-12-31\"\n";
    let admin = Admin::of(&(ended + &license("floating", "esm", 1)));
    has(
        &admin.types("license remove-expired --dry-run").good(),
        &["would remove 1"],
    );
    has(
        &admin.types("license remove-expired").good(),
        &["removed 1"],
    );
    let left = admin.asks("license list");
    assert_eq!(left.as_array().unwrap().len(), 1);
    assert_eq!(left[0]["serial"], "FLOATING-esm");
    assert_eq!(
        admin
            .asks("license list --removed")
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn everything_is_removed_only_when_it_is_typed_out() {
    // L7
    let admin = Admin::of_small_house();
    admin
        .types("license delete-all")
        .exits(1)
        .complains(&["confirmation_mismatch", "delete all licenses"]);
    admin.types("license delete-all --confirm yes").exits(1);
    let done = admin
        .types("license delete-all --confirm 'delete all licenses'")
        .good();
    has(&done, &["removed 1 license,"]);
}

#[test]
fn auto_assign_is_changed_by_a_word() {
    // S9
    let admin = Admin::of_small_house();
    admin
        .types("license auto-assign DEDICATED-esm off")
        .exits(0);
    admin
        .types("session start --user anna --product esm")
        .exits(1);
    admin
        .types("license auto-assign DEDICATED-esm as_needed")
        .exits(0);
    admin
        .types("session start --user anna --product esm")
        .exits(0);
    admin
        .types("license auto-assign DEDICATED-esm sometimes")
        .exits(2);
}
