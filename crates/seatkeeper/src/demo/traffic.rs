//! A little life: people who come to work, stay a while, and go.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use client::{Client, Error};
use domain::Ids;
use uuid::Uuid;
use wire::session::SignInRequest;

use super::{licenses, people};

/// How many are at work when the demo begins.
const AT_THE_START: usize = 40;
/// How many stay at work at most.
const AT_MOST: usize = 60;
/// Between two of their acts.
const PAUSE: Duration = Duration::from_millis(700);

/// The traffic; it ends when this is dropped.
pub(crate) struct Traffic {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Traffic {
    /// Lets people come and go. `seed` decides who.
    pub(crate) fn start(client: Client, seed: u64) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("demo-traffic".into())
            .spawn(move || {
                let mut office = Office {
                    client,
                    chance: Ids::new(domain::Timestamp::NEVER, seed),
                    sessions: VecDeque::new(),
                };
                // Whatever fails here fails only for the demo's invented people.
                let mut result = (0..AT_THE_START).try_for_each(|_| office.somebody_comes());
                while result.is_ok() && !stopped.load(Ordering::Relaxed) {
                    std::thread::park_timeout(PAUSE);
                    result = office.something_happens();
                }
                if let Err(error) = result {
                    tracing::debug!(%error, "the demo's traffic ended");
                }
            })?;
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for Traffic {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}

struct Office {
    client: Client,
    chance: Ids,
    sessions: VecDeque<Uuid>,
}

impl Office {
    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.chance.random() % (n as u64)).unwrap_or(0)
    }

    fn something_happens(&mut self) -> Result<(), Error> {
        let stays = self.sessions.len();
        if stays > AT_MOST || (stays > 10 && self.below(5) < 2) {
            self.somebody_goes()
        } else if stays > 0 && self.below(3) == 0 {
            let n = self.below(stays);
            let session = self.sessions[n];
            match self.client.heartbeat(session) {
                Ok(_) | Err(Error::Problem(_)) => Ok(()),
                Err(error) => Err(error),
            }
        } else {
            self.somebody_comes()
        }
    }

    fn somebody_comes(&mut self) -> Result<(), Error> {
        let product = match self.below(20) {
            // Now and then somebody wants what there is no license for any more.
            0 => "archive",
            n => licenses::PRODUCTS[n % licenses::PRODUCTS.len()],
        };
        let n = self.below(people::COUNT);
        let request = SignInRequest {
            user: people::username(n),
            product: product.into(),
            client: Some(format!("desk-{:03}", n + 1)),
            ..SignInRequest::default()
        };
        match self.client.start_session(&request) {
            Ok(session) => self.sessions.push_back(session.id),
            Err(Error::Denied(_)) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn somebody_goes(&mut self) -> Result<(), Error> {
        match self.sessions.pop_front() {
            Some(session) => self.client.sign_out(session),
            None => Ok(()),
        }
    }
}
