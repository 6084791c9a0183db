//! A session that is kept alive as long as the value lives.

mod heartbeat;

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use uuid::Uuid;
use wire::session::SignInRequest;
use wire::{EndReason, Time, session};

use crate::{Client, Error, Unreachable};

/// How long signing out may take when a value is dropped.
const FAREWELL: Duration = Duration::from_secs(5);

/// How the heartbeats of a session are answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// The server confirmed it.
    Alive {
        /// Until when it holds without a further heartbeat.
        expires_at: Time,
    },
    /// The server doesn't confirm it; heartbeats go on. Whether to let the user work on is the application's policy:
    /// the session token says how long at least.
    Unreachable {
        /// Since when.
        since: Instant,
        /// Until when the server last promised to keep it.
        expires_at: Time,
        /// What came instead of the latest confirmation, as a sentence.
        error: String,
    },
    /// It is over; sign in again to go on. No further heartbeats.
    Lost(Lost),
}

/// Why a session is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The stable code, also one that this version doesn't know.
    pub code: String,
    /// What happened, as a sentence.
    pub detail: String,
}

impl Lost {
    /// The reason, if this version knows it. None, too, when the server doesn't know the session.
    pub fn reason(&self) -> Option<EndReason> {
        EndReason::from_code(&self.code)
    }
}

/// A session. Heartbeats go out on a thread of its own until it is signed out, by [`SignedIn::sign_out`] or by being
/// dropped. An application with thousands of sessions drives [`Client::heartbeat`] itself instead.
pub struct SignedIn(Arc<Shared>);

struct Shared {
    client: Client,
    granted: session::SignedIn,
    watch: Mutex<Watch>,
    /// Told when `watch` changes.
    changed: Condvar,
}

struct Watch {
    state: SessionState,
    signed_out: bool,
}

impl Client {
    /// Signs a user in, and keeps the session alive until the value is dropped.
    ///
    /// # Errors
    /// [`Error::Denied`] when the user may not work there now.
    pub fn sign_in(&self, request: &SignInRequest) -> Result<SignedIn, Error> {
        let granted = self.start_session(request)?;
        let shared = Arc::new(Shared {
            client: self.clone(),
            watch: Mutex::new(Watch {
                state: SessionState::Alive {
                    expires_at: granted.expires_at,
                },
                signed_out: false,
            }),
            changed: Condvar::new(),
            granted,
        });
        let session = SignedIn(Arc::clone(&shared));
        thread::Builder::new()
            .name("seatkeeper-heartbeat".to_owned())
            .spawn(move || heartbeat::run(&shared))
            .map_err(|error| Error::Unreachable {
                url: self.url().to_owned(),
                cause: Unreachable::Other(format!("no thread for heartbeats: {error}")),
            })?;
        Ok(session)
    }
}

impl SignedIn {
    /// What the server granted.
    pub fn granted(&self) -> &session::SignedIn {
        &self.0.granted
    }

    /// The session's id.
    pub fn id(&self) -> Uuid {
        self.0.granted.id
    }

    /// How heartbeats are answered at this moment.
    pub fn state(&self) -> SessionState {
        self.0.watch().state.clone()
    }

    /// Waits until the state is another than `seen`, for `patience` at most, and returns what it is then.
    pub fn wait_for_change(&self, seen: &SessionState, patience: Duration) -> SessionState {
        let watch = self.0.watch();
        let (watch, _) = self
            .0
            .changed
            .wait_timeout_while(watch, patience, |watch| watch.state == *seen)
            .unwrap_or_else(PoisonError::into_inner);
        watch.state.clone()
    }

    /// Takes the seat offline until a moment (H5). From then on no heartbeats go out, and dropping this value does not
    /// sign out: the seat is held until then, or until [`Client::return_session`].
    ///
    /// # Errors
    /// [`Error`]; then the session goes on as before.
    pub fn borrow(&self, until: Time) -> Result<session::Borrowed, Error> {
        let borrowed = self.0.client.borrow_session(self.id(), until)?;
        self.0.stop();
        Ok(borrowed)
    }

    /// Signs out. When this fails, the session ends by itself, for want of heartbeats.
    ///
    /// # Errors
    /// [`Error`].
    pub fn sign_out(self) -> Result<(), Error> {
        self.0.stop();
        self.0.client.sign_out(self.id())
    }
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedIn({}, {:?})", self.id(), self.state())
    }
}

impl Drop for SignedIn {
    fn drop(&mut self) {
        if self.0.stop() {
            // Nobody is left to tell; without heartbeats the server ends it by itself.
            let _ = self.0.client.sign_out_within(self.id(), FAREWELL);
        }
    }
}

impl Shared {
    fn watch(&self) -> MutexGuard<'_, Watch> {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the heartbeats; whether there is something left to sign out from.
    fn stop(&self) -> bool {
        let mut watch = self.watch();
        let first = !std::mem::replace(&mut watch.signed_out, true);
        self.changed.notify_all();
        first && !matches!(watch.state, SessionState::Lost(_))
    }
}
