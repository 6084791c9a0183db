//! The queue before the writer thread: people first, bulk work behind, upkeep in between.
//!
//! A batch is what has gathered while the last one was committed, so the queue needs no timer.
//! Pushing costs one short lock, and a wake-up only when the writer sleeps.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use domain::{Actor, Command, Outcome};
use tokio::sync::oneshot;

use super::answer::Asker;
use crate::error::EngineError;
use crate::idempotency::IdempotencyKey;
use crate::jobs::Trail;

/// One command of somebody who waits.
pub(crate) struct Request {
    pub(crate) actor: Actor,
    pub(crate) command: Command,
    pub(crate) key: Option<IdempotencyKey>,
    pub(crate) asker: Asker,
}

/// Commands of bulk work in one transaction, few enough not to keep others waiting. One that
/// does not share a batch is a chunk by itself.
pub(crate) struct Chunk {
    pub(crate) actor: Actor,
    pub(crate) commands: Vec<Command>,
    /// What is noted of them in the same transaction, if anything.
    pub(crate) trail: Option<Trail>,
    pub(crate) answer: oneshot::Sender<Result<Vec<Result<Outcome, EngineError>>, EngineError>>,
}

impl Chunk {
    /// Whether it can stand in one transaction with others.
    pub(crate) fn shares_a_batch(&self) -> bool {
        self.commands.iter().all(Command::shares_a_batch)
    }
}

/// Work on the store that is no command, done between two batches. It must leave alone what
/// decisions are made of, which the writer knows from batch to batch.
pub(crate) type Task = Box<dyn FnOnce(&mut store::Writer) + Send>;

/// What is taken from the queue at once.
#[derive(Default)]
pub(crate) struct Load {
    /// Those that share a transaction, or one that does not.
    pub(crate) requests: Vec<Request>,
    /// Those that share it too.
    pub(crate) chunks: Vec<Chunk>,
    /// One that does not.
    pub(crate) alone: Option<Chunk>,
    pub(crate) task: Option<Task>,
}

impl Load {
    /// Whether there is nothing to do.
    pub(crate) fn is_empty(&self) -> bool {
        self.requests.is_empty()
            && self.chunks.is_empty()
            && self.alone.is_none()
            && self.task.is_none()
    }
}

/// The queue. Its writer is one thread; anyone may push.
pub(crate) struct Queue {
    lanes: Mutex<Lanes>,
    filled: Condvar,
    most_waiting: usize,
}

#[derive(Default)]
struct Lanes {
    requests: VecDeque<Request>,
    chunks: VecDeque<Chunk>,
    tasks: VecDeque<Task>,
    closed: bool,
    writer_sleeps: bool,
}

impl Queue {
    /// How many requests are taken at once.
    const MOST_AT_ONCE: usize = 512;
    /// How many commands of bulk work are taken along, as long as whole chunks fit.
    const MOST_BULK: usize = 128;

    /// An empty queue that takes `most_waiting` requests.
    pub(crate) fn new(most_waiting: usize) -> Self {
        Self {
            lanes: Mutex::default(),
            filled: Condvar::new(),
            most_waiting,
        }
    }

    fn lanes(&self) -> MutexGuard<'_, Lanes> {
        // Nothing that holds this lock can leave it half-changed.
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(
        &self,
        add: impl FnOnce(&mut Lanes) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        let mut lanes = self.lanes();
        if lanes.closed {
            return Err(EngineError::ShuttingDown);
        }
        add(&mut lanes)?;
        let wake = std::mem::take(&mut lanes.writer_sleeps);
        drop(lanes);
        if wake {
            self.filled.notify_one();
        }
        Ok(())
    }

    /// Adds a request, unless too many wait.
    pub(crate) fn push_request(&self, request: Request) -> Result<(), EngineError> {
        self.push(|lanes| {
            if lanes.requests.len() >= self.most_waiting {
                return Err(EngineError::Overloaded);
            }
            lanes.requests.push_back(request);
            Ok(())
        })
    }

    /// Adds a chunk of bulk work. Each job has one at a time here.
    pub(crate) fn push_chunk(&self, chunk: Chunk) -> Result<(), EngineError> {
        self.push(|lanes| {
            lanes.chunks.push_back(chunk);
            Ok(())
        })
    }

