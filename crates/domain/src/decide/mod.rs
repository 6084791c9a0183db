//! The decision: a command on a working set becomes an outcome, or changes nothing.

use crate::actor::Actor;
use crate::command::Command;
use crate::ids::Ids;
use crate::outcome::Outcome;
use crate::refusal::Refusal;
use crate::set::{Need, WorkingSet};
use crate::time::Timestamp;

/// Why a decision stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Something must be loaded first; then the same command is decided again.
    Need(Need),
    /// The command is refused.
    Refused(Refusal),
}

impl From<Need> for Stop {
    fn from(need: Need) -> Self {
        Self::Need(need)
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// One step of the reasoning about access (A10): the rule, and what it found.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Step {
    /// The rule's number, such as `A4`.
    pub rule: &'static str,
    /// What it found, as a sentence.
    pub finding: String,
}

/// What comes in from outside.
#[derive(Debug)]
pub struct Context<'a> {
    /// The time to judge by (L11).
    pub now: Timestamp,
    /// Who commands.
    pub actor: &'a Actor,
    /// Makes new ids.
    pub ids: &'a mut Ids,
    /// Where the steps of an explained answer go.
    pub trace: Option<&'a mut Vec<Step>>,
}

impl Context<'_> {
    /// Notes a step, if somebody wants to know.
    fn note(&mut self, rule: &'static str, finding: impl FnOnce() -> String) {
        if let Some(trace) = self.trace.as_mut() {
            trace.push(Step {
                rule,
                finding: finding(),
            });
        }
    }
}

/// Decides a command. On `Ok` its changes stand in the set; otherwise the set is as before.
pub fn decide(
    set: &mut WorkingSet,
    command: &Command,
    context: &mut Context<'_>,
) -> Result<Outcome, Stop> {
    let permission = command.permission();
    if !context.actor.may(permission) {
        return Err(Refusal::Forbidden(permission).into());
    }
    let steps = context.trace.as_ref().map_or(0, |trace| trace.len());
    let result = run(set, command, context);
    if result.is_ok() {
        set.keep();
    } else {
        set.undo();
        if let Some(trace) = context.trace.as_mut() {
            trace.truncate(steps);
        }
    }
    result
}

fn run(
    _set: &mut WorkingSet,
    _command: &Command,
    context: &mut Context<'_>,
) -> Result<Outcome, Stop> {
    context.note("A0", String::new);
    Err(Refusal::UnknownUser.into())
}
