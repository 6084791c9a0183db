//! Heartbeats, those from memory and those that are written (H1, H3, H6).

use domain::outcome::HeartbeatAnswer;
use domain::{Command, EndReason, Outcome, Policy, SessionId};
use license_file::document::Model;

use crate::world::{World, administrator, grant, new_user, recall_now, sign_out, terms};

async fn beat(world: &World, session: SessionId) -> HeartbeatAnswer {
    let beat = world.engine.heartbeat(&administrator(), session).await;
    beat.unwrap()
}

fn expiry(answer: &HeartbeatAnswer) -> domain::Timestamp {
    match answer {
        HeartbeatAnswer::Alive { expires_at, .. } => *expires_at,
        HeartbeatAnswer::Ended { reason, .. } => panic!("ended: {reason}"),
    }
}

fn ending(answer: &HeartbeatAnswer) -> EndReason {
    match answer {
        HeartbeatAnswer::Ended { reason, .. } => *reason,
        HeartbeatAnswer::Alive { .. } => panic!("alive"),
    }
}

/// A session that was answered from memory at least once.
async fn remembered(world: &World, user: &str) -> SessionId {
    let session = world.granted(user).await.session;
    beat(world, session).await;
    beat(world, session).await;
    session
}

#[tokio::test]
async fn a_session_lives_as_long_as_its_heartbeats_h1() {
    let world = World::new();
    world.license(Model::Floating, 1).await;
    let session = remembered(&world, "anna").await;
    let timeout = i64::from(Policy::default().session_timeout_s);
    for _ in 0..30 {
        world.pass(timeout / 3);
        let answer = beat(&world, session).await;
        // Each answer gives the whole time-out, whether it was written or remembered.
        let whole = world.clock.now().plus(domain::Millis::seconds(timeout));
        assert!(expiry(&answer) >= whole);
    }
    world.pass(2 * timeout);
    assert_eq!(ending(&beat(&world, session).await), EndReason::TimedOut);
}

#[tokio::test]
async fn what_memory_promised_holds_in_the_store_h1() {
    let world = World::new();
    world.license(Model::Floating, 1).await;
    let session = remembered(&world, "anna").await;
    world.pass(30);
    let promised = expiry(&beat(&world, session).await);
    let world = world.restart().await;
    world.clock.set(promised.minus(domain::Millis::new(1)));
    let denied = world.run(crate::world::sign_in("ben")).await.unwrap();
    assert!(
        matches!(denied, Outcome::Denied(_)),
        "the seat was given away"
    );
    world.clock.set(promised);
    world.granted("ben").await;
}

#[tokio::test]
async fn a_session_that_was_signed_out_has_no_heartbeat_h3() {
    let world = World::new();
    world.license(Model::Floating, 1).await;
    let session = remembered(&world, "anna").await;
    world.run(sign_out(session)).await.unwrap();
    assert_eq!(ending(&beat(&world, session).await), EndReason::SignedOut);
}

#[tokio::test]
async fn a_recall_at_once_ends_the_session_s4() {
    let world = World::new();
    world.license(Model::Dedicated, 1).await;
    world
        .run(Command::CreateUser(new_user("anna")))
        .await
        .unwrap();
    world.run(grant("anna")).await.unwrap();
    let session = remembered(&world, "anna").await;
    world.run(recall_now("anna")).await.unwrap();
    assert_eq!(
        ending(&beat(&world, session).await),
        EndReason::SeatRecalled
    );
}

#[tokio::test]
async fn a_removed_license_ends_the_session_h6() {
    let world = World::new();
    let license = world.license(Model::Floating, 1).await;
    let session = remembered(&world, "anna").await;
    world.run(Command::RemoveLicense(license)).await.unwrap();
    assert_eq!(
        ending(&beat(&world, session).await),
        EndReason::LicenseRemoved
    );
}

#[tokio::test]
async fn an_expired_license_ends_the_session_h6() {
    let world = World::new();
    let mut ending_soon = terms("NW-1", Model::Floating, 1);
    // A minute past noon.
    ending_soon.expires_at = Some("2026-01-01T12:01:00Z".parse().unwrap());
    world.import(vec![ending_soon]).await.unwrap();
    let session = remembered(&world, "anna").await;
    world.pass(59);
    expiry(&beat(&world, session).await);
    world.pass(1);
    assert_eq!(
        ending(&beat(&world, session).await),
        EndReason::LicenseExpired
    );
}

#[tokio::test]
async fn everything_deleted_ends_the_session_l7() {
    let world = World::new();
    world.license(Model::Floating, 1).await;
    let session = remembered(&world, "anna").await;
    let confirmation = Command::DELETE_ALL_CONFIRMATION.to_owned();
    world
        .run(Command::DeleteAll { confirmation })
        .await
        .unwrap();
    ending(&beat(&world, session).await);
}

#[tokio::test]
async fn a_deactivated_user_has_no_session_s8() {
    let world = World::new();
    world.license(Model::Floating, 1).await;
    let session = world.granted("anna").await;
    beat(&world, session.session).await;
    let patch = domain::command::UserPatch {
        active: Some(false),
        ..Default::default()
    };
    let update = Command::UpdateUser {
        user: session.user,
        patch,
        version: None,
    };
    world.run(update).await.unwrap();
    let answer = beat(&world, session.session).await;
    assert_eq!(ending(&answer), EndReason::UserDeactivated);
}

#[tokio::test]
async fn a_longer_time_out_counts_from_the_next_heartbeat() {
    let world = World::new();
    world.license(Model::Floating, 1).await;
    let session = remembered(&world, "anna").await;
    let policy = Policy {
        session_timeout_s: 7_200,
        ..world.engine.policy().as_ref().clone()
    };
    let version = None;
    world
        .run(Command::SetPolicy { policy, version })
        .await
        .unwrap();
    let whole = world.clock.now().plus(domain::Millis::seconds(7_200));
    assert!(expiry(&beat(&world, session).await) >= whole);
}

#[tokio::test]
async fn who_may_not_use_access_gets_nothing_from_memory_r1() {
    let world = World::new();
    world.license(Model::Floating, 1).await;
    let session = remembered(&world, "anna").await;
    let auditor = domain::Actor::new("eyes", domain::Role::Auditor);
    let refused = world.engine.heartbeat(&auditor, session).await;
    assert_eq!(refused.unwrap_err().code(), "forbidden");
}
