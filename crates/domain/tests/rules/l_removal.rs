//! L6 and L7: removing licenses, one, the expired, or all; and taking them in again.

use domain::set::Totals;
use domain::{EventKind, LicenseId};

use crate::world::prelude::*;

fn removing(world: &World, serial: &str) -> Command {
    Command::RemoveLicense(world.license_id(serial))
}

#[test]
fn l6_some_licenses_can_be_removed_only_once_expired() {
    let spec = floating("F-1")
        .expires(5)
        .grace_days(2)
        .removable_after_expiry();
    let mut world = world().license(spec);
    let command = removing(&world, "F-1");
    world.wait_days(6);
    assert_eq!(world.refused(&command).code(), "not_removable");
    world.wait_days(1);
    assert!(world.remove("F-1").is_empty());
}

#[test]
fn l6_an_expired_license_can_be_removed_also_when_revoked() {
    let mut world = world().license(floating("F-1").expires(5).removable_after_expiry());
    world.revoke("F-1");
    let command = removing(&world, "F-1");
    assert_eq!(world.refused(&command).code(), "not_removable");
    world.wait_days(5);
    world.run(&command);
    assert_eq!(world.state("F-1"), domain::State::Removed);
}

#[test]
fn l6_what_can_not_be_assigned_counts_and_shows() {
    let mut world = world()
        .user("anna")
        .license(dedicated("S-1").seats(5).not_assignable());
    assert_eq!(world.pools("S-1"), ["/ 0/5"]);
    assert_eq!(world.grant_license("anna", "S-1"), "not_assignable S-1");
    assert_eq!(world.grant("anna", "esm"), "not_assignable");
    assert_eq!(world.sign_in("anna", "esm"), "no_free_seat");
}

#[test]
fn l7_a_removed_license_is_gone_from_every_list() {
    let mut world = world().license(floating("F-1")).license(site("X-1"));
    world.remove("F-1");
    world.remove("X-1");
    assert!(world.rows.pools.is_empty());
    assert_eq!(world.sign_in("anna", "esm"), "not_licensed");
    // Removing it again changes nothing.
    let before = world.rows.clone();
    assert!(world.remove("F-1").is_empty());
    assert_eq!(world.rows, before);
    let nowhere = Command::RemoveLicense(LicenseId(uuid::Uuid::from_u128(1)));
    assert_eq!(world.refused(&nowhere), Refusal::UnknownLicense);
}

#[test]
fn l7_remove_expired_removes_every_expired_license_and_no_other() {
    let mut world = world()
        .license(dedicated("S-1").expires(1))
        .license(floating("F-1").expires(1).of("crm"))
        .license(site("X-1").expires(1).removable_after_expiry())
        .license(floating("F-2").expires(1).grace_days(2))
        .license(floating("F-3").expires(2))
        .license(floating("F-4").expires(1));
    world.revoke("F-4");
    world.wait_days(1);
    assert_eq!(world.remove_expired(), ["F-1", "F-4", "S-1", "X-1"]);
    assert!(world.remove_expired().is_empty());
    world.wait_days(2);
    assert_eq!(world.remove_expired(), ["F-2", "F-3"]);
}

#[test]
fn l7_holders_of_removed_expired_licenses_move_on_l9() {
    let mut world = world()
        .users(&["anna", "bob"])
        .license(dedicated("S-1").seats(2).expires(1))
        .license(dedicated("S-2"));
    world.grant_license("anna", "S-1");
    world.wait_s(1);
    world.grant_license("bob", "S-1");
    world.wait_days(1);
    world.remove_expired();
    assert_eq!(world.holders("S-2"), ["anna"]);
    assert_eq!(world.holders("S-1"), ["bob (unbacked)"]);
}

fn full_house() -> World {
    let mut world = world()
        .policy(|policy| policy.demo_seats = 1)
        .users(&["anna", "bob"])
        .license(dedicated("S-1").seats(2))
        .license(floating("F-1").of("crm").removable_after_expiry())
        .license(site("X-1").of("hr"));
    world.grant("anna", "esm");
    world.grant("bob", "esm");
    for product in ["esm", "crm", "hr", "unheard-of"] {
        world.sign_in("anna", product);
    }
    world
}

