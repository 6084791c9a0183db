//! A1 to A3: who asks, for what, and whether the product is locked.

use domain::policy::OverAllocation;

use crate::world::prelude::*;

#[test]
fn a1_an_unknown_user_is_added_at_sign_in() {
    let mut world = world().license(floating("F-1"));
    assert_eq!(world.sign_in("anna", "esm"), "floating F-1");
    let anna = world.user_row("anna");
    assert!(anna.active);
    assert_eq!(anna.folder, domain::FolderId::ROOT);
}

#[test]
fn a1_an_unknown_user_is_added_even_where_access_is_denied() {
    let mut world = world();
    assert_eq!(world.sign_in("anna", "esm"), "not_licensed");
    assert!(world.is_user("anna"));
}

#[test]
fn a1_an_unknown_user_is_denied_where_none_are_added() {
    let mut world = world()
        .policy(|policy| policy.auto_add_users = false)
        .license(floating("F-1"));
    assert_eq!(world.sign_in("anna", "esm"), "unknown_user");
    assert!(!world.is_user("anna"));
}

#[test]
fn a1_usernames_are_compared_without_case() {
    let mut world = world()
        .policy(|policy| policy.auto_add_users = false)
        .user("Anna")
        .license(floating("F-1"));
    let access = world.sign_in("aNNa", "ESM");
    assert_eq!(access, "floating F-1");
    assert_eq!(access.granted().username.as_str(), "Anna");
    assert_eq!(access.granted().product_code.as_str(), "esm");
}

#[test]
fn a1_an_inactive_user_is_denied() {
    let mut world = world().user("anna").license(site("X-1"));
    world.set_active("anna", false);
    assert_eq!(world.sign_in("anna", "esm"), "user_inactive");
    world.set_active("anna", true);
    assert_eq!(world.sign_in("anna", "esm"), "site X-1");
}

#[test]
fn a2_a_product_without_any_license_ever_is_denied() {
    let mut world = world().user("anna").license(floating("F-1").of("crm"));
    assert_eq!(world.sign_in("anna", "esm"), "not_licensed");
}

#[test]
fn a2_demo_seats_are_counted_by_person() {
    let mut world = world().policy(|policy| policy.demo_seats = 1);
    let first = world.sign_in("anna", "esm").session();
    let second = world.sign_in("anna", "esm").session();
    assert_eq!(world.sign_in("bob", "esm"), "not_licensed");
    world.sign_out(first);
    assert_eq!(world.sign_in("bob", "esm"), "not_licensed");
    world.sign_out(second);
    assert_eq!(world.sign_in("bob", "esm"), "demo");
    // Another product has demo seats of its own.
    assert_eq!(world.sign_in("anna", "crm"), "demo");
}

#[test]
fn a2_a_lapsed_demo_seat_is_free_at_once_h2() {
    let mut world = world().policy(|policy| policy.demo_seats = 1);
    world.sign_in("anna", "esm").session();
    world.let_sessions_lapse();
    assert_eq!(world.sign_in("bob", "esm"), "demo");
}

#[test]
fn a2_a_product_that_was_ever_licensed_has_no_demo_seats() {
    let mut world = world()
        .policy(|policy| policy.demo_seats = 5)
        .license(floating("F-1"));
    world.remove("F-1");
    assert_eq!(world.sign_in("anna", "esm"), "not_licensed");
}

/// Anna and Bob hold seats of S-1, of which one is left.
fn over_allocated() -> World {
    let mut world = world()
        .users(&["anna", "bob", "carl"])
        .license(dedicated("S-1").seats(2))
        .license(floating("F-1").seats(5));
    world.grant_license("anna", "S-1");
    world.wait_s(1);
    world.grant_license("bob", "S-1");
    world.revise(dedicated("S-1").revision(2));
    assert_eq!(world.holders("S-1"), ["anna", "bob (unbacked)"]);
    world
}

#[test]
fn a3_holders_of_unbacked_seats_are_denied() {
    let mut world = over_allocated();
    assert_eq!(world.sign_in("anna", "esm"), "dedicated S-1");
    assert_eq!(world.sign_in("bob", "esm"), "over_allocated");
    assert_eq!(world.sign_in("carl", "esm"), "floating F-1");
}

#[test]
fn a3_whoever_holds_another_seat_that_covers_is_not_locked() {
    let mut world = over_allocated().license(dedicated("S-2"));
    world.grant_license("bob", "S-2");
    assert_eq!(world.sign_in("bob", "esm"), "dedicated S-2");
}

#[test]
fn a3_the_whole_product_can_be_locked_until_seats_are_recalled() {
    let mut world =
        over_allocated().policy(|policy| policy.over_allocation = OverAllocation::LockProduct);
    for user in ["anna", "bob", "carl"] {
        assert_eq!(world.sign_in(user, "esm"), "over_allocated");
    }
    world.recall("anna", "esm");
    assert_eq!(world.sign_in("bob", "esm"), "dedicated S-1");
    assert_eq!(world.sign_in("carl", "esm"), "floating F-1");
}

#[test]
fn a3_the_whole_product_can_be_locked_until_seats_are_added() {
    let mut world =
        over_allocated().policy(|policy| policy.over_allocation = OverAllocation::LockProduct);
    world.revise(dedicated("S-1").revision(3).seats(2));
    assert_eq!(world.sign_in("bob", "esm"), "dedicated S-1");
}

#[test]
fn a3_a_lock_is_of_one_product() {
    let mut world = over_allocated()
        .policy(|policy| policy.over_allocation = OverAllocation::LockProduct)
        .license(floating("C-1").of("crm"));
    assert_eq!(world.sign_in("bob", "crm"), "floating C-1");
}

/// Anna's session on her releasing seat has lapsed, so that Bob's seat is backed.
fn over_allocated_by_one_who_left() -> World {
    let mut world = over_allocated();
    world.sign_in("anna", "esm").session();
    world.wait_s(1);
    world.recall("anna", "esm");
    assert_eq!(world.holders("S-1"), ["anna (releasing)", "bob (unbacked)"]);
    world
}

#[test]
fn a3_a_seat_that_only_lapsed_sessions_keep_locks_nobody_out_h2() {
    let mut world = over_allocated_by_one_who_left();
    assert_eq!(world.sign_in("bob", "esm"), "over_allocated");
    world.let_sessions_lapse();
    assert_eq!(world.sign_in("bob", "esm"), "dedicated S-1");
}

#[test]
fn a3_a_seat_that_only_lapsed_sessions_keep_locks_no_product_h2() {
    let mut world = over_allocated_by_one_who_left()
        .policy(|policy| policy.over_allocation = OverAllocation::LockProduct);
    assert_eq!(world.sign_in("bob", "esm"), "over_allocated");
    world.let_sessions_lapse();
    assert_eq!(world.sign_in("bob", "esm"), "dedicated S-1");
}
