//! L10: several licenses take over from several, and it is undone again.

use domain::{Millis, Source};

use crate::world::prelude::*;

/// Anna holds CMDB-1 and FLOWS-1, Bob FLOWS-1, Carl CMDB-1.
fn two_modules() -> World {
    let mut world = world()
        .users(&["anna", "bob", "carl"])
        .license(dedicated("CMDB-1").seats(5).modules(&["cmdb"]))
        .license(dedicated("FLOWS-1").seats(5).modules(&["flows"]));
    for (user, serial) in [
        ("anna", "CMDB-1"),
        ("bob", "FLOWS-1"),
        ("anna", "FLOWS-1"),
        ("carl", "CMDB-1"),
    ] {
        world.grant_license(user, serial);
        world.wait_s(1);
    }
    world
}

/// Anna and Bob hold S-1, S-2 has so many seats.
fn renewal(seats: u32) -> World {
    let mut world = world()
        .users(&["anna", "bob"])
        .license(dedicated("S-1").seats(2).expires(10));
    for user in ["anna", "bob"] {
        world.grant_from(user, "S-1", Source::Rule);
        world.wait_s(1);
    }
    world.license(dedicated("S-2").seats(seats))
}

#[test]
fn l10_several_licenses_are_replaced_by_one_in_the_order_of_holding() {
    let mut world = two_modules().license(dedicated("ALL-2").seats(3));
    let holders = world.replace_all(&["CMDB-1", "FLOWS-1"], &["ALL-2"]);
    // One seat is enough for the two that Anna had (S2).
    assert_eq!(
        holders,
        [
            "anna: moved to ALL-2",
            "bob: moved to ALL-2",
            "anna: moved to ALL-2",
            "carl: moved to ALL-2"
        ]
    );
    assert_eq!(world.holders("ALL-2"), ["anna", "bob", "carl"]);
    for old in ["CMDB-1", "FLOWS-1"] {
        let heir = world.license_id("ALL-2");
        assert_eq!(world.license_row(old).replaced_by, Some(heir));
        assert!(world.holders(old).is_empty());
    }
}

#[test]
fn l10_a_holder_gets_a_seat_that_gives_as_much_as_the_old_one() {
    let mut world = two_modules()
        .license(dedicated("CMDB-2").seats(5).modules(&["cmdb"]))
        .license(dedicated("FLOWS-2").seats(5).modules(&["flows"]));
    world.replace_all(&["CMDB-1", "FLOWS-1"], &["CMDB-2", "FLOWS-2"]);
    assert_eq!(world.seats_of("anna"), ["CMDB-2 in /", "FLOWS-2 in /"]);
    assert_eq!(world.seats_of("bob"), ["FLOWS-2 in /"]);
    assert_eq!(world.seats_of("carl"), ["CMDB-2 in /"]);
}

#[test]
fn l10_the_first_of_the_new_licenses_is_filled_first() {
    let mut world = renewal(1).license(dedicated("S-3").seats(1));
    let holders = world.replace_all(&["S-1"], &["S-3", "S-2"]);
    assert_eq!(holders, ["anna: moved to S-3", "bob: moved to S-2"]);
}

#[test]
fn l10_too_few_seats_of_several_say_how_many_and_who() {
    let mut world = two_modules().license(dedicated("ALL-2").seats(1));
    let command = world.replacing_all(&["CMDB-1", "FLOWS-1"], &["ALL-2"], false);
    let before = world.rows.clone();
    assert_eq!(
        world.refused(&command).to_string(),
        "ALL-2 has 1 free seat for 3 holders of CMDB-1, FLOWS-1: 2 too few; left out would be \
         bob, carl"
    );
    assert_eq!(world.rows, before);
}

#[test]
fn l10_a_new_license_says_itself_what_it_replaces() {
    let mut world = renewal(2).license(dedicated("S-3").seats(2).replaces(&["S-1", "gone"]));
    let holders = world.replace_all(&[], &["S-3"]);
    assert_eq!(holders, ["anna: moved to S-3", "bob: moved to S-3"]);
    let nothing = world.replacing_all(&[], &["S-2"], false);
    assert_eq!(world.refused(&nothing).code(), "nothing_to_replace");
    let nothing = world.replacing_all(&["S-1"], &[], false);
    assert_eq!(world.refused(&nothing).code(), "nothing_to_replace");
}

#[test]
fn l10_a_license_can_not_replace_one_of_those_it_comes_with() {
    let mut world = renewal(2);
    let command = world.replacing_all(&["S-1", "S-2"], &["S-2"], false);
    assert_eq!(world.refused(&command).code(), "cannot_replace");
}

#[test]
fn l10_free_seats_do_not_move_where_unbacked_ones_would_take_them_l9() {
    let mut world = world()
        .user("carl")
        .user_in("anna", "/Sales")
        .user_in("bob", "/Sales")
        .license_in("/Sales", dedicated("S-1").seats(1))
        .license(dedicated("S-2").seats(2));
    world.grant_license("anna", "S-1");
    world.move_seats("S-2", "/", "/Sales", 1);
    world.grant_license("carl", "S-2");
    world.wait_s(1);
    world.grant_license("bob", "S-2");
    world.revise(dedicated("S-2").revision(2));
    world.recall_license("carl", "S-2");
    assert_eq!(world.pools("S-2"), ["/ 0/1", "/Sales 1/0"]);
    assert_eq!(world.replace("S-1", "S-2"), (1, vec![]));
    assert_eq!(world.seats_of("anna"), ["S-2 in /"]);
    assert_eq!(world.holders("S-2"), ["bob (unbacked)", "anna"]);
}

