//! What is measured in a world, and how.

use std::ops::Range;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::world::World;
use crate::load::work::{Ask, Heartbeat, SessionId, SignIn, SignInAndOut, SignOut};
use crate::load::{self, Measured, Span};

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
        }
    }
}

/// One line of the table.
pub(super) struct Row {
    pub(super) seats: u32,
    pub(super) connections: usize,
    pub(super) operation: Operation,
    pub(super) measured: Measured,
}

impl Row {
    /// For people who wait.
    pub(super) fn in_brief(&self) -> String {
        let refusal = self.measured.first_refusal.as_deref().unwrap_or_default();
        format!(
            "{} at {}: {:.0}/s, p99 {:.1} ms, {} failed {refusal}",
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
pub(super) fn run(world: &mut World, connections: usize, seconds: Duration) -> Result<Vec<Row>> {
    let bench = Bench {
        world,
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
    Ok(results
        .into_iter()
        .map(|(operation, measured)| Row {
            seats: world.seats,
            connections,
            operation,
            measured,
        })
        .collect())
}

struct Bench<'a> {
    world: &'a World,
    connections: usize,
    seconds: Duration,
}

impl Bench<'_> {
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
        target.server = self.world.bare.place().address;
        let mut work = Ask::new(&target, "/v1/sessions", self.users());
        load::run(
            self.world.bare.place(),
            self.connections,
            self.span(),
            &mut work,
        )
    }

    fn in_turn(&self) -> Result<Measured> {
        let mut work = SignInAndOut::new(&self.world.target, self.users(), self.connections);
        let measured = load::run(self.world.place(), self.connections, self.span(), &mut work)?;
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
            let measured = load::run(self.world.place(), self.connections, left, &mut sign_in)?;
            let made = sign_in.into_made();
            let nothing_works = made.is_empty();
            ins.add(measured);
            let mut sign_out = SignOut::new(&self.world.target, made);
            outs.add(load::run(
                self.world.place(),
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
        load::run(self.world.place(), self.connections, self.span(), &mut work)
    }

    fn check(&self) -> Result<Measured> {
        let mut work = Ask::new(&self.world.target, "/v1/access/check", 0..self.world.seats);
        load::run(self.world.place(), self.connections, self.span(), &mut work)
    }

    /// Sessions for a measurement, not measured themselves.
    fn sign_in(&self, users: Range<u32>) -> Result<Vec<SessionId>> {
        let mut work = SignIn::new(&self.world.target, users);
        let measured = load::run(self.world.place(), self.connections, Span::ALL, &mut work)?;
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
        let measured = load::run(self.world.place(), self.connections, Span::ALL, &mut work)?;
        ensure!(
            measured.failures() == 0,
            "signing out: {:?}",
            measured.first_refusal
        );
        Ok(())
    }
}
