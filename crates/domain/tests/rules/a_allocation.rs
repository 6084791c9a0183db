//! A8: what a sign-in takes by itself.

use domain::policy::{Place, Step};
use domain::{AccessLevel, AutoAssign, Model, Source};

use crate::world::prelude::*;

/// Anna lives in /Sales; each license has one seat.
fn everywhere() -> World {
    world()
        .user_in("anna", "/Sales")
        .license(dedicated("DR"))
        .license_in("/Sales", dedicated("DS"))
        .license(floating("FR"))
        .license_in("/Sales", floating("FS"))
}

#[test]
fn a8_floating_comes_before_dedicated_and_the_own_folder_before_the_root() {
    let mut world = everywhere()
        .user_in("bob", "/Sales")
        .user_in("carl", "/Sales")
        .user_in("dora", "/Sales")
        .user_in("emil", "/Sales");
    assert_eq!(world.sign_in("anna", "esm"), "floating FS");
    assert_eq!(world.sign_in("bob", "esm"), "floating FR");
    assert_eq!(world.sign_in("carl", "esm"), "dedicated DS");
    assert_eq!(world.sign_in("dora", "esm"), "dedicated DR");
    assert_eq!(world.sign_in("emil", "esm"), "no_free_seat");
}

#[test]
fn a8_the_steps_are_the_policys_in_its_order() {
    let step = |model, place| Step { model, place };
    let mut world = everywhere().policy(|policy| {
        policy.auto_allocation = vec![
            step(Model::Dedicated, Place::Root),
            step(Model::Floating, Place::UserFolder),
        ];
    });
    assert_eq!(world.sign_in("anna", "esm"), "dedicated DR");
    world = world.user_in("bob", "/Sales").user_in("carl", "/Sales");
    assert_eq!(world.sign_in("bob", "esm"), "floating FS");
    assert_eq!(world.sign_in("carl", "esm"), "no_free_seat");
}

#[test]
fn a8_without_steps_nothing_is_given() {
    let mut world = everywhere().policy(|policy| policy.auto_allocation.clear());
    assert_eq!(world.sign_in("anna", "esm"), "no_free_seat");
    world.grant("anna", "esm");
    assert_eq!(world.sign_in("anna", "esm"), "dedicated DS");
}

#[test]
fn a8_seats_in_other_folders_are_not_given() {
    let mut world = world()
        .user_in("anna", "/Sales")
        .license_in("/Support", floating("F-1"))
        .license_in("/Sales/EMEA", floating("F-2"));
    assert_eq!(world.sign_in("anna", "esm"), "no_free_seat");
    world.move_user("anna", "/Support");
    assert_eq!(world.sign_in("anna", "esm"), "floating F-1");
}

#[test]
fn a8_a_dedicated_seat_becomes_the_users_assignment_s11() {
    let mut world = world().license(dedicated("S-1"));
    let session = world.sign_in("anna", "esm").session();
    world.sign_out(session);
    assert_eq!(world.holders("S-1"), ["anna"]);
    let sources: Vec<Source> = world.seat("anna", "S-1").sources.iter().collect();
    assert_eq!(sources, [Source::SignIn]);
    assert_eq!(world.sign_in("bob", "esm"), "no_free_seat");
    assert_eq!(world.sign_in("anna", "esm"), "dedicated S-1");
}

#[test]
fn a8_dedicated_seats_are_given_as_needed_only_s9() {
    for auto_assign in [AutoAssign::Off, AutoAssign::NewUsers] {
        let mut world = world()
            .user("anna")
            .license_auto(dedicated("S-1"), auto_assign);
        assert_eq!(world.sign_in("anna", "esm"), "no_free_seat");
        world.set_auto_assign("S-1", AutoAssign::AsNeeded);
        assert_eq!(world.sign_in("anna", "esm"), "dedicated S-1");
    }
}

#[test]
fn a8_floating_seats_are_given_whatever_the_auto_assign() {
    let mut world = world()
        .policy(|policy| policy.auto_assign_default = AutoAssign::Off)
        .license(floating("F-1"));
    assert_eq!(world.sign_in("anna", "esm"), "floating F-1");
}

#[test]
fn s9_only_what_is_assigned_is_auto_assigned() {
    for spec in [floating("L-1"), site("L-1")] {
        let mut world = world().license(spec);
        let license = world.license_id("L-1");
        for auto_assign in [AutoAssign::Off, AutoAssign::AsNeeded] {
            let refusal = world.refused(&Command::SetAutoAssign {
                license,
                auto_assign,
                version: None,
            });
            assert_eq!(refusal.code(), "no_auto_assign");
            assert!(refusal.to_string().contains("L-1"), "{refusal}");
        }
    }
}

