//! S8 and S12: people leave, and accounts become one person.

use domain::outcome::PutCode;
use domain::{Source, Target};

use crate::world::prelude::*;

/// Anna holds S-1 and works on it, works on F-1 of another product and on a demo.
fn busy() -> World {
    let mut world = world()
        .policy(|policy| policy.demo_seats = 1)
        .users(&["anna", "bob"])
        .license(dedicated("S-1"))
        .license(floating("F-1").of("crm"));
    world.grant("anna", "esm");
    world.sign_in("anna", "esm");
    world.sign_in("anna", "crm");
    world.sign_in("anna", "unheard-of");
    world
}

fn everything_is_free(world: &World, reason: &str) {
    assert!(world.holders("S-1").is_empty());
    assert_eq!(world.pools("S-1"), ["/ 0/1"]);
    assert_eq!(world.pools("F-1"), ["/ 0/1"]);
    assert_eq!(world.product_row("unheard-of").demo_in_use, 0);
    let reasons: Vec<_> = world
        .rows
        .sessions
        .keys()
        .map(|id| world.end_of(*id))
        .collect();
    assert_eq!(reasons, [Some(reason); 3]);
}

#[test]
fn s8_deactivation_ends_the_sessions_and_frees_the_seats() {
    let mut world = busy();
    assert_eq!(world.set_active("anna", false), PutCode::Updated);
    everything_is_free(&world, "user_deactivated");
    // Activated again, nothing comes back by itself.
    assert_eq!(world.set_active("anna", true), PutCode::Updated);
    assert!(world.seats_of("anna").is_empty());
}

#[test]
fn s8_removal_ends_the_sessions_and_frees_the_seats() {
    let mut world = busy();
    assert!(world.delete_user("anna"));
    everything_is_free(&world, "user_deleted");
    assert!(!world.is_user("anna"));
    let world = world.user("Anna");
    assert!(world.seats_of("Anna").is_empty());
}

#[test]
fn s8_people_leave_also_when_everything_is_full_and_expired() {
    let mut world = world()
        .users(&["anna", "bob"])
        .license(dedicated("S-1").seats(2).expires(1));
    world.grant("anna", "esm");
    world.grant("bob", "esm");
    world.sign_in("anna", "esm");
    world.revise(dedicated("S-1").revision(2).expires(1));
    world.wait_days(2);
    world.set_active("anna", false);
    assert_eq!(world.holders("S-1"), ["bob"]);
}

#[test]
fn s8_an_unbacked_seat_moves_up_when_its_elder_leaves_l9() {
    let mut world = world()
        .users(&["anna", "bob"])
        .license(dedicated("S-1").seats(2));
    world.grant("anna", "esm");
    world.grant("bob", "esm");
    world.revise(dedicated("S-1").revision(2));
    assert_eq!(world.holders("S-1"), ["anna", "bob (unbacked)"]);
    world.delete_user("anna");
    assert_eq!(world.holders("S-1"), ["bob"]);
}

#[test]
fn s8_a_session_that_had_lapsed_is_written_down_as_lapsed_h2() {
    let mut world = world().license(floating("F-1"));
    let session = world.sign_in("anna", "esm").session();
    world.let_sessions_lapse();
    world.set_active("anna", false);
    assert_eq!(world.end_of(session), Some("timed_out"));
}

#[test]
fn s12_linked_accounts_share_the_seats_of_their_person() {
    let mut world = world()
        .users(&["anna", "ad-anna"])
        .license(dedicated("S-1"));
    world.grant("anna", "esm");
    assert!(world.link("ad-anna", "anna"));
    assert_eq!(world.sign_in("ad-anna", "esm"), "dedicated S-1");
    assert_eq!(world.sign_in("anna", "esm"), "dedicated S-1");
    assert_eq!(world.grant("ad-anna", "esm"), "already_held S-1");
    assert_eq!(world.pools("S-1"), ["/ 1/1"]);
}

#[test]
fn s12_linked_accounts_share_a_floating_seat_s6() {
    let mut world = world().users(&["anna", "ad-anna"]).license(floating("F-1"));
    world.link("ad-anna", "anna");
    world.sign_in("anna", "esm");
    assert_eq!(world.sign_in("ad-anna", "esm"), "floating F-1");
    assert_eq!(world.pools("F-1"), ["/ 1/1"]);
}

