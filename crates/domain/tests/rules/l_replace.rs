//! L10: one license takes over from another.

use domain::{Refusal, Source};

use crate::world::prelude::*;

/// Anna and Bob hold S-1; S-2 has so many seats.
fn renewal(seats: u32) -> World {
    let mut world = world()
        .users(&["anna", "bob"])
        .license(dedicated("S-1").seats(5).expires(10));
    for user in ["anna", "bob"] {
        world.grant_from(user, "S-1", Source::Rule);
        world.wait_s(1);
    }
    world.license(dedicated("S-2").seats(seats))
}

#[test]
fn l10_every_holder_gets_a_seat_of_the_new_license() {
    let mut world = renewal(3);
    assert_eq!(world.replace("S-1", "S-2"), (2, vec![]));
    assert!(world.holders("S-1").is_empty());
    assert_eq!(world.holders("S-2"), ["anna", "bob"]);
    let sources: Vec<Source> = world.seat("anna", "S-2").sources.iter().collect();
    assert_eq!(sources, [Source::Rule]);
    let old = world.license_row("S-1");
    assert_eq!(old.replaced_by, Some(world.license_id("S-2")));
}

#[test]
fn l10_the_old_license_is_given_only_by_its_name() {
    let mut world = renewal(2).user("carl");
    world.replace("S-1", "S-2");
    assert_eq!(world.grant("carl", "esm"), "no_free_seat");
    assert_eq!(world.sign_in("carl", "esm"), "no_free_seat");
    assert_eq!(world.grant_license("carl", "S-1"), "granted S-1");
}

#[test]
fn l10_too_few_seats_refuse_it_and_change_nothing() {
    let mut world = renewal(1);
    let before = world.rows.clone();
    let refusal = world.replace_refused("S-1", "S-2");
    assert_eq!(refusal.code(), "too_few_seats");
    assert_eq!(
        refusal.to_string(),
        "S-2 has 1 free seat for 2 holders of S-1: 1 too few; left out would be bob"
    );
    assert_eq!(world.rows, before);
}

#[test]
fn l10_told_to_it_does_what_fits_longest_held_first() {
    let mut world = renewal(1);
    let (moved, displaced) = world.replace_partly("S-1", "S-2");
    assert_eq!((moved, displaced), (1, vec!["bob: left_out".to_owned()]));
    assert_eq!(world.holders("S-1"), ["bob"]);
    assert_eq!(world.holders("S-2"), ["anna"]);
    assert_eq!(world.sign_in("bob", "esm"), "dedicated S-1");
    // When more seats come, the rest follows.
    world.revise(dedicated("S-2").seats(2).revision(2));
    world.recall_now("bob", "esm");
    assert_eq!(world.grant("bob", "esm"), "granted S-2");
}

#[test]
fn l10_whoever_is_at_work_keeps_the_old_seat_until_sign_out_s4() {
    let mut world = renewal(2);
    let session = world.sign_in("anna", "esm").session();
    world.wait_s(1);
    let (moved, displaced) = world.replace("S-1", "S-2");
    assert_eq!(
        (moved, displaced),
        (2, vec!["anna: releasing to S-2".to_owned()])
    );
    assert_eq!(world.seats_of("anna"), ["S-1 in /", "S-2 in /"]);
    world.wait_s(1);
    let newer = world.sign_in("anna", "esm");
    assert_eq!(newer, "dedicated S-2");
    assert_eq!(world.heartbeat(session), "alive");
    world.sign_out(session);
    assert_eq!(world.seats_of("anna"), ["S-2 in /"]);
    assert_eq!(world.heartbeat(newer.session()), "alive");
}

#[test]
fn l10_seats_stay_in_their_folders_and_pools_move_along() {
    let mut world = world()
        .folder("/Sales")
        .folder("/Support")
        .license(dedicated("S-1").seats(9));
    world.move_seats("S-1", "/", "/Sales", 3);
    world.move_seats("S-1", "/", "/Support", 4);
    let mut world = world
        .users(&["anna", "bob"])
        .user_in("carl", "/Sales")
        .user_in("dora", "/Support")
        .license(dedicated("S-2").seats(9));
    for user in ["anna", "bob", "carl", "dora"] {
        world.grant_license(user, "S-1");
    }
    world.replace("S-1", "S-2");
    assert_eq!(world.pools("S-2"), ["/ 2/2", "/Sales 1/3", "/Support 1/4"]);
    assert_eq!(world.seats_of("carl"), ["S-2 in /Sales"]);
    assert_eq!(world.seats_of("anna"), ["S-2 in /"]);
}

#[test]
fn l10_the_roots_holders_keep_their_place_where_seats_are_few() {
    let mut world = world().folder("/Sales").license(dedicated("S-1").seats(9));
    world.move_seats("S-1", "/", "/Sales", 7);
    let mut world = world
        .users(&["anna", "bob"])
        .user_in("carl", "/Sales")
        .license(dedicated("S-2").seats(4));
    for user in ["anna", "bob", "carl"] {
        world.grant_license(user, "S-1");
    }
    world.replace("S-1", "S-2");
    assert_eq!(world.seats_of("anna"), ["S-2 in /"]);
    assert_eq!(world.seats_of("bob"), ["S-2 in /"]);
    assert_eq!(world.seats_of("carl"), ["S-2 in /Sales"]);
    // What is left goes where the old pool is larger than its holders.
    assert_eq!(world.pools("S-2"), ["/ 2/2", "/Sales 1/2"]);
}

