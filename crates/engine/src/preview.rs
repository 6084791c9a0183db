//! Decisions that change nothing: checks and dry runs (A10, S7, S13).

use domain::decide::Step;
use domain::{Actor, Command, Context, Ids, Outcome, Refusal, Stop, Timestamp, WorkingSet};
use store::{Reader, StoreError};

use crate::decision::{Bench, Source};
use crate::error::EngineError;
use crate::memory::Known;
use crate::state::Shared;

type Answer = Result<Outcome, EngineError>;

/// What a sign-in would come to, and why.
pub(crate) type Checked = Result<(Outcome, Vec<Step>), EngineError>;

/// A question about a sign-in.
pub(crate) struct Check {
    actor: Actor,
    sign_in: Command,
    explain: bool,
}

/// What a sign-in would come to, where this process is the only one that writes.
pub(crate) fn check(shared: &Shared, check: &Check) -> Checked {
    let now = shared.now();
    if let Some(answer) = check.by_memory(shared, now) {
        return answer;
    }
    shared.store.read(|reader| {
        let policy = shared.policy().as_ref().clone();
        Ok(check.on(&mut Bench::new(reader, policy, now)))
    })?
}

impl Check {
    /// What the user would get, wherever that stands.
    pub(crate) fn new(actor: &Actor, sign_in: Command, explain: bool) -> Self {
        Self {
            actor: Actor::new(actor.name.clone(), actor.role),
            sign_in,
            explain,
        }
    }

    /// Refuses where the one who asks does not see the user (R1).
    pub(crate) fn is_seen_by(&self, actor: &Actor, shared: &Shared) -> Result<(), EngineError> {
        let (Some(limit), Command::SignIn { user, .. }) = (actor.reach.folder(), &self.sign_in)
        else {
            return Ok(());
        };
        let outside = shared.store.read(|reader| {
            reader.limit_to(actor.reach);
            match reader.find_username(&user.key())? {
                Some(_) => Ok(None),
                None => reader.folder_path(limit).map(Some),
            }
        })?;
        match outside {
            Some(path) => Err(Refusal::OutsideYourFolder(path).into()),
            None => Ok(()),
        }
    }

    /// Of whom and for what it asks: folded names.
    pub(crate) fn names(&self) -> Option<(String, String)> {
        match &self.sign_in {
            Command::SignIn { user, product, .. } => Some((user.key(), product.key())),
            _ => None,
        }
    }

    pub(crate) fn on<S: Source>(&self, bench: &mut Bench<'_, S>) -> Checked {
        let mut steps = Vec::new();
        let trace = self.explain.then_some(&mut steps);
        let outcome = bench.foresee(&self.actor, &self.sign_in, trace)?;
        Ok((outcome, steps))
    }

    /// From what is known, and from the store what is not, as long as that fits together.
    fn by_memory(&self, shared: &Shared, now: Timestamp) -> Option<Checked> {
        let anew = || WorkingSet::new(shared.policy().as_ref().clone());
        let mut known = shared.memory.take(now, anew);
        if let Some(answer) = self.at_once(&mut known.set, now) {
            shared.memory.keep(known);
            return Some(answer);
        }
        if !shared.memory.is_still_at(known.version) {
            shared.memory.keep(known);
            return None;
        }
        let Known { set, version } = known;
        let read = shared.store.read(|reader| {
            let mut bench = Bench::on(reader, set, now);
            let answer = self.on(&mut bench);
            Ok((answer, bench.set))
        });
        let (answer, set) = match read {
            Ok(read) => read,
            Err(error) => return Some(Err(error.into())),
        };
        if !shared.memory.is_still_at(version) {
            return None;
        }
        if let Some(set) = set.settled() {
            shared.memory.keep(Known { set, version });
        }
        Some(answer)
    }

    /// From what a set knows; `None` when that is not enough.
    fn at_once(&self, set: &mut WorkingSet, now: Timestamp) -> Option<Checked> {
        let mut steps = Vec::new();
        let mut context = Context {
            now,
            actor: &self.actor,
            ids: &mut Ids::new(now, rand::random()),
            trace: self.explain.then_some(&mut steps),
        };
        match domain::foresee(set, &self.sign_in, &mut context) {
            Ok(outcome) => Some(Ok((outcome, steps))),
            Err(Stop::Refused(refusal)) => Some(Err(refusal.into())),
            Err(Stop::Need(_)) => None,
        }
    }
}

/// What commands would come to, one after the other. Where they would each have a transaction
/// of their own, lists are read from the store as they stand after those before: then they are
/// really carried out one by one, and all taken back at the end.
pub(crate) fn needs_writer(commands: &[Command]) -> bool {
    commands.len() > 1
        && !commands
            .iter()
            .all(|command| command.shares_a_batch() || matches!(command, Command::PutUser { .. }))
}

/// On a snapshot, on one set.
pub(crate) fn on_snapshot(
    shared: &Shared,
    reader: &mut Reader<'_>,
    actor: &Actor,
    commands: &[Command],
) -> Result<Vec<Answer>, StoreError> {
    let policy = reader.policy()?;
    let mut bench = Bench::new(reader, policy, shared.now());
    Ok(commands
        .iter()
        .map(|command| bench.decide(actor, command, None))
        .collect())
}

/// In a transaction that is dropped.
pub(crate) fn on_writer(
    shared: &Shared,
    writer: &mut store::Writer,
    actor: &Actor,
    commands: &[Command],
) -> Result<Vec<Answer>, StoreError> {
    let now = shared.now();
    let mut transaction = writer.begin()?;
    let mut answers = Vec::with_capacity(commands.len());
    for command in commands {
        let policy = transaction.policy()?;
        let mut bench = Bench::new(&mut transaction, policy, now);
        answers.push(bench.decide(actor, command, None));
        let set = bench.set;
        transaction.save(&set.changes(), now)?;
    }
    Ok(answers)
}

/// Refusals are answers; everything else that fails, fails the whole.
pub(crate) fn refusals(answers: Vec<Answer>) -> Result<Vec<Result<Outcome, Refusal>>, EngineError> {
    answers
        .into_iter()
        .map(|answer| match answer {
            Ok(outcome) => Ok(Ok(outcome)),
            Err(EngineError::Refused(refusal)) => Ok(Err(refusal)),
            Err(other) => Err(other),
        })
        .collect()
}
