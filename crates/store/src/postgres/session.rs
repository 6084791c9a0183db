//! One connection, and the transaction on it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use foldhash::HashMap;
use tokio::task::JoinHandle;
use tokio_postgres::tls::NoTls;
use tokio_postgres::{Client, Error, Statement as Prepared};

use super::address::Database;
use super::error::{Fate, meant, of_commit, of_connecting};
use super::io::{self, Io};
use super::line::drive;
use super::pending::Pending;
use super::purpose::Purpose;
use crate::error::StoreError;

/// How long a plan is used. One that was made for a table without rows may walk the whole of it
/// when it has some, until the server has counted them; making plans anew costs milliseconds.
const PLANS_LAST: Duration = Duration::from_secs(1);

/// How many connections this process made.
static CONNECTIONS: AtomicU64 = AtomicU64::new(0);

/// A connection. One thread at a time uses it.
pub(crate) struct Session {
    /// Which connection of this process it is.
    number: u64,
    pub(super) client: Client,
    driver: JoinHandle<()>,
    io: Io,
    purpose: Purpose,
    pub(super) prepared: RefCell<HashMap<&'static str, Prepared>>,
    /// The same statements for many rows, if they have such a form.
    pub(super) bulk: RefCell<HashMap<&'static str, Option<Prepared>>>,
    pub(super) composed: RefCell<HashMap<String, Prepared>>,
    pub(super) pending: RefCell<Pending>,
    /// Numbers of the table `meta` that are known within a transaction that holds the lock.
    numbers: RefCell<BTreeMap<String, i64>>,
    /// A statement of the transaction at work failed, so that it can't be committed.
    pub(super) failed: Cell<bool>,
    /// How many answers were waited for in this transaction.
    waits: Cell<u64>,
    /// It is not to be used again.
    lost: Cell<bool>,
    /// It did not answer in time.
    silent: Cell<bool>,
    /// The server warned of something.
    warned: Arc<AtomicBool>,
    /// Since when the server may have plans for its statements.
    planned: Cell<Instant>,
}

impl Session {
    /// Connects. Waits as long as the address allows.
    pub(super) fn connect(
        database: &Database,
        io: &Io,
        purpose: Purpose,
    ) -> Result<Self, StoreError> {
        let warned = Arc::new(AtomicBool::new(false));
        let notices = Arc::clone(&warned);
        let handle = io.handle().clone();
        let begun = Instant::now();
        let connecting = async {
            let config = &database.config;
            Ok::<_, Error>(match &database.tls {
                Some(tls) => {
                    let (client, connection) = config.connect(tls.clone()).await?;
                    (client, handle.spawn(drive(connection, notices)))
                }
                None => {
                    let (client, connection) = config.connect(NoTls).await?;
                    (client, handle.spawn(drive(connection, notices)))
                }
            })
        };
        let (client, driver) = io
            .wait(database.patience(), connecting)
            .map_err(|_| StoreError::Unavailable("connecting took too long".into()))?
            .map_err(|e| StoreError::Unavailable(of_connecting(&e)))?;
        io.has(begun, driver.abort_handle());
        let session = Self {
            number: CONNECTIONS.fetch_add(1, Ordering::Relaxed),
            client,
            driver,
            io: io.clone(),
            purpose,
            prepared: RefCell::default(),
            bulk: RefCell::default(),
            composed: RefCell::default(),
            pending: RefCell::default(),
            numbers: RefCell::default(),
            failed: Cell::new(false),
            waits: Cell::new(0),
            lost: Cell::new(false),
            silent: Cell::new(false),
            warned,
            planned: Cell::new(begun),
        };
        session.say(purpose.settings())?;
        Ok(session)
    }

    /// Whether it is of no use any more.
    pub(super) fn is_lost(&self) -> bool {
        self.lost.get() || self.client.is_closed()
    }

    /// Whether it was given up because it did not answer in time.
    pub(super) fn is_silent(&self) -> bool {
        self.silent.get()
    }

    /// Gives it up: it is closed, and whatever it was doing is left to the server.
    pub(super) fn give_up(&self) {
        self.lost.set(true);
        self.driver.abort();
    }

