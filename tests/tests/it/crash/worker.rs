//! A client under load: signs its own users in and out, grants and recalls, one request at a
//! time, and writes down what it is told.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::gate::{Counts, Gate};
use super::ledger::{Ledger, Session, Told, Unanswered};
use crate::support::{Answer, Call, Connection, Installation, Random, license};

/// Floating, counted by user.
pub(super) const DESK: &str = "desk";
/// Floating, counted by session.
pub(super) const LAB: &str = "lab";
/// Dedicated, given by hand alone.
pub(super) const PEN: &str = "pen";

/// Users of each worker.
const USERS: usize = 3;

/// The few seats that everybody wants.
#[derive(Debug)]
pub(super) struct Seats {
    pub(super) desk: Gate,
    pub(super) lab: Gate,
    pub(super) pen: Gate,
    /// How many requests were answered.
    answered: AtomicUsize,
}

impl Seats {
    pub(super) fn new() -> Self {
        Self {
            desk: Gate::new(4, Counts::Users),
            lab: Gate::new(5, Counts::Each),
            pen: Gate::new(6, Counts::Users),
            answered: AtomicUsize::new(0),
        }
    }

    /// How many requests were answered so far.
    pub(super) fn answered(&self) -> usize {
        self.answered.load(Ordering::Relaxed)
    }

    pub(super) fn of(&self, product: &str) -> &Gate {
        match product {
            DESK => &self.desk,
            LAB => &self.lab,
            _ => &self.pen,
        }
    }

    /// A house with these seats, and accounts for so many workers.
    pub(super) fn house(&self, workers: usize) -> Installation {
        let count = |gate: &Gate| u32::try_from(gate.seats()).unwrap();
        let tables = [
            license("floating", DESK, count(&self.desk)),
            license("floating", LAB, count(&self.lab)) + "counted_by = \"session\"\n",
            license("dedicated", PEN, count(&self.pen)),
        ];
        let house = Installation::with("");
        // Nothing lapses while a test runs, and nobody takes a dedicated seat by signing in.
        house.change_policy(&[
            ("session_timeout_s", json!(604_800)),
            ("auto_assign_default", json!("off")),
        ]);
        house.import(&tables.concat()).is(200);
        let users: Vec<String> = (0..workers).flat_map(users_of).collect();
        house.add_users(users.iter().map(String::as_str));
        house
    }
}

fn users_of(worker: usize) -> impl Iterator<Item = String> {
    (0..USERS).map(move |user| format!("w{worker}.{user}"))
}

/// One client.
#[derive(Debug)]
pub(super) struct Worker {
    number: usize,
    users: Vec<String>,
    random: Random,
    /// Numbers its idempotency keys.
    sent: u64,
    pub(super) ledger: Ledger,
}

impl Worker {
    pub(super) fn new(number: usize) -> Self {
        Self {
            number,
            users: users_of(number).collect(),
            random: Random::new(number as u64),
            sent: 0,
            ledger: Ledger::default(),
        }
    }

