//! How much the engine does without a network: sign-ins and sign-outs by many tasks at once.
//!
//! `cargo run --release -p seatkeeper-engine --example load -- [users] [tasks] [seconds] [what]`,
//! where `what` is the beginning of one of the names that it prints. With `SEATKEEPER_DATABASE`
//! it works on PostgreSQL.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement prints what it found, and stops where something is wrong"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use domain::command::FolderRef;
use domain::{Actor, Ask, Command, EndReason, Outcome, ProductCode, Role, SessionId, Username};
use engine::people_csv::PeopleFile;
use engine::{Bulk, BulkAnswer, BulkMode, Engine, EngineOptions, JobState};
use license_file::document::{Document, FORMAT, LicenseTerms};
use license_file::jws::SigningKey;
use license_file::key_file::PublicKeyFile;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, otherwise: u64| match arguments.get(at) {
        Some(text) => text.parse().unwrap(),
        None => otherwise,
    };
    let users = number(0, 1_000);
    let tasks = number(1, 64);
    let seconds = number(2, 5);

    let folder = tempfile::tempdir_in(".").unwrap();
    let issuer = SigningKey::from_seed(&[7; 32]);
    let trusted = PublicKeyFile {
        name: "Northwind Software".into(),
        key: issuer.verifying_key().clone(),
    };
    let database = std::env::var("SEATKEEPER_DATABASE").ok();
    let engine = Engine::start(EngineOptions {
        trust: vec![trusted],
        database: database.map(|url| store::Database::parse(&url, None).unwrap()),
        ..EngineOptions::new(folder.path())
    })
    .unwrap();
    let load = Load {
        engine,
        actor: Actor::new("load", Role::Administrator),
        users,
        tasks,
        time: Duration::from_secs(seconds),
        only: arguments.get(3).cloned().unwrap_or_default(),
    };
    load.fill(&issuer).await;

    load.measure("sign-in and sign-out", |load, user| async move {
        let access = load.sign_in(user).await;
        load.engine.session_token(&access);
        load.sign_out(access.session).await;
        2
    })
    .await;
    load.measure("heartbeat", |load, user| async move {
        let session = load.sign_in(user).await.session;
        for _ in 0..98 {
            load.engine.heartbeat(&load.actor, session).await.unwrap();
        }
        load.sign_out(session).await;
        100
    })
    .await;
    load.measure("check", |load, user| async move {
        let command = sign_in(user);
        load.engine
            .check(&load.actor, command, false)
            .await
            .unwrap();
        // Others get their turn, as between requests.
        tokio::task::yield_now().await;
        1
    })
    .await;
}

#[derive(Clone)]
struct Load {
    engine: Engine,
    actor: Actor,
    users: u64,
    tasks: u64,
    time: Duration,
    only: String,
}

fn name(user: u64) -> Username {
    Username::parse(&format!("user-{user:07}")).unwrap()
}

fn sign_in(user: u64) -> Command {
    Command::SignIn {
        user: name(user),
        product: ProductCode::parse("esm").unwrap(),
        ask: Ask::default(),
        client: None,
    }
}

impl Load {
    /// As many floating seats as users.
    async fn fill(&self, issuer: &SigningKey) {
        let terms: LicenseTerms = serde_json::from_value(serde_json::json!({
            "id": "NW-1", "serial": "NW-1", "product": "esm", "product_name": "Service Management",
            "model": "floating", "seats": self.users, "starts_at": "2025-01-01T00:00:00Z",
        }))
        .unwrap();
        let document = Document {
            format: FORMAT,
            issuer: "Northwind Software".into(),
            customer: None,
            issued_at: "2026-01-01T00:00:00Z".parse().unwrap(),
            licenses: vec![terms],
        };
        let file = document.sign(issuer).unwrap().into_bytes();
        let root = || FolderRef::Path(Vec::new());
        let import = self.engine.import(&self.actor, file, root(), false, None);
        import.await.unwrap();

        let begun = Instant::now();
        let row = |user| format!("{}\n", name(user));
        let rows: String = (0..self.users).map(row).collect();
        let people = PeopleFile::check(format!("username\n{rows}")).unwrap();
        let mode = BulkMode {
            as_job: true,
            ..BulkMode::default()
        };
        let work = Bulk::PutUsers(people);
        let job = self.engine.bulk(&self.actor, work, mode).await.unwrap();
        let BulkAnswer::Started(job) = job else {
            unreachable!("it was asked for as a job");
        };
        while self
            .engine
            .job(&domain::Actor::system(), job)
            .await
            .unwrap()
            .state
            == JobState::Running
        {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        println!("{} users in {:.1?}", self.users, begun.elapsed());
    }

    async fn sign_in(&self, user: u64) -> domain::outcome::GrantedAccess {
        match self.engine.run(&self.actor, sign_in(user), None).await {
            Ok(Outcome::SignedIn(access)) => access,
            other => panic!("{other:?}"),
        }
    }

    async fn sign_out(&self, session: SessionId) {
        let command = Command::EndSession {
            session,
            reason: EndReason::SignedOut,
        };
        self.engine.run(&self.actor, command, None).await.unwrap();
    }

    /// Every task does `act` with users of its own until the time is over.
    async fn measure<F, A>(&self, what: &str, act: F)
    where
        F: Fn(Self, u64) -> A + Copy + Send + 'static,
        A: Future<Output = u64> + Send,
    {
        if !what.starts_with(&self.only) {
            return;
        }
        let done = Arc::new(AtomicU64::new(0));
        let (writer_before, all_before) = (cpu("writer"), cpu(""));
        let begun = Instant::now();
        let end = begun + self.time;
        let mut tasks = Vec::new();
        for task in 0..self.tasks {
            let (load, done) = (self.clone(), Arc::clone(&done));
            tasks.push(tokio::spawn(async move {
                let mut slowest = Duration::ZERO;
                let mut user = task;
                while Instant::now() < end {
                    let begun = Instant::now();
                    done.fetch_add(act(load.clone(), user).await, Ordering::Relaxed);
                    slowest = slowest.max(begun.elapsed());
                    // Far apart, so that rows of everywhere are touched.
                    user = (user + load.tasks * 7_919) % load.users;
                }
                slowest
            }));
        }
        let mut slowest = Duration::ZERO;
        for task in tasks {
            slowest = slowest.max(task.await.unwrap());
        }
        let done = done.load(Ordering::Relaxed);
        #[expect(clippy::cast_precision_loss, reason = "it is only shown")]
        let (rate, each) = (
            done as f64 / begun.elapsed().as_secs_f64(),
            |micros: u64| micros as f64 / done as f64,
        );
        let writer = each(cpu("writer") - writer_before);
        let all = each(cpu("") - all_before);
        println!(
            "{what}: {rate:.0}/s; {all:.1} us of processor time each, \
             {writer:.1} of them on the writer thread; the slowest turn took {slowest:.1?}"
        );
    }
}

/// The processor time of threads whose name begins so, in microseconds. On a busy machine it
/// says more than the rate. Linux only; elsewhere 0.
fn cpu(name: &str) -> u64 {
    let Ok(threads) = std::fs::read_dir("/proc/self/task") else {
        return 0;
    };
    let read = |path: std::path::PathBuf| std::fs::read_to_string(path).unwrap_or_default();
    threads
        .flatten()
        .filter(|thread| read(thread.path().join("comm")).starts_with(name))
        .filter_map(|thread| {
            let times = read(thread.path().join("schedstat"));
            times.split(' ').next()?.parse::<u64>().ok()
        })
        .sum::<u64>()
        / 1_000
}
