//! Running commands, several on one set where they share a batch.

use std::collections::HashSet;

use domain::decide::Step;
use domain::undo::Change;
use domain::{
    Changes, Command, Context, Need, Outcome, Refusal, Stop, WorkingSet, decide, decide_noting,
};

use super::{Rows, World, record};

/// What a command answers.
pub(crate) type Answer = Result<Outcome, Refusal>;

/// So many entries of the record are compared word by word.
const MOST_COMPARED: usize = 50;

/// More needs than any one command has, unless it asks for ever.
const MOST_NEEDS: usize = 10_000;

impl World {
    /// Runs commands in order: those that share a batch together, the others alone.
    pub(crate) fn run_all(&mut self, commands: &[Command]) -> Vec<Answer> {
        let mut answers = Vec::with_capacity(commands.len());
        for batch in commands.chunk_by(|a, b| a.shares_a_batch() && b.shares_a_batch()) {
            answers.extend(self.run_batch(batch));
        }
        answers
    }

    /// Runs one command alone.
    pub(crate) fn answer(&mut self, command: &Command) -> Answer {
        self.run_batch(std::slice::from_ref(command)).remove(0)
    }

    /// Runs one command that must not be refused.
    pub(crate) fn run(&mut self, command: &Command) -> Outcome {
        match self.answer(command) {
            Ok(outcome) => outcome,
            Err(refusal) => panic!("refused: {refusal}"),
        }
    }

    /// Runs one command that must be refused.
    pub(crate) fn refused(&mut self, command: &Command) -> Refusal {
        match self.answer(command) {
            Ok(outcome) => panic!("not refused: {outcome:?}"),
            Err(refusal) => refusal,
        }
    }

    /// Runs a command as a step of a job; what it changed, to be taken back.
    pub(crate) fn noted(&mut self, command: &Command) -> Option<Change> {
        let mut set = WorkingSet::new(self.rows.policy.clone());
        // The same ids come out once more when it is run.
        let mut context = Context {
            now: self.now,
            actor: &self.actor,
            ids: &mut self.ids.clone(),
            trace: None,
        };
        let change = loop {
            match decide_noting(&mut set, command, &mut context) {
                Ok((_, change)) => break change,
                Err(Stop::Need(need)) => self.rows.answer(&mut set, &need, self.now),
                Err(Stop::Refused(refusal)) => panic!("refused: {refusal}"),
            }
        };
        self.run(command);
        change
    }

    /// What a command would answer, and the steps to it; nothing is kept (A10).
    pub(crate) fn dry_run(&self, command: &Command) -> (Answer, Vec<Step>) {
        let mut thrown_away = self.clone();
        let mut set = WorkingSet::new(self.rows.policy.clone());
        let mut steps = Vec::new();
        let answer = thrown_away.decide(&mut set, command, Some(&mut steps));
        (answer, steps)
    }

    fn run_batch(&mut self, commands: &[Command]) -> Vec<Answer> {
        let mut set = self.set();
        let mut answers = Vec::with_capacity(commands.len());
        self.needs = 0;
        for command in commands {
            answers.push(self.decide(&mut set, command, None));
        }
        let changes = set.changes();
        record::check(&self.rows, &changes, self.now);
        let before = self.rows.clone();
        self.rows.save(&changes);
        self.rows.check();
        if commands.iter().all(Command::shares_a_batch) {
            no_pool_grew_beyond_its_size(&before, &self.rows);
        }
        self.note_saved(set);
        answers
    }

    fn decide(
        &mut self,
        set: &mut WorkingSet,
        command: &Command,
        trace: Option<&mut Vec<Step>>,
    ) -> Answer {
        self.weigh(set, decide, command, trace)
    }

    /// Decides, answers what is lacking, and decides again.
    pub(super) fn weigh(
        &mut self,
        set: &mut WorkingSet,
        decide: fn(&mut WorkingSet, &Command, &mut Context<'_>) -> Result<Outcome, Stop>,
        command: &Command,
        mut trace: Option<&mut Vec<Step>>,
    ) -> Answer {
        let before = fingerprint(set);
        let mut asked: HashSet<Need> = HashSet::new();
        for _ in 0..MOST_NEEDS {
            let mut context = Context {
                now: self.now,
                actor: &self.actor,
                ids: &mut self.ids,
                trace: trace.as_deref_mut(),
            };
            match decide(set, command, &mut context) {
                Ok(outcome) => return Ok(outcome),
                Err(stop) => {
                    let after = fingerprint(set);
                    assert_eq!(before, after, "{stop:?} left something behind");
                    match stop {
                        Stop::Refused(refusal) => return Err(refusal),
                        Stop::Need(need) => {
                            self.needs += 1;
                            self.rows.answer(set, &need, self.now);
                            assert!(asked.insert(need.clone()), "asked for again: {need:?}");
                        }
                    }
                }
            }
        }
        panic!("{command:?} never has enough");
    }
}

/// S1: what shares a batch gives seats only where some are free.
fn no_pool_grew_beyond_its_size(before: &Rows, after: &Rows) {
    for pool in after.pools.values() {
        let unbacked = before.pools.get(&pool.id).map_or(0, domain::Pool::unbacked);
        assert!(
            pool.unbacked() <= unbacked,
            "grew beyond its size: {pool:?}"
        );
    }
}

/// All changes as text, to see whether there are others; a long list by its length alone.
fn fingerprint(set: &WorkingSet) -> String {
    let changes: Changes<'_> = set.changes();
    let count = changes.events().len() + changes.denials().len();
    if changes.is_empty() || count > MOST_COMPARED {
        return count.to_string();
    }
    let lists = (
        changes.policy(),
        changes.users().collect::<Vec<_>>(),
        changes.products().collect::<Vec<_>>(),
        changes.folders().collect::<Vec<_>>(),
        changes.licenses().collect::<Vec<_>>(),
        changes.pools().collect::<Vec<_>>(),
        changes.seats().collect::<Vec<_>>(),
        changes.sessions().collect::<Vec<_>>(),
        changes.issuers().collect::<Vec<_>>(),
        changes.tokens().collect::<Vec<_>>(),
        changes.refreshes().collect::<Vec<_>>(),
        (
            changes.license_services().collect::<Vec<_>>(),
            (
                changes.replacements().collect::<Vec<_>>(),
                changes.requests().collect::<Vec<_>>(),
            ),
        ),
    );
    let rest = (changes.events(), changes.denials(), changes.wiped());
    format!("{lists:?} {rest:?}")
}
