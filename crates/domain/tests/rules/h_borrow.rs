//! H5: seats that are offline.

use domain::{EndReason, Millis, SessionId, Timestamp};

use crate::world::prelude::*;

/// Two floating seats, two dedicated ones of which Anna has one, borrowing for two weeks.
fn lending() -> World {
    let mut world = world()
        .policy(|policy| {
            policy.borrow_days = 14;
            policy.borrow_at_most = 2;
        })
        .users(&["anna", "bob", "carl"])
        .license(floating("F-1").seats(2))
        .license(dedicated("D-1").seats(2).of("crm"));
    world.grant("anna", "crm");
    world
}

fn in_days(world: &World, days: i64) -> Timestamp {
    world.now.plus(Millis::days(days))
}

fn borrowing(world: &World, session: SessionId, days: i64) -> Command {
    Command::Borrow {
        session,
        until: in_days(world, days),
    }
}

/// Until when it is borrowed.
fn borrow(world: &mut World, session: SessionId, days: i64) -> Timestamp {
    let command = borrowing(world, session, days);
    match world.run(&command) {
        Outcome::Borrowed(granted) => granted.expires_at,
        other => panic!("not borrowed: {other:?}"),
    }
}

fn refused(world: &mut World, session: SessionId, days: i64) -> &'static str {
    let command = borrowing(world, session, days);
    world.refused(&command).code()
}

/// Whether there was something to return.
fn give_back(world: &mut World, session: SessionId) -> bool {
    match world.run(&Command::ReturnBorrowed(session)) {
        Outcome::SessionEnded(returned) => returned,
        other => panic!("no answer to a return: {other:?}"),
    }
}

fn end(world: &mut World, session: SessionId) -> Outcome {
    world.run(&Command::EndSession {
        session,
        reason: EndReason::EndedByAdministrator,
    })
}

#[test]
fn h5_a_borrowed_seat_is_held_without_heartbeats_until_the_loan_ends() {
    let mut world = lending();
    let session = world.sign_in("anna", "esm").session();
    let until = borrow(&mut world, session, 7);
    world.sign_in("bob", "esm");
    world.wait_days(6);
    world.sign_in("bob", "esm");
    assert_eq!(world.sign_in("carl", "esm"), "no_free_seat");
    world.now = until.minus(Millis::new(1));
    world.sign_in("bob", "esm");
    assert_eq!(world.sign_in("carl", "esm"), "no_free_seat");
    world.now = until;
    assert_eq!(world.sign_in("carl", "esm"), "floating F-1");
    assert_eq!(world.heartbeat(session), "borrow_ended");
}

#[test]
fn h5_a_returned_seat_is_free_at_once() {
    let mut world = lending();
    let session = world.sign_in("anna", "esm").session();
    borrow(&mut world, session, 7);
    world.sign_in("bob", "esm");
    assert!(give_back(&mut world, session));
    assert_eq!(world.sign_in("carl", "esm"), "floating F-1");
    assert_eq!(world.heartbeat(session), "returned");
    assert!(!give_back(&mut world, session));
}

#[test]
fn h5_what_is_not_borrowed_is_not_returned() {
    let mut world = lending();
    let session = world.sign_in("anna", "esm").session();
    assert!(!give_back(&mut world, session));
    assert_eq!(world.heartbeat(session), "alive");
}

#[test]
fn h5_signing_out_is_no_return() {
    let mut world = lending();
    let session = world.sign_in("anna", "esm").session();
    borrow(&mut world, session, 7);
    assert!(!world.sign_out(session));
    assert_eq!(world.pools("F-1"), ["/ 1/2"]);
}

#[test]
fn h5_an_administrators_end_frees_the_seat_only_when_the_loan_ends() {
    let mut world = lending();
    let session = world.sign_in("anna", "esm").session();
    let until = borrow(&mut world, session, 7);
    assert_eq!(end(&mut world, session), Outcome::SessionHeld { until });
    assert_eq!(end(&mut world, session), Outcome::SessionHeld { until });
    assert_eq!(world.last_events(1), ["session.closed"]);
    // The user learns it, and the seat is held all the same.
    assert_eq!(world.heartbeat(session), "ended_by_administrator");
    assert_eq!(world.pools("F-1"), ["/ 1/2"]);
    assert_eq!(refused(&mut world, session, 9), "session_over");
    world.now = until;
    world.sign_in("bob", "esm");
    assert_eq!(world.sign_in("carl", "esm"), "floating F-1");
    assert_eq!(world.end_of(session), Some("ended_by_administrator"));
}

#[test]
fn h5_a_closed_loan_can_be_returned() {
    let mut world = lending();
    let session = world.sign_in("anna", "esm").session();
    borrow(&mut world, session, 7);
    end(&mut world, session);
    assert!(give_back(&mut world, session));
    assert_eq!(world.pools("F-1"), ["/ 0/2"]);
}

#[test]
fn h5_a_borrowed_dedicated_seat_is_released_when_the_loan_ends_s4() {
    let mut world = lending();
    let session = world.sign_in("anna", "crm").session();
    let until = borrow(&mut world, session, 7);
    world.wait_s(1);
    assert_eq!(world.recall_now("anna", "crm"), "borrowed D-1");
    assert_eq!(world.holders("D-1"), ["anna (releasing)"]);
    assert_eq!(world.heartbeat(session), "seat_recalled");
    world.now = until;
    world.run(&Command::Reclaim {
        product: world.product_row("crm").id,
        at_most: 9,
    });
    assert!(world.holders("D-1").is_empty());
}

