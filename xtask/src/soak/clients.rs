//! Well-behaved clients: sign in, stay a while, ask, sign out.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::PRODUCT;
use crate::http::{Answer, Client, escaped};
use crate::load::histogram::Histogram;
use crate::load::work::username;

/// What clients saw since somebody asked last.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) latency: Histogram,
    pub(super) failed: u64,
    pub(super) first_failure: Option<String>,
}

impl Seen {
    fn add(&mut self, other: Self) {
        self.latency.add(&other.latency);
        self.failed += other.failed;
        self.first_failure = self.first_failure.take().or(other.first_failure);
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of requests are far below 2^52"
    )]
    pub(super) fn rate(&self, during: Duration) -> f64 {
        if during.is_zero() {
            return 0.0;
        }
        self.latency.count() as f64 / during.as_secs_f64()
    }
}

/// What the threads have in common.
struct Common {
    server: SocketAddr,
    token: String,
    /// Between two requests of one client; none: as fast as they can.
    pause: Option<Duration>,
    is_over: AtomicBool,
    stays: Arc<AtomicU64>,
    seen: Mutex<Seen>,
    all: Mutex<Seen>,
}

/// All clients, at work.
pub(super) struct Crowd {
    common: Arc<Common>,
    threads: Vec<JoinHandle<()>>,
}

impl Crowd {
    /// Starts them; `rate` is how many requests a second they make together at most.
    pub(super) fn start(server: SocketAddr, token: &str, clients: u32, rate: Option<f64>) -> Self {
        let pause = rate.map(|rate| Duration::from_secs_f64(f64::from(clients) / rate.max(1.0)));
        let common = Arc::new(Common {
            server,
            token: token.to_owned(),
            pause,
            is_over: AtomicBool::new(false),
            stays: Arc::default(),
            seen: Mutex::default(),
            all: Mutex::default(),
        });
        let threads = (0..clients)
            .map(|number| {
                let common = Arc::clone(&common);
                std::thread::spawn(move || work(&common, number, clients))
            })
            .collect();
        Self { common, threads }
    }

    /// How many stays have begun.
    pub(super) fn stays(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.common.stays)
    }

    /// What was seen since the last time.
    pub(super) fn take_seen(&self) -> Result<Seen> {
        if self.threads.iter().any(JoinHandle::is_finished) {
            bail!("a client came to a bad end");
        }
        let mut seen = self
            .common
            .seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        Ok(std::mem::take(&mut *seen))
    }

    /// Lets them work for some time; what they saw.
    pub(super) fn during(self, length: Duration) -> Result<Seen> {
        std::thread::sleep(length);
        let seen = self.take_seen()?;
        self.end()?;
        Ok(seen)
    }

    /// Ends them, each after its stay; everything they saw.
    pub(super) fn end(self) -> Result<Seen> {
        self.common.is_over.store(true, Ordering::Release);
        for thread in self.threads {
            if thread.join().is_err() {
                bail!("a client came to a bad end");
            }
        }
        let mut all = self
            .common
            .all
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        Ok(std::mem::take(&mut *all))
    }
}

fn work(common: &Common, number: u32, clients: u32) {
    let mut me = Me {
        common,
        client: Client::new(common.server, common.token.as_str()),
        next: Instant::now(),
    };
    let mut stay = 0;
    while !common.is_over.load(Ordering::Acquire) {
        common.stays.fetch_add(1, Ordering::Relaxed);
        // Thirty users each, none of them anybody else's.
        let user = username(number + clients * (stay % 30));
        stay += 1;
        let asked = json!({"user": user, "product": PRODUCT});
        let Some(session) = me.ask(201, |client| client.post("/v1/sessions", &asked)) else {
            continue;
        };
        let path = format!(
            "/v1/sessions/{}",
            escaped(session["id"].as_str().unwrap_or_default())
        );
        me.ask(200, |client| {
            client.post(&format!("{path}/heartbeat"), &json!({}))
        });
        me.ask(200, |client| client.post("/v1/access/check", &asked));
        me.ask(204, |client| client.delete(&path));
    }
}

struct Me<'a> {
    common: &'a Common,
    client: Client,
    next: Instant,
}

impl Me<'_> {
    /// Waits for its time, asks, and notes what came of it; the body of a good answer.
    fn ask(&mut self, good: u16, send: impl Fn(&mut Client) -> Result<Answer>) -> Option<Value> {
        if let Some(pause) = self.common.pause {
            std::thread::sleep(self.next.saturating_duration_since(Instant::now()));
            self.next = (self.next + pause).max(Instant::now());
        }
        let start = Instant::now();
        let answer = send(&mut self.client);
        let mut seen = Seen::default();
        let body = match answer {
            Ok(answer) if answer.status == good => {
                seen.latency.record(start.elapsed());
                Some(answer.body)
            }
            Ok(answer) => {
                seen.failed = 1;
                seen.first_failure = Some(format!("{}: {}", answer.status, answer.body));
                None
            }
            Err(error) => {
                seen.failed = 1;
                seen.first_failure = Some(format!("{error:#}"));
                None
            }
        };
        if seen.failed > 0 {
            let all = Seen {
                failed: 1,
                first_failure: seen.first_failure.clone(),
                ..Seen::default()
            };
            self.common
                .all
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .add(all);
        }
        self.common
            .seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .add(seen);
        body
    }
}
