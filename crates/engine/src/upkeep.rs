//! What is done without being asked, in small amounts so that nobody waits for it: the record
//! is sealed (R3), lapsed sessions are written down (H2), old idempotency keys and sessions are
//! forgotten, the log is carried over, use is written down.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use domain::undo::Subject;
use domain::{Actor, Command, Millis, Outcome, Timestamp};
use store::StoreError;

use crate::error::EngineError;
use crate::jobs::of_lost_server;
use crate::state::Shared;
use crate::usage;

/// How many lapsed sessions are written down at once.
pub(crate) const RECLAIM_AT_ONCE: u32 = 100;

/// How often there is a look at what is due.
const TICK: Duration = Duration::from_secs(1);

/// How many events one seal is put on at most.
const SEAL_AT_ONCE: u32 = 10_000;

/// Every so many ticks: lapsed sessions, what is old, the log.
const RECLAIM_EVERY: u64 = 5;
const PURGE_EVERY: u64 = 60;
const CHECKPOINT_EVERY: u64 = 30;

/// Every so many ticks a node of several says that it runs. Who says nothing for so long is
/// gone, and its jobs with it; its name is forgotten later.
const SEEN_EVERY: u64 = 5;
pub(crate) const GONE_AFTER: Millis = Millis::seconds(60);
const FORGET_AFTER: Millis = Millis::days(1);

/// How long the answers to idempotency keys are kept.
const KEEP_ANSWERS: Millis = Millis::days(1);

/// How long ended sessions can be looked up. That they were is in the record for good.
const KEEP_SESSIONS: Millis = Millis::days(90);

/// How long replacements are known. They can be undone for a day; for some days more they are
/// listed, so that whoever comes too late is told so.
const KEEP_REPLACEMENTS: Millis = Millis::days(7);

/// How long it is known what jobs changed: a day longer than they can be undone, so that an undoing
/// that was begun in time comes to its end.
const KEEP_CHANGES: Millis = Millis::days(8);
const _: () = assert!(Subject::UNDO_WITHIN.get() < KEEP_CHANGES.get());

/// The setting that is written to see whether anything can be.
const PROBE: &str = "write_probe";

/// How many old rows are deleted at once.
const PURGE_AT_ONCE: u32 = 500;

/// Runs until the other end of `stop` is gone.
pub(crate) fn run(shared: &Arc<Shared>, stop: &Receiver<()>) {
    let mut ticks = 0;
    while stop.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        ticks += 1;
        let due = |every| ticks % every == 0;
        let mut done = Ok(());
        if !shared.nodes.is_alone() {
            if shared.nodes.trouble().is_some() {
                continue;
            }
            done = shared.desk.hear_cancellations(shared);
            if due(SEEN_EVERY) {
                done = done.and_then(|()| be_seen(shared));
            }
        }
        done = done.and_then(|()| probe(shared));
        // Nodes do this in turn, and it is harmless where two of them meet.
        if shared.nodes.does_upkeep() {
            done = done.and_then(|()| seal(shared));
            if due(RECLAIM_EVERY) {
                done = done.and_then(|()| reclaim(shared));
                done = done.and_then(|()| usage::count_visits(shared));
                done = done.and_then(|()| usage::note_active(shared));
            }
            if due(PURGE_EVERY) {
                // What is forgotten must have been counted.
                done = done.and_then(|()| usage::write_hours(shared));
                done = done.and_then(|()| usage::purge(shared));
                done = done.and_then(|()| purge(shared));
            }
        }
        if due(CHECKPOINT_EVERY) && shared.queue.waiting() == 0 {
            done = done.and_then(|()| shared.on_writer(store::Writer::checkpoint));
        }
        match done {
            Ok(()) | Err(EngineError::ShuttingDown) => {}
            Err(error) => tracing::warn!(%error, "upkeep failed; it is tried again"),
        }
    }
}

