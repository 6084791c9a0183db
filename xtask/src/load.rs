//! The load generator: one thread, one event loop, keep-alive connections that each have one
//! request on the way, ready-made request bytes, and no more parsing of answers than their
//! framing needs. Cheap on purpose: it shares the machine with what it measures.
//!
//! A new kind of load is an implementation of `work::Work`.

mod connection;
pub(crate) mod histogram;
pub(crate) mod work;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use mio::{Events, Poll, Registry};

use crate::http::Head;
use crate::usage;
use connection::{Connection, Progress, Sending};
use histogram::Histogram;
use work::Work;

/// More lost connections than this in one run mean that nothing is being measured any more.
const MOST_LOST: u64 = 1_000;
/// How long answers still on their way are waited for after the end.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long to run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    /// Not counted, at the beginning.
    pub(crate) warm_up: Duration,
    /// Counted after that; without it until the work runs out.
    pub(crate) measured: Option<Duration>,
}

impl Span {
    /// Until the work runs out, all of it counted.
    pub(crate) const ALL: Self = Self {
        warm_up: Duration::ZERO,
        measured: None,
    };
}

/// The server under load, or several that do the same; connections go to them in turn.
#[derive(Debug, Clone)]
pub(crate) struct Place(Vec<Node>);

/// One server.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    pub(crate) address: SocketAddr,
    /// Its process, for its processor time.
    pub(crate) pid: u32,
}

impl Place {
    /// Of these servers.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn new(nodes: Vec<Node>) -> Result<Self> {
        ensure!(!nodes.is_empty(), "no server, no load");
        Ok(Self(nodes))
    }

    fn address_for(&self, connection: usize) -> SocketAddr {
        self.0[connection % self.0.len()].address
    }

    fn cpu(&self) -> Duration {
        let of = |node: &Node| usage::cpu(node.pid).unwrap_or_default();
        self.0.iter().map(of).sum()
    }
}

/// What a run saw in its counted part.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    /// Length of the counted part.
    pub(crate) elapsed: Duration,
    /// Time from a request's first byte out to its answer's last byte in, 2xx answers alone.
    pub(crate) latency: Histogram,
    /// Answers other than 2xx, by status, warm-up included.
    pub(crate) refused: BTreeMap<u16, u64>,
    /// The first of them, whole.
    pub(crate) first_refusal: Option<String>,
    /// Connections that ended in the middle of a request.
    pub(crate) lost: u64,
    /// Processor time of this process.
    pub(crate) own_cpu: Duration,
    /// Processor time of the server.
    pub(crate) server_cpu: Duration,
    /// Processor time of all other programs on the machine: what spoils a measurement.
    pub(crate) other_cpu: Duration,
}

impl Measured {
    /// 2xx answers a second.
    pub(crate) fn rate(&self) -> f64 {
        ratio(self.latency.count(), self.elapsed)
    }

    /// How many answers were not 2xx, lost connections included.
    pub(crate) fn failures(&self) -> u64 {
        self.refused.values().sum::<u64>() + self.lost
    }

    /// Adds another run of the same kind, as if they had been one.
    pub(crate) fn add(&mut self, other: Self) {
        self.elapsed += other.elapsed;
        self.latency.add(&other.latency);
        for (status, count) in other.refused {
            *self.refused.entry(status).or_default() += count;
        }
        self.first_refusal = self.first_refusal.take().or(other.first_refusal);
        self.lost += other.lost;
        self.own_cpu += other.own_cpu;
        self.server_cpu += other.server_cpu;
        self.other_cpu += other.other_cpu;
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of requests are far below 2^52"
)]
fn ratio(count: u64, elapsed: Duration) -> f64 {
    if elapsed.is_zero() {
        0.0
    } else {
        count as f64 / elapsed.as_secs_f64()
    }
}

/// Sends `work` over `connections` connections to a server and measures the answers.
///
/// # Errors
/// When the server cannot be reached, speaks something else than HTTP/1.1 with content lengths,
/// drops connections all the time, or stops answering.
pub(crate) fn run(
    place: &Place,
    connections: usize,
    span: Span,
    work: &mut impl Work,
) -> Result<Measured> {
    let mut poll = Poll::new()?;
    let mut events = Events::with_capacity(connections.max(16));
    let mut run = Run {
        place,
        registry: poll.registry().try_clone()?,
        work,
        measured: Measured::default(),
    };
    // Work that runs out counts from its first request; what is measured for a time does not count
    // how long connecting took.
    let runs_out = span.measured.is_none();
    let begun = runs_out.then(|| Clock::start(span, place));
    // Each asks as soon as it is open, as clients do.
    let mut open = Vec::with_capacity(connections);
    let mut busy = 0_usize;
    for index in 0..connections {
        let address = place.address_for(index);
        let mut connection = Connection::open(address, index, &run.registry)?;
        busy += usize::from(run.send_next(&mut connection)?);
        open.push(connection);
    }
    let mut clock = begun.unwrap_or_else(|| Clock::start(span, place));
    while busy > 0 {
        poll.poll(&mut events, Some(Duration::from_millis(100)))?;
        clock.look();
        for event in &events {
            let connection = &mut open[event.token().0];
            match connection.advance()? {
                Progress::Waiting => continue,
                Progress::Answered(head) => {
                    clock.answered();
                    run.note_answer(connection, head, &clock);
                }
                Progress::Lost => run.replace(connection)?,
            }
            let goes_on = !clock.is_over() && run.send_next(connection)?;
            busy -= usize::from(!goes_on);
        }
        if clock.is_stuck() {
            bail!("{busy} requests were left without an answer for {PATIENCE:?}");
        }
    }
    let mut measured = run.measured;
    clock.tell(&mut measured);
    Ok(measured)
}

