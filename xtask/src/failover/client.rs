//! A client that signs in and out through all nodes, repeats what was not answered with the same
//! idempotency key, and now and then what was, and writes everything down.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::json;

use super::record::{Recorder, What};
use crate::http::{Answer, Client, escaped};
use crate::load::work::Dice;

/// A client gives an answer this long; servers that need longer are as good as away.
const LIMIT: Duration = Duration::from_secs(4);
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(100);
/// One answered sign-in in so many is asked for once more.
const REPEATS: u32 = 5;
/// How long one request is repeated before the run fails.
const PATIENCE: Duration = Duration::from_mins(3);

/// What all clients share.
pub(super) struct Scene {
    pub(super) nodes: Vec<SocketAddr>,
    pub(super) token: String,
    pub(super) product: String,
    pub(super) is_over: AtomicBool,
    /// Answers that were committed, of all clients.
    pub(super) good: AtomicU64,
}

/// Stays, one after the other, until the scene is over.
pub(super) fn run(scene: &Scene, number: u32, recorder: Recorder) -> Result<()> {
    let mut me = Me {
        scene,
        number,
        recorder,
        connections: scene
            .nodes
            .iter()
            .map(|node| Client::new(*node, scene.token.as_str()).limited(LIMIT))
            .collect(),
        at: number as usize,
        dice: Dice::seeded(u64::from(number) + 1),
    };
    let mut stay = 0_u32;
    while !scene.is_over.load(Ordering::Acquire) {
        stay += 1;
        let key = format!("client{number:03}-{stay}");
        if let Some(session) = me.sign_in(&key, What::SignedIn)? {
            me.rest(20..200);
            if me.dice.roll(&(0..REPEATS)) == 0 {
                // The same answer, whichever node is asked and whatever happened meanwhile.
                me.at += 1;
                me.sign_in(&key, What::SignedInAgain)?;
            }
            me.sign_out(&key, &session)?;
        }
        me.rest(0..60);
    }
    Ok(())
}

struct Me<'a> {
    scene: &'a Scene,
    number: u32,
    recorder: Recorder,
    connections: Vec<Client>,
    /// The connection in use; another after each request that was not answered.
    at: usize,
    dice: Dice,
}

impl Me<'_> {
    /// The session; `None` if there was no seat, or no good answer.
    fn sign_in(&mut self, key: &str, granted: What) -> Result<Option<String>> {
        let user = format!("client{:03}", self.number);
        let body = json!({"user": user, "product": self.scene.product, "client": key});
        let answer = self.until_answered(key, (What::AskSignIn, &user), |client| {
            client.post_with_key("/v1/sessions", key, &body)
        })?;
        match (answer.status, answer.body["id"].as_str()) {
            (201, Some(session)) => {
                self.recorder.write(key, granted, session)?;
                if granted == What::SignedIn {
                    self.scene.good.fetch_add(1, Ordering::Release);
                }
                Ok(Some(session.to_owned()))
            }
            (403, _) => {
                self.recorder.write(key, What::Denied, code(&answer))?;
                Ok(None)
            }
            _ => self.wrong(key, &answer).map(|()| None),
        }
    }

    fn sign_out(&mut self, key: &str, session: &str) -> Result<()> {
        let path = format!("/v1/sessions/{}", escaped(session));
        let answer = self.until_answered(key, (What::AskSignOut, session), |client| {
            client.delete(&path)
        })?;
        if answer.status == 204 {
            self.recorder.write(key, What::SignedOut, session)?;
            self.scene.good.fetch_add(1, Ordering::Release);
            Ok(())
        } else {
            self.wrong(key, &answer)
        }
    }

    fn wrong(&mut self, key: &str, answer: &Answer) -> Result<()> {
        let said = format!("{} {}", answer.status, code(answer));
        self.recorder.write(key, What::Wrong, &said)
    }

    /// Asks, at another node each time, until there is an answer that does not say to come again.
    fn until_answered(
        &mut self,
        key: &str,
        (ask, about): (What, &str),
        send: impl Fn(&mut Client) -> Result<Answer>,
    ) -> Result<Answer> {
        let start = Instant::now();
        loop {
            self.recorder.write(key, ask, about)?;
            let count = self.connections.len();
            let why = match send(&mut self.connections[self.at % count]) {
                Ok(answer) if matches!(answer.status, 429 | 503) => {
                    format!("{} {}", answer.status, code(&answer))
                }
                Ok(answer) => return Ok(answer),
                Err(error) => root(&error),
            };
            self.recorder.write(key, What::NoAnswer, &why)?;
            ensure!(
                start.elapsed() < PATIENCE,
                "{key} has no answer after {PATIENCE:?}: {why}"
            );
            self.at += 1;
            std::thread::sleep(PAUSE);
        }
    }

    fn rest(&mut self, millis: std::ops::Range<u32>) {
        std::thread::sleep(Duration::from_millis(self.dice.roll(&millis).into()));
    }
}

fn code(answer: &Answer) -> &str {
    answer.body["code"].as_str().unwrap_or("without a code")
}

/// What failed in the end, without addresses and paths, so that the same counts as the same.
fn root(error: &anyhow::Error) -> String {
    let root = error.root_cause();
    match root.downcast_ref::<std::io::Error>() {
        Some(error) => match error.kind() {
            std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut => {
                format!("no answer in {LIMIT:?}")
            }
            kind => kind.to_string(),
        },
        None => root.to_string(),
    }
}
