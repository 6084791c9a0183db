//! What those who decide one after the other carry over: what the store holds, as far as it was read
//! for what came before.

use domain::WorkingSet;
use store::Mark;

/// How many rows are carried at most; with names and lists, some tens of MiB.
const MOST_ROWS: usize = 100_000;

/// A set and up to where it is true, if there is one.
#[derive(Default)]
pub(crate) struct Carried(Option<(Mark, WorkingSet)>);

impl Carried {
    /// What is known at a mark. It is gone from here until it is put back, so that after a failure
    /// everything is read anew.
    pub(crate) fn take(&mut self, mark: Mark) -> Option<WorkingSet> {
        let (left, set) = self.0.take()?;
        (left == mark).then_some(set)
    }

    /// Puts a set back that was saved, or changed nothing. It is dropped where it can't stay true or
    /// is too large.
    pub(crate) fn put(&mut self, mark: Mark, set: WorkingSet) {
        let set = set.settled().filter(|set| set.rows() <= MOST_ROWS);
        self.0 = set.map(|set| (mark, set));
    }
}
