//! What is measured in a world, and how.

use std::ops::Range;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::setting::Setting;
use super::world::World;
use crate::load::work::{Ask, Heartbeat, SessionId, SignIn, SignInAndOut, SignOut};
use crate::load::{self, Measured, Place, Span};

/// What was asked of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Bare,
    SignInAndOut,
    SignIn,
    SignOut,
    HeartbeatMany,
    HeartbeatFew,
    Check,
    /// As many connections as there are, and few seats that all of them want.
    SamePool,
    /// As many clients as may be, each signing in at the same moment.
    Restart,
}

impl Operation {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare route",
            Self::SignInAndOut => "sign-in and sign-out in turn",
            Self::SignIn => "sign-in",
            Self::SignOut => "sign-out",
            Self::HeartbeatMany => "heartbeat, many sessions",
            Self::HeartbeatFew => "heartbeat, 16 sessions",
            Self::Check => "access check",
            Self::SamePool => "all want the same 16 seats",
            Self::Restart => "all clients sign in at once",
        }
    }
}

/// One line of the table.
pub(super) struct Row {
    pub(super) setting: Setting,
    pub(super) seats: u32,
    pub(super) connections: usize,
    pub(super) operation: Operation,
    pub(super) measured: Measured,
}

impl Row {
    /// Whether anything failed that should not: where everybody wants the same seats, denials
    /// are right.
    pub(super) fn has_faults(&self) -> bool {
        let denied = self.measured.refused.get(&403).copied().unwrap_or_default();
        let right = if self.operation == Operation::SamePool {
            denied
        } else {
            0
        };
        self.measured.failures() > right
    }

    /// For people who wait.
    pub(super) fn in_brief(&self) -> String {
        let refusal = self.measured.first_refusal.as_deref();
        let refusal = refusal.filter(|_| self.has_faults()).unwrap_or_default();
        format!(
            "{}, {} at {}: {:.0}/s, p99 {:.1} ms, {} failed {refusal}",
            self.setting.name(),
            self.operation.name(),
            self.connections,
            self.measured.rate(),
            self.measured.latency.quantile(990).as_secs_f64() * 1_000.0,
            self.measured.failures(),
        )
    }
}

/// Sessions that heartbeats go around.
const MANY: u32 = 20_000;
const FEW: usize = 16;

/// Measures every operation over this many connections.
pub(super) fn run(world: &World<'_>, connections: usize, seconds: Duration) -> Result<Vec<Row>> {
    let bench = Bench {
        world,
        place: world.place()?,
        bare: Place::new(vec![world.bare.node()])?,
        connections,
        seconds,
    };
    let (sign_in, sign_out) = bench.apart()?;
    let mut results = vec![
        (Operation::Bare, bench.bare()?),
        (Operation::SignInAndOut, bench.in_turn()?),
        (Operation::SignIn, sign_in),
        (Operation::SignOut, sign_out),
    ];
    let sessions = bench.sign_in(bench.users_up_to(MANY))?;
    results.push((Operation::HeartbeatMany, bench.heartbeat(&sessions)?));
    results.push((
        Operation::HeartbeatFew,
        bench.heartbeat(&sessions[..FEW.min(sessions.len())])?,
    ));
    bench.sign_out(sessions)?;
    results.push((Operation::Check, bench.check()?));
    results.push((Operation::SamePool, bench.same_pool()?));
    Ok(results
        .into_iter()
        .map(|(operation, measured)| bench.row(operation, measured))
        .collect())
}

/// So many clients, each with a connection of its own, sign in at the same moment, as after a
/// power cut.
pub(super) fn restart(world: &World<'_>, clients: usize) -> Result<Row> {
    let bench = Bench {
        world,
        place: world.place()?,
        bare: Place::new(vec![world.bare.node()])?,
        connections: clients,
        seconds: Duration::ZERO,
    };
    let users = bench.users_up_to(u32::try_from(clients)?);
    let mut work = SignIn::new(&world.target, users);
    let measured = load::run(&bench.place, clients, Span::ALL, &mut work)?;
    let few = Bench {
        connections: 64,
        ..bench
    };
    few.sign_out(work.into_made())?;
    Ok(Row {
        connections: clients,
        ..few.row(Operation::Restart, measured)
    })
}

