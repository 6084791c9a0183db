//! Sets that are kept: the one of those who write, and one for checks that hears of every change.

use domain::decide::Step;
use domain::{Changes, Command, WorkingSet, foresee};

use super::World;
use super::batch::Answer;

/// What is known of the rows, besides them.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    /// After the last batch.
    written: Option<WorkingSet>,
    /// For checks.
    heard: Option<WorkingSet>,
}

impl World {
    /// From now on batches and checks know what those before them knew.
    pub(crate) fn remember(&mut self) {
        self.memory = Some(Box::default());
    }

    /// From now on every batch loads what it needs.
    pub(crate) fn forget(&mut self) {
        self.memory = None;
    }

    /// The set for a batch.
    pub(super) fn set(&mut self) -> WorkingSet {
        let written = self.memory.as_mut().and_then(|m| m.written.take());
        self.at_this_moment(written)
    }

    fn at_this_moment(&self, known: Option<WorkingSet>) -> WorkingSet {
        let mut set = known.unwrap_or_else(|| WorkingSet::new(self.rows.policy.clone()));
        set.is_used_at(self.now);
        set
    }

    /// A batch was saved.
    pub(super) fn note_saved(&mut self, set: WorkingSet) {
        let Some(memory) = &mut self.memory else {
            return;
        };
        memory.hear(&set.changes());
        memory.written = set.settled();
    }

    /// What a command would answer, by what checks know, and the steps to it.
    pub(crate) fn dry_run_by_memory(&mut self, command: &Command) -> (Answer, Vec<Step>) {
        let heard = self.memory.as_mut().and_then(|m| m.heard.take());
        let mut set = self.at_this_moment(heard);
        let mut steps = Vec::new();
        let answer = self.weigh(&mut set, foresee, command, Some(&mut steps));
        assert!(set.changes().is_empty(), "a check left something behind");
        if let Some(memory) = &mut self.memory {
            memory.heard = set.settled();
        }
        (answer, steps)
    }
}

impl Memory {
    fn hear(&mut self, changes: &Changes<'_>) {
        match (changes.news(), &mut self.heard) {
            (Some(news), Some(set)) => set.hear(&news),
            (None, heard) => *heard = None,
            (Some(_), None) => {}
        }
    }
}
