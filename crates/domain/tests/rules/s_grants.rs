//! S2, S3, S5, S7: giving dedicated seats.

use domain::policy::Place;
use domain::{LicenseId, Role, Source, Target};

use crate::world::prelude::*;

#[test]
fn s2_what_is_held_already_is_not_given_again() {
    let mut world = world().user("anna").license(dedicated("S-1").seats(5));
    assert_eq!(world.grant("anna", "esm"), "granted S-1");
    assert_eq!(world.grant("anna", "esm"), "already_held S-1");
    assert_eq!(world.grant_license("anna", "S-1"), "already_held S-1");
    assert_eq!(world.pools("S-1"), ["/ 1/5"]);
}

#[test]
fn s2_two_grants_in_one_batch_give_one_seat() {
    let mut world = world().user("anna").license(dedicated("S-1").seats(5));
    let grant = granting("anna", product("esm"));
    let answers = world.run_all(&[grant.clone(), grant]);
    let words: Vec<String> = answers
        .iter()
        .map(|answer| grant_in_words(answer.as_ref().unwrap()))
        .collect();
    assert_eq!(words, ["granted S-1", "already_held S-1"]);
}

#[test]
fn s2_seats_of_different_licenses_can_be_held_together() {
    let mut world = world()
        .user("anna")
        .license(dedicated("M-1").modules(&["cmdb"]))
        .license(dedicated("M-2").modules(&["flows"]));
    assert_eq!(
        world.grant_for("anna", "esm", ask().module("cmdb")),
        "granted M-1"
    );
    assert_eq!(
        world.grant_for("anna", "esm", ask().module("flows")),
        "granted M-2"
    );
    let both = ask().module("cmdb").module("flows");
    assert_eq!(world.grant_for("anna", "esm", both), "already_held M-1");
}

#[test]
fn s3_the_users_folder_comes_before_the_root() {
    let mut world = world()
        .user_in("anna", "/Sales")
        .user_in("bob", "/Sales")
        .user_in("carl", "/Sales")
        .license(dedicated("S-1").expires(5))
        .license_in("/Sales", dedicated("S-2"))
        .license_in("/Support", dedicated("S-3"));
    assert_eq!(world.grant("anna", "esm"), "granted S-2");
    assert_eq!(world.grant("bob", "esm"), "granted S-1");
    assert_eq!(world.grant("carl", "esm"), "no_free_seat");
}

#[test]
fn s3_the_policy_says_where_to_look() {
    let mut world = world()
        .policy(|policy| policy.folder_search = vec![Place::Root])
        .user_in("anna", "/Sales")
        .user_in("bob", "/Sales")
        .license(dedicated("S-1"))
        .license_in("/Sales", dedicated("S-2"));
    assert_eq!(world.grant("anna", "esm"), "granted S-1");
    assert_eq!(world.grant("bob", "esm"), "no_free_seat");
}

#[test]
fn s3_the_earliest_expiry_is_given_then_the_first_serial() {
    let mut world = world()
        .users(&["anna", "bob", "carl"])
        .license(dedicated("S-0"))
        .license(dedicated("S-9").expires(20))
        .license(dedicated("S-3").expires(20));
    assert_eq!(world.grant("anna", "esm"), "granted S-3");
    assert_eq!(world.grant("bob", "esm"), "granted S-9");
    assert_eq!(world.grant("carl", "esm"), "granted S-0");
}

#[test]
fn s3_only_what_covers_is_given() {
    let mut world = world()
        .users(&["anna", "bob"])
        .license(dedicated("M-1").modules(&["flows"]).expires(1))
        .license(dedicated("R-1").read_only().expires(2))
        .license(dedicated("M-2").modules(&["cmdb"]));
    let asking = || ask().write().module("cmdb");
    assert_eq!(world.grant_for("anna", "esm", asking()), "granted M-2");
    assert_eq!(world.grant_for("bob", "esm", asking()), "no_free_seat");
    let asking = ask().module("assets").write();
    assert_eq!(world.grant_for("anna", "esm", asking), "not_licensed");
}

