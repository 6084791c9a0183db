//! The engine's threads, and their end.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::shared::Shared;

/// The threads of an engine. When this goes, they finish what waits and end.
pub(crate) struct Threads {
    shared: Arc<Shared>,
    handles: Mutex<Vec<JoinHandle<()>>>,
}

impl Threads {
    pub(crate) fn new(shared: Arc<Shared>, handles: Vec<JoinHandle<()>>) -> Self {
        Self {
            shared,
            handles: Mutex::new(handles),
        }
    }

    /// Takes nothing more, answers what waits, and returns when every thread has ended and the
    /// store is closed. Harmless twice.
    pub(crate) fn end(&self) {
        self.shared.queue.close();
        let handles =
            std::mem::take(&mut *self.handles.lock().unwrap_or_else(PoisonError::into_inner));
        for handle in handles {
            if handle.join().is_err() {
                tracing::error!("a thread of the engine ended by a panic");
            }
        }
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.end();
    }
}