    /// Adds a task.
    pub(crate) fn push_task(&self, task: Task) -> Result<(), EngineError> {
        self.push(|lanes| {
            lanes.tasks.push_back(task);
            Ok(())
        })
    }

    /// How many requests wait.
    pub(crate) fn waiting(&self) -> usize {
        self.lanes().requests.len()
    }

    /// Takes nothing more; what is in the queue is still taken out.
    pub(crate) fn close(&self) {
        self.lanes().closed = true;
        self.filled.notify_one();
    }

    /// Whether the queue takes nothing more.
    pub(crate) fn is_closed(&self) -> bool {
        self.lanes().closed
    }

    /// Waits until there is something and takes it; `None` when closed and empty. A request
    /// that needs a transaction of its own comes as the only one.
    pub(crate) fn take(&self) -> Option<Load> {
        let mut lanes = self.lanes();
        loop {
            let load = lanes.take();
            if !load.is_empty() {
                return Some(load);
            }
            if lanes.closed {
                return None;
            }
            lanes.writer_sleeps = true;
            lanes = self
                .filled
                .wait(lanes)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Lanes {
    fn take(&mut self) -> Load {
        let sharing = self
            .requests
            .iter()
            .take(Queue::MOST_AT_ONCE)
            .take_while(|request| request.command.shares_a_batch())
            .count();
        let mut load = Load {
            task: self.tasks.pop_front(),
            ..Load::default()
        };
        if sharing == 0
            && let Some(alone) = self.requests.pop_front()
        {
            load.requests.push(alone);
            return load;
        }
        load.requests.extend(self.requests.drain(..sharing));
        let mut commands = 0;
        while let Some(chunk) = self.chunks.front() {
            commands += chunk.commands.len();
            if !chunk.shares_a_batch() {
                if load.chunks.is_empty() {
                    load.alone = self.chunks.pop_front();
                }
                break;
            }
            if !load.chunks.is_empty() && commands > Queue::MOST_BULK {
                break;
            }
            load.chunks.extend(self.chunks.pop_front());
        }
        load
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{FolderId, SessionId};
    use uuid::Uuid;

    fn beat() -> Command {
        Command::Heartbeat(SessionId(Uuid::nil()))
    }

    fn alone() -> Command {
        Command::DeleteFolder(FolderId::ROOT)
    }

    fn request(command: Command) -> Request {
        Request {
            actor: Actor::system(),
            command,
            key: None,
            asker: oneshot::channel().0,
        }
    }

    fn chunk(commands: Vec<Command>) -> Chunk {
        Chunk {
            actor: Actor::system(),
            commands,
            trail: None,
            answer: oneshot::channel().0,
        }
    }

    #[test]
    fn what_needs_a_transaction_of_its_own_comes_alone_and_in_its_turn() {
        let queue = Queue::new(10);
        for command in [beat(), beat(), alone(), beat()] {
            queue.push_request(request(command)).unwrap();
        }
        let sizes: Vec<usize> = (0..3)
            .map(|_| queue.take().unwrap().requests.len())
            .collect();
        assert_eq!(sizes, [2, 1, 1]);
    }

    #[test]
    fn bulk_work_comes_along_in_small_amounts() {
        let queue = Queue::new(10);
        for _ in 0..3 {
            queue.push_chunk(chunk(vec![beat(); 60])).unwrap();
        }
        queue.push_chunk(chunk(vec![alone()])).unwrap();
        queue.push_request(request(beat())).unwrap();
        let first = queue.take().unwrap();
        assert_eq!((first.requests.len(), first.chunks.len()), (1, 2));
        let second = queue.take().unwrap();
        assert_eq!((second.chunks.len(), second.alone.is_some()), (1, false));
        assert!(queue.take().unwrap().alone.is_some());
    }

    #[test]
    fn a_full_queue_says_so_and_a_closed_one_gives_out_what_it_has() {
        let queue = Queue::new(1);
        queue.push_request(request(beat())).unwrap();
        let refused = queue.push_request(request(beat()));
        assert!(matches!(refused, Err(EngineError::Overloaded)));
        queue.close();
        let late = queue.push_request(request(beat()));
        assert!(matches!(late, Err(EngineError::ShuttingDown)));
        assert_eq!(queue.take().unwrap().requests.len(), 1);
        assert!(queue.take().is_none());
    }
}
