//! S4 and S10: giving dedicated seats back.

use domain::{EndReason, EventKind, Role};

use crate::world::prelude::*;

/// Anna works on the only seat of S-1.
fn at_work() -> (World, domain::SessionId) {
    let mut world = world().users(&["anna", "bob"]).license(dedicated("S-1"));
    world.grant("anna", "esm");
    let session = world.sign_in("anna", "esm").session();
    world.wait_s(1);
    (world, session)
}

#[test]
fn s4_a_seat_that_nobody_works_on_is_free_at_once() {
    let mut world = world().users(&["anna", "bob"]).license(dedicated("S-1"));
    world.grant("anna", "esm");
    assert_eq!(world.recall("anna", "esm"), "released S-1");
    assert_eq!(world.grant("bob", "esm"), "granted S-1");
}

#[test]
fn s4_whoever_is_at_work_is_not_thrown_out() {
    let (mut world, session) = at_work();
    assert_eq!(world.recall("anna", "esm"), "releasing S-1");
    assert_eq!(world.heartbeat(session), "alive");
    assert_eq!(world.pools("S-1"), ["/ 1/1"]);
    assert_eq!(world.grant("bob", "esm"), "no_free_seat");
}

#[test]
fn s4_a_releasing_seat_is_free_when_the_last_session_ends() {
    let (mut world, first) = at_work();
    let second = world.sign_in("anna", "esm").session();
    world.wait_s(1);
    world.recall("anna", "esm");
    world.sign_out(first);
    assert_eq!(world.holders("S-1"), ["anna (releasing)"]);
    world.sign_out(second);
    assert!(world.holders("S-1").is_empty());
    assert_eq!(world.pools("S-1"), ["/ 0/1"]);
}

#[test]
fn s4_a_releasing_seat_is_free_when_its_sessions_lapse_h2() {
    let (mut world, _) = at_work();
    world.recall("anna", "esm");
    world.let_sessions_lapse();
    assert_eq!(world.grant("bob", "esm"), "granted S-1");
    assert_eq!(world.holders("S-1"), ["bob"]);
}

#[test]
fn s4_a_recall_now_ends_the_sessions_at_once() {
    let (mut world, session) = at_work();
    assert_eq!(world.recall_now("anna", "esm"), "released S-1");
    assert_eq!(world.end_of(session), Some("seat_recalled"));
    assert_eq!(world.heartbeat(session), "seat_recalled");
    assert_eq!(world.grant("bob", "esm"), "granted S-1");
}

#[test]
fn s4_a_recall_now_ends_what_an_earlier_recall_let_go_on() {
    let (mut world, session) = at_work();
    world.recall("anna", "esm");
    assert_eq!(world.recall_now("anna", "esm"), "released S-1");
    assert_eq!(world.heartbeat(session), "seat_recalled");
}

#[test]
fn s4_a_recall_is_harmless_twice() {
    let (mut world, _) = at_work();
    assert_eq!(world.recall("anna", "esm"), "releasing S-1");
    let since = world.seat("anna", "S-1").releasing_since;
    world.wait_s(1);
    assert_eq!(world.recall("anna", "esm"), "releasing S-1");
    assert_eq!(world.seat("anna", "S-1").releasing_since, since);
    assert_eq!(world.count_events(EventKind::SeatReleasing), 1);
}

#[test]
fn s4_sessions_on_floating_seats_hold_no_dedicated_seat_back() {
    let mut world = world()
        .user("anna")
        .license(dedicated("R-1").read_only())
        .license(floating("W-1"));
    world.grant_license("anna", "R-1");
    assert_eq!(
        world.sign_in_for("anna", "esm", ask().write()),
        "floating W-1"
    );
    assert_eq!(world.recall("anna", "esm"), "released R-1");
    assert_eq!(world.at_work(), ["anna W-1"]);
}

#[test]
fn s4_a_pending_release_can_be_cancelled() {
    let (mut world, session) = at_work();
    world.recall("anna", "esm");
    assert!(world.cancel_release("anna", "S-1"));
    assert!(!world.cancel_release("anna", "S-1"));
    world.sign_out(session);
    assert_eq!(world.holders("S-1"), ["anna"]);
    assert_eq!(world.sign_in("anna", "esm"), "dedicated S-1");
}

