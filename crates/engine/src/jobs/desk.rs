//! The desk where jobs are handed in, asked after and cancelled, and the threads that do them.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{Ids, JobId, Reach};
use store::StoreError;
use store::query::{Page, Paging};

use super::work::End;
use super::{JobError, JobKind, JobState, JobStatus, StepAnswer, Work, carry_out, undo};
use crate::error::EngineError;
use crate::state::Shared;

/// How many jobs are done at the same time; the others wait for their turn.
pub(crate) const THREADS: usize = 2;

/// After so many chunks a job's row is brought up to date.
const CHUNKS_PER_ROW: u64 = 100;

/// The same where other nodes are asked after it too.
const CHUNKS_PER_SHARED_ROW: u64 = 10;

/// Why a job ended with its server, which could still write down how far it was.
const STOPPED: &str = "the server was stopped while this was at work";

/// A job that waits or is at work.
struct Cell {
    status: Mutex<JobStatus>,
    cancelled: AtomicBool,
    /// The end of the server stops it, and nobody else did.
    interrupted: AtomicBool,
}

impl Cell {
    /// Stops it after its chunk at work, since the server ends.
    fn interrupt(&self) {
        // Known before the job sees that it is to stop.
        if !self.cancelled.load(Ordering::Acquire) {
            self.interrupted.store(true, Ordering::Release);
        }
        self.cancelled.store(true, Ordering::Release);
    }
}

type Job = (Arc<Cell>, Work);

/// What a job does, what it is about, and the job that it takes back.
pub(crate) type What = (JobKind, String, Option<JobId>);

/// The jobs of this process.
pub(crate) struct Desk {
    cells: Mutex<HashMap<JobId, Arc<Cell>>>,
    hand_in: Mutex<Option<Sender<Job>>>,
    taken: Mutex<Receiver<Job>>,
    closed: AtomicBool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each change under these locks is one step that can't be left half-done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk {
    pub(crate) fn new() -> Self {
        let (hand_in, taken) = channel();
        Self {
            cells: Mutex::default(),
            hand_in: Mutex::new(Some(hand_in)),
            taken: Mutex::new(taken),
            closed: AtomicBool::new(false),
        }
    }

    /// Takes in a job; its row is there when this returns. Blocks.
    pub(crate) fn start(
        &self,
        shared: &Shared,
        what: What,
        total: u64,
        mut work: Work,
    ) -> Result<JobId, EngineError> {
        let (id, cell) = self.enter(shared, what, total, &mut work)?;
        let hand_in = lock(&self.hand_in);
        let hand_in = hand_in.as_ref().ok_or(EngineError::ShuttingDown)?;
        hand_in
            .send((cell, work))
            .map_err(|_| EngineError::ShuttingDown)?;
        Ok(id)
    }

    /// Does a job while somebody waits for its answers. Blocks.
    pub(crate) fn do_now(
        &self,
        shared: &Shared,
        what: What,
        total: u64,
        mut work: Work,
    ) -> Result<(JobId, Vec<StepAnswer>), EngineError> {
        let (id, cell) = self.enter(shared, what, total, &mut work)?;
        let mut answers = Vec::new();
        self.carry_out(shared, &cell, work, |some| {
            answers.extend_from_slice(some);
        })?;
        Ok((id, answers))
    }

    /// Makes a job known, with its row.
    fn enter(
        &self,
        shared: &Shared,
        (kind, subject, undoes): What,
        total: u64,
        work: &mut Work,
    ) -> Result<(JobId, Arc<Cell>), EngineError> {
        let now = shared.now();
        let status = JobStatus {
            id: Ids::new(now, rand::random()).fresh(),
            kind,
            subject,
            dry_run: work.dry_run,
            actor: work.actor.name.to_string(),
            state: JobState::Running,
            done: 0,
            total,
            counts: BTreeMap::new(),
            errors: Vec::new(),
            started_at: now,
            ended_at: None,
            folder: work.actor.reach.folder(),
            is_known: !work.dry_run && kind.act().is_kept(),
            undoes,
            undone_by: None,
        };
        let id = status.id;
        work.kept_for = status.is_known.then_some(id);
        work.undoes = undoes;
        match undoes.filter(|_| !work.dry_run) {
            Some(undone) => undo::write_first(shared, &status, undone)?,
            None => write_row(shared, &status)?,
        }
        let cell = Arc::new(Cell {
            status: Mutex::new(status),
            cancelled: AtomicBool::new(false),
            interrupted: AtomicBool::new(false),
        });
        lock(&self.cells).insert(id, Arc::clone(&cell));
        if self.closed.load(Ordering::Acquire) {
            // It came too late to be stopped with the others.
            cell.interrupt();
        }
        Ok((id, cell))
    }

    /// How far a job is that waits or is at work here.
    fn here(&self, id: JobId) -> Option<JobStatus> {
        let cell = lock(&self.cells).get(&id).map(Arc::clone)?;
        let status = lock(&cell.status);
        Some(status.clone())
    }

    /// How far a job is; also one of an earlier run of the server.
    pub(crate) fn status(
        &self,
        shared: &Shared,
        reach: Reach,
        id: JobId,
    ) -> Result<JobStatus, EngineError> {
        if let Some(status) = self.here(id) {
            // Who sees everything need not ask for it.
            let is_seen = reach == Reach::Everything
                || shared.store.read(|reader| {
                    reader.limit_to(reach);
                    reader.sees_work_in(status.folder)
                })?;
            return is_seen.then_some(status).ok_or(EngineError::UnknownJob);
        }
        let row = shared.store.read(|reader| {
            reader.limit_to(reach);
            reader.find_job(id)
        })?;
        JobStatus::from_row(row.ok_or(EngineError::UnknownJob)?)
    }

