//! L9 and S13: fewer seats, and who loses.

use domain::EventKind;

use crate::world::prelude::*;

/// Users with seats of S-1, a second after each other.
fn holders(names: &[&str]) -> World {
    let mut world = world()
        .users(names)
        .license(dedicated("S-1").seats(u32::try_from(names.len()).unwrap()));
    for name in names {
        world.grant_license(name, "S-1");
        world.wait_s(1);
    }
    world
}

#[test]
fn l9_free_seats_go_first_the_roots_then_those_of_the_folder_with_most() {
    let mut world = world()
        .folder("/A")
        .folder("/B")
        .license(dedicated("S-1").seats(10));
    world.move_seats("S-1", "/", "/A", 3);
    world.move_seats("S-1", "/", "/B", 5);
    let mut world = world.user_in("anna", "/B");
    world.grant("anna", "esm");
    world.revise(dedicated("S-1").seats(9).revision(2));
    assert_eq!(world.pools("S-1"), ["/ 0/1", "/A 0/3", "/B 1/5"]);
    world.revise(dedicated("S-1").seats(6).revision(3));
    assert_eq!(world.pools("S-1"), ["/A 0/3", "/B 1/3"]);
    world.revise(dedicated("S-1").seats(5).revision(4));
    assert_eq!(world.pools("S-1"), ["/A 0/2", "/B 1/3"]);
    assert!(world.revise(dedicated("S-1").revision(5)).is_empty());
    assert_eq!(world.pools("S-1"), ["/B 1/1"]);
}

#[test]
fn l9_the_latest_assigned_are_unbacked_s13() {
    let mut world = holders(&["anna", "bob", "carl", "dora"]);
    let displaced = world.revise(dedicated("S-1").seats(2).revision(2));
    assert_eq!(displaced, ["carl: unbacked", "dora: unbacked"]);
    assert_eq!(
        world.holders("S-1"),
        ["anna", "bob", "carl (unbacked)", "dora (unbacked)"]
    );
    let displaced = world.revise(dedicated("S-1").seats(1).revision(3));
    assert_eq!(displaced, ["bob: unbacked"]);
    assert_eq!(world.pools("S-1"), ["/ 4/1"]);
}

#[test]
fn l9_unbacked_seats_are_backed_by_growth_longest_held_first() {
    let mut world = holders(&["anna", "bob", "carl", "dora"]);
    world.revise(dedicated("S-1").revision(2));
    world.revise(dedicated("S-1").seats(3).revision(3));
    assert_eq!(
        world.holders("S-1"),
        ["anna", "bob", "carl", "dora (unbacked)"]
    );
    world.revise(dedicated("S-1").seats(6).revision(4));
    assert_eq!(world.holders("S-1"), ["anna", "bob", "carl", "dora"]);
    assert_eq!(world.pools("S-1"), ["/ 4/6"]);
    assert_eq!(world.count_events(EventKind::SeatUnbacked), 3);
    assert_eq!(world.count_events(EventKind::SeatBacked), 3);
}

#[test]
fn l9_unbacked_seats_are_backed_by_release_longest_held_first() {
    let mut world = holders(&["anna", "bob", "carl"]);
    world.revise(dedicated("S-1").revision(2));
    // Whoever is beyond what there is frees nothing by going.
    world.recall("carl", "esm");
    assert_eq!(world.holders("S-1"), ["anna", "bob (unbacked)"]);
    world.recall("anna", "esm");
    assert_eq!(world.holders("S-1"), ["bob"]);
    assert_eq!(world.pools("S-1"), ["/ 1/1"]);
}

