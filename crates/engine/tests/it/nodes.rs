//! Several nodes on one PostgreSQL database, as one engine to their callers.

mod crowds;

use std::time::Duration;

use domain::command::UserPatch;
use domain::names::TokenName;
use domain::outcome::HeartbeatAnswer;
use domain::{Command, Outcome, Policy, Role};
use engine::{AuthError, Engine, EngineError, IdempotencyKey, JobState};
use license_file::document::Model;

use crate::place::Place;
use crate::world::{World, administrator, name, new_user, sign_in, sign_out};

/// Two nodes with a floating license of so many seats.
async fn two_nodes(seats: u32) -> [World; 2] {
    let place = Place::postgres();
    let first = World::on(place.clone());
    let second = World::on(place);
    first.license(Model::Floating, seats).await;
    [first, second]
}

/// Waits until something is so, and fails when it is not within what nodes promise each other.
async fn soon(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    for _ in 0..300 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("not within six seconds: {what}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: needs PostgreSQL"]
async fn a_repeated_key_is_answered_by_whichever_node_it_reaches() {
    let [first, second] = two_nodes(5).await;
    let key = IdempotencyKey::new("order 66", &[b"in"]).unwrap();
    let root = administrator();
    let once = first.engine.run(&root, sign_in("anna"), Some(key.clone()));
    let Outcome::SignedIn(once) = once.await.unwrap() else {
        panic!("anna gets in")
    };
    let again = second.engine.run(&root, sign_in("anna"), Some(key.clone()));
    let Outcome::SignedIn(again) = again.await.unwrap() else {
        panic!("anna is told the same")
    };
    assert_eq!(once.session, again.session);
    // Also twice in one batch.
    let key = IdempotencyKey::new("order 67", &[b"in"]).unwrap();
    let both = tokio::join!(
        first.engine.run(&root, sign_in("ben"), Some(key.clone())),
        first.engine.run(&root, sign_in("ben"), Some(key.clone())),
    );
    match both {
        (Ok(Outcome::SignedIn(one)), Ok(Outcome::SignedIn(other))) => {
            assert_eq!(one.session, other.session);
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: needs PostgreSQL"]
async fn what_ends_a_session_on_one_node_ends_it_on_all_h3() {
    let [first, second] = two_nodes(1).await;
    let granted = first.granted("anna").await;
    let root = administrator();
    for world in [&first, &second] {
        let beat = world
            .engine
            .heartbeat(&root, granted.session)
            .await
            .unwrap();
        assert!(matches!(beat, HeartbeatAnswer::Alive { .. }), "{beat:?}");
    }
    second.run(sign_out(granted.session)).await.unwrap();
    // At once: on a shared store no heartbeat is answered from memory.
    let beat = first
        .engine
        .heartbeat(&root, granted.session)
        .await
        .unwrap();
    assert!(matches!(beat, HeartbeatAnswer::Ended { .. }), "{beat:?}");
    assert!(first.granted("ben").await.session != granted.session);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: needs PostgreSQL"]
async fn a_row_that_cannot_be_read_fails_nobody_but_who_needs_it() {
    let [first, second] = two_nodes(9).await;
    for user in ["anna", "ben"] {
        let session = first.granted(user).await.session;
        first.run(sign_out(session)).await.unwrap();
    }
    let spoiled = "UPDATE app_user SET username = chr(7) WHERE username_key = 'anna'";
    first.place.run(spoiled).unwrap();
    let root = administrator();
    // Together, as far as two who ask at once are.
    for _ in 0..20 {
        let (annas, bens) = tokio::join!(
            second.engine.check(&root, sign_in("anna"), false),
            second.engine.check(&root, sign_in("ben"), false),
        );
        assert_eq!(annas.unwrap_err().code(), "store_bad_data");
        assert!(matches!(bens.unwrap().0, Outcome::SignedIn(_)));
        let (annas, bens) = tokio::join!(second.run(sign_in("anna")), second.run(sign_in("ben")));
        assert_eq!(annas.unwrap_err().code(), "store_bad_data");
        assert!(matches!(bens.unwrap(), Outcome::SignedIn(_)));
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: needs PostgreSQL"]
async fn what_one_node_changes_decides_on_all_at_once_a10() {
    let [first, second] = two_nodes(1).await;
    let root = administrator();
    let may_anna = async |world: &World| {
        let checked = world.engine.check(&root, sign_in("anna"), false).await;
        matches!(checked.unwrap().0, Outcome::SignedIn(_))
    };
    // Each knows from before what the other changes.
    for _ in 0..20 {
        let bens = second.granted("ben").await.session;
        assert!(!may_anna(&first).await);
        assert!(!may_anna(&second).await);
        first.run(sign_out(bens)).await.unwrap();
        assert!(may_anna(&second).await);
        assert!(may_anna(&first).await);
        let annas = first.granted("anna").await.session;
        assert!(matches!(
            second.run(sign_in("ben")).await.unwrap(),
            Outcome::Denied(_)
        ));
        second.run(sign_out(annas)).await.unwrap();
    }
    let rests = Command::PutUser {
        username: name("anna"),
        patch: UserPatch {
            active: Some(false),
            ..UserPatch::default()
        },
    };
    first.run(rests).await.unwrap();
    assert!(!may_anna(&second).await);
    assert!(matches!(
        second.run(sign_in("anna")).await.unwrap(),
        Outcome::Denied(_)
    ));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: needs PostgreSQL"]
async fn a_token_revoked_on_one_node_is_refused_by_all() {
    let [first, second] = two_nodes(1).await;
    let till = TokenName::parse("till").unwrap();
    let root = administrator();
    let made = first
        .engine
        .create_token(&root, till, Role::Application, None, None);
    let (id, secret) = made.await.unwrap();
    let secret = secret.reveal().to_owned();
    let caller = second.engine.recognize(&secret).await.unwrap();
    assert_eq!(caller.token, id);
    first.run(Command::RevokeToken(id)).await.unwrap();
    soon("the other node refuses the token", async || {
        let now = second.engine.recognize(&secret).await;
        matches!(now, Err(AuthError::Revoked))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: needs PostgreSQL"]
async fn a_policy_set_on_one_node_decides_on_all_at_once() {
    let [first, second] = two_nodes(1).await;
    let policy = Policy {
        auto_add_users: false,
        ..first.engine.policy().as_ref().clone()
    };
    let version = None;
    first
        .run(Command::SetPolicy { policy, version })
        .await
        .unwrap();
    // The very next command: what decides is read with what it decides on.
    let denied = second.run(sign_in("nobody")).await.unwrap();
    assert!(matches!(denied, Outcome::Denied(_)), "{denied:?}");
    soon("the other node shows the policy", async || {
        !second.engine.policy().auto_add_users
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: needs PostgreSQL"]
async fn time_runs_backwards_on_no_node_l11() {
    let place = Place::postgres();
    let ahead = World::on(place.clone());
    let behind = World::on(place);
    ahead.pass(3_600);
    ahead
        .run(Command::CreateUser(new_user("anna")))
        .await
        .unwrap();
    behind
        .run(Command::CreateUser(new_user("ben")))
        .await
        .unwrap();
    assert!(behind.engine.now() >= ahead.clock.now());
    let at = behind.engine.read(|reader| reader.find_username("ben"));
    assert_eq!(at.await.unwrap().unwrap().created_at, ahead.clock.now());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: needs PostgreSQL"]
async fn all_nodes_sign_with_the_same_key_h4() {
    let [first, second] = two_nodes(1).await;
    assert_eq!(first.engine.installation(), second.engine.installation());
    assert_eq!(first.engine.jwks(), second.engine.jwks());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: needs PostgreSQL"]
async fn a_job_is_seen_and_stopped_from_every_node() {
    let [first, second] = two_nodes(1).await;
    // More than any machine does before the other node is heard.
    let work = crate::jobs::people(500_000);
    let job = crate::jobs::started(&first.engine, work, false).await;
    let seen = second
        .engine
        .job(&domain::Actor::system(), job)
        .await
        .unwrap();
    assert_eq!((seen.id, seen.state), (job, JobState::Running));
    second
        .engine
        .cancel_job(&domain::Actor::system(), job)
        .await
        .unwrap();
    soon("the job is stopped", async || {
        let state = second
            .engine
            .job(&domain::Actor::system(), job)
            .await
            .unwrap()
            .state;
        state == JobState::Cancelled
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: needs PostgreSQL"]
async fn the_job_of_a_node_that_is_gone_ends_as_failed() {
    let [first, second] = two_nodes(1).await;
    let job = crate::jobs::started(&first.engine, crate::jobs::people(10), false).await;
    crate::jobs::ended(&first.engine, job).await;
    // As if its node had gone in the middle, without a word.
    let sql = format!("UPDATE job SET state = 'running', ended_at = NULL WHERE id = '{job}'");
    first.place.run(&sql).unwrap();
    second.pass(86_400);
    first.pass(86_400);
    let mut state = JobState::Running;
    for _ in 0..1_000 {
        state = second
            .engine
            .job(&domain::Actor::system(), job)
            .await
            .unwrap()
            .state;
        if state == JobState::Failed {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(state, JobState::Failed);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: needs PostgreSQL"]
async fn a_node_of_an_older_version_writes_nothing_to_a_newer_schema() {
    let [first, _second] = two_nodes(1).await;
    let newer = "UPDATE meta SET number = number + 1 WHERE name = 'schema_version'";
    first.place.run(newer).unwrap();
    let refused = first.run(Command::CreateUser(new_user("anna"))).await;
    let error = refused.unwrap_err();
    assert_eq!((error.code(), error.is_retriable()), ("newer_schema", true));
    soon("the node says that it is not ready", async || {
        let ready = first.engine.readiness().await;
        matches!(ready, Err(EngineError::Store(_)))
    })
    .await;
    let started = Engine::start(first.place.clone().options(&first.clock));
    assert_eq!(started.err().unwrap().code(), "newer_schema");
}
