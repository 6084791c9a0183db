//! S9 and S11: seats given without a hand, and where assignments come from.

use domain::{AutoAssign, Source};

use crate::world::prelude::*;

#[test]
fn s9_a_new_license_takes_its_auto_assign_from_the_policy() {
    let world = world().license(dedicated("S-1"));
    assert_eq!(world.license_row("S-1").auto_assign, AutoAssign::AsNeeded);
    let world = world
        .policy(|policy| policy.auto_assign_default = AutoAssign::Off)
        .license(dedicated("S-2"));
    assert_eq!(world.license_row("S-1").auto_assign, AutoAssign::AsNeeded);
    assert_eq!(world.license_row("S-2").auto_assign, AutoAssign::Off);
}

#[test]
fn s9_each_new_account_gets_a_seat_while_there_are_any() {
    let mut world = world()
        .user("early")
        .license_auto(dedicated("S-1").seats(2), AutoAssign::NewUsers)
        .license(dedicated("S-2").seats(2))
        .user("anna");
    // At sign-in too.
    assert_eq!(world.sign_in("bob", "esm"), "dedicated S-1");
    let world = world.user("carl");
    assert_eq!(world.holders("S-1"), ["anna", "bob"]);
    assert!(world.holders("S-2").is_empty());
    let sources: Vec<Source> = world.seat("anna", "S-1").sources.iter().collect();
    assert_eq!(sources, [Source::AutoAssign]);
}

#[test]
fn s9_an_inactive_new_account_gets_no_seat_s8() {
    let mut world = world().license_auto(dedicated("S-1"), AutoAssign::NewUsers);
    let mut account = account("anna", "/");
    account.active = false;
    world.run(&Command::CreateUser(account));
    assert!(world.holders("S-1").is_empty());
}

#[test]
fn s9_new_accounts_get_seats_of_their_folder_or_the_root_only() {
    let mut world = world().folder("/Support").folder("/Sales");
    let command = world.importing(&[dedicated("S-1").seats(2)], None, "/Support");
    world.run(&command);
    world.set_auto_assign("S-1", AutoAssign::NewUsers);
    world = world.user_in("anna", "/Sales").user_in("bob", "/Support");
    assert_eq!(world.holders("S-1"), ["bob"]);
}

#[test]
fn s9_new_accounts_get_what_is_usable_and_assignable_only() {
    let world = world()
        .policy(|policy| policy.auto_assign_default = AutoAssign::NewUsers)
        .license_auto(dedicated("S-1").expires(0), AutoAssign::NewUsers)
        .license_auto(dedicated("S-2").not_assignable(), AutoAssign::NewUsers)
        .license_auto(dedicated("S-3").starts(1), AutoAssign::NewUsers)
        .license(floating("F-1"))
        .license_auto(dedicated("S-4"), AutoAssign::Off)
        .user("anna");
    assert!(world.seats_of("anna").is_empty());
}

#[test]
fn s9_a_new_account_gets_one_seat_where_two_licenses_give_the_same() {
    let world = world()
        .license_auto(dedicated("S-1"), AutoAssign::NewUsers)
        .license_auto(dedicated("S-2"), AutoAssign::NewUsers)
        .license_auto(dedicated("C-1").of("crm"), AutoAssign::NewUsers)
        .user("anna");
    assert_eq!(world.seats_of("anna"), ["C-1 in /", "S-1 in /"]);
}

#[test]
fn s9_a_new_account_gets_a_seat_of_each_module_that_is_given() {
    let world = world()
        .license_auto(dedicated("M-1").modules(&["cmdb"]), AutoAssign::NewUsers)
        .license_auto(dedicated("M-2").modules(&["flows"]), AutoAssign::NewUsers)
        .user("anna");
    assert_eq!(world.seats_of("anna"), ["M-1 in /", "M-2 in /"]);
}

#[test]
fn s9_a_seat_that_only_lapsed_sessions_keep_is_free_for_a_new_account_h2() {
    let mut world = world()
        .user("anna")
        .license_auto(dedicated("S-1"), AutoAssign::NewUsers);
    world.grant("anna", "esm");
    world.sign_in("anna", "esm");
    world.recall("anna", "esm");
    world.let_sessions_lapse();
    let world = world.user("bob");
    assert_eq!(world.holders("S-1"), ["bob"]);
}

#[test]
fn s11_a_seat_is_kept_while_a_source_is_left() {
    let mut world = world().user("anna").license(dedicated("S-1"));
    world.grant_from("anna", "S-1", Source::Rule);
    assert_eq!(
        world.grant_from("anna", "S-1", Source::Hand),
        "already_held S-1"
    );
    assert_eq!(world.recall_from("anna", "S-1", Source::SignIn), "not_held");
    assert_eq!(
        world.recall_from("anna", "S-1", Source::Rule),
        "still_held S-1"
    );
    assert_eq!(world.holders("S-1"), ["anna"]);
    assert_eq!(
        world.recall_from("anna", "S-1", Source::Hand),
        "released S-1"
    );
    assert!(world.holders("S-1").is_empty());
}

#[test]
fn s11_a_recall_that_names_no_source_takes_all() {
    let mut world = world().user("anna").license(dedicated("S-1"));
    world.grant_from("anna", "S-1", Source::Rule);
    world.grant_from("anna", "S-1", Source::Hand);
    assert_eq!(world.recall("anna", "esm"), "released S-1");
}

#[test]
fn s11_a_source_taken_from_a_releasing_seat_does_not_keep_it() {
    let mut world = world().user("anna").license(dedicated("S-1"));
    world.grant_from("anna", "S-1", Source::Rule);
    world.grant_from("anna", "S-1", Source::Hand);
    world.sign_in("anna", "esm");
    assert_eq!(world.recall("anna", "esm"), "releasing S-1");
    assert_eq!(
        world.recall_from("anna", "S-1", Source::Rule),
        "releasing S-1"
    );
}
