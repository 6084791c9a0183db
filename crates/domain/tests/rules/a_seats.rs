//! A4 to A7: what the user has already.

use domain::AccessLevel;
use domain::license::Modules;
use domain::names::ModuleCode;

use crate::world::prelude::*;

fn modules(codes: &[&str]) -> Modules {
    Modules::Only(
        codes
            .iter()
            .map(|code| ModuleCode::parse(code).unwrap())
            .collect(),
    )
}

#[test]
fn a4_a_dedicated_seat_grants() {
    let mut world = world().user("anna").license(dedicated("S-1"));
    world.grant("anna", "esm");
    let access = world.sign_in("anna", "esm");
    assert_eq!(access, "dedicated S-1");
    assert_eq!(access.granted().access, Some(AccessLevel::Write));
    assert_eq!(access.granted().modules, Modules::All);
}

#[test]
fn a4_a_dedicated_seat_takes_no_other() {
    let mut world = world()
        .user("anna")
        .license(dedicated("S-1"))
        .license(floating("F-1"));
    world.grant("anna", "esm");
    world.sign_in("anna", "esm");
    world.sign_in("anna", "esm");
    assert_eq!(world.pools("S-1"), ["/ 1/1"]);
    assert_eq!(world.pools("F-1"), ["/ 0/1"]);
}

#[test]
fn a4_seats_of_two_modules_cover_together() {
    let mut world = world()
        .user("anna")
        .license(dedicated("M-1").modules(&["cmdb"]).expires(20))
        .license(dedicated("M-2").modules(&["flows"]).expires(10));
    world.grant_license("anna", "M-1");
    world.grant_license("anna", "M-2");
    let access = world.sign_in_for("anna", "esm", ask().module("cmdb").module("flows"));
    // The license in the answer is the one that ends first.
    assert_eq!(access, "dedicated M-2");
    assert_eq!(access.granted().modules, modules(&["cmdb", "flows"]));
    let access = world.sign_in_for("anna", "esm", ask().module("cmdb"));
    assert_eq!(access, "dedicated M-1");
    let access = world.sign_in_for("anna", "esm", ask().module("cmdb").module("assets"));
    assert_eq!(access, "module_not_licensed");
}

#[test]
fn a4_asked_for_no_level_the_best_is_given_and_said() {
    let mut world = world()
        .user("anna")
        .license(dedicated("R-1").read_only())
        .license(dedicated("W-1").modules(&["cmdb"]));
    world.grant_license("anna", "R-1");
    let access = world.sign_in("anna", "esm");
    assert_eq!(access, "dedicated R-1");
    assert_eq!(access.granted().access, Some(AccessLevel::Read));

    world.grant_license("anna", "W-1");
    let access = world.sign_in("anna", "esm");
    assert_eq!(access, "dedicated W-1");
    assert_eq!(access.granted().access, Some(AccessLevel::Write));
    assert_eq!(access.granted().modules, modules(&["cmdb"]));
    // Write access is to be had for one module only; for the other, reading is the best.
    let access = world.sign_in_for("anna", "esm", ask().module("flows"));
    assert_eq!(access.granted().access, Some(AccessLevel::Read));
}

#[test]
fn a4_a_higher_level_covers_a_lower_and_not_the_reverse() {
    let mut world = world()
        .users(&["anna", "bob"])
        .license(dedicated("R-1").read_only())
        .license(dedicated("W-1"));
    world.grant_license("anna", "W-1");
    world.grant_license("bob", "R-1");
    assert_eq!(
        world.sign_in_for("anna", "esm", ask().read()),
        "dedicated W-1"
    );
    assert_eq!(
        world.sign_in_for("bob", "esm", ask().read()),
        "dedicated R-1"
    );
    assert_eq!(
        world.sign_in_for("bob", "esm", ask().write()),
        "no_free_seat"
    );
}

#[test]
fn a4_a_releasing_seat_carries_nobody_new() {
    let mut world = world().user("anna").license(dedicated("S-1"));
    world.grant("anna", "esm");
    world.sign_in("anna", "esm");
    world.recall("anna", "esm");
    assert_eq!(world.sign_in("anna", "esm"), "release_pending");
}

#[test]
fn a4_a_seat_that_is_not_usable_carries_nobody() {
    let mut world = world()
        .user("anna")
        .license(dedicated("S-1").modules(&["cmdb"]).starts(5).expires(10))
        .license(floating("F-1"));
    world.grant_license("anna", "S-1");
    assert_eq!(world.sign_in("anna", "esm"), "floating F-1");
    world.wait_days(5);
    assert_eq!(world.sign_in("anna", "esm"), "dedicated S-1");
    world.wait_days(5);
    assert_eq!(world.sign_in("anna", "esm"), "floating F-1");
}

#[test]
fn a5_further_sessions_share_a_floating_seat_s6() {
    let mut world = world().users(&["anna", "bob"]).license(floating("F-1"));
    let first = world.sign_in("anna", "esm").session();
    let second = world.sign_in("anna", "esm");
    assert_eq!(second, "floating F-1");
    assert_eq!(world.pools("F-1"), ["/ 1/1"]);
    assert_ne!(first, second.session());
    assert_eq!(world.sign_in("bob", "esm"), "no_free_seat");
}