/// What the connections of one run share.
struct Run<'a, W> {
    place: &'a Place,
    registry: Registry,
    work: &'a mut W,
    measured: Measured,
}

impl<W: Work> Run<'_, W> {
    /// Begins the connection's next request; false when there is none.
    fn send_next(&mut self, connection: &mut Connection) -> Result<bool> {
        loop {
            match connection.send_next(self.work)? {
                Sending::Begun => return Ok(true),
                Sending::Nothing => return Ok(false),
                Sending::Lost => self.replace(connection)?,
            }
        }
    }

    /// Opens a lost connection anew.
    fn replace(&mut self, connection: &mut Connection) -> Result<()> {
        self.measured.lost += 1;
        let server = self.place.address_for(connection.index());
        if self.measured.lost > MOST_LOST {
            bail!("{server} drops connections all the time");
        }
        self.work.lost(connection.index());
        *connection = Connection::open(server, connection.index(), &self.registry)?;
        Ok(())
    }

    fn note_answer(&mut self, connection: &Connection, head: Head, clock: &Clock<'_>) {
        let body = connection.body(head);
        self.work.answered(connection.index(), head.status, body);
        let is_good = (200..300).contains(&head.status);
        if is_good && clock.counts() {
            self.measured
                .latency
                .record(clock.now.saturating_duration_since(connection.sent_at()));
        } else if !is_good {
            *self.measured.refused.entry(head.status).or_default() += 1;
            if self.measured.first_refusal.is_none() {
                let text = String::from_utf8_lossy(&body[..body.len().min(600)]);
                self.measured.first_refusal = Some(format!("{}: {text}", head.status));
            }
        }
    }
}

/// Which part of a run it is, and how much processor time the counted part took.
struct Clock<'a> {
    place: &'a Place,
    now: Instant,
    counted_from: Instant,
    ends_at: Option<Instant>,
    counted_until: Instant,
    last_answer: Instant,
    cpu_at_start: Option<Cpu>,
    cpu_at_end: Option<Cpu>,
}

/// Processor time of this process, of the server, and of all programs together.
#[derive(Clone, Copy)]
struct Cpu {
    own: Duration,
    server: Duration,
    machine: Duration,
}

impl Cpu {
    fn read(place: &Place) -> Self {
        Self {
            own: usage::own_cpu(),
            server: place.cpu(),
            machine: usage::machine_cpu(),
        }
    }
}

impl<'a> Clock<'a> {
    fn start(span: Span, place: &'a Place) -> Self {
        let now = Instant::now();
        let counted_from = now + span.warm_up;
        Self {
            place,
            now,
            counted_from,
            ends_at: span.measured.map(|measured| counted_from + measured),
            counted_until: counted_from,
            last_answer: now,
            cpu_at_start: span.warm_up.is_zero().then(|| Cpu::read(place)),
            cpu_at_end: None,
        }
    }

    /// Takes the time, and notes the processor time when the counted part begins or ends.
    fn look(&mut self) {
        self.now = Instant::now();
        if self.cpu_at_start.is_none() && self.now >= self.counted_from {
            self.cpu_at_start = Some(Cpu::read(self.place));
        }
        if self.cpu_at_end.is_none() && self.is_over() {
            self.cpu_at_end = Some(Cpu::read(self.place));
        }
    }

    fn answered(&mut self) {
        self.now = Instant::now();
        self.last_answer = self.now;
        if self.counts() {
            self.counted_until = self.now;
        }
    }

    fn counts(&self) -> bool {
        self.now >= self.counted_from && !self.is_over()
    }

    fn is_over(&self) -> bool {
        self.ends_at.is_some_and(|end| self.now >= end)
    }

    fn is_stuck(&self) -> bool {
        self.now.saturating_duration_since(self.last_answer) > PATIENCE
    }

    /// Writes down the counted part's length and processor time.
    fn tell(&self, measured: &mut Measured) {
        let until = self
            .ends_at
            .filter(|_| self.is_over())
            .unwrap_or(self.counted_until);
        measured.elapsed = until.saturating_duration_since(self.counted_from);
        let end = self.cpu_at_end.unwrap_or_else(|| Cpu::read(self.place));
        let start = self.cpu_at_start.unwrap_or(end);
        measured.own_cpu = end.own.saturating_sub(start.own);
        measured.server_cpu = end.server.saturating_sub(start.server);
        let machine = end.machine.saturating_sub(start.machine);
        measured.other_cpu = machine.saturating_sub(measured.own_cpu + measured.server_cpu);
    }
}

#[cfg(test)]
mod tests;
