//! Many clients at once on few seats, and nobody dies: still never one seat too many (S1).

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex};
use std::thread;

use serde_json::json;

use super::gate::{Counts, Gate};
use super::worker::{Seats, Worker, code_of};
use crate::support::{Installation, assert_sound, license};

/// How many clients there are.
const CLIENTS: usize = 64;
/// How many seats.
const SEATS: usize = 10;

fn names() -> Vec<String> {
    (0..CLIENTS).map(|client| format!("u{client}")).collect()
}

#[test]
fn sixty_four_clients_never_hold_more_than_ten_seats() {
    let house = Installation::with(&license("floating", "esm", 10));
    let gate = Gate::new(SEATS, Counts::Users);
    let (granted, denied) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for user in names() {
            let (house, gate, granted, denied) = (&house, &gate, &granted, &denied);
            scope.spawn(move || {
                let mut connection = house.application();
                let body = json!({"user": user, "product": "esm"});
                for _ in 0..50 {
                    let answer = connection.post("/v1/sessions", &body);
                    if answer.status == 403 {
                        answer.is_problem(403, "no_free_seat");
                        denied.fetch_add(1, Ordering::Relaxed);
                        continue;
                    }
                    let session = answer.is(201);
                    gate.enters(&user);
                    granted.fetch_add(1, Ordering::Relaxed);
                    // Others try meanwhile.
                    thread::yield_now();
                    gate.leaves(&user);
                    let path = format!("/v1/sessions/{}", session["id"].as_str().unwrap());
                    connection.delete(&path).is(204);
                }
            });
        }
    });
    let (granted, denied) = (granted.into_inner(), denied.into_inner());
    assert_eq!(granted + denied, CLIENTS * 50);
    assert!(granted > SEATS, "seats come back: {granted}");
    assert_eq!(
        (gate.now(), &house.product("esm")["in_use"]),
        (0, &json!(0))
    );
    let denials = house.admin().list("/v1/denials");
    let counted: u64 = denials
        .iter()
        .filter_map(|denial| denial["count"].as_u64())
        .sum();
    assert_eq!(counted, denied as u64, "A9: every denial is counted");
    // And then all ten can be had at once, and not one more.
    for (number, user) in names().iter().take(SEATS + 1).enumerate() {
        let answer = house.sign_in(user, "esm");
        assert_eq!(answer.status, if number < SEATS { 201 } else { 403 });
    }
    sound(house);
}

#[test]
fn of_sixty_four_who_ask_at_once_exactly_ten_get_a_seat_of_their_own() {
    // A8: a dedicated seat is taken at sign-in, and nobody takes another's.
    let house = Installation::with(&license("dedicated", "esm", 10));
    let start = Barrier::new(CLIENTS);
    let inside = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for user in names() {
            let (house, start, inside) = (&house, &start, &inside);
            scope.spawn(move || {
                let mut connection = house.application();
                let body = json!({"user": user, "product": "esm"});
                start.wait();
                let answer = connection.post("/v1/sessions", &body);
                if answer.status == 201 {
                    inside.lock().unwrap().push(user);
                } else {
                    answer.is_problem(403, "no_free_seat");
                }
            });
        }
    });
    let mut inside = inside.into_inner().unwrap();
    inside.sort();
    assert_eq!(inside.len(), SEATS, "{inside:?}");
    let id = house.license("esm")["id"].as_str().unwrap().to_owned();
    let seats = house.admin().list(&format!("/v1/licenses/{id}/seats"));
    let mut holders: Vec<&str> = seats
        .iter()
        .filter_map(|s| s["username"].as_str())
        .collect();
    holders.sort_unstable();
    assert_eq!(
        holders, inside,
        "whoever was let in holds a seat, and nobody else"
    );
    sound(house);
}

#[test]
fn of_sixty_four_grants_at_once_exactly_ten_are_carried_out() {
    let house = Installation::with(&license("dedicated", "esm", 10));
    let names = names();
    house.add_users(names.iter().map(String::as_str));
    let start = Barrier::new(CLIENTS);
    let granted = AtomicUsize::new(0);
    thread::scope(|scope| {
        for user in &names {
            let (house, start, granted) = (&house, &start, &granted);
            scope.spawn(move || {
                let mut connection = house.admin();
                let body = json!({"users": [user], "products": ["esm"]});
                start.wait();
                match code_of(&connection.post("/v1/grant", &body).is(200)).as_str() {
                    "granted" => granted.fetch_add(1, Ordering::Relaxed),
                    code => {
                        assert_eq!(code, "no_free_seat");
                        0
                    }
                };
            });
        }
    });
    assert_eq!(granted.into_inner(), SEATS);
    assert_eq!(house.product("esm")["assigned"], SEATS);
    sound(house);
}

#[test]
fn the_same_key_sent_by_many_at_once_signs_in_once() {
    let house =
        Installation::with(&(license("floating", "esm", 10) + "counted_by = \"session\"\n"));
    let start = Barrier::new(16);
    let ids = Mutex::new(std::collections::BTreeSet::new());
    thread::scope(|scope| {
        for _ in 0..16 {
            let (house, start, ids) = (&house, &start, &ids);
            scope.spawn(move || {
                let mut connection = house.application();
                let body = json!({"user": "anna", "product": "esm"});
                let call = crate::support::Call::post("/v1/sessions", &body).key("one");
                start.wait();
                let session = connection.send(&call).is(201);
                ids.lock()
                    .unwrap()
                    .insert(session["id"].as_str().unwrap().to_owned());
            });
        }
    });
    assert_eq!(ids.into_inner().unwrap().len(), 1);
    assert_eq!(house.product("esm")["in_use"], 1);
    sound(house);
}

#[test]
fn a_mixed_crowd_is_told_the_truth_all_along() {
    let seats = Seats::new();
    let house = seats.house(16);
    let mut workers: Vec<Worker> = (0..16).map(Worker::new).collect();
    let (address, token) = (house.server().address(), house.admin_token());
    let left = AtomicUsize::new(2_000);
    let is_over = || {
        let take = |left: usize| left.checked_sub(1);
        left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
            .is_err()
    };
    thread::scope(|scope| {
        for worker in &mut workers {
            let (seats, is_over) = (&seats, &is_over);
            scope.spawn(move || worker.work(address, token, seats, is_over).unwrap());
        }
    });
    super::reckoning::reckon(&house, &mut workers, &seats);
    sound(house);
}

fn sound(mut house: Installation) {
    let start = house.stop();
    assert_sound(start.seen_at());
}