struct Bench<'a> {
    world: &'a World<'a>,
    place: Place,
    bare: Place,
    connections: usize,
    seconds: Duration,
}

impl Bench<'_> {
    fn row(&self, operation: Operation, measured: Measured) -> Row {
        Row {
            setting: self.world.setting,
            seats: self.world.seats,
            connections: self.connections,
            operation,
            measured,
        }
    }

    fn users(&self) -> Range<u32> {
        self.world.first_free..self.world.seats
    }

    fn users_up_to(&self, count: u32) -> Range<u32> {
        let users = self.users();
        users.start..users.end.min(users.start + count)
    }

    /// A tenth more at the beginning, not counted.
    fn span(&self) -> Span {
        Span {
            warm_up: self.seconds / 10,
            measured: Some(self.seconds),
        }
    }

    fn bare(&self) -> Result<Measured> {
        let mut target = self.world.target.clone();
        target.server = self.world.bare.node().address;
        let mut work = Ask::new(&target, "/v1/sessions", self.users());
        load::run(&self.bare, self.connections, self.span(), &mut work)
    }

    fn in_turn(&self) -> Result<Measured> {
        let mut work = SignInAndOut::new(&self.world.target, self.users(), self.connections);
        let measured = load::run(&self.place, self.connections, self.span(), &mut work)?;
        self.sign_out(work.into_live())?;
        Ok(measured)
    }

    /// All free users in, all out again, until the time for signing in is used up.
    fn apart(&self) -> Result<(Measured, Measured)> {
        let (mut ins, mut outs) = (Measured::default(), Measured::default());
        while ins.elapsed < self.seconds {
            let left = self.seconds.saturating_sub(ins.elapsed);
            let left = Span {
                warm_up: Duration::ZERO,
                measured: Some(left),
            };
            let mut sign_in = SignIn::new(&self.world.target, self.users());
            let measured = load::run(&self.place, self.connections, left, &mut sign_in)?;
            let made = sign_in.into_made();
            let nothing_works = made.is_empty();
            ins.add(measured);
            let mut sign_out = SignOut::new(&self.world.target, made);
            outs.add(load::run(
                &self.place,
                self.connections,
                Span::ALL,
                &mut sign_out,
            )?);
            if nothing_works {
                break;
            }
        }
        Ok((ins, outs))
    }

    fn heartbeat(&self, sessions: &[SessionId]) -> Result<Measured> {
        let mut work = Heartbeat::new(&self.world.target, sessions);
        load::run(&self.place, self.connections, self.span(), &mut work)
    }

    fn check(&self) -> Result<Measured> {
        let mut work = Ask::new(&self.world.target, "/v1/access/check", 0..self.world.seats);
        load::run(&self.place, self.connections, self.span(), &mut work)
    }

    /// Most are denied, which is an answer too; none may fail.
    fn same_pool(&self) -> Result<Measured> {
        let mut work = SignInAndOut::new(&self.world.few, 0..self.world.seats, self.connections);
        let measured = load::run(&self.place, self.connections, self.span(), &mut work)?;
        self.sign_out(work.into_live())?;
        Ok(measured)
    }

    /// Sessions for a measurement, not measured themselves.
    fn sign_in(&self, users: Range<u32>) -> Result<Vec<SessionId>> {
        let mut work = SignIn::new(&self.world.target, users);
        let measured = load::run(&self.place, self.connections, Span::ALL, &mut work)?;
        ensure!(
            measured.failures() == 0,
            "signing in: {:?}",
            measured.first_refusal
        );
        Ok(work.into_made())
    }

    /// Leaves the world as it was before a measurement.
    fn sign_out(&self, sessions: Vec<SessionId>) -> Result<()> {
        let mut work = SignOut::new(&self.world.target, sessions);
        let measured = load::run(&self.place, self.connections, Span::ALL, &mut work)?;
        ensure!(
            measured.failures() == 0,
            "signing out: {:?}",
            measured.first_refusal
        );
        Ok(())
    }
}