#[test]
fn s3_asked_for_no_level_the_best_is_given() {
    let mut world = world()
        .user("anna")
        .license(dedicated("R-1").read_only().expires(2))
        .license(dedicated("W-1"));
    assert_eq!(world.grant("anna", "esm"), "granted W-1");
}

#[test]
fn s3_only_usable_dedicated_licenses_are_given_by_product() {
    let mut world = world()
        .user("anna")
        .license(dedicated("S-1").expires(0))
        .license(dedicated("S-2").starts(5))
        .license(floating("F-1"))
        .license(site("X-1"));
    assert_eq!(world.grant("anna", "esm"), "not_usable");
}

#[test]
fn s3_a_grant_finds_a_seat_behind_many_that_do_not_cover() {
    let mut world = world().user("anna");
    for number in 0..30 {
        let serial = format!("M-{number:02}");
        world = world.license(dedicated(&serial).modules(&["flows"]).expires(number + 1));
    }
    world = world.license(dedicated("Z-1").modules(&["cmdb"]));
    assert_eq!(
        world.grant_for("anna", "esm", ask().module("cmdb")),
        "granted Z-1"
    );
}

#[test]
fn s3_exactly_the_license_that_is_named_is_given() {
    let mut world = world()
        .user_in("anna", "/Sales")
        .user_in("bob", "/Sales")
        .license_in("/Sales", dedicated("S-1"))
        .license_in("/Support", dedicated("S-2").starts(5))
        .license(floating("F-1"))
        .license(dedicated("S-3").expires(0))
        .license(dedicated("S-4").not_assignable());
    // Also where the policy does not look, and before it starts.
    assert_eq!(world.grant_license("anna", "S-2"), "granted S-2");
    assert_eq!(world.grant_license("bob", "S-2"), "no_free_seat S-2");
    assert_eq!(world.grant_license("bob", "F-1"), "not_assignable F-1");
    assert_eq!(world.grant_license("bob", "S-3"), "not_usable S-3");
    assert_eq!(world.grant_license("bob", "S-4"), "not_assignable S-4");
}

#[test]
fn s3_the_named_license_is_taken_from_the_users_folder_first() {
    let mut world = world()
        .folder("/Sales")
        .folder("/Support")
        .license(dedicated("S-1").seats(3));
    world.move_seats("S-1", "/", "/Support", 1);
    world.move_seats("S-1", "/", "/Sales", 1);
    let mut world = world
        .user_in("anna", "/Sales")
        .user_in("bob", "/Sales")
        .user_in("carl", "/Sales");
    for (user, place) in [("anna", "/Sales"), ("bob", "/"), ("carl", "/Support")] {
        world.grant_license(user, "S-1");
        assert_eq!(world.seats_of(user), [format!("S-1 in {place}")]);
    }
}

#[test]
fn s3_a_license_that_is_nowhere_is_refused() {
    let mut world = world().user("anna");
    let id = LicenseId(uuid::Uuid::from_u128(1));
    let refusal = world.refused(&granting("anna", Target::License(id)));
    assert_eq!(refusal, Refusal::UnknownLicense);
    let refusal = world.refused(&granting("anna", product("esm")));
    assert_eq!(refusal, Refusal::UnknownProduct("esm".into()));
}

#[test]
fn s5_a_new_seat_can_be_given_while_an_old_one_is_releasing() {
    let mut world = world()
        .user("anna")
        .license(dedicated("S-1").expires(5))
        .license(dedicated("S-2"));
    world.grant("anna", "esm");
    let session = world.sign_in("anna", "esm").session();
    world.wait_s(1);
    assert_eq!(world.recall("anna", "esm"), "releasing S-1");
    assert_eq!(world.grant("anna", "esm"), "granted S-2");
    assert_eq!(world.seats_of("anna"), ["S-1 in /", "S-2 in /"]);
    world.wait_s(1);
    // The next sign-in stands on the new one, and does not hold the old one back.
    assert_eq!(world.sign_in("anna", "esm"), "dedicated S-2");
    world.sign_out(session);
    assert_eq!(world.seats_of("anna"), ["S-2 in /"]);
    assert_eq!(world.pools("S-1"), ["/ 0/1"]);
}

