//! H1, H3, H4, H6: how sessions go on and end.

use domain::outcome::HeartbeatAnswer;
use domain::{EndReason, Millis, Refusal, SessionId, Timestamp};

use crate::world::prelude::*;

fn alive(answer: &HeartbeatAnswer) -> (Timestamp, Timestamp) {
    match answer {
        HeartbeatAnswer::Alive {
            expires_at,
            usable_until,
            ..
        } => (*expires_at, *usable_until),
        HeartbeatAnswer::Ended { reason, .. } => panic!("ended: {reason}"),
    }
}

#[test]
fn h1_heartbeats_keep_a_session_alive() {
    let mut world = world().license(floating("F-1"));
    let session = world.sign_in("anna", "esm").session();
    for _ in 0..20 {
        world.wait_s(600);
        assert_eq!(world.heartbeat(session), "alive");
    }
    world.wait_s(660);
    assert_eq!(world.heartbeat(session), "timed_out");
    assert_eq!(world.pools("F-1"), ["/ 0/1"]);
}

#[test]
fn h1_the_time_out_is_the_policys() {
    let mut world = world()
        .policy(|policy| policy.session_timeout_s = 60)
        .license(floating("F-1"));
    let session = world.sign_in("anna", "esm").session();
    world.wait_s(65);
    assert_eq!(world.heartbeat(session), "alive");
    world.wait_s(66);
    assert_eq!(world.heartbeat(session), "timed_out");
}

#[test]
fn h1_a_lease_is_a_tenth_longer_than_the_time_out() {
    let mut world = world().license(floating("F-1"));
    let access = world.sign_in("anna", "esm");
    assert_eq!(
        access.granted().expires_at,
        BEGINNING.plus(Millis::seconds(660))
    );
}

#[test]
fn h1_a_heartbeat_is_written_only_where_the_lease_gives_less_than_the_time_out() {
    let mut world = world().license(floating("F-1"));
    let session = world.sign_in("anna", "esm").session();
    let lease = BEGINNING.plus(Millis::seconds(660));
    world.wait_s(60);
    let before = world.rows.clone();
    assert_eq!(alive(&world.heartbeat_answer(session)).0, lease);
    assert_eq!(world.rows, before);
    world.wait(Millis::new(1));
    let longer = world.now.plus(Millis::seconds(660));
    assert_eq!(alive(&world.heartbeat_answer(session)).0, longer);
    assert_eq!(world.rows.sessions[&session].expires_at, longer);
}

#[test]
fn h1_heartbeats_are_due_after_a_third_of_the_time_out_give_or_take_a_tenth() {
    let mut world = world().license(floating("F-1").seats(200));
    let mut waits = std::collections::BTreeSet::new();
    for number in 0..200 {
        let access = world.sign_in(&format!("user {number}"), "esm");
        waits.insert(access.granted().heartbeat_after);
    }
    let (first, last) = (waits.first().unwrap(), waits.last().unwrap());
    assert!(*first >= Millis::seconds(180) && *last <= Millis::seconds(220));
    assert!(waits.len() > 150, "they spread");
}

#[test]
fn h3_a_heartbeat_for_an_ended_session_says_why_it_ended() {
    let mut world = world().license(floating("F-1"));
    let session = world.sign_in("anna", "esm").session();
    world.sign_out(session);
    let ended = world.now;
    world.wait_s(5);
    let answer = world.heartbeat_answer(session);
    let HeartbeatAnswer::Ended { at, reason } = answer else {
        panic!("{answer:?}");
    };
    assert_eq!((at, reason.code()), (ended, "signed_out"));
}

#[test]
fn h3_signing_out_is_harmless_twice_and_for_nobody() {
    let mut world = world().license(floating("F-1").seats(2).per_session());
    let session = world.sign_in("anna", "esm").session();
    world.sign_in("bob", "esm");
    assert!(world.sign_out(session));
    assert!(!world.sign_out(session));
    assert!(!world.sign_out(SessionId(uuid::Uuid::from_u128(1))));
    assert_eq!(world.pools("F-1"), ["/ 1/2"]);
    let answers = world.run_all(&[signing_out(session), signing_out(session)]);
    assert_eq!(
        answers,
        [
            Ok(Outcome::SessionEnded(false)),
            Ok(Outcome::SessionEnded(false))
        ]
    );
}

#[test]
fn h3_signing_out_after_the_time_out_ends_as_timed_out_h2() {
    let mut world = world().license(floating("F-1"));
    let session = world.sign_in("anna", "esm").session();
    world.let_sessions_lapse();
    assert!(!world.sign_out(session));
    assert_eq!(world.end_of(session), Some("timed_out"));
    assert_eq!(world.pools("F-1"), ["/ 0/1"]);
}

#[test]
fn h3_a_heartbeat_that_comes_late_is_told_since_when_nothing_was_held_h2() {
    let mut world = world().license(floating("F-1"));
    let session = world.sign_in("anna", "esm").session();
    let at = world.rows.sessions[&session].expires_at;
    world.let_sessions_lapse();
    world.wait_s(60);
    // Also once it is written down.
    for _ in 0..2 {
        let reason = EndReason::TimedOut;
        let over = HeartbeatAnswer::Ended { at, reason };
        assert_eq!(world.heartbeat_answer(session), over);
        world.wait_s(60);
    }
}

