//! The writer thread: the queue before it, and what it does with what it takes.

mod answer;
mod batch;
mod queue;
#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use store::StoreError;

pub(crate) use answer::receive;
pub(crate) use queue::{Chunk, Queue, Request};

use crate::carried::Carried;
use crate::state::Shared;
use crate::upkeep::{leave, seal_the_rest};
use batch::Batch;

/// What the writer thread works with.
struct Hand {
    writer: store::Writer,
    /// What the last batches needed of the store: as long as nobody else wrote, it need not be read
    /// again.
    carried: Carried,
}

/// Runs until the queue is closed and empty. The one place that changes the store.
pub(crate) fn run(shared: &Arc<Shared>, mut writer: store::Writer) {
    if let Err(error) = writer.stays_here() {
        tracing::warn!(%error, "the writer goes on with another thread's help");
    }
    let mut hand = Hand {
        writer,
        carried: Carried::default(),
    };
    while let Some(load) = shared.queue.take() {
        if let Some(task) = load.task {
            guarded(shared, &mut hand, |_, hand| task(&mut hand.writer));
        }
        let alone = load.alone.into_iter().collect();
        for batch in [
            Batch::new(load.requests, load.chunks),
            Batch::new(Vec::new(), alone),
        ] {
            if !batch.is_empty() {
                guarded(shared, &mut hand, |shared, hand| batch.run(shared, hand));
            }
        }
    }
    let mut writer = hand.writer;
    let mut done = Ok(());
    if !shared.nodes.is_alone() {
        done = leave(shared, &mut writer);
    }
    if shared.nodes.does_upkeep() {
        done = done.and_then(|()| seal_the_rest(&mut writer, shared.now()));
    }
    if let Err(error) = done.and_then(|()| writer.checkpoint()) {
        tracing::warn!(%error, "the end was not tidy; the next start makes up for it");
    }
}

/// Does something that may be wrong in itself: a panic drops what it held, so that its callers
/// are told of an internal error and its transaction is rolled back, and the thread lives on.
fn guarded(shared: &Shared, hand: &mut Hand, act: impl FnOnce(&Shared, &mut Hand)) {
    // The writer's state is the database's, which a dropped transaction leaves as it was.
    let result = catch_unwind(AssertUnwindSafe(|| act(shared, hand)));
    if result.is_err() {
        tracing::error!("a batch was given up after a panic; nothing of it was saved");
        distrust_memory(shared);
    }
}

/// After a failure nothing that is remembered counts: the store knows what was kept.
fn distrust_memory(shared: &Shared) {
    shared.leases.start_new_epoch();
    shared.tokens.forget_all();
    if !shared.nodes.is_alone() {
        // The next look, or the next batch, reads what counts.
        shared.nodes.distrust();
        return;
    }
    let reread: Result<_, StoreError> = shared.store.read(|reader| reader.policy());
    match reread {
        Ok(policy) => shared.set_policy(policy),
        Err(error) => tracing::error!(%error, "the policy could not be read again"),
    }
}