#[test]
fn s5_where_no_other_seat_is_free_the_releasing_one_is_kept() {
    let mut world = world()
        .user("anna")
        .license(dedicated("M-1").modules(&["flows"]))
        .license(dedicated("S-1"));
    world.grant_license("anna", "M-1");
    world.grant_license("anna", "S-1");
    world.sign_in("anna", "esm");
    assert_eq!(world.recall("anna", "esm"), "releasing M-1, releasing S-1");
    assert_eq!(
        world.grant_for("anna", "esm", ask().module("cmdb")),
        "granted S-1"
    );
    assert_eq!(world.holders("S-1"), ["anna"]);
    assert_eq!(world.holders("M-1"), ["anna (releasing)"]);
    assert_eq!(world.grant_license("anna", "M-1"), "granted M-1");
    assert_eq!(world.holders("M-1"), ["anna"]);
}

#[test]
fn s5_a_kept_seat_comes_from_whoever_kept_it_s11() {
    let mut world = world().user("anna").license(dedicated("S-1"));
    world.grant_from("anna", "S-1", Source::Hand);
    world.sign_in("anna", "esm");
    world.recall("anna", "esm");
    world.grant_from("anna", "S-1", Source::Rule);
    let sources: Vec<Source> = world.seat("anna", "S-1").sources.iter().collect();
    assert_eq!(sources, [Source::Rule]);
    assert_eq!(
        world.recall_from("anna", "S-1", Source::Rule),
        "releasing S-1"
    );
}

#[test]
fn s5_a_seat_whose_release_only_waits_for_lapsed_sessions_is_given_anew_h2() {
    let mut world = world().user("anna").license(dedicated("S-1"));
    world.grant("anna", "esm");
    let old = world.seat("anna", "S-1").id;
    world.sign_in("anna", "esm");
    world.recall("anna", "esm");
    world.let_sessions_lapse();
    assert_eq!(world.grant_license("anna", "S-1"), "granted S-1");
    assert_ne!(world.seat("anna", "S-1").id, old);
}

#[test]
fn s7_each_answer_says_what_happened() {
    let mut world = world()
        .users(&["anna", "bob", "carl"])
        .license(dedicated("S-1"));
    world.set_active("carl", false);
    let commands: Vec<Command> = ["anna", "anna", "bob", "carl", "nobody"]
        .iter()
        .map(|user| granting(user, product("esm")))
        .collect();
    let answers = world.run_all(&commands);
    let words: Vec<String> = answers
        .iter()
        .map(|answer| grant_in_words(answer.as_ref().unwrap()))
        .collect();
    let expected = [
        "granted S-1",
        "already_held S-1",
        "no_free_seat",
        "user_inactive",
        "unknown_user",
    ];
    assert_eq!(words, expected);
}

#[test]
fn s7_a_dry_run_answers_the_same_and_changes_nothing() {
    let mut world = world().user("anna").license(dedicated("S-1"));
    let steps = [
        granting("anna", product("esm")),
        recalling("anna", product("esm"), false),
    ];
    for command in steps {
        let before = world.rows.clone();
        let (dry, _) = world.dry_run(&command);
        assert_eq!(world.rows, before);
        assert_eq!(dry, world.answer(&command));
    }
}

#[test]
fn s7_whoever_may_not_manage_licenses_grants_nothing_r1() {
    let mut world = world().user("anna").license(dedicated("S-1"));
    for role in [Role::Auditor, Role::Application] {
        world.act_as(role);
        let refusal = world.refused(&granting("anna", product("esm")));
        assert_eq!(refusal.code(), "forbidden");
    }
    world.act_as(Role::Manager);
    assert_eq!(world.grant("anna", "esm"), "granted S-1");
}