#[test]
fn s12_what_both_held_becomes_one_seat_the_one_held_longer_s2() {
    let mut world = world()
        .users(&["anna", "ad-anna"])
        .license(dedicated("S-1").seats(2))
        .license(dedicated("S-2").seats(2));
    world.grant_from("ad-anna", "S-1", Source::Rule);
    let elder = world.seat("ad-anna", "S-1").id;
    world.wait_s(1);
    world.grant_from("anna", "S-1", Source::Hand);
    world.grant_license("ad-anna", "S-2");
    world.link("ad-anna", "anna");
    assert_eq!(world.pools("S-1"), ["/ 1/2"]);
    let seat = world.seat("anna", "S-1");
    assert_eq!(seat.id, elder);
    assert!(seat.sources.contains(Source::Hand) && seat.sources.contains(Source::Rule));
    assert_eq!(world.seats_of("anna"), ["S-1 in /", "S-2 in /"]);
}

#[test]
fn s12_of_two_seats_of_a_license_the_backed_one_stays_l9() {
    let mut world = world()
        .folder("/Sales")
        .users(&["anna", "bob", "ad-anna"])
        .license(dedicated("S-1").seats(3));
    // Anna's seat is the eldest, and moves to where it will be beyond what there is.
    for user in ["bob", "ad-anna", "anna"] {
        world.grant("bob", "esm");
        world.grant(user, "esm");
        world.wait_s(1);
    }
    world.revise(dedicated("S-1").revision(2).seats(2));
    assert_eq!(world.holders("S-1"), ["bob", "ad-anna", "anna (unbacked)"]);
    world.link("ad-anna", "anna");
    assert_eq!(world.holders("S-1"), ["bob", "ad-anna"]);
    assert_eq!(world.pools("S-1"), ["/ 2/2"]);
}

#[test]
fn s12_a_merged_seat_is_held_if_one_of_both_was_s4() {
    let mut world = world()
        .users(&["anna", "ad-anna"])
        .license(dedicated("S-1").seats(2));
    world.grant("anna", "esm");
    world.sign_in("anna", "esm");
    world.recall("anna", "esm");
    world.wait_s(1);
    world.grant("ad-anna", "esm");
    world.link("ad-anna", "anna");
    assert_eq!(world.holders("S-1"), ["anna"]);
    assert_eq!(world.sign_in("ad-anna", "esm"), "dedicated S-1");
}

#[test]
fn s12_a_merged_release_waits_for_the_sessions_of_both_s4() {
    let mut world = world()
        .users(&["anna", "ad-anna"])
        .license(dedicated("S-1").seats(2));
    for user in ["anna", "ad-anna"] {
        world.grant(user, "esm");
        world.wait_s(1);
    }
    let early = world.sign_in("anna", "esm").session();
    world.recall("anna", "esm");
    world.wait_s(1);
    let late = world.sign_in("ad-anna", "esm").session();
    world.wait_s(1);
    world.recall("ad-anna", "esm");
    world.link("ad-anna", "anna");
    world.sign_out(early);
    assert_eq!(world.holders("S-1").len(), 1);
    assert_eq!(world.heartbeat(late), "alive");
    world.sign_out(late);
    assert!(world.holders("S-1").is_empty());
}

#[test]
fn s12_floating_seats_of_both_become_one_s6() {
    let mut world = world()
        .folder("/Sales")
        .license(floating("F-1").seats(2))
        .license(floating("P-1").seats(4).of("crm").per_session());
    world.move_seats("F-1", "/", "/Sales", 1);
    let mut world = world.user_in("anna", "/Sales").user("ad-anna");
    let mut sessions = Vec::new();
    for user in ["anna", "ad-anna"] {
        sessions.push(world.sign_in(user, "esm").session());
        sessions.push(world.sign_in(user, "esm").session());
        world.sign_in(user, "crm");
    }
    assert_eq!(world.pools("F-1"), ["/ 1/1", "/Sales 1/1"]);
    world.link("ad-anna", "anna");
    assert_eq!(world.pools("F-1"), ["/ 0/1", "/Sales 1/1"]);
    // Each session still takes one where that is how they are counted.
    assert_eq!(world.pools("P-1"), ["/ 2/4"]);
    for session in sessions {
        assert_eq!(world.heartbeat(session), "alive");
        world.sign_out(session);
    }
    assert_eq!(world.pools("F-1"), ["/ 0/1", "/Sales 0/1"]);
}