#[test]
fn l9_many_unbacked_seats_are_backed_one_by_one_in_order() {
    let names: Vec<String> = (0..40).map(|number| format!("u{number:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut world = holders(&names);
    world.revise(dedicated("S-1").seats(2).revision(2));
    // A whole batch of releases: more than the store names at once.
    let commands: Vec<Command> = names[..12]
        .iter()
        .map(|name| recalling(name, product("esm"), false))
        .collect();
    world.run_all(&commands);
    let holders = world.holders("S-1");
    assert_eq!(&holders[..3], ["u12", "u13", "u14 (unbacked)"]);
    world.revise(dedicated("S-1").seats(20).revision(3));
    assert_eq!(world.holders("S-1")[19..21], ["u31", "u32 (unbacked)"]);
}

#[test]
fn l9_holders_move_to_other_licenses_that_cover_longest_held_first() {
    let mut world = holders(&["anna", "bob", "carl"]).license(dedicated("S-2").seats(2));
    let since = world.seat("anna", "S-1").assigned_at;
    let displaced = world.remove("S-1");
    assert_eq!(
        displaced,
        ["anna: moved to S-2", "bob: moved to S-2", "carl: unbacked"]
    );
    assert_eq!(world.holders("S-2"), ["anna", "bob"]);
    assert_eq!(world.seat("anna", "S-2").assigned_at, since);
    assert_eq!(world.pools("S-2"), ["/ 2/2"]);
    assert_eq!(world.pools("S-1"), ["/ 1/0"]);
    assert_eq!(world.sign_in("bob", "esm"), "dedicated S-2");
    assert_eq!(world.sign_in("carl", "esm"), "over_allocated");
}

#[test]
fn l9_only_those_that_lose_their_seat_move() {
    let mut world = holders(&["anna", "bob", "carl"]).license(dedicated("S-2").seats(2));
    let displaced = world.revise(dedicated("S-1").seats(2).revision(2));
    assert_eq!(displaced, ["carl: moved to S-2"]);
    assert_eq!(world.holders("S-1"), ["anna", "bob"]);
}

#[test]
fn l9_the_same_folder_comes_first_then_what_ends_first() {
    let mut world = world()
        .license_in("/Sales", dedicated("S-1").seats(3))
        .user_in("anna", "/Sales")
        .user_in("bob", "/Sales")
        .user_in("carl", "/Sales");
    for name in ["anna", "bob", "carl"] {
        world.grant(name, "esm");
        world.wait_s(1);
    }
    let mut world = world
        .license(dedicated("S-2").expires(20))
        .license(dedicated("S-3").expires(10))
        .license_in("/Sales", dedicated("S-4"));
    let displaced = world.revoke("S-1");
    assert_eq!(
        displaced,
        [
            "anna: moved to S-4",
            "bob: moved to S-3",
            "carl: moved to S-2"
        ]
    );
}

#[test]
fn l9_nobody_moves_to_what_covers_less_or_is_not_to_be_had() {
    let mut world = holders(&["anna"])
        .license(dedicated("S-2").read_only())
        .license(dedicated("S-3").modules(&["cmdb"]))
        .license(dedicated("S-4").expires(0))
        .license(dedicated("S-5").not_assignable())
        .license(dedicated("S-6").starts(5))
        .license(dedicated("S-7").of("crm"))
        .license(floating("F-1"));
    assert_eq!(world.remove("S-1"), ["anna: unbacked"]);
}

#[test]
fn l9_a_seat_of_less_moves_to_one_of_more() {
    let mut world = world()
        .user("anna")
        .license(dedicated("M-1").modules(&["cmdb"]).read_only())
        .license(dedicated("S-2"));
    world.grant_license("anna", "M-1");
    assert_eq!(world.remove("M-1"), ["anna: moved to S-2"]);
}

#[test]
fn l9_nobody_gets_a_second_seat_of_a_license_s2() {
    let mut world = holders(&["anna"]).license(dedicated("S-2").seats(5));
    world.grant_license("anna", "S-2");
    assert_eq!(world.remove("S-1"), ["anna: unbacked"]);
    assert_eq!(world.holders("S-2"), ["anna"]);
}

#[test]
fn l9_those_unbacked_before_move_too_once_there_is_room() {
    let mut world = holders(&["anna", "bob", "carl"]);
    world.revise(dedicated("S-1").seats(2).revision(2));
    let mut world = world.license(dedicated("S-2").seats(3));
    let displaced = world.remove("S-1");
    assert_eq!(
        displaced,
        [
            "anna: moved to S-2",
            "bob: moved to S-2",
            "carl: moved to S-2"
        ]
    );
    assert_eq!(world.holders("S-2"), ["anna", "bob", "carl"]);
    assert!(world.pools("S-1").is_empty());
}

#[test]
fn l9_sessions_go_on_where_their_seats_move() {
    let mut world = holders(&["anna"]).license(dedicated("S-2"));
    let session = world.sign_in("anna", "esm").session();
    world.remove("S-1");
    assert_eq!(world.heartbeat(session), "alive");
    world.recall("anna", "esm");
    assert_eq!(world.holders("S-2"), ["anna (releasing)"]);
    world.sign_out(session);
    assert!(world.holders("S-2").is_empty());
}

#[test]
fn l9_a_releasing_seat_goes_its_way_s4() {
    let mut world = holders(&["anna", "bob"]).license(dedicated("S-2"));
    let session = world.sign_in("bob", "esm").session();
    world.recall("bob", "esm");
    assert_eq!(
        world.revise(dedicated("S-1").revision(2)),
        ["bob: releasing"]
    );
    assert_eq!(world.pools("S-2"), ["/ 0/1"]);
    assert_eq!(world.heartbeat(session), "alive");
    world.sign_out(session);
    assert_eq!(world.pools("S-1"), ["/ 1/1"]);
    assert_eq!(world.holders("S-1"), ["anna"]);
}

#[test]
fn l9_a_seat_that_only_lapsed_sessions_keep_is_free_to_go_h2() {
    let mut world = holders(&["anna", "bob"]).license(floating("F-1").seats(2).of("crm"));
    world.sign_in("anna", "esm");
    world.recall("anna", "esm");
    world.sign_in("anna", "crm");
    world.sign_in("bob", "crm");
    world.let_sessions_lapse();
    assert!(world.revise(dedicated("S-1").revision(2)).is_empty());
    assert_eq!(world.holders("S-1"), ["bob"]);
    assert!(
        world
            .revise(floating("F-1").seats(0).of("crm").revision(2))
            .is_empty()
    );
    assert!(world.pools("F-1").is_empty());
}

#[test]
fn l9_floating_sessions_move_too() {
    let mut world = world().license(floating("F-1").seats(3));
    let mut sessions = Vec::new();
    for user in ["anna", "bob", "carl"] {
        sessions.push(world.sign_in(user, "esm").session());
        sessions.push(world.sign_in(user, "esm").session());
        world.wait_s(1);
    }
    let mut world = world.license(floating("F-2").seats(1));
    let displaced = world.revise(floating("F-1").revision(2));
    assert_eq!(displaced, ["bob: moved to F-2", "carl: unbacked"]);
    assert_eq!(world.pools("F-1"), ["/ 2/1"]);
    assert_eq!(world.pools("F-2"), ["/ 1/1"]);
    for session in sessions {
        assert_eq!(world.heartbeat(session), "alive");
        world.sign_out(session);
    }
    assert_eq!(world.pools("F-1"), ["/ 0/1"]);
    assert_eq!(world.pools("F-2"), ["/ 0/1"]);
}

#[test]
fn l9_floating_sessions_move_to_what_is_counted_alike_s6() {
    let mut world = world().license(floating("F-1"));
    world.sign_in("anna", "esm");
    let mut world = world.license(floating("F-2").per_session());
    assert_eq!(world.remove("F-1"), ["anna: unbacked"]);
}

#[test]
fn l9_whoever_works_on_the_refuge_already_shares_that_seat_s6() {
    let mut world = world()
        .user("anna")
        .license(floating("F-1").read_only())
        .license(floating("F-2").seats(2));
    let mut sessions = Vec::new();
    sessions.push(world.sign_in_for("anna", "esm", ask().read()).session());
    world.remove("F-2");
    let mut world = world.license(floating("F-2").seats(2).revision(2));
    sessions.push(world.sign_in_for("anna", "esm", ask().write()).session());
    assert_eq!(world.at_work(), ["anna F-1", "anna F-2"]);
    assert_eq!(world.remove("F-1"), ["anna: moved to F-2"]);
    assert_eq!(world.pools("F-2"), ["/ 1/2"]);
    for session in sessions {
        world.sign_out(session);
    }
    assert_eq!(world.pools("F-2"), ["/ 0/2"]);
}

#[test]
fn l9_floating_pools_shrink_again_and_again_p2() {
    let mut world = world().folder("/Sales").license(floating("F-1").seats(3));
    world.move_seats("F-1", "/", "/Sales", 2);
    let mut world = world
        .user_in("anna", "/Sales")
        .user_in("bob", "/Sales")
        .user("carl");
    for user in ["anna", "bob", "carl"] {
        world.sign_in(user, "esm");
        world.wait_s(1);
    }
    for seats in [2, 1, 0] {
        let revision = u64::from(5 - seats);
        world.revise(floating("F-1").seats(seats).revision(revision));
    }
    assert_eq!(world.pools("F-1"), ["/ 1/0", "/Sales 2/0"]);
}

#[test]
fn l9_licenses_of_one_document_that_shrink_together_lose_nobody_twice() {
    // In one document F-1 hands Anna over to F-2, which then shrinks itself.
    let mut world = world().license(floating("F-1"));
    world.sign_in("anna", "esm");
    world.wait_s(1);
    let mut world = world.license(floating("F-2").seats(3));
    world.sign_in("bob", "esm");
    let command = world.importing(
        &[
            floating("F-1").seats(0).revision(2),
            floating("F-2").seats(0).revision(2),
        ],
        None,
        "/",
    );
    let Outcome::Imported(answers) = world.run(&command) else {
        unreachable!()
    };
    assert_eq!(
        world.in_words(&answers[0].displaced),
        ["anna: moved to F-2"]
    );
    assert_eq!(
        world.in_words(&answers[1].displaced),
        ["anna: unbacked", "bob: unbacked"]
    );
    assert_eq!(world.pools("F-2"), ["/ 2/0"]);
}

#[test]
fn l9_revoking_is_harmless_twice_and_site_licenses_displace_nobody() {
    let mut world = world().license(site("X-1"));
    world.sign_in("anna", "esm");
    assert!(world.revoke("X-1").is_empty());
    let before = world.rows.clone();
    assert!(world.revoke("X-1").is_empty());
    assert_eq!(world.rows, before);
}

#[test]
fn l9_a_pool_that_went_within_a_batch_is_not_looked_for_again_p2() {
    let mut world = world().folder("/Sales").license(dedicated("S-1").seats(2));
    world.move_seats("S-1", "/", "/Sales", 1);
    let mut world = world.user("anna").user_in("bob", "/Sales");
    world.grant("anna", "esm");
    world.wait_s(1);
    world.grant("bob", "esm");
    world.revise(dedicated("S-1").revision(2));
    assert_eq!(world.pools("S-1"), ["/ 1/1", "/Sales 1/0"]);
    let exactly = || domain::Target::License(world.license_id("S-1"));
    let commands = [
        recalling("bob", exactly(), false),
        granting("bob", exactly()),
        signing_in("bob", "esm", &ask()),
    ];
    let answers = world.run_all(&commands);
    assert_eq!(
        grant_in_words(answers[1].as_ref().unwrap()),
        "no_free_seat S-1"
    );
    assert_eq!(world.pools("S-1"), ["/ 1/1"]);
}
