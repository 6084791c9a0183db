//! Batches: many at once, answered after their commit, refused one by one, failed together.

use std::collections::HashSet;

use domain::{Actor, Command, DenialCode, Outcome, Role, SessionId};
use engine::{EngineError, IdempotencyKey};
use license_file::document::Model;
use uuid::Uuid;

use crate::world::{NOON, World, administrator, grant, new_user, sign_in, sign_out};

fn key(text: &str, request: &str) -> IdempotencyKey {
    IdempotencyKey::new(text, &[request.as_bytes()]).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_never_get_more_seats_than_there_are_s1() {
    const SEATS: u32 = 5;
    let world = World::new();
    world.license(Model::Floating, SEATS).await;
    let mut tasks = Vec::new();
    for task in 0..16 {
        let engine = world.engine.clone();
        tasks.push(tokio::spawn(async move {
            let (mut granted, mut denied) = (0, 0);
            for round in 0..20 {
                let user = sign_in(&format!("user-{task}"));
                match engine.run(&administrator(), user, None).await.unwrap() {
                    Outcome::SignedIn(access) => {
                        granted += 1;
                        // Every other one stays, so that seats run out for good.
                        if round % 2 == 0 {
                            let end = sign_out(access.session);
                            engine.run(&administrator(), end, None).await.unwrap();
                        }
                    }
                    Outcome::Denied(denial) => {
                        assert_eq!(denial.code, DenialCode::NoFreeSeat);
                        denied += 1;
                    }
                    other => panic!("{other:?}"),
                }
            }
            (granted, denied)
        }));
    }
    let (mut granted, mut denied) = (0, 0);
    for task in tasks {
        let (g, d) = task.await.unwrap();
        granted += g;
        denied += d;
    }
    assert_eq!(granted + denied, 16 * 20);
    assert!(
        granted > 0 && denied > 0,
        "{granted} granted, {denied} denied"
    );
    assert_eq!(holders(&world, 16).await, SEATS as usize);
    // Counts and rows agree, and no pool is over-filled.
    let broken = world.engine.read(|reader| reader.check()).await.unwrap();
    assert!(broken.is_empty(), "{broken:?}");
}

/// How many of the users have a session that is alive, all asked at the same time.
async fn holders(world: &World, users: usize) -> usize {
    let mut with_seat = HashSet::new();
    for user in 0..users {
        // One who holds a seat gets a further session on it; nobody else finds one free.
        let user = format!("user-{user}");
        if let Outcome::SignedIn(access) = world.run(sign_in(&user)).await.unwrap() {
            with_seat.insert(access.person);
        }
    }
    with_seat.len()
}

#[tokio::test]
async fn what_was_answered_is_there_after_a_restart() {
    let world = World::new();
    world.license(Model::Floating, 3).await;
    let first = world.granted("anna").await;
    let second = world.granted("ben").await;
    let world = world.restart().await;
    for session in [first.session, second.session] {
        let ended = world.run(sign_out(session)).await.unwrap();
        assert_eq!(ended, Outcome::SessionEnded(true));
    }
}

#[tokio::test]
async fn a_second_engine_on_the_same_folder_is_refused() {
    let world = World::new();
    let error = world.second().err().unwrap();
    assert!(error.to_string().contains("another server"), "{error}");
}

#[tokio::test]
async fn a_repetition_with_the_same_key_gets_the_same_answer() {
    let world = World::new();
    world.license(Model::Floating, 3).await;
    let engine = &world.engine;
    let ask = |text, request| engine.run_as("till", sign_in("anna"), key(text, request));
    let first = ask("k1", "sign in anna").await.unwrap();
    assert_eq!(ask("k1", "sign in anna").await.unwrap(), first);
    assert_ne!(ask("k2", "sign in anna").await.unwrap(), first);
    let other = ask("k1", "sign in ben").await;
    assert!(matches!(other, Err(EngineError::IdempotencyMismatch)));
    // Another actor's key is another key.
    let theirs = engine.run_as("kiosk", sign_in("anna"), key("k1", "sign in anna"));
    assert_ne!(theirs.await.unwrap(), first);
}

#[tokio::test]
async fn repetitions_within_a_batch_and_after_a_restart_get_the_same_answer() {
    let world = World::new();
    world.license(Model::Floating, 3).await;
    let ask = |world: &World| {
        let engine = world.engine.clone();
        async move { engine.run_as("till", sign_in("anna"), key("k", "r")).await }
    };
    let at_once = [ask(&world), ask(&world), ask(&world), ask(&world)];
    let mut answers = Vec::new();
    for task in at_once.map(tokio::spawn) {
        answers.push(task.await.unwrap().unwrap());
    }
    let world = world.restart().await;
    answers.push(ask(&world).await.unwrap());
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

#[tokio::test]
async fn a_refused_command_leaves_the_others_of_its_batch_alone() {
    let world = World::new();
    world.license(Model::Floating, 50).await;
    let mut tasks = Vec::new();
    for n in 0..40 {
        let engine = world.engine.clone();
        tasks.push(tokio::spawn(async move {
            if n % 4 == 0 {
                let nobody = Command::Heartbeat(SessionId(Uuid::from_u128(n)));
                let refused = engine.run(&administrator(), nobody, None).await;
                assert_eq!(refused.unwrap_err().code(), "unknown_session");
            } else {
                let user = sign_in(&format!("user-{n}"));
                let answer = engine.run(&administrator(), user, None).await.unwrap();
                assert!(matches!(answer, Outcome::SignedIn(_)));
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test]
async fn who_may_not_command_is_refused_r1() {
    let world = World::new();
    let application = Actor::new("till", Role::Application);
    let command = Command::CreateUser(new_user("anna"));
    let refused = world.engine.run(&application, command, None).await;
    assert_eq!(refused.unwrap_err().code(), "forbidden");
}

#[tokio::test]
async fn a_clock_set_back_does_not_turn_time_back_l11() {
    let world = World::new();
    world.license(Model::Floating, 1).await;
    world.pass(3_600);
    let anna = world.granted("anna").await;
    world.clock.set(NOON);
    assert_eq!(
        world.engine.now(),
        NOON.plus(domain::Millis::seconds(3_600))
    );
    // Also for a server that was not running when the clock was set back.
    let world = world.restart().await;
    assert!(world.engine.now() > NOON);
    world.run(sign_out(anna.session)).await.unwrap();
    let ben = world.granted("ben").await;
    assert!(ben.expires_at >= anna.expires_at);
}

#[tokio::test]
async fn an_engine_that_stops_answers_what_waits_and_takes_nothing_more() {
    let world = World::new();
    world.license(Model::Floating, 100).await;
    let mut tasks = Vec::new();
    for n in 0..50 {
        let engine = world.engine.clone();
        tasks.push(tokio::spawn(async move {
            let user = sign_in(&format!("user-{n}"));
            engine.run(&administrator(), user, None).await
        }));
    }
    tokio::task::yield_now().await;
    let engine = world.engine.clone();
    world.engine.clone().shutdown().await.unwrap();
    for task in tasks {
        match task.await.unwrap() {
            Ok(Outcome::SignedIn(_)) | Err(EngineError::ShuttingDown) => {}
            other => panic!("{other:?}"),
        }
    }
    let late = engine.run(&administrator(), grant("anna"), None).await;
    assert!(matches!(late, Err(EngineError::ShuttingDown)));
    assert!(!engine.is_ready());
}

#[tokio::test]
async fn commands_of_their_own_and_shared_ones_go_together() {
    let world = World::new();
    world.license(Model::Floating, 100).await;
    let mut tasks = Vec::new();
    for n in 0..30 {
        let engine = world.engine.clone();
        tasks.push(tokio::spawn(async move {
            let command = if n % 5 == 0 {
                Command::CreateFolder {
                    parent: domain::FolderId::ROOT,
                    name: domain::FolderName::parse(&format!("Team {n}")).unwrap(),
                }
            } else {
                sign_in(&format!("user-{n}"))
            };
            engine.run(&administrator(), command, None).await.unwrap()
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test]
async fn the_record_is_whole_and_sealed_when_the_engine_ends_r3() {
    let world = World::new();
    world.license(Model::Floating, 3).await;
    for user in ["anna", "ben"] {
        let access = world.granted(user).await;
        world.run(sign_out(access.session)).await.unwrap();
    }
    let world = world.restart().await;
    let report = world.engine.read(|reader| reader.verify_audit()).await;
    let report = report.unwrap();
    assert_eq!(report.fault, None);
    assert!(report.blocks >= 1 && report.sealed == report.events);
}

trait RunAs {
    async fn run_as(
        &self,
        actor: &str,
        command: Command,
        key: IdempotencyKey,
    ) -> Result<Outcome, EngineError>;
}

impl RunAs for engine::Engine {
    async fn run_as(
        &self,
        actor: &str,
        command: Command,
        key: IdempotencyKey,
    ) -> Result<Outcome, EngineError> {
        let actor = Actor::new(actor, Role::Application);
        self.run(&actor, command, Some(key)).await
    }
}
