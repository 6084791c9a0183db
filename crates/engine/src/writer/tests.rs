//! What can't be brought about from outside: failures of the store and of the program.

use std::sync::Arc;

use domain::command::{FolderRef, NewUser};
use domain::{Actor, Command, Outcome, Username};
use tokio::sync::oneshot;

use super::answer::receive;
use super::queue::{Chunk, Request};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::options::EngineOptions;
use crate::state::Shared;

fn new_user(name: &str) -> Command {
    Command::CreateUser(NewUser {
        username: Username::parse(name).unwrap(),
        name: None,
        email: None,
        folder: FolderRef::Path(Vec::new()),
        active: true,
    })
}

/// Queues a command; what is given back waits for the answer.
fn push(shared: &Shared, command: Command) -> impl FnOnce() -> Result<Outcome, EngineError> {
    let (asker, answered) = oneshot::channel();
    let request = Request {
        actor: Actor::system(),
        command,
        key: None,
        asker,
    };
    shared.queue.push_request(request).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    move || runtime.unwrap().block_on(receive(answered))
}

fn start(folder: &tempfile::TempDir) -> (Engine, Arc<Shared>) {
    let engine = Engine::start(EngineOptions::new(folder.path())).unwrap();
    let shared = engine.shared();
    (engine, shared)
}

#[test]
fn a_full_disk_fails_every_command_of_the_batch_and_nothing_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, shared) = start(&folder);
    shared.on_writer(|writer| writer.limit_pages(1)).unwrap();
    let (answer, bulk) = oneshot::channel();
    let many = (0..2_000).map(|n| new_user(&format!("user-{n}"))).collect();
    // Held back, so that one batch takes all.
    let (let_go, held) = std::sync::mpsc::channel::<()>();
    let (begins, begun) = std::sync::mpsc::channel();
    let hold = shared.push_task(move |_| {
        begins.send(()).unwrap();
        let _ = held.recv();
        Ok(())
    });
    begun.recv().unwrap();
    let single = push(&shared, new_user("anna"));
    let chunk = Chunk {
        actor: Actor::system(),
        commands: many,
        trail: None,
        answer,
    };
    shared.queue.push_chunk(chunk).unwrap();
    drop(let_go);
    hold.unwrap().blocking_recv().unwrap().unwrap();

    let anna = single().unwrap_err();
    let bulk = bulk.blocking_recv().unwrap().unwrap_err();
    assert_eq!((anna.code(), bulk.code()), ("disk_full", "disk_full"));
    assert!(anna.is_retriable());

    // With room again, the same commands are carried out as if for the first time.
    shared
        .on_writer(|writer| writer.limit_pages(100_000))
        .unwrap();
    let again = push(&shared, new_user("anna"))();
    assert!(matches!(again, Ok(Outcome::User { .. })), "{again:?}");
    drop(engine);
}

#[test]
fn a_panic_is_an_internal_error_for_its_callers_and_the_thread_lives_on() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, shared) = start(&folder);
    let failed = shared.on_writer(|_| -> Result<(), _> { panic!("on purpose") });
    assert_eq!(failed.unwrap_err().code(), "internal");
    let after = push(&shared, new_user("anna"))();
    assert!(matches!(after, Ok(Outcome::User { .. })));
    drop(engine);
}