    /// Works until `is_over`, or until the server does not answer any more.
    pub(super) fn work(
        &mut self,
        server: SocketAddr,
        token: &str,
        seats: &Seats,
        is_over: impl Fn() -> bool,
    ) -> io::Result<()> {
        let mut connection = Connection::new(server, Some(token));
        while !is_over() {
            match self.random.below(10) {
                0..4 => self.sign_in(&mut connection, seats)?,
                4..7 => self.sign_out(&mut connection, seats)?,
                7 => self.heartbeat(&mut connection)?,
                8 => self.grant(&mut connection, seats)?,
                _ => self.recall(&mut connection, seats)?,
            }
            seats.answered.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    fn key(&mut self) -> String {
        self.sent += 1;
        format!("{}-{}", self.number, self.sent)
    }

    fn sign_in(&mut self, connection: &mut Connection, seats: &Seats) -> io::Result<()> {
        let user = self.random.one_of(&self.users).clone();
        let product = *self.random.one_of(&[DESK, DESK, LAB, LAB, PEN]);
        let body = json!({"user": user, "product": product});
        let call = Call::post("/v1/sessions", &body).key(self.key());
        self.ledger.unanswered = Some(Unanswered::SignIn {
            call: call.clone(),
            user: user.clone(),
            product,
        });
        let answer = connection.try_send(&call)?;
        self.ledger.unanswered = None;
        self.signed_in(&answer, user, product, seats);
        Ok(())
    }

    /// Writes the answer to a sign-in down.
    pub(super) fn signed_in(
        &mut self,
        answer: &Answer,
        user: String,
        product: &'static str,
        seats: &Seats,
    ) {
        if answer.status == 403 {
            let code = answer.json()["code"].clone();
            assert_eq!(
                code,
                "no_free_seat",
                "{user} in {product}: {}",
                answer.text()
            );
            let holds = self.ledger.seats.get(&user) == Some(&Told::Held);
            assert!(
                product != PEN || !holds,
                "{user} has a seat: {}",
                answer.text()
            );
            return;
        }
        let id = id_of(&answer.is(201));
        if product != PEN {
            seats.of(product).enters(&user);
        }
        let known = self.ledger.live.insert(id, Session { user, product });
        assert!(
            known.is_none(),
            "one session for two sign-ins: {}",
            answer.text()
        );
    }

    fn sign_out(&mut self, connection: &mut Connection, seats: &Seats) -> io::Result<()> {
        let ids: Vec<String> = self.ledger.live.keys().cloned().collect();
        if ids.is_empty() {
            return Ok(());
        }
        let session = self.random.one_of(&ids).clone();
        self.leave(&session, seats);
        self.ledger.unanswered = Some(Unanswered::SignOut {
            session: session.clone(),
        });
        let call = Call::delete(format!("/v1/sessions/{session}"));
        connection.try_send(&call)?.is(204);
        self.ledger.unanswered = None;
        self.ledger.over.insert(session);
        Ok(())
    }

    /// The seat of a session may be somebody else's from now on.
    fn leave(&mut self, session: &str, seats: &Seats) {
        let left = self.ledger.live.remove(session).expect("it is live");
        if left.product != PEN {
            seats.of(left.product).leaves(&left.user);
        }
    }

    fn heartbeat(&mut self, connection: &mut Connection) -> io::Result<()> {
        let ids: Vec<String> = self.ledger.live.keys().cloned().collect();
        if ids.is_empty() {
            return Ok(());
        }
        let session = self.random.one_of(&ids);
        let call = Call::new("POST", format!("/v1/sessions/{session}/heartbeat"));
        connection.try_send(&call)?.is(200);
        Ok(())
    }

    fn grant(&mut self, connection: &mut Connection, seats: &Seats) -> io::Result<()> {
        let user = self.random.one_of(&self.users).clone();
        let body = json!({"users": [user], "products": [PEN]});
        let call = Call::post("/v1/grant", &body).key(self.key());
        self.ledger.unanswered = Some(Unanswered::Grant {
            call: call.clone(),
            user: user.clone(),
        });
        let answer = connection.try_send(&call)?;
        self.ledger.unanswered = None;
        self.granted(&answer, user, seats);
        Ok(())
    }

    /// Writes the answer to a grant down.
    pub(super) fn granted(&mut self, answer: &Answer, user: String, seats: &Seats) {
        let held = self.ledger.seats.get(&user) == Some(&Told::Held);
        match (code_of(&answer.is(200)).as_str(), held) {
            ("granted", false) => {
                seats.pen.enters(&user);
                self.ledger.seats.insert(user, Told::Held);
            }
            ("already_held", true) => {}
            ("no_free_seat", false) => {
                self.ledger.seats.insert(user, Told::NotHeld);
            }
            (code, _) => panic!("{user} held a seat: {held}, and is told {code}"),
        }
    }

    fn recall(&mut self, connection: &mut Connection, seats: &Seats) -> io::Result<()> {
        let user = self.random.one_of(&self.users).clone();
        // What the user does on that seat ends with it.
        let ends = |session: &Session| session.product == PEN && session.user == user;
        let live = self.ledger.live.iter().filter(|(_, session)| ends(session));
        let ending: Vec<String> = live.map(|(id, _)| id.clone()).collect();
        for session in &ending {
            self.leave(session, seats);
        }
        let held = self.ledger.seats.remove(&user) == Some(Told::Held);
        if held {
            seats.pen.leaves(&user);
        }
        let body = json!({"users": [user], "products": [PEN], "now": true});
        let call = Call::post("/v1/recall", &body).key(self.key());
        self.ledger.unanswered = Some(Unanswered::Recall {
            call: call.clone(),
            user: user.clone(),
        });
        let answer = connection.try_send(&call)?;
        self.ledger.unanswered = None;
        let code = code_of(&answer.is(200));
        assert_eq!(code, if held { "released" } else { "not_held" }, "{user}");
        self.ledger.seats.insert(user, Told::NotHeld);
        self.ledger.over.extend(ending);
        Ok(())
    }
}

fn id_of(session: &Value) -> String {
    session["id"]
        .as_str()
        .expect("a session has an id")
        .to_owned()
}

/// The code of the one result of a bulk answer.
pub(super) fn code_of(answer: &Value) -> String {
    let results = answer["results"].as_array().expect("there are results");
    assert_eq!(results.len(), 1, "{answer}");
    results[0]["code"]
        .as_str()
        .expect("a result has a code")
        .to_owned()
}
