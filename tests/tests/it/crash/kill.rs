//! Killed at any moment, under load, again and again on the same data folder.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::reckoning::reckon;
use super::worker::{Seats, Worker};
use crate::support::{Installation, Random, Start, assert_sound, until};

/// Loads the server, kills it in the midst, holds the clients' records against what it comes
/// back with; so many times. Then everybody signs out, and the store must be without a fault.
fn kill_again_and_again(rounds: u64, clients: usize) {
    let seats = Seats::new();
    let mut house = seats.house(clients);
    let mut workers: Vec<Worker> = (0..clients).map(Worker::new).collect();
    let mut random = Random::new(rounds);
    for round in 0..rounds {
        let start = load_until_killed(&mut house, &mut workers, &seats, &mut random);
        assert_sound(start.seen_at());
        if round % 5 == 4 {
            // Killed while it starts.
            let (mut child, log) = start.spawn();
            thread::sleep(Duration::from_millis(random.below(40)));
            child.kill().unwrap();
            child.wait().unwrap();
            std::fs::remove_file(log).unwrap();
        }
        house.start(start);
        reckon(&house, &mut workers, &seats);
    }
    finish(house, &workers);
}

fn load_until_killed(
    house: &mut Installation,
    workers: &mut [Worker],
    seats: &Seats,
    random: &mut Random,
) -> Start {
    let address = house.server().address();
    let token = house.admin_token().to_owned();
    let answers = seats.answered() + 20 + usize::try_from(random.below(400)).unwrap();
    let moment = Duration::from_micros(random.below(5_000));
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for worker in workers.iter_mut() {
            let (token, over) = (&token, &over);
            scope.spawn(move || {
                let ended = worker.work(address, token, seats, || over.load(Ordering::Relaxed));
                // That the connection breaks is what this is about.
                drop(ended);
            });
        }
        until("some load", || (seats.answered() >= answers).then_some(()));
        thread::sleep(moment);
        let start = house.kill();
        over.store(true, Ordering::Relaxed);
        start
    })
}

/// Everybody signs out; nothing is held; nothing that was answered is missing in the record.
fn finish(mut house: Installation, workers: &[Worker]) {
    let mut admin = house.admin();
    for worker in workers {
        for session in worker.ledger.live.keys() {
            admin.delete(&format!("/v1/sessions/{session}")).is(204);
        }
    }
    for product in ["desk", "lab"] {
        assert_eq!(house.product(product)["in_use"], 0);
    }
    let mut started = std::collections::BTreeMap::<String, usize>::new();
    for event in admin.list("/v1/events?kind=session.started") {
        let id = event["session"].as_str().unwrap().to_owned();
        *started.entry(id).or_default() += 1;
    }
    for worker in workers {
        for id in worker.ledger.live.keys().chain(&worker.ledger.over) {
            assert_eq!(started.get(id), Some(&1), "R3: the record of {id}");
        }
    }
    drop(admin);
    let start = house.stop();
    assert_sound(start.seen_at());
}

#[test]
fn a_kill_loses_nothing_that_was_answered_and_overfills_no_pool() {
    kill_again_and_again(3, 16);
}

#[test]
#[ignore = "slow: 25 rounds of load and recovery"]
fn many_kills_lose_nothing_that_was_answered_and_overfill_no_pool() {
    kill_again_and_again(25, 32);
}
