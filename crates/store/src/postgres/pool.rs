//! Reading: a pool of connections, and a snapshot on one of them.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::address::Database;
use super::io::Io;
use super::purpose::Purpose;
use super::session::Session;
use crate::error::StoreError;

/// How long a reader is waited for while all are at work.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections that read, made when they are needed, the most recently used on top.
#[derive(Debug)]
pub(crate) struct Pool {
    database: Database,
    io: Io,
    purpose: Purpose,
    state: Mutex<State>,
    returned: Condvar,
    most: usize,
}

#[derive(Debug, Default)]
struct State {
    idle: Vec<Session>,
    /// Those on loan, and those that are being made.
    out: usize,
}

/// A connection on loan; goes back when dropped, also by a panic.
struct Loan<'p> {
    pool: &'p Pool,
    session: Option<Session>,
}

impl Pool {
    pub(crate) fn new(database: Database, io: Io, purpose: Purpose, most: usize) -> Self {
        Self {
            database,
            io,
            purpose,
            state: Mutex::default(),
            returned: Condvar::new(),
            most,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each change under the lock is one step.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Result<Loan<'_>, StoreError> {
        let mut state = self.state();
        loop {
            while let Some(session) = state.idle.pop() {
                if !session.is_lost() {
                    state.out += 1;
                    return Ok(Loan {
                        pool: self,
                        session: Some(session),
                    });
                }
            }
            if state.out < self.most {
                state.out += 1;
                drop(state);
                // Counted from here on, whether it can be made or not.
                let mut loan = Loan {
                    pool: self,
                    session: None,
                };
                let session = Session::connect(&self.database, &self.io, self.purpose)?;
                loan.session = Some(session);
                return Ok(loan);
            }
            let (next, waited) = self
                .returned
                .wait_timeout(state, PATIENCE)
                .unwrap_or_else(PoisonError::into_inner);
            if waited.timed_out() {
                return Err(StoreError::Busy);
            }
            state = next;
        }
    }

    /// Reads on one snapshot.
    pub(crate) fn read<T>(
        &self,
        f: impl FnOnce(&Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let loan = self.take()?;
        let session = loan
            .session
            .as_ref()
            .expect("a loan has its connection until it is dropped");
        session.fresh();
        // Whether it began is told by the answer to the first question.
        session.send("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        f(session)
    }
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        let session = self.session.take();
        let mut state = self.pool.state();
        state.out -= 1;
        if let Some(session) = session
            && !session.is_lost()
        {
            // The next question of this connection comes after it.
            session.send("ROLLBACK");
            state.idle.push(session);
        }
        self.pool.returned.notify_one();
    }
}