#[test]
fn s9_a_change_is_of_the_version_that_is_meant() {
    let mut world = world().license_auto(dedicated("S-1"), AutoAssign::NewUsers);
    let license = world.license_id("S-1");
    let changing = |version| Command::SetAutoAssign {
        license,
        auto_assign: AutoAssign::Off,
        version: Some(version),
    };
    let refusal = world.refused(&changing(1));
    let (given, actual) = (1, 2);
    assert_eq!(refusal, Refusal::VersionMismatch { given, actual });
    world.run(&changing(2));
}

#[test]
fn a8_seats_of_some_modules_are_never_given() {
    let mut world = world()
        .license(dedicated("M-1").modules(&["cmdb"]))
        .license(floating("M-2").modules(&["cmdb"]));
    let asking = || ask().module("cmdb");
    assert_eq!(world.sign_in_for("anna", "esm", asking()), "no_free_seat");
    assert_eq!(world.grant_for("anna", "esm", asking()), "granted M-1");
    assert_eq!(world.sign_in_for("anna", "esm", asking()), "dedicated M-1");
}

#[test]
fn a8_what_can_not_be_assigned_is_not_given_l6() {
    let mut world = world()
        .license(floating("F-1").not_assignable())
        .license(dedicated("S-1").not_assignable());
    assert_eq!(world.sign_in("anna", "esm"), "no_free_seat");
}

#[test]
fn a8_what_is_not_usable_is_not_given_l2() {
    let not_usable = [
        (floating("F-1").starts(1), "not_started"),
        (floating("F-1").agreement("be kind"), "not_started"),
        (floating("F-1").expires(0), "license_expired"),
        (floating("F-1").revalidated(0, 0), "license_stale"),
    ];
    for (spec, code) in not_usable {
        let mut world = world().license(spec);
        assert_eq!(world.sign_in("anna", "esm"), code);
    }
}

#[test]
fn a8_within_a_step_the_earliest_expiry_is_given_then_the_first_serial() {
    let mut world = world()
        .license(floating("F-0"))
        .license(floating("F-4").expires(20))
        .license(floating("F-3").expires(20))
        .license(floating("F-9").expires(10));
    for (user, serial) in [("a", "F-9"), ("b", "F-3"), ("c", "F-4"), ("d", "F-0")] {
        assert_eq!(
            world.sign_in(user, "esm").says(),
            format!("floating {serial}")
        );
    }
}

#[test]
fn a8_asked_for_no_level_the_best_of_a_step_is_given() {
    let mut world = world()
        .license(floating("R-1").read_only().expires(5))
        .license(floating("W-1"));
    let access = world.sign_in("anna", "esm");
    assert_eq!(access, "floating W-1");
    assert_eq!(access.granted().access, Some(AccessLevel::Write));
    let access = world.sign_in("bob", "esm");
    assert_eq!(access, "floating R-1");
    assert_eq!(access.granted().access, Some(AccessLevel::Read));
}

#[test]
fn a8_asked_to_read_what_ends_first_is_given_whatever_its_level() {
    let mut world = world()
        .license(floating("R-1").read_only())
        .license(floating("W-1").expires(5));
    assert_eq!(
        world.sign_in_for("anna", "esm", ask().read()),
        "floating W-1"
    );
    assert_eq!(
        world.sign_in_for("bob", "esm", ask().read()),
        "floating R-1"
    );
    assert_eq!(
        world.sign_in_for("carl", "esm", ask().write()),
        "no_free_seat"
    );
}

#[test]
fn a8_finds_a_seat_behind_many_that_may_not_be_given() {
    let mut world = world();
    for number in 0..40 {
        let serial = format!("M-{number:02}");
        world = world.license(floating(&serial).modules(&["cmdb"]).expires(number + 1));
    }
    world = world.license(floating("Z-1"));
    assert_eq!(world.sign_in("anna", "esm"), "floating Z-1");
    assert_eq!(world.sign_in("bob", "esm"), "no_free_seat");
}

#[test]
fn a8_the_seats_of_a_batch_go_to_as_many_as_there_are_s1() {
    let mut world = world()
        .license(floating("F-1").seats(3))
        .license(dedicated("S-1").seats(2));
    let commands: Vec<Command> = (0..7)
        .map(|number| signing_in(&format!("user {number}"), "esm", &ask()))
        .collect();
    let answers = world.run_all(&commands);
    let granted = answers
        .iter()
        .filter(|answer| matches!(answer, Ok(Outcome::SignedIn(_))));
    assert_eq!(granted.count(), 5);
    assert_eq!(world.pools("F-1"), ["/ 3/3"]);
    assert_eq!(world.pools("S-1"), ["/ 2/2"]);
}

#[test]
fn a8_a_floating_seat_that_lapsed_comes_before_a_dedicated_one_h2() {
    let mut world = world().license(floating("F-1"));
    world.sign_in("anna", "esm");
    let mut world = world.license(dedicated("S-1")).user_in("bob", "/Sales");
    world.let_sessions_lapse();
    assert_eq!(world.sign_in("bob", "esm"), "floating F-1");
    assert!(world.holders("S-1").is_empty());
}
