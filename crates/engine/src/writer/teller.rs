//! Telling callers what came of their commands, once that is durable.
//!
//! Under load the disk keeps one batch while the writer decides the next, so that neither waits
//! for the other. A batch may so be decided on what is not durable yet; but it is told after that,
//! for the log is kept in its order. When nobody else waits, the writer sees to it itself: a hop
//! to another thread would take longer than it spares.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{Builder, Scope};

use domain::Outcome;
use store::Log;
use tokio::sync::oneshot;

use super::answer::{Asker, deliver};
use crate::error::EngineError;
use crate::state::Shared;

/// What a command came to.
pub(super) type Answer = Result<Outcome, EngineError>;

/// What the commands of a chunk came to.
type ChunkAnswer = Result<Vec<Answer>, EngineError>;

/// A batch that was carried out.
pub(super) struct Told {
    /// Who waits, and for what.
    pub(super) requests: Vec<(Asker, Answer)>,
    /// The same of bulk work.
    pub(super) chunks: Vec<(oneshot::Sender<ChunkAnswer>, ChunkAnswer)>,
    /// The batch's number, if something was committed, which must be durable first.
    pub(super) saved: Option<u64>,
}

/// Tells.
pub(super) struct Teller<'s> {
    shared: &'s Shared,
    /// The disk's part of commits; none where commits are one piece.
    log: Option<Arc<Log>>,
    /// To the thread that works beside the writer.
    line: Option<SyncSender<Told>>,
    /// How many batches that thread was given and has not told yet.
    given: Arc<AtomicUsize>,
}

impl<'s> Teller<'s> {
    /// Begins to work beside the writer, where the store allows it.
    pub(super) fn start<'e>(
        scope: &'s Scope<'s, 'e>,
        shared: &'s Shared,
        log: Option<Arc<Log>>,
    ) -> Self {
        let given = Arc::new(AtomicUsize::new(0));
        let line = log.clone().and_then(|log| {
            // Of no length: a batch is handed over when the one before it was told, and what
            // gathers until then becomes the next.
            let (line, batches) = sync_channel(0);
            let given = Arc::clone(&given);
            let run = move || {
                for told in batches {
                    tell(shared, Some(&log), told);
                    given.fetch_sub(1, Ordering::AcqRel);
                }
            };
            let started = Builder::new()
                .name("teller".into())
                .spawn_scoped(scope, run);
            started.ok().map(|_| line)
        });
        Self {
            shared,
            log,
            line,
            given,
        }
    }

    /// Sees to it that everybody is told. Called by the writer alone.
    pub(super) fn tell(&self, told: Told) {
        let is_at_work = self.given.load(Ordering::Acquire) > 0;
        let others_wait = told.saved.is_some() && self.shared.queue.waiting() > 0;
        let mut told = Some(told);
        if let Some(line) = self.line.as_ref().filter(|_| is_at_work || others_wait) {
            self.given.fetch_add(1, Ordering::AcqRel);
            told = told.and_then(|told| line.send(told).err().map(|refused| refused.0));
        }
        if let Some(told) = told {
            tell(self.shared, self.log.as_deref(), told);
        }
    }
}

/// Waits until a batch is durable and answers it. Whoever went away in between gets no answer,
/// and can ask again with the same key.
pub(super) fn tell(shared: &Shared, log: Option<&Log>, mut told: Told) {
    if let Some(batch) = told.saved {
        let kept = log.map_or(Ok(()), Log::sync).map_err(Arc::new);
        match &kept {
            Ok(()) => shared.leases.keep(batch),
            Err(error) => {
                tracing::error!(%error, requests = told.requests.len(), "the disk failed");
                let failed = || EngineError::Store(Arc::clone(error));
                for (_, answer) in &mut told.requests {
                    *answer = Err(failed());
                }
                for (_, answer) in &mut told.chunks {
                    *answer = Err(failed());
                }
            }
        }
        shared.note_write(kept.as_ref().copied());
    }
    deliver(told.requests);
    for (asker, answer) in told.chunks {
        let _ = asker.send(answer);
    }
}
