//! After a crash: what the server came back with, beside what the clients were told.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::ledger::{Told, Unanswered};
use super::worker::{DESK, LAB, PEN, Seats, Worker, code_of};
use crate::support::{Answer, Call, Connection, Installation};

/// What the server has.
struct Found {
    /// Live sessions: id, user, product.
    live: BTreeMap<String, (String, String)>,
    /// Holders of dedicated seats.
    holders: BTreeSet<String>,
}

/// Compares, settles what was left open by repeating it, and compares again. Afterwards the
/// clients know about everything.
pub(super) fn reckon(house: &Installation, workers: &mut [Worker], seats: &Seats) {
    let found = look(house, seats);
    let mut explained = BTreeSet::new();
    for worker in workers.iter() {
        explained.extend(compare(worker, &found));
    }
    let unknown: Vec<_> = found
        .live
        .keys()
        .filter(|id| !explained.contains(*id))
        .collect();
    assert!(
        unknown.is_empty(),
        "nobody asked for the sessions {unknown:?}"
    );
    for worker in workers.iter_mut() {
        settle(worker, &found, house, seats);
    }
    let found = look(house, seats);
    for worker in workers.iter() {
        compare(worker, &found);
    }
    let known: usize = workers.iter().map(|worker| worker.ledger.live.len()).sum();
    assert_eq!(found.live.len(), known, "every live session is somebody's");
    let holders: usize = workers.iter().map(|w| w.ledger.holders().count()).sum();
    assert_eq!(found.holders.len(), holders, "every seat is somebody's");
    let report = house.admin().get("/v1/audit/verify").is(200);
    assert_eq!(report["ok"], true, "R3: {report}");
}

/// Reads the lists and holds them against the counts: R4, S1.
fn look(house: &Installation, seats: &Seats) -> Found {
    let text = |value: &Value| value.as_str().expect("it is a text").to_owned();
    let mut admin = house.admin();
    let mut live = BTreeMap::new();
    for session in admin.list("/v1/sessions?live=true") {
        let whose = (text(&session["username"]), text(&session["product"]));
        assert!(
            live.insert(text(&session["id"]), whose).is_none(),
            "listed twice"
        );
    }
    let pen = text(&house.license(PEN)["id"]);
    let listed = admin.list(&format!("/v1/licenses/{pen}/seats"));
    let holders: BTreeSet<String> = listed.iter().map(|seat| text(&seat["username"])).collect();
    assert_eq!(
        holders.len(),
        listed.len(),
        "S2: one seat a person: {listed:?}"
    );

    let of = |product| live.values().filter(move |(_, code)| code == product);
    let users = of(DESK).map(|(user, _)| user).collect::<BTreeSet<_>>();
    for (code, field, taken) in [
        (DESK, "in_use", users.len()),
        (LAB, "in_use", of(LAB).count()),
        (PEN, "assigned", holders.len()),
    ] {
        let product = house.product(code);
        assert_eq!(product[field], taken, "R4: {product}");
        assert_eq!(product["unbacked"], 0, "S1: {product}");
        assert!(taken <= seats.of(code).seats(), "S1: {product}");
    }
    Found { live, holders }
}

/// Holds what a client was told against what there is. Gives the live sessions that it explains.
fn compare(worker: &Worker, found: &Found) -> BTreeSet<String> {
    let ledger = &worker.ledger;
    let mut explained = BTreeSet::new();
    for (id, session) in &ledger.live {
        let there = found.live.get(id);
        let (user, product) =
            there.unwrap_or_else(|| panic!("{session:?} was granted and is lost"));
        assert_eq!(
            (user.as_str(), product.as_str()),
            (session.user.as_str(), session.product)
        );
        explained.insert(id.clone());
    }
    for id in &ledger.over {
        assert!(
            !found.live.contains_key(id),
            "{id} was signed out and is back"
        );
    }
    for (user, told) in &ledger.seats {
        if !ledger.is_open(user) {
            let holds = found.holders.contains(user);
            assert_eq!(holds, *told == Told::Held, "{user} was told {told:?}");
        }
    }
    explained.extend(of_unanswered(worker, found));
    explained
}

/// The live sessions for which an unanswered request is an explanation.
fn of_unanswered(worker: &Worker, found: &Found) -> Vec<String> {
    let ledger = &worker.ledger;
    let ids = found.live.iter().filter(|(id, (user, product))| {
        !ledger.live.contains_key(*id)
            && match &ledger.unanswered {
                Some(Unanswered::SignIn {
                    user: asked,
                    product: code,
                    ..
                }) => asked == user && code == product,
                Some(Unanswered::Recall { user: asked, .. }) => asked == user && product == PEN,
                Some(Unanswered::SignOut { session }) => session == *id,
                _ => false,
            }
    });
    ids.map(|(id, _)| id.clone()).collect()
}

/// Repeats the request that was never answered, with its key: it is carried out now, or what it
/// came to is told again.
fn settle(worker: &mut Worker, found: &Found, house: &Installation, seats: &Seats) {
    let open = of_unanswered(worker, found);
    let mut admin = house.admin();
    match worker.ledger.unanswered.take() {
        None => {}
        Some(Unanswered::SignIn {
            call,
            user,
            product,
        }) => {
            let answer = twice(&mut admin, &call, |answer| answer.json()["id"].clone());
            assert!(open.len() <= 1, "one sign-in made the sessions {open:?}");
            if let Some(id) = open.first() {
                assert_eq!(
                    answer.is(201)["id"],
                    *id,
                    "the same key gives the same answer"
                );
            }
            worker.signed_in(&answer, user, product, seats);
        }
        Some(Unanswered::Grant { call, user }) => {
            // A repeated grant is harmless: it finds what the first one gave (S2).
            let seat = |answer: &Answer| answer.json()["results"][0]["seat"].clone();
            let answer = twice(&mut admin, &call, seat);
            let code = code_of(&answer.is(200));
            if code == "already_held" && found.holders.contains(&user) {
                // It had been carried out; for a seat that is held, that is all there is to say.
                if worker.ledger.seats.insert(user.clone(), Told::Held) != Some(Told::Held) {
                    seats.pen.enters(&user);
                }
            } else {
                worker.granted(&answer, user, seats);
            }
        }
        Some(Unanswered::Recall { call, user }) => {
            twice(&mut admin, &call, |answer| answer.status.into()).is(200);
            worker.ledger.seats.insert(user, Told::NotHeld);
            worker.ledger.over.extend(open);
        }
        Some(Unanswered::SignOut { session }) => {
            let call = Call::delete(format!("/v1/sessions/{session}"));
            twice(&mut admin, &call, |answer| answer.status.into()).is(204);
            worker.ledger.over.insert(session);
        }
    }
}

/// Sends a request twice; what it came to must not change.
fn twice(connection: &mut Connection, call: &Call, came_to: impl Fn(&Answer) -> Value) -> Answer {
    let first = connection.send(call);
    let second = connection.send(call);
    assert_eq!(first.status, second.status, "{call:?}: {}", second.text());
    if first.status < 300 {
        assert_eq!(came_to(&first), came_to(&second), "{call:?}");
    }
    first
}
