//! Decisions that change nothing: checks and dry runs (A10, S7, S13).

use domain::decide::Step;
use domain::{Actor, Command, Outcome, Refusal};
use store::{Reader, StoreError};

use crate::decision::Bench;
use crate::error::EngineError;
use crate::state::Shared;

type Answer = Result<Outcome, EngineError>;

/// What a sign-in would come to, and why.
pub(crate) fn check(
    shared: &Shared,
    actor: &Actor,
    sign_in: &Command,
    explain: bool,
) -> Result<(Outcome, Vec<Step>), EngineError> {
    let now = shared.now();
    let code = match sign_in {
        Command::SignIn { product, .. } => product.key(),
        _ => String::new(),
    };
    // What other nodes do to the catalog is not known here.
    let mut at = shared.catalog.version().filter(|_| shared.nodes.is_alone());
    loop {
        let mut steps = Vec::new();
        let (outcome, told) = shared.store.read(|reader| {
            let policy = if shared.nodes.is_alone() {
                shared.policy().as_ref().clone()
            } else {
                reader.policy()?
            };
            if let Some(outside) = is_hidden(reader, actor, sign_in)? {
                return Ok((Err(outside.into()), false));
            }
            let mut bench = Bench::new(reader, policy, now);
            let told = at.is_some_and(|at| shared.catalog.provide(&mut bench.set, &code, at));
            // What the user would get, wherever that stands.
            let freely = Actor::new(actor.name.clone(), actor.role);
            let outcome = bench.decide(&freely, sign_in, explain.then_some(&mut steps));
            if let Some(at) = at
                && !told
                && shared.catalog.version() == Some(at)
            {
                shared.catalog.learn(&bench.set, &code, at);
            }
            Ok((outcome, told))
        })?;
        if !told || shared.catalog.version() == at {
            return Ok((outcome?, steps));
        }
        // What was known is of another moment than the snapshot: without it, then.
        at = None;
    }
}

/// The refusal of a check of somebody who is not seen (R1).
fn is_hidden(
    reader: &mut Reader<'_>,
    actor: &Actor,
    sign_in: &Command,
) -> Result<Option<Refusal>, StoreError> {
    let (Some(limit), Command::SignIn { user, .. }) = (actor.reach.folder(), sign_in) else {
        return Ok(None);
    };
    reader.limit_to(actor.reach);
    match reader.find_username(&user.key())? {
        Some(_) => Ok(None),
        None => Ok(Some(Refusal::OutsideYourFolder(reader.folder_path(limit)?))),
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