#[test]
fn h3_a_session_that_never_was_is_unknown() {
    let mut world = world();
    let nobody = SessionId(uuid::Uuid::from_u128(1));
    assert_eq!(
        world.refused(&Command::Heartbeat(nobody)),
        Refusal::UnknownSession
    );
}

#[test]
fn h4_a_grant_says_all_that_a_token_vouches_for() {
    let mut world = world()
        .user("anna")
        .license(floating("F-1").modules(&[]).revision(1));
    world.revise(floating("F-1").revision(2));
    let access = world.sign_in("anna", "esm");
    let granted = access.granted();
    let session = &world.rows.sessions[&granted.session];
    assert_eq!(granted.user, world.user_id("anna"));
    assert_eq!(granted.person, session.person);
    assert_eq!(granted.product, session.product);
    assert_eq!(granted.via, session.via.code());
    assert_eq!(
        granted.license.as_ref().map(|(id, _)| *id),
        session.via.license()
    );
    assert_eq!(granted.expires_at, session.expires_at);
}

#[test]
fn h6_grace_comes_first_and_then_the_next_heartbeat_ends_it() {
    let specs = [floating("L-1"), site("L-1"), dedicated("L-1")];
    for spec in specs {
        let mut world = world()
            .policy(|policy| policy.session_timeout_s = 604_800)
            .license(spec.expires(2).grace_days(2));
        let session = world.sign_in("anna", "esm").session();
        let over = BEGINNING.plus(Millis::days(4));
        world.wait_days(3);
        assert_eq!(world.state("L-1"), domain::State::Grace);
        assert_eq!(alive(&world.heartbeat_answer(session)).1, over);
        world.now = over.minus(Millis::new(1));
        assert_eq!(world.heartbeat(session), "alive");
        world.now = over;
        assert_eq!(world.heartbeat(session), "license_expired");
        assert_eq!(world.heartbeat(session), "license_expired");
        assert!(world.at_work().is_empty());
    }
}

#[test]
fn h6_a_stale_license_ends_its_sessions() {
    let mut world = world()
        .policy(|policy| policy.session_timeout_s = 604_800)
        .license(floating("F-1").revalidated(1, 2));
    let session = world.sign_in("anna", "esm").session();
    world.wait_days(2);
    assert_eq!(world.heartbeat(session), "alive");
    world.wait_days(1);
    assert_eq!(world.heartbeat(session), "license_stale");
}

#[test]
fn h6_a_revoked_or_removed_license_ends_its_sessions() {
    for spec in [floating("L-1"), site("L-1"), dedicated("L-1")] {
        let mut revoked = world().license(spec.clone());
        let session = revoked.sign_in("anna", "esm").session();
        let mut removed = revoked.clone();
        revoked.revoke("L-1");
        assert_eq!(revoked.heartbeat(session), "license_revoked");
        removed.remove("L-1");
        assert_eq!(removed.heartbeat(session), "license_removed");
    }
}

#[test]
fn h6_a_session_goes_on_while_other_seats_cover_what_was_asked() {
    let mut world = world()
        .user("anna")
        .policy(|policy| policy.session_timeout_s = 604_800)
        .license(dedicated("S-1").expires(1))
        .license(dedicated("S-2").modules(&["cmdb"]));
    world.grant_license("anna", "S-1");
    world.grant_license("anna", "S-2");
    let modest = world
        .sign_in_for("anna", "esm", ask().module("cmdb"))
        .session();
    let greedy = world
        .sign_in_for("anna", "esm", ask().module("flows"))
        .session();
    world.wait_days(1);
    assert_eq!(world.heartbeat(modest), "alive");
    assert_eq!(world.heartbeat(greedy), "license_expired");
}

#[test]
fn h6_a_revision_that_no_longer_covers_ends_the_session() {
    for spec in [floating("L-1"), site("L-1"), dedicated("L-1")] {
        let mut world = world().license(spec.clone());
        let session = world
            .sign_in_for("anna", "esm", ask().module("cmdb"))
            .session();
        let other = world.sign_in("anna", "esm").session();
        world.revise(spec.revision(2).modules(&["flows"]));
        assert_eq!(world.heartbeat(session), "not_covered");
        assert_eq!(world.heartbeat(other), "alive");
    }
}

#[test]
fn h6_a_demo_goes_on_as_long_as_it_is_kept_alive() {
    let mut world = world().policy(|policy| policy.demo_seats = 1);
    let session = world.sign_in("anna", "esm").session();
    let (_, usable_until) = alive(&world.heartbeat_answer(session));
    assert_eq!(usable_until, Timestamp::FOREVER);
}

#[test]
fn h6_a_seat_taken_at_once_ends_its_sessions_s4() {
    let mut world = world().license(dedicated("S-1"));
    let session = world.sign_in("anna", "esm").session();
    world.recall_now("anna", "esm");
    assert_eq!(world.heartbeat(session), "seat_recalled");
}

#[test]
fn l11_time_is_judged_by_the_later_of_the_clock_and_the_latest_time_seen() {
    let (early, late) = (BEGINNING, BEGINNING.plus(Millis::DAY));
    assert_eq!(Timestamp::judged(early, late), late);
    assert_eq!(Timestamp::judged(late, early), late);
}