#[test]
fn h5_a_deactivated_users_loan_is_held_to_its_end_s8() {
    let mut world = lending();
    let floating = world.sign_in("anna", "esm").session();
    let dedicated = world.sign_in("anna", "crm").session();
    borrow(&mut world, floating, 7);
    let until = borrow(&mut world, dedicated, 7);
    world.set_active("anna", false);
    assert_eq!(world.pools("F-1"), ["/ 1/2"]);
    assert_eq!(world.holders("D-1"), ["anna (releasing)"]);
    let delete = Command::DeleteUser(world.user_id("anna"));
    assert_eq!(world.refused(&delete).code(), "seat_borrowed");
    let keep = Command::CancelRelease {
        user: domain::UserRef::Id(world.user_id("anna")),
        license: world.license_id("D-1"),
    };
    assert_eq!(world.refused(&keep).code(), "user_inactive");
    world.now = until;
    world.delete_user("anna");
    assert_eq!(world.pools("F-1"), ["/ 0/2"]);
    assert_eq!(world.pools("D-1"), ["/ 0/2"]);
}

#[test]
fn h5_a_withdrawn_license_keeps_its_borrowed_seats_as_unbacked_l9() {
    let mut world = lending();
    let session = world.sign_in("anna", "esm").session();
    let until = borrow(&mut world, session, 7);
    world.revoke("F-1");
    assert_eq!(world.pools("F-1"), ["/ 1/0"]);
    assert_eq!(world.heartbeat(session), "license_revoked");
    assert_eq!(world.pools("F-1"), ["/ 1/0"]);
    world.now = until;
    assert_eq!(world.heartbeat(session), "license_revoked");
    assert!(world.pools("F-1").is_empty());
}

#[test]
fn h5_the_policy_says_how_long_and_how_many() {
    let mut world = lending().license(floating("F-2").seats(5));
    let sessions: Vec<SessionId> = ["anna", "bob", "carl"]
        .map(|user| world.sign_in(user, "esm").session())
        .into();
    assert_eq!(refused(&mut world, sessions[0], 15), "borrow_too_long");
    assert_eq!(refused(&mut world, sessions[0], 0), "borrow_not_ahead");
    borrow(&mut world, sessions[0], 14);
    borrow(&mut world, sessions[1], 1);
    assert_eq!(refused(&mut world, sessions[2], 1), "too_many_borrowed");
    // For longer is no further loan.
    borrow(&mut world, sessions[1], 2);
    give_back(&mut world, sessions[0]);
    borrow(&mut world, sessions[2], 1);
    world.change_policy(|policy| policy.borrow_days = 0);
    assert_eq!(refused(&mut world, sessions[2], 1), "borrowing_off");
}

#[test]
fn h5_what_was_signed_is_not_shortened() {
    let mut world = lending();
    let session = world.sign_in("anna", "esm").session();
    let until = borrow(&mut world, session, 7);
    assert_eq!(refused(&mut world, session, 6), "borrowed_for_longer");
    assert_eq!(borrow(&mut world, session, 7), until);
}

#[test]
fn h5_a_loan_ends_with_its_license() {
    let mut world = world()
        .policy(|policy| policy.borrow_days = 14)
        .license(floating("F-1").expires(5).grace_days(2));
    let session = world.sign_in("anna", "esm").session();
    assert_eq!(refused(&mut world, session, 8), "borrow_beyond_license");
    borrow(&mut world, session, 7);
}

#[test]
fn h5_nothing_is_borrowed_on_what_is_over_released_or_a_demo() {
    let mut world = lending().policy(|policy| policy.demo_seats = 1);
    let demo = world.sign_in("anna", "unheard-of").session();
    assert_eq!(refused(&mut world, demo, 1), "not_borrowable");
    let floating = world.sign_in("anna", "esm").session();
    world.sign_out(floating);
    assert_eq!(refused(&mut world, floating, 1), "session_over");
    let dedicated = world.sign_in("anna", "crm").session();
    world.recall("anna", "crm");
    assert_eq!(refused(&mut world, dedicated, 1), "not_borrowable");
    let lapsed = world.sign_in("bob", "esm").session();
    world.let_sessions_lapse();
    assert_eq!(refused(&mut world, lapsed, 1), "session_over");
    let unknown = SessionId(uuid::Uuid::from_u128(7));
    assert_eq!(refused(&mut world, unknown, 1), "unknown_session");
}

#[test]
fn h5_a_session_that_stays_online_goes_on_after_its_loan() {
    let mut world = lending();
    let session = world.sign_in("anna", "esm").session();
    let until = borrow(&mut world, session, 1);
    world.now = until.minus(Millis::seconds(60));
    assert_eq!(world.heartbeat(session), "alive");
    world.now = until.plus(Millis::seconds(60));
    assert_eq!(world.heartbeat(session), "alive");
    assert!(!give_back(&mut world, session));
    world.let_sessions_lapse();
    assert_eq!(world.heartbeat(session), "timed_out");
}

#[test]
fn h5_linked_accounts_keep_what_one_of_them_borrowed_s12() {
    let mut world = lending();
    let session = world.sign_in("anna", "crm").session();
    let until = borrow(&mut world, session, 7);
    world.link("anna", "bob");
    let unlink = Command::UnlinkUser(world.user_id("anna"));
    assert_eq!(world.refused(&unlink).code(), "seat_borrowed");
    world.set_active("anna", false);
    world.delete_user("bob");
    assert_eq!(world.holders("D-1"), ["anna (releasing)"]);
    world.now = until;
    world.delete_user("anna");
    assert_eq!(world.pools("D-1"), ["/ 0/2"]);
}