#[test]
fn s4_a_release_that_came_to_its_end_can_not_be_cancelled_h2() {
    let (mut world, _) = at_work();
    world.recall("anna", "esm");
    world.let_sessions_lapse();
    assert!(!world.cancel_release("anna", "S-1"));
    assert!(world.holders("S-1").is_empty());
}

#[test]
fn s4_an_administrator_frees_a_releasing_seat_by_ending_the_session_h1() {
    let (mut world, session) = at_work();
    world.recall("anna", "esm");
    assert!(world.end_session(session, EndReason::EndedByAdministrator));
    assert!(world.holders("S-1").is_empty());
    assert_eq!(world.heartbeat(session), "ended_by_administrator");
}

#[test]
fn s4_an_application_can_not_end_a_session_as_an_administrator_r1() {
    let (mut world, session) = at_work();
    world.act_as(Role::Application);
    let refusal = world.refused(&Command::EndSession {
        session,
        reason: EndReason::EndedByAdministrator,
    });
    assert_eq!(refusal.code(), "forbidden");
    assert!(world.sign_out(session));
}

#[test]
fn s4_sign_in_recall_and_sign_out_in_one_batch_free_the_seat() {
    let mut world = world().users(&["anna", "bob"]).license(dedicated("S-1"));
    world.grant("anna", "esm");
    let session = world.sign_in("anna", "esm").session();
    let answers = world.run_all(&[
        recalling("anna", product("esm"), false),
        granting("bob", product("esm")),
        signing_out(session),
        granting("bob", product("esm")),
    ]);
    assert_eq!(
        recall_in_words(answers[0].as_ref().unwrap()),
        "releasing S-1"
    );
    assert_eq!(grant_in_words(answers[1].as_ref().unwrap()), "no_free_seat");
    assert_eq!(answers[2], Ok(Outcome::SessionEnded(true)));
    assert_eq!(grant_in_words(answers[3].as_ref().unwrap()), "granted S-1");
}

#[test]
fn s10_a_recall_touches_no_other_product() {
    let mut world = world()
        .user("anna")
        .license(dedicated("S-1"))
        .license(dedicated("C-1").of("crm"));
    world.grant("anna", "esm");
    world.grant("anna", "crm");
    let at_work = world.sign_in("anna", "crm").session();
    assert_eq!(world.recall_now("anna", "esm"), "released S-1");
    assert_eq!(world.holders("C-1"), ["anna"]);
    assert_eq!(world.heartbeat(at_work), "alive");
}

#[test]
fn s10_a_recall_of_a_license_touches_no_other_license() {
    let mut world = world()
        .users(&["anna", "bob"])
        .license(dedicated("S-1").seats(2))
        .license(dedicated("S-2").seats(2));
    for user in ["anna", "bob"] {
        world.grant_license(user, "S-1");
        world.grant_license(user, "S-2");
    }
    assert_eq!(world.recall_license("anna", "S-1"), "released S-1");
    assert_eq!(world.seats_of("anna"), ["S-2 in /"]);
    assert_eq!(world.seats_of("bob"), ["S-1 in /", "S-2 in /"]);
}

#[test]
fn s10_a_recall_where_nothing_is_held_says_so() {
    let mut world = world().user("anna").license(dedicated("S-1"));
    assert_eq!(world.recall("anna", "esm"), "not_held");
    assert_eq!(world.recall("nobody", "esm"), "unknown_user");
    let refusal = world.refused(&recalling("anna", product("crm"), false));
    assert_eq!(refusal, Refusal::UnknownProduct("crm".into()));
}

#[test]
fn s10_seats_are_recalled_also_when_everything_has_expired_i5() {
    let mut world = world().user("anna").license(dedicated("S-1").expires(1));
    world.grant("anna", "esm");
    world.wait_days(2);
    assert_eq!(world.recall("anna", "esm"), "released S-1");
}