/// Says that this node runs; whoever does the upkeep ends what nodes that are gone left behind.
fn be_seen(shared: &Shared) -> Result<(), EngineError> {
    let (now, node) = (shared.now(), shared.nodes.id);
    let ends_others = shared.nodes.does_upkeep();
    shared.on_writer(move |writer| {
        let mut transaction = writer.begin()?;
        transaction.put_node(node, now, env!("CARGO_PKG_VERSION"))?;
        if ends_others {
            let gone = now.minus(GONE_AFTER);
            transaction.end_jobs_of_lost_nodes(now, gone, &of_lost_server)?;
            transaction.forget_nodes(now.minus(FORGET_AFTER))?;
        }
        transaction.commit()
    })
}

/// After a failure, tries whether something can be written again.
fn probe(shared: &Shared) -> Result<(), EngineError> {
    if shared.unwritable().is_none() {
        return Ok(());
    }
    let at = shared.now().as_millis().to_string();
    let written = shared.on_writer(move |writer| {
        let mut transaction = writer.begin()?;
        transaction.put_setting(PROBE, &at)?;
        transaction.commit()
    });
    match written {
        Ok(()) => shared.note_write(Ok(())),
        // It is said already, and stays so.
        Err(EngineError::Store(error)) => shared.note_write(Err(&error)),
        Err(error) => return Err(error),
    }
    Ok(())
}

/// Says that this node stops, so that its jobs end at once.
pub(crate) fn leave(shared: &Shared, writer: &mut store::Writer) -> Result<(), StoreError> {
    let mut transaction = writer.begin()?;
    transaction.leave_node(shared.nodes.id)?;
    transaction.commit()
}

/// Seals what was recorded since the last time. The hashing is done beside the writer thread,
/// which only writes the seal.
fn seal(shared: &Shared) -> Result<(), EngineError> {
    loop {
        let now = shared.now();
        let seal = shared
            .store
            .read(|reader| reader.next_seal(now, SEAL_AT_ONCE))?;
        let Some(seal) = seal else {
            return Ok(());
        };
        let more = seal.head.count >= i64::from(SEAL_AT_ONCE);
        shared.on_writer(move |writer| {
            let mut transaction = writer.begin()?;
            transaction.put_seal(&seal)?;
            transaction.commit()
        })?;
        if !more {
            return Ok(());
        }
    }
}

/// Seals the rest, when nothing else will be recorded.
pub(crate) fn seal_the_rest(writer: &mut store::Writer, now: Timestamp) -> Result<(), StoreError> {
    let mut transaction = writer.begin()?;
    while transaction.seal(now, SEAL_AT_ONCE)?.is_some() {}
    transaction.commit()
}

/// Writes down what lapsed, so that lists and counts need not look for it.
pub(crate) fn reclaim(shared: &Shared) -> Result<(), EngineError> {
    let now = shared.now();
    let lapsed = shared.store.read(|reader| reader.lapsed_products(now))?;
    for product in lapsed {
        let command = Command::Reclaim {
            product,
            at_most: RECLAIM_AT_ONCE,
        };
        let mut more = true;
        while more {
            let answers = shared.run_chunk(&Actor::system(), vec![command.clone()])?;
            more = answers.into_iter().any(|answer| {
                matches!(
                    answer,
                    Ok(Outcome::Reclaimed {
                        sessions: 1..,
                        more: true
                    })
                )
            });
        }
    }
    Ok(())
}