#[test]
fn l10_whoever_has_a_seat_of_the_new_one_needs_no_other_s2() {
    let mut world = renewal(2);
    world.grant_license("anna", "S-2");
    assert_eq!(world.replace("S-1", "S-2"), (2, vec![]));
    assert_eq!(world.holders("S-2").len(), 2);
}

#[test]
fn l10_a_new_seat_that_is_being_released_is_kept_s5() {
    let mut world = renewal(2);
    world.grant_license("anna", "S-2");
    world.sign_in("anna", "esm");
    world.recall_license("anna", "S-2");
    world.wait_s(1);
    world.replace("S-1", "S-2");
    let mut holders = world.holders("S-2");
    holders.sort();
    assert_eq!(holders, ["anna", "bob"]);
    assert_eq!(world.sign_in("anna", "esm"), "dedicated S-2");
}

#[test]
fn l10_a_new_seat_that_is_unbacked_replaces_nothing_l9() {
    let mut world = renewal(2).user("carl");
    world.grant_license("carl", "S-2");
    world.wait_s(1);
    world.grant_license("anna", "S-2");
    world.revise(dedicated("S-2").revision(2));
    assert_eq!(world.holders("S-2"), ["carl", "anna (unbacked)"]);
    assert_eq!(world.replace_refused("S-1", "S-2").code(), "too_few_seats");
    let (moved, displaced) = world.replace_partly("S-1", "S-2");
    assert_eq!(moved, 0);
    assert_eq!(displaced, ["anna: left_out", "bob: left_out"]);
    assert_eq!(world.sign_in("anna", "esm"), "dedicated S-1");
}

#[test]
fn l10_seats_that_only_lapsed_sessions_keep_are_free_h2() {
    let mut world = renewal(2).user("carl");
    world.grant_license("carl", "S-2");
    world.sign_in("carl", "esm");
    world.recall("carl", "esm");
    world.let_sessions_lapse();
    assert_eq!(world.replace("S-1", "S-2"), (2, vec![]));
}

#[test]
fn l10_a_floating_license_hands_over_to_whoever_signs_in_next() {
    let mut world = world().license(floating("F-1").expires(5));
    let session = world.sign_in("anna", "esm").session();
    let mut world = world.license(floating("F-2"));
    assert_eq!(world.replace("F-1", "F-2"), (0, vec![]));
    assert_eq!(world.heartbeat(session), "alive");
    assert_eq!(world.sign_in("bob", "esm"), "floating F-2");
    world.sign_out(session);
    assert_eq!(world.sign_in("carl", "esm"), "no_free_seat");
}

#[test]
fn l10_back_again_the_old_license_is_offered_again() {
    let mut world = renewal(2).user("carl");
    world.replace("S-1", "S-2");
    world.replace("S-2", "S-1");
    assert_eq!(world.grant("carl", "esm"), "granted S-1");
}

#[test]
fn l9_a_replaced_license_still_gives_refuge() {
    let mut world = renewal(2);
    world.replace("S-1", "S-2");
    let displaced = world.remove("S-2");
    assert_eq!(displaced, ["anna: moved to S-1", "bob: moved to S-1"]);
}

#[test]
fn l10_what_can_not_replace_is_refused_with_the_reason() {
    let mut world = renewal(5)
        .license(floating("F-1"))
        .license(dedicated("C-1").of("crm"))
        .license(dedicated("N-1").not_assignable())
        .license(dedicated("E-1").expires(0));
    for new in ["S-1", "F-1", "C-1", "N-1", "E-1"] {
        let refusal = world.replace_refused("S-1", new);
        assert!(matches!(refusal, Refusal::CannotReplace { .. }), "{new}");
    }
    world.replace("S-1", "S-2");
    world.remove("S-2");
    assert_eq!(world.replace_refused("S-2", "S-1").code(), "cannot_replace");
}

#[test]
fn l10_an_unbacked_seat_that_moved_up_on_the_way_is_released_as_backed_l9() {
    let mut world = world()
        .users(&["anna", "bob"])
        .license(dedicated("S-1").seats(2));
    world.grant("anna", "esm");
    world.wait_s(1);
    world.grant("bob", "esm");
    let session = world.sign_in("bob", "esm").session();
    world.revise(dedicated("S-1").revision(2));
    assert_eq!(world.holders("S-1"), ["anna", "bob (unbacked)"]);
    world.wait_s(1);
    let mut world = world.license(dedicated("S-2").seats(2));
    let (moved, displaced) = world.replace("S-1", "S-2");
    assert_eq!(
        (moved, displaced),
        (2, vec!["bob: releasing to S-2".to_owned()])
    );
    assert_eq!(world.holders("S-1"), ["bob (releasing)"]);
    world.sign_out(session);
    assert_eq!(world.pools("S-1"), ["/ 0/1"]);
}

#[test]
fn l10_what_carries_nobody_more_is_no_replacement_that_could_be_undone() {
    let mut world = renewal(3);
    assert_eq!(world.replace("S-1", "S-2").0, 2);
    let once = world.rows.replacements.clone();
    assert_eq!(world.replace("S-1", "S-2").0, 0);
    assert_eq!(world.rows.replacements, once);
}
