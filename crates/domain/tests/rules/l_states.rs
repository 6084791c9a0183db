//! L1, L2, L8: what a license carries, what it is at a moment, and agreements.

use domain::{Millis, State, Timestamp};

use crate::world::prelude::*;

fn day(day: i64) -> Timestamp {
    BEGINNING.plus(Millis::days(day))
}

#[test]
fn l1_a_license_arrives_with_all_its_terms() {
    let spec = floating("F-1")
        .seats(3)
        .read_only()
        .modules(&["cmdb"])
        .starts(-3)
        .expires(30)
        .grace_days(7)
        .not_assignable()
        .removable_after_expiry()
        .per_session()
        .revalidated(10, 5)
        .revision(4);
    let world = world().license(spec.clone());
    let license = world.license_row("F-1");
    assert_eq!(*license.terms, *spec.terms());
    assert_eq!(license.imported_at, world.now);
    assert_eq!(license.validated_at, world.now);
    assert_eq!(license.key, "key-1");
    assert_eq!(license.capacity(), 3);
}

#[test]
fn l1_a_product_knows_every_module_that_a_license_named() {
    let world = world()
        .license(floating("F-1").modules(&["cmdb"]))
        .license(floating("F-2").modules(&["cmdb", "flows"]))
        .license(floating("F-3"));
    let modules = world.product_row("esm").modules.iter();
    let modules: Vec<&str> = modules.map(domain::ModuleCode::as_str).collect();
    assert_eq!(modules, ["cmdb", "flows"]);
}

#[test]
fn l2_a_license_goes_through_its_states() {
    let mut world = world()
        .policy(|policy| policy.warning_days = 10)
        .license(floating("F-1").starts(5).expires(30).grace_days(3));
    let states = [
        (0, State::Scheduled),
        (5, State::Active),
        (19, State::Active),
        (20, State::Expiring),
        (29, State::Expiring),
        (30, State::Grace),
        (32, State::Grace),
        (33, State::Expired),
    ];
    for (on, state) in states {
        world.now = day(on);
        assert_eq!(world.state("F-1"), state, "on day {on}");
        let usable = world.license_row("F-1").is_usable(world.now);
        assert_eq!(usable, state.is_usable(), "on day {on}");
    }
}

#[test]
fn l2_the_end_is_exclusive() {
    let mut world = world()
        .policy(|policy| policy.warning_days = 0)
        .license(floating("F-1").starts(5).expires(30));
    world.now = day(5).minus(Millis::new(1));
    assert_eq!(world.state("F-1"), State::Scheduled);
    world.now = day(30).minus(Millis::new(1));
    assert_eq!(world.state("F-1"), State::Active);
    world.now = day(30);
    assert_eq!(world.state("F-1"), State::Expired);
}

#[test]
fn l2_a_license_is_usable_just_while_its_state_says_so() {
    use proptest::prelude::*;
    let terms = (
        -3..4_i64,
        proptest::option::of(-3..6_i64),
        0..3_i64,
        proptest::option::of((0..4_i64, 0..3_i64)),
    );
    let done = (
        any::<bool>(),
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.2),
        any::<bool>(),
    );
    crate::histories::each(
        500,
        &(terms, done, -4..10_i64, -1..2_i64),
        |(terms, done, on, millis)| {
            let (starts, expires, grace, revalidated) = terms;
            let (has_agreement, revoked, removed, accepted) = done;
            let mut spec = floating("F-1").starts(starts).grace_days(grace);
            if let Some(expires) = expires {
                spec = spec.expires(expires);
            }
            if let Some((every, offline_grace)) = revalidated {
                spec = spec.revalidated(every, offline_grace);
            }
            if has_agreement {
                spec = spec.agreement("be kind");
            }
            let mut world = world().license(spec);
            if has_agreement && accepted {
                let command = accepting(&world, "F-1");
                world.run(&command);
            }
            if revoked {
                world.revoke("F-1");
            }
            if removed {
                world.remove("F-1");
            }
            world.now = day(on).plus(Millis::new(millis));
            let license = world.license_row("F-1");
            let usable = world.state("F-1").is_usable();
            assert_eq!(
                license.is_usable(world.now),
                usable,
                "{:?}",
                world.state("F-1")
            );
            let (from, until) = license.usable_window();
            assert_eq!(from <= world.now && world.now < until, usable);
        },
    );
}

#[test]
fn l2_a_perpetual_license_never_ends() {
    let mut world = world().license(floating("F-1"));
    world.now = day(1_000_000);
    assert_eq!(world.state("F-1"), State::Active);
}

#[test]
fn l2_a_license_that_is_not_confirmed_in_time_is_stale_i3() {
    let mut world = world().license(floating("F-1").revalidated(10, 5));
    world.now = day(15).minus(Millis::new(1));
    assert_eq!(world.state("F-1"), State::Active);
    world.now = day(15);
    assert_eq!(world.state("F-1"), State::Stale);
    // A new revision confirms it.
    world.revise(floating("F-1").revalidated(10, 5).revision(2));
    assert_eq!(world.state("F-1"), State::Active);
}

#[test]
fn l2_a_removed_or_revoked_license_is_just_that() {
    let mut world = world()
        .license(floating("F-1").expires(-1))
        .license(floating("F-2").expires(-1));
    world.remove("F-1");
    world.revoke("F-2");
    assert_eq!(world.state("F-1"), State::Removed);
    assert_eq!(world.state("F-2"), State::Revoked);
    assert_eq!(world.license_row("F-2").capacity(), 0);
}

fn accepting(world: &World, serial: &str) -> Command {
    Command::AcceptAgreement(world.license_id(serial))
}

#[test]
fn l8_an_agreement_is_accepted_before_the_license_takes_effect() {
    let mut world = world().license(floating("F-1").agreement("be kind"));
    assert_eq!(world.state("F-1"), State::AwaitingAgreement);
    assert_eq!(world.sign_in("anna", "esm"), "not_started");
    let command = accepting(&world, "F-1");
    assert!(done(&world.run(&command)));
    assert_eq!(world.sign_in("anna", "esm"), "floating F-1");
    assert!(!done(&world.run(&command)));
}

#[test]
fn l8_who_accepted_what_and_when_is_kept() {
    let mut world = world().license(floating("F-1").agreement("be kind"));
    world.wait_s(5);
    world.act_as(domain::Role::Manager);
    let command = accepting(&world, "F-1");
    world.run(&command);
    let accepted = world.license_row("F-1").accepted.clone().unwrap();
    assert_eq!(accepted.by, "manager");
    assert_eq!(accepted.at, world.now);
    assert_eq!(accepted.hash, "hash of be kind");
    assert_eq!(world.last_events(1), ["license.agreement_accepted"]);
}

#[test]
fn l8_another_text_must_be_accepted_anew() {
    let mut world = world().license(floating("F-1").agreement("be kind"));
    let command = accepting(&world, "F-1");
    world.run(&command);
    world.revise(floating("F-1").agreement("be kind").revision(2));
    assert_eq!(world.state("F-1"), State::Active);
    world.revise(floating("F-1").agreement("be very kind").revision(3));
    assert_eq!(world.state("F-1"), State::AwaitingAgreement);
    world.run(&command);
    assert_eq!(world.state("F-1"), State::Active);
}

#[test]
fn l8_without_an_agreement_there_is_nothing_to_accept() {
    let mut world = world().license(floating("F-1"));
    let command = accepting(&world, "F-1");
    assert_eq!(world.refused(&command).code(), "no_agreement");
}