fn purge(shared: &Shared) -> Result<(), EngineError> {
    let now = shared.now();
    let (answers, sessions) = (now.minus(KEEP_ANSWERS), now.minus(KEEP_SESSIONS));
    let (replacements, jobs) = (now.minus(KEEP_REPLACEMENTS), now.minus(KEEP_CHANGES));
    let mut more = true;
    while more {
        more = shared.on_writer(move |writer| {
            let mut transaction = writer.begin()?;
            let gone = [
                transaction.purge_kept(answers, PURGE_AT_ONCE)?,
                transaction.purge_sessions(sessions, PURGE_AT_ONCE)?,
            ];
            let more = transaction.purge_job_changes(jobs, PURGE_AT_ONCE)?;
            transaction.purge_replacements(replacements)?;
            transaction.commit()?;
            Ok(more || gone.into_iter().max() >= Some(PURGE_AT_ONCE as usize))
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock, SetClock};
    use crate::engine::Engine;
    use crate::options::EngineOptions;
    use domain::command::{FolderRef, NewUser};
    use domain::{Ask, ProductCode, SessionId, Username};

    fn start() -> (tempfile::TempDir, SetClock, Engine, Arc<Shared>) {
        let folder = tempfile::tempdir().unwrap();
        let clock = SetClock::new(Timestamp::from_millis(1_767_268_800_000));
        let options = EngineOptions {
            clock: Clock::Set(clock.clone()),
            ..EngineOptions::new(folder.path())
        };
        let engine = Engine::start(options).unwrap();
        let shared = engine.shared();
        (folder, clock, engine, shared)
    }

    /// Why the engine is not ready, if so it is.
    fn unready(engine: &Engine) -> Option<&'static str> {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let ready = runtime.unwrap().block_on(engine.readiness());
        ready.err().map(|error| error.code())
    }

    fn run(shared: &Shared, command: Command) -> Outcome {
        let answers = shared.run_chunk(&Actor::system(), vec![command]).unwrap();
        answers.into_iter().next().unwrap().unwrap()
    }

    /// A session on a demo seat, since there are no licenses here.
    fn session(shared: &Shared) -> SessionId {
        let policy = domain::Policy {
            demo_seats: 10,
            ..shared.policy().as_ref().clone()
        };
        let version = None;
        run(shared, Command::SetPolicy { policy, version });
        let sign_in = Command::SignIn {
            user: Username::parse("anna").unwrap(),
            product: ProductCode::parse("esm").unwrap(),
            ask: Ask::default(),
            client: None,
        };
        match run(shared, sign_in) {
            Outcome::SignedIn(access) => access.session,
            other => panic!("{other:?}"),
        }
    }

    fn ended(shared: &Shared, id: SessionId) -> Option<bool> {
        let found = shared.store.read(|reader| reader.find_session(id)).unwrap();
        found.map(|item| item.session.ended.is_some())
    }

    #[test]
    fn lapsed_sessions_are_written_down_and_forgotten_after_ninety_days_h2() {
        let (_folder, clock, _engine, shared) = start();
        let id = session(&shared);
        clock.set(clock.now().plus(Millis::days(1)));
        reclaim(&shared).unwrap();
        assert_eq!(ended(&shared, id), Some(true));
        clock.set(clock.now().plus(Millis::days(90)));
        purge(&shared).unwrap();
        assert_eq!(ended(&shared, id), Some(true));
        clock.set(clock.now().plus(Millis::new(1)));
        purge(&shared).unwrap();
        assert_eq!(ended(&shared, id), None);
    }

    #[test]
    fn that_nothing_can_be_written_is_known_until_something_is() {
        let (_folder, _clock, engine, shared) = start();
        assert_eq!(unready(&engine), None);
        shared.on_writer(|writer| writer.limit_pages(1)).unwrap();
        let mut failed = None;
        for number in 0..1_000 {
            let create = Command::CreateUser(NewUser {
                username: Username::parse(&format!("user{number}")).unwrap(),
                name: domain::PersonName::parse(&"n".repeat(200)).ok(),
                email: None,
                folder: FolderRef::Path(Vec::new()),
                active: true,
            });
            if let Err(error) = shared.run_chunk(&Actor::system(), vec![create]) {
                failed = Some(error);
                break;
            }
        }
        let failed = failed.expect("a thousand users do not fit into nothing");
        assert_eq!(failed.code(), "disk_full");
        assert_eq!(unready(&engine), Some("disk_full"));
        shared
            .on_writer(|writer| writer.limit_pages(100_000))
            .unwrap();
        probe(&shared).unwrap();
        assert_eq!(unready(&engine), None);
    }

    #[test]
    fn what_is_recorded_is_sealed_r3() {
        let (_folder, _clock, _engine, shared) = start();
        run(
            &shared,
            Command::CreateUser(NewUser {
                username: Username::parse("anna").unwrap(),
                name: None,
                email: None,
                folder: FolderRef::Path(Vec::new()),
                active: true,
            }),
        );
        seal(&shared).unwrap();
        let report = shared.store.read(|reader| reader.verify_audit()).unwrap();
        assert_eq!((report.sealed, report.fault), (report.events, None));
    }
}