#[test]
fn a5_a_floating_seat_in_use_comes_before_a_site_license() {
    let mut world = world().user("anna").license(floating("F-1"));
    world.sign_in("anna", "esm");
    let mut world = world.license(site("X-1"));
    assert_eq!(world.sign_in("anna", "esm"), "floating F-1");
    assert_eq!(world.sign_in("bob", "esm"), "site X-1");
}

#[test]
fn a5_a_floating_seat_that_does_not_cover_is_not_shared() {
    let mut world = world()
        .user("anna")
        .license(floating("R-1").read_only())
        .license(floating("W-1"));
    assert_eq!(
        world.sign_in_for("anna", "esm", ask().read()),
        "floating R-1"
    );
    assert_eq!(
        world.sign_in_for("anna", "esm", ask().write()),
        "floating W-1"
    );
    // Both are in use now; the better one is named.
    assert_eq!(world.sign_in("anna", "esm"), "floating W-1");
    assert_eq!(world.pools("R-1"), ["/ 1/1"]);
    assert_eq!(world.pools("W-1"), ["/ 1/1"]);
}

#[test]
fn a5_a_floating_seat_whose_license_expired_is_not_shared() {
    let mut world = world()
        .user("anna")
        .policy(|policy| policy.session_timeout_s = 604_800)
        .license(floating("F-1").expires(1));
    world.sign_in("anna", "esm");
    world.wait_days(1);
    assert_eq!(world.sign_in("anna", "esm"), "license_expired");
}

#[test]
fn a6_a_site_license_grants_everyone_and_counts_no_seats() {
    let mut world = world()
        .license(site("X-1").modules(&["cmdb"]))
        .license(floating("F-1"));
    for user in ["anna", "bob", "carl"] {
        let access = world.sign_in_for(user, "esm", ask().module("cmdb"));
        assert_eq!(access, "site X-1");
        assert_eq!(access.granted().modules, modules(&["cmdb"]));
    }
    assert!(world.pools("X-1").is_empty());
    assert_eq!(world.pools("F-1"), ["/ 0/1"]);
}

#[test]
fn a6_of_several_site_licenses_the_best_that_covers_is_named() {
    let mut world = world()
        .license(site("X-1").read_only().expires(5))
        .license(site("X-2").expires(20))
        .license(site("X-3").expires(10));
    assert_eq!(world.sign_in("anna", "esm"), "site X-3");
    world.wait_days(10);
    assert_eq!(world.sign_in("anna", "esm"), "site X-2");
}

#[test]
fn a6_a_site_license_that_does_not_cover_or_is_over_grants_nobody() {
    let mut world = world().license(site("X-1").modules(&["cmdb"]).expires(5));
    let asking = || ask().module("flows");
    assert_eq!(
        world.sign_in_for("anna", "esm", asking()),
        "module_not_licensed"
    );
    world.wait_days(5);
    assert_eq!(world.sign_in("anna", "esm"), "license_expired");
}

/// Anna's seat of S-1 has expired; F-1 and D-1 have seats for her.
fn expired() -> World {
    let mut world = world()
        .users(&["anna", "bob"])
        .license(dedicated("S-1").expires(5))
        .license(dedicated("D-1"));
    world.grant_license("anna", "S-1");
    world.wait_days(5);
    world
}

#[test]
fn a7_an_expired_seat_is_not_replaced_behind_the_back() {
    let mut world = expired();
    assert_eq!(world.sign_in("anna", "esm"), "license_expired");
    assert_eq!(world.seats_of("anna"), ["S-1 in /"]);
    assert_eq!(world.sign_in("bob", "esm"), "dedicated D-1");
}

#[test]
fn a7_the_policy_trades_an_expired_seat_for_a_new_one() {
    let mut world = expired().policy(|policy| policy.renew_at_sign_in = true);
    assert_eq!(world.sign_in("anna", "esm"), "dedicated D-1");
    assert_eq!(world.seats_of("anna"), ["D-1 in /"]);
    assert_eq!(world.pools("S-1"), ["/ 0/1"]);
}

#[test]
fn a7_an_expired_seat_of_some_modules_hinders_nothing() {
    let mut world = world()
        .user("anna")
        .license(dedicated("M-1").modules(&["cmdb"]).expires(5))
        .license(floating("F-1"));
    world.grant_license("anna", "M-1");
    world.wait_days(5);
    assert_eq!(world.sign_in("anna", "esm"), "floating F-1");
}

#[test]
fn a7_a_seat_in_grace_has_not_expired() {
    let mut world = world()
        .user("anna")
        .license(dedicated("S-1").expires(5).grace_days(2));
    world.grant("anna", "esm");
    world.wait_days(6);
    assert_eq!(world.sign_in("anna", "esm"), "dedicated S-1");
    world.wait_days(1);
    assert_eq!(world.sign_in("anna", "esm"), "license_expired");
}

#[test]
fn a7_comes_after_what_covers_otherwise() {
    let mut world = expired().license(site("X-1"));
    assert_eq!(world.sign_in("anna", "esm"), "site X-1");
}