    /// Jobs, latest first; those at work as they stand now, which their rows are behind.
    pub(crate) fn list(
        &self,
        shared: &Shared,
        reach: Reach,
        paging: &Paging,
    ) -> Result<Page<JobStatus>, EngineError> {
        let page = shared.store.read(|reader| {
            reader.limit_to(reach);
            reader.jobs(paging)
        })?;
        let now = |row: store::query::Job| match self.here(row.id) {
            Some(status) => Ok(status),
            None => JobStatus::from_row(row),
        };
        Ok(Page {
            items: page.items.into_iter().map(now).collect::<Result<_, _>>()?,
            next: page.next,
            total: page.total,
        })
    }

    /// Stops a job after its chunk at work; harmless for one that has ended.
    pub(crate) fn cancel(
        &self,
        shared: &Shared,
        reach: Reach,
        id: JobId,
    ) -> Result<JobStatus, EngineError> {
        self.status(shared, reach, id)?;
        let here = match lock(&self.cells).get(&id) {
            Some(cell) => {
                cell.cancelled.store(true, Ordering::Release);
                true
            }
            None => false,
        };
        if !here && !shared.nodes.is_alone() {
            // The node that does it hears of it within a moment.
            shared.on_writer(move |writer| {
                let mut transaction = writer.begin()?;
                transaction.cancel_job(id)?;
                transaction.commit()
            })?;
        }
        self.status(shared, reach, id)
    }

    /// Stops the jobs of this node that were cancelled through another.
    pub(crate) fn hear_cancellations(&self, shared: &Shared) -> Result<(), EngineError> {
        if lock(&self.cells).is_empty() {
            return Ok(());
        }
        let node = shared.nodes.id;
        let cancelled = shared.store.read(|reader| reader.cancelled_jobs(node))?;
        for id in cancelled {
            if let Some(cell) = lock(&self.cells).get(&id) {
                cell.cancelled.store(true, Ordering::Release);
            }
        }
        Ok(())
    }

    /// Takes no more jobs; those at work stop after their chunk and say so in their rows, which
    /// needs the writer still.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        lock(&self.hand_in).take();
        for cell in lock(&self.cells).values() {
            cell.interrupt();
        }
    }

    /// Does jobs until the desk is closed.
    pub(crate) fn run(&self, shared: &Shared) {
        loop {
            let next = lock(&self.taken).recv();
            let Ok((cell, work)) = next else { return };
            // The job's row says why it failed.
            let _ = self.carry_out(shared, &cell, work, |_| {});
        }
    }

    /// Does a job and says in its row how it ended; what failed it comes back too.
    fn carry_out(
        &self,
        shared: &Shared,
        cell: &Cell,
        work: Work,
        mut take: impl FnMut(&[StepAnswer]),
    ) -> Result<(), EngineError> {
        let mut chunks = 0_u64;
        let every = if shared.nodes.is_alone() {
            CHUNKS_PER_ROW
        } else {
            CHUNKS_PER_SHARED_ROW
        };
        let end = carry_out(shared, work, &cell.cancelled, |answers, steps| {
            take(&answers);
            let mut status = lock(&cell.status);
            status.add(answers, steps);
            chunks += 1;
            if chunks.is_multiple_of(every) {
                let row = status.clone();
                drop(status);
                // Only for whoever asks after a crash; the next one may succeed.
                if let Err(error) = write_row(shared, &row) {
                    tracing::warn!(%error, job = %row.id, "a job's progress was not written");
                }
            }
        });
        let mut status = lock(&cell.status).clone();
        status.ended_at = Some(shared.now());
        let interrupted = cell.interrupted.load(Ordering::Acquire);
        status.state = match &end {
            Ok(End::Done) => JobState::Done,
            Ok(End::Cancelled) if interrupted => {
                status
                    .errors
                    .push(JobError::interrupted(STOPPED.to_owned()));
                JobState::Failed
            }
            Ok(End::Cancelled) => JobState::Cancelled,
            Err(error) => {
                status.errors.push(JobError {
                    row: None,
                    username: None,
                    code: error.code().to_owned(),
                    detail: error.to_string(),
                });
                JobState::Failed
            }
        };
        // Nobody is told that it ended before its row says so.
        match write_row(shared, &status) {
            Ok(()) => {
                lock(&self.cells).remove(&status.id);
            }
            // The next start finds it running, and says that it was interrupted.
            Err(EngineError::ShuttingDown) => {}
            Err(error) => {
                tracing::error!(%error, job = %status.id, "the end of a job was not written");
                *lock(&cell.status) = status;
            }
        }
        match end? {
            End::Cancelled if interrupted => Err(EngineError::ShuttingDown),
            End::Cancelled | End::Done => Ok(()),
        }
    }
}

fn write_row(shared: &Shared, status: &JobStatus) -> Result<(), EngineError> {
    let row = status.to_row();
    let node = (!shared.nodes.is_alone()).then_some(shared.nodes.id);
    shared.on_writer(move |writer| -> Result<(), StoreError> {
        let mut transaction = writer.begin()?;
        transaction.put_job(&row)?;
        if let Some(node) = node {
            if row.ended_at.is_some() {
                transaction.leave_job(row.id)?;
            } else if row.done == 0 {
                transaction.take_job(row.id, node)?;
            }
        }
        transaction.commit()
    })
}
