//! Several nodes on one PostgreSQL database, as one engine to their callers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use domain::names::TokenName;
use domain::outcome::HeartbeatAnswer;
use domain::{Command, Outcome, Policy, Role, SessionId};
use engine::{AuthError, Engine, EngineError, IdempotencyKey, JobState};
use license_file::document::Model;

use crate::place::Place;
use crate::world::{World, administrator, new_user, sign_in, sign_out};

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

/// What people at many desks were told, checked while they are told it.
struct Ledger {
    seats: i64,
    inside: AtomicI64,
    most: AtomicI64,
    granted: AtomicUsize,
    retried: AtomicUsize,
}

impl Ledger {
    fn new(seats: u32) -> Self {
        Self {
            seats: seats.into(),
            inside: AtomicI64::new(0),
            most: AtomicI64::new(0),
            granted: AtomicUsize::new(0),
            retried: AtomicUsize::new(0),
        }
    }

    fn enter(&self) {
        let inside = self.inside.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(inside, Ordering::SeqCst);
        self.granted.fetch_add(1, Ordering::SeqCst);
        assert!(
            inside <= self.seats,
            "{inside} people on {} seats",
            self.seats
        );
    }

    /// Before the sign-out is asked for, since it counts from when it is done.
    fn leave(&self) {
        self.inside.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Asks until there is an answer; what fails may be asked again with the same key.
async fn insist(
    ledger: &Ledger,
    engines: &[Engine],
    command: &Command,
    key: &IdempotencyKey,
    mut turn: usize,
) -> Outcome {
    loop {
        let engine = &engines[turn % engines.len()];
        turn += 1;
        match engine
            .run(&administrator(), command.clone(), Some(key.clone()))
            .await
        {
            Ok(outcome) => return outcome,
            Err(error) if error.is_retriable() => {
                ledger.retried.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// Signs in and out, at one node and the other, until told to stop or often enough.
async fn desk(
    number: usize,
    rounds: usize,
    engines: Vec<Engine>,
    ledger: Arc<Ledger>,
) -> Vec<SessionId> {
    let mut sessions = Vec::new();
    for round in 0..rounds {
        let turn = number + round;
        let key = |what: &str| {
            let text = format!("{what}-{number}-{round}");
            IdempotencyKey::new(&text, &[text.as_bytes()]).unwrap()
        };
        let user = format!("user-{number:03}");
        let outcome = insist(&ledger, &engines, &sign_in(&user), &key("in"), turn).await;
        let Outcome::SignedIn(granted) = outcome else {
            continue;
        };
        ledger.enter();
        sessions.push(granted.session);
        tokio::task::yield_now().await;
        ledger.leave();
        let out = sign_out(granted.session);
        insist(&ledger, &engines, &out, &key("out"), turn + 1).await;
    }
    sessions
}

/// Sends everybody to their desks, and waits until they are done; the sessions that they had.
async fn crowd(
    worlds: &[World; 2],
    ledger: &Arc<Ledger>,
    people: usize,
    rounds: usize,
) -> Vec<SessionId> {
    let engines: Vec<Engine> = worlds.iter().map(|world| world.engine.clone()).collect();
    let desks: Vec<_> = (0..people)
        .map(|number| {
            let (engines, ledger) = (engines.clone(), Arc::clone(ledger));
            tokio::spawn(desk(number, rounds, engines, ledger))
        })
        .collect();
    let mut sessions = Vec::new();
    for desk in desks {
        sessions.extend(desk.await.unwrap());
    }
    sessions
}

/// What was told must be what is stored.
async fn reckon(worlds: &[World; 2], sessions: Vec<SessionId>) {
    for id in sessions {
        let found = worlds[0].engine.read(move |reader| reader.find_session(id));
        let found = found.await.unwrap().expect("a session that was answered");
        assert!(
            found.session.ended.is_some(),
            "a sign-out that was answered"
        );
    }
    let broken = worlds[1]
        .engine
        .read(|reader| reader.check())
        .await
        .unwrap();
    assert!(broken.is_empty(), "{broken:#?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: needs PostgreSQL"]
async fn two_nodes_never_give_a_seat_twice_s1() {
    let worlds = two_nodes(5).await;
    let ledger = Arc::new(Ledger::new(5));
    let sessions = crowd(&worlds, &ledger, 24, 12).await;
    reckon(&worlds, sessions).await;
    assert!(ledger.granted.load(Ordering::SeqCst) >= 24);
    assert!(ledger.most.load(Ordering::SeqCst) > 1);
    let events = worlds[0].engine.read(|reader| reader.verify_audit());
    let report = events.await.unwrap();
    assert_eq!(report.fault, None);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: needs PostgreSQL"]
async fn connections_that_are_cut_lose_nothing_and_contradict_nothing_s1() {
    let worlds = two_nodes(5).await;
    let over = Arc::new(AtomicBool::new(false));
    let (place, until) = (worlds[0].place.clone(), Arc::clone(&over));
    let cutter = tokio::task::spawn_blocking(move || {
        let mut cut = 0;
        while !until.load(Ordering::SeqCst) {
            cut += place.cut_connections();
            std::thread::sleep(Duration::from_millis(40));
        }
        cut
    });
    let ledger = Arc::new(Ledger::new(5));
    let sessions = crowd(&worlds, &ledger, 16, 12).await;
    over.store(true, Ordering::SeqCst);
    assert!(cutter.await.unwrap() > 0);
    soon("both nodes are ready again", async || {
        let [first, second] = &worlds;
        first.engine.readiness().await.is_ok() && second.engine.readiness().await.is_ok()
    })
    .await;
    reckon(&worlds, sessions).await;
    assert!(ledger.granted.load(Ordering::SeqCst) >= 16);
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
