//! Crowds that sign in and out through several nodes at once, also while connections are cut: what
//! each was told must be what is stored.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use domain::{Command, Outcome, SessionId};
use engine::{Engine, IdempotencyKey};

use super::{soon, two_nodes};
use crate::world::{World, administrator, sign_in, sign_out};

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