#[test]
fn l7_delete_all_removes_ends_and_frees_everything() {
    let mut world = full_house();
    let session = world.rows.open_sessions().next().unwrap().id;
    let confirmation = Command::DELETE_ALL_CONFIRMATION.to_owned();
    let outcome = world.run(&Command::DeleteAll { confirmation });
    let totals = Totals {
        licenses: 3,
        seats: 2,
        sessions: 4,
    };
    assert_eq!(outcome, Outcome::DeletedAll(totals));
    assert_eq!(world.heartbeat(session), "license_removed");
    assert!(world.rows.seats.is_empty() && world.rows.pools.is_empty());
    assert_eq!(world.rows.open_sessions().count(), 0);
    assert_eq!(world.last_events(1), ["license.all_deleted"]);
    assert_eq!(world.sign_in("anna", "esm"), "not_licensed");
    assert_eq!(world.sign_in("bob", "unheard-of"), "demo");
    // And in it comes again.
    world.import(&[dedicated("S-1").seats(2)]);
    assert_eq!(world.pools("S-1"), ["/ 0/2"]);
    assert_eq!(world.grant("anna", "esm"), "granted S-1");
}

#[test]
fn l7_delete_all_wants_the_words_typed_exactly() {
    let mut world = full_house();
    for typed in ["", "yes", "Delete all licenses", "delete all licenses "] {
        let confirmation = typed.to_owned();
        let refusal = world.refused(&Command::DeleteAll { confirmation });
        assert_eq!(refusal.code(), "confirmation_mismatch");
        assert!(
            refusal
                .to_string()
                .ends_with(Command::DELETE_ALL_CONFIRMATION)
        );
    }
    assert_eq!(world.rows.open_sessions().count(), 4);
}

#[test]
fn l7_a_removed_license_can_be_taken_in_again_and_backs_its_holders_l9() {
    let mut world = world()
        .users(&["anna", "bob"])
        .license(dedicated("S-1").seats(3));
    world.grant("anna", "esm");
    world.grant("bob", "esm");
    world.remove("S-1");
    assert_eq!(world.holders("S-1"), ["anna (unbacked)", "bob (unbacked)"]);
    let answers = world.import(&[dedicated("S-1").seats(3)]);
    assert_eq!(answers[0].code.code(), "added");
    assert_eq!(answers[0].license, Some(world.license_id("S-1")));
    assert_eq!(world.holders("S-1"), ["anna", "bob"]);
    assert_eq!(world.pools("S-1"), ["/ 2/3"]);
    assert_eq!(world.count_events(EventKind::LicenseAdded), 2);
}

#[test]
fn l7_a_license_taken_in_again_gives_seats_whatever_it_was_replaced_by_l10() {
    let mut world = world()
        .users(&["anna"])
        .license(dedicated("S-1"))
        .license(dedicated("S-2").not_assignable().revision(1));
    world.revise(dedicated("S-2").revision(2));
    world.replace("S-1", "S-2");
    world.remove("S-1");
    world.remove("S-2");
    world.import(&[dedicated("S-1")]);
    assert_eq!(world.license_row("S-1").replaced_by, None);
    assert_eq!(world.grant("anna", "esm"), "granted S-1");
}

#[test]
fn l9_taken_in_again_a_revoked_license_stays_revoked() {
    let mut world = world().user("anna").license(floating("F-1"));
    world.revoke("F-1");
    let answers = world.import(&[floating("F-1")]);
    assert_eq!((answers[0].code.code(), answers[0].seats), ("unchanged", 0));
    world.remove("F-1");
    let answers = world.import(&[floating("F-1")]);
    assert_eq!((answers[0].code.code(), answers[0].seats), ("added", 0));
    assert_eq!(world.state("F-1"), domain::State::Revoked);
    // Only a higher revision, that is its issuer, brings it back.
    world.import(&[floating("F-1").revision(2)]);
    assert_eq!(world.sign_in("anna", "esm"), "floating F-1");
}
