//! The engine's threads, and their end.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};

use crate::error::StartError;
use crate::state::Shared;
use crate::{checks, jobs, nodes, service, upkeep, writer};

type Handles = Mutex<Vec<JoinHandle<()>>>;

/// The threads of an engine. When this goes, they finish what waits and end.
pub(crate) struct Threads {
    shared: Arc<Shared>,
    handles: Handles,
    /// Those that do jobs, which end before the writer stops writing.
    jobs: Handles,
    /// Whoever waits at the other ends ends when these go.
    stops: Mutex<Vec<Sender<()>>>,
}

impl Threads {
    /// Starts all of them.
    pub(crate) fn start(
        shared: Arc<Shared>,
        writer: store::Writer,
        refreshes: bool,
    ) -> Result<Self, StartError> {
        let (stop_upkeep, stop) = channel();
        let (stop_refresh, no_refresh) = channel();
        let (stop_watch, watch_until) = channel();
        let threads = Self {
            shared: Arc::clone(&shared),
            handles: Mutex::default(),
            jobs: Mutex::default(),
            stops: Mutex::new(vec![stop_upkeep, stop_refresh, stop_watch]),
        };
        // From here on, an error drops what was started, and so ends it.
        let upkeep_of = Arc::clone(&shared);
        threads.spawn("upkeep", move || upkeep::run(&upkeep_of, &stop))?;
        if refreshes {
            let refresh_of = Arc::clone(&shared);
            threads.spawn("refresh", move || service::run(&refresh_of, &no_refresh))?;
        }
        if let Some(watcher) = shared.store.watcher() {
            let watch_of = Arc::clone(&shared);
            threads.spawn("nodes", move || {
                nodes::watch(&watch_of, watcher, &watch_until);
            })?;
        }
        let follower = shared.store.follower().map_err(StartError::from)?;
        if let (Some(follower), Some(questions)) = (follower, shared.checks.questions()) {
            let checks_of = Arc::clone(&shared);
            threads.spawn("checks", move || {
                checks::run(&checks_of, follower, questions);
            })?;
        }
        for _ in 0..jobs::THREADS {
            let jobs_of = Arc::clone(&shared);
            spawn(&threads.jobs, "job", move || jobs_of.desk.run(&jobs_of))?;
        }
        threads.spawn("writer", move || writer::run(&shared, writer))?;
        Ok(threads)
    }

    fn spawn(&self, name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), StartError> {
        spawn(&self.handles, name, run)
    }

    /// Takes nothing more, answers what waits, and returns when every thread has ended and the
    /// store is closed. Harmless twice.
    pub(crate) fn end(&self) {
        self.shared.desk.close();
        join(&self.jobs);
        self.shared.queue.close();
        self.shared.checks.close();
        lock(&self.stops).clear();
        join(&self.handles);
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.end();
    }
}

fn spawn(
    handles: &Handles,
    name: &str,
    run: impl FnOnce() + Send + 'static,
) -> Result<(), StartError> {
    let handle = Builder::new()
        .name(name.to_owned())
        .spawn(run)
        .map_err(StartError::Thread)?;
    lock(handles).push(handle);
    Ok(())
}

fn join(handles: &Handles) {
    let handles = std::mem::take(&mut *lock(handles));
    for handle in handles {
        if handle.join().is_err() {
            tracing::error!("a thread of the engine ended by a panic");
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