#[test]
fn l10_undone_everyone_holds_what_they_held_and_since_when() {
    let mut world = renewal(2);
    let before = world.rows.clone();
    world.replace("S-1", "S-2");
    world.wait(Millis::days(1));
    world.now = world.now.minus(Millis::new(1));
    assert_eq!(world.undo_replace(), ["anna: restored", "bob: restored"]);
    assert_eq!(world.holders("S-1"), ["anna", "bob"]);
    assert!(world.holders("S-2").is_empty());
    for user in ["anna", "bob"] {
        let was = before
            .seats
            .values()
            .find(|seat| seat.user == world.user_id(user));
        let (was, is) = (was.unwrap(), world.seat(user, "S-1"));
        assert_eq!((was.assigned_at, was.sources), (is.assigned_at, is.sources));
    }
    assert_eq!(world.license_row("S-1").replaced_by, None);
    assert_eq!(world.grant("anna", "esm"), "already_held S-1");
    let again = world.undoing();
    assert_eq!(world.refused(&again).code(), "already_undone");
}

#[test]
fn l10_after_a_day_nothing_is_undone() {
    let mut world = renewal(2);
    world.replace("S-1", "S-2");
    world.wait_days(1);
    let late = world.undoing();
    assert_eq!(world.refused(&late).code(), "too_late_to_undo");
}

#[test]
fn l10_a_release_that_waits_is_taken_back_and_nobody_is_thrown_out_s4() {
    let mut world = renewal(2);
    let session = world.sign_in("anna", "esm").session();
    world.wait_s(1);
    world.replace("S-1", "S-2");
    world.wait_s(1);
    assert_eq!(world.undo_replace(), ["anna: restored", "bob: restored"]);
    assert_eq!(world.holders("S-1"), ["anna", "bob"]);
    // The new seat waits for the session that began before.
    assert_eq!(world.holders("S-2"), ["anna (releasing)"]);
    assert_eq!(world.heartbeat(session), "alive");
    world.sign_out(session);
    assert!(world.holders("S-2").is_empty());
}

#[test]
fn l10_whoever_can_not_be_restored_keeps_the_new_seat_and_is_told_why() {
    let mut world = world()
        .users(&["anna", "bob", "carl", "dora", "emil"])
        .license(dedicated("S-1").seats(4))
        .license(dedicated("S-2").seats(4));
    for user in ["anna", "bob", "carl", "dora"] {
        world.grant_license(user, "S-1");
        world.wait_s(1);
    }
    world.replace("S-1", "S-2");
    world.recall_license("anna", "S-2");
    world.set_active("bob", false);
    world.delete_user("carl");
    for user in ["anna", "emil"] {
        world.grant_license(user, "S-1");
    }
    world.revise(dedicated("S-1").seats(2).revision(2));
    assert_eq!(
        world.undo_replace(),
        [
            "anna: recalled_since",
            "bob: user_inactive",
            "(gone): unknown_user",
            "dora: no_free_seat"
        ]
    );
    assert_eq!(world.holders("S-2"), ["dora"]);
    assert_eq!(world.sign_in("dora", "esm"), "dedicated S-2");
}

#[test]
fn l10_to_a_license_that_is_over_nobody_goes_back() {
    let mut world = renewal(2);
    world.wait_days(9);
    world.replace("S-1", "S-2");
    world.wait_days(1);
    world.now = world.now.minus(Millis::seconds(1));
    assert_eq!(
        world.undo_replace(),
        ["anna: not_usable", "bob: not_usable"]
    );
    assert_eq!(world.holders("S-2"), ["anna", "bob"]);
}

#[test]
fn l10_what_was_given_besides_stays_s11() {
    let mut world = renewal(2);
    world.grant_license("anna", "S-2");
    world.replace("S-1", "S-2");
    world.grant_from("bob", "S-2", Source::Hand);
    world.undo_replace();
    for user in ["anna", "bob"] {
        let sources: Vec<Source> = world.seat(user, "S-2").sources.iter().collect();
        assert_eq!(sources, [Source::Hand]);
        let sources: Vec<Source> = world.seat(user, "S-1").sources.iter().collect();
        assert_eq!(sources, [Source::Rule]);
    }
}

#[test]
fn l10_pools_that_moved_along_move_back_p1() {
    let mut world = world()
        .user_in("anna", "/Sales")
        .license_in("/Sales", dedicated("S-1").seats(3));
    world.grant_license("anna", "S-1");
    let mut world = world.license(dedicated("S-2").seats(5));
    world.replace("S-1", "S-2");
    assert_eq!(world.pools("S-2"), ["/ 0/2", "/Sales 1/3"]);
    world.undo_replace();
    assert_eq!(world.pools("S-2"), ["/ 0/5"]);
    assert_eq!(world.seats_of("anna"), ["S-1 in /Sales"]);
}

#[test]
fn l10_what_was_replaced_again_is_undone_from_the_last() {
    let mut world = renewal(2).license(dedicated("S-3").seats(2));
    world.replace("S-1", "S-2");
    let first = world.undoing();
    world.wait_s(1);
    world.replace("S-2", "S-3");
    assert_eq!(world.refused(&first).code(), "replaced_since");
    world.undo_replace();
    world.run(&first);
    assert_eq!(world.holders("S-1"), ["anna", "bob"]);
    assert_eq!(world.license_row("S-2").replaced_by, None);
}