#[test]
fn s12_demo_seats_of_both_become_one_a2() {
    let mut world = world()
        .policy(|policy| policy.demo_seats = 3)
        .users(&["anna", "ad-anna", "bob"]);
    for user in ["anna", "anna", "ad-anna", "ad-anna", "bob"] {
        world.sign_in(user, "esm");
    }
    assert_eq!(world.product_row("esm").demo_in_use, 3);
    world.link("ad-anna", "anna");
    assert_eq!(world.product_row("esm").demo_in_use, 2);
}

#[test]
fn s12_all_accounts_of_a_person_come_along() {
    let mut world = world()
        .users(&["anna", "ad-anna", "hr-anna"])
        .license(dedicated("S-1"));
    world.link("ad-anna", "anna");
    world.grant("hr-anna", "esm");
    world.link("anna", "hr-anna");
    assert_eq!(world.sign_in("ad-anna", "esm"), "dedicated S-1");
    let anna = world.user_id("anna");
    let with = world.user_id("ad-anna");
    let refusal = world.refused(&Command::LinkUser { user: anna, with });
    assert_eq!(refusal, Refusal::AlreadyLinked);
}

#[test]
fn s12_deactivating_one_account_leaves_the_seats_to_the_others_s8() {
    let mut world = world()
        .users(&["anna", "ad-anna"])
        .license(dedicated("S-1"))
        .license(floating("F-1").of("crm"));
    world.link("ad-anna", "anna");
    world.grant("anna", "esm");
    let mine = world.sign_in("anna", "esm").session();
    let other = world.sign_in("ad-anna", "esm").session();
    world.sign_in("anna", "crm");
    world.sign_in("ad-anna", "crm");
    world.set_active("anna", false);
    assert_eq!(world.end_of(mine), Some("user_deactivated"));
    assert_eq!(world.heartbeat(other), "alive");
    assert_eq!(world.pools("F-1"), ["/ 1/1"]);
    // The seat goes on in the name of the account that stays.
    assert_eq!(world.holders("S-1"), ["ad-anna"]);
    world.delete_user("ad-anna");
    assert!(world.holders("S-1").is_empty());
    assert_eq!(world.pools("F-1"), ["/ 0/1"]);
}

#[test]
fn s12_an_unlinked_account_leaves_the_seats_and_its_sessions_end() {
    let mut world = world()
        .users(&["anna", "ad-anna"])
        .license(dedicated("S-1"));
    world.grant("ad-anna", "esm");
    world.link("ad-anna", "anna");
    let mine = world.sign_in("ad-anna", "esm").session();
    let other = world.sign_in("anna", "esm").session();
    assert!(world.unlink("ad-anna"));
    assert_eq!(world.end_of(mine), Some("account_unlinked"));
    assert_eq!(world.heartbeat(other), "alive");
    assert_eq!(world.holders("S-1"), ["anna"]);
    assert_eq!(world.sign_in("ad-anna", "esm"), "no_free_seat");
    let user = world.user_id("ad-anna");
    assert_eq!(
        world.refused(&Command::UnlinkUser(user)),
        Refusal::NotLinked
    );
}

#[test]
fn s12_where_only_inactive_accounts_stay_the_seats_are_free_s8() {
    let mut world = world()
        .users(&["anna", "ad-anna"])
        .license(dedicated("S-1"));
    world.link("ad-anna", "anna");
    world.grant("anna", "esm");
    world.set_active("ad-anna", false);
    world.unlink("anna");
    assert!(world.holders("S-1").is_empty());
}

#[test]
fn s12_a_deactivated_account_can_be_linked() {
    let mut world = world()
        .users(&["anna", "ad-anna"])
        .license(dedicated("S-1"));
    world.grant("ad-anna", "esm");
    world.set_active("anna", false);
    world.link("ad-anna", "anna");
    assert_eq!(world.sign_in("ad-anna", "esm"), "dedicated S-1");
    assert_eq!(world.sign_in("anna", "esm"), "user_inactive");
}

#[test]
fn s12_seats_given_by_id_or_by_name_are_the_same_persons() {
    let mut world = world()
        .users(&["anna", "ad-anna"])
        .license(dedicated("S-1"));
    world.link("ad-anna", "anna");
    let command = Command::Grant {
        user: domain::UserRef::Id(world.user_id("ad-anna")),
        target: Target::License(world.license_id("S-1")),
        source: Source::Hand,
    };
    assert_eq!(grant_in_words(&world.run(&command)), "granted S-1");
    assert_eq!(world.recall("anna", "esm"), "released S-1");
}