    /// Waits for an answer; who does not answer in time is given up.
    pub(super) fn wait<T>(
        &self,
        name: &'static str,
        asked: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, StoreError> {
        if self.lost.get() {
            return Err(StoreError::Unavailable(
                "the connection was given up".into(),
            ));
        }
        self.waits.set(self.waits.get() + 1);
        match self.io.wait(self.purpose.patience(), asked) {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(self.fault(name, error)),
            Err(io::TooLong) => {
                self.failed.set(true);
                self.silent.set(true);
                self.give_up();
                Err(StoreError::Unavailable("it did not answer in time".into()))
            }
        }
    }

    pub(super) fn fault(&self, name: &'static str, error: Error) -> StoreError {
        self.failed.set(true);
        let (error, fate) = meant(name, error);
        if fate == Fate::Lost {
            self.give_up();
        }
        error
    }

    /// Runs a text without parameters.
    pub(super) fn say(&self, text: &str) -> Result<(), StoreError> {
        self.wait("command", self.client.batch_execute(text))
    }

    /// Sends a text without parameters and does not wait for its answer.
    pub(super) fn send(&self, text: &str) {
        if !self.is_lost() {
            io::begin(self.client.batch_execute(text));
        }
    }

    /// A number of the table `meta`, if it is known without asking.
    pub(crate) fn known_number(&self, name: &str) -> Option<i64> {
        self.numbers.borrow().get(name).copied()
    }

    /// Remembers a number within this transaction, if it is remembered at all.
    pub(crate) fn note_number(&self, name: &str, number: i64) {
        if let Some(known) = self.numbers.borrow_mut().get_mut(name) {
            *known = number.max(*known);
        }
    }

    /// Which connection of this process it is, and how many transactions carried commands out,
    /// as far as a transaction that holds the lock knows.
    pub(crate) fn turn(&self) -> (u64, i64) {
        let turn = self.known_number(crate::meta::TURN).unwrap_or_default();
        (self.number, turn)
    }

    /// How many answers were waited for since the transaction began.
    pub(super) fn waits(&self) -> u64 {
        self.waits.get()
    }

    /// A transaction begins that knows these numbers.
    pub(super) fn begun(&self, numbers: BTreeMap<String, i64>) {
        *self.numbers.borrow_mut() = numbers;
    }

    /// Makes ready for a new transaction.
    pub(super) fn fresh(&self) {
        self.numbers.borrow_mut().clear();
        *self.pending.borrow_mut() = Pending::default();
        self.failed.set(false);
        self.waits.set(0);
        if self.planned.get().elapsed() > PLANS_LAST {
            self.send("DISCARD PLANS");
            self.planned.set(Instant::now());
        }
    }

    /// Commits what was done since a transaction began.
    pub(super) fn commit(&self) -> Result<(), StoreError> {
        self.settle()?;
        if self.failed.get() {
            // The server would answer a commit too, and not keep anything.
            return Err(StoreError::RolledBack(
                "a statement of the transaction failed".into(),
            ));
        }
        if self.is_lost() {
            return Err(StoreError::Unavailable("the connection was lost".into()));
        }
        self.warned.store(false, Ordering::Release);
        let committing = self.client.batch_execute("COMMIT");
        let unknown = |why: &str| {
            self.give_up();
            Err(StoreError::OutcomeUnknown(why.into()))
        };
        match self.io.wait(self.purpose.commit_patience(), committing) {
            // It stopped waiting for its standby, or there was no transaction any more.
            Ok(Ok(())) if self.warned.load(Ordering::Acquire) => {
                unknown("the server warned while it committed")
            }
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                self.give_up();
                Err(of_commit(error))
            }
            Err(io::TooLong) => unknown("the commit was not answered in time"),
        }
    }

    /// Takes back what was done since a transaction began.
    pub(super) fn roll_back(&self) {
        if self.is_lost() {
            return;
        }
        // The lock goes with this, so that it must have arrived before others are let wait.
        if self.say("ROLLBACK").is_err() {
            self.give_up();
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.lost.get() {
            self.driver.abort();
        }
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}
