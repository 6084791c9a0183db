//! What checks know of the store from those before them, where this process is the only one that
//! writes: sets that are kept, and told what every commit changed.
//!
//! A check must not see one part of the store at one moment and another part at another. So there
//! is a version, which is odd while a commit is being made. A set stands at an even one: what it
//! knows is what the store had then. What it lacks may be loaded into it as long as the version
//! stays the same until all of it was read: then no commit was begun in between. While a commit
//! is being made, what is known counts; nobody was told of that commit yet.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use domain::set::News;
use domain::{Timestamp, WorkingSet};

/// Sets for checks, and what they have to hear.
pub(crate) struct Memory {
    version: AtomicU64,
    /// The latest news, oldest first, each with the version that it led to; without news, all
    /// begin anew.
    news: RwLock<VecDeque<(u64, Option<Arc<News>>)>>,
    idle: Mutex<Vec<Known>>,
}

/// What was known at a version. Nobody else has it meanwhile.
pub(crate) struct Known {
    pub(crate) set: WorkingSet,
    pub(crate) version: u64,
}

/// A commit on its way. When this goes without news, whatever became of it, everything that is
/// known is forgotten.
pub(crate) struct Commit<'a> {
    memory: &'a Memory,
    news: Option<News>,
}

impl Commit<'_> {
    /// It was made, and this is what it changed.
    pub(crate) fn tell(mut self, news: Option<News>) {
        self.news = news;
    }
}

impl Drop for Commit<'_> {
    fn drop(&mut self) {
        let news = self.news.take().map(Arc::new);
        let mut all = self
            .memory
            .news
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let after = self.memory.version.load(Ordering::SeqCst) + 1;
        if all.len() == Memory::MOST_NEWS {
            all.pop_front();
        }
        all.push_back((after, news));
        self.memory.version.store(after, Ordering::SeqCst);
    }
}

impl Memory {
    /// How many commits a set may be behind.
    const MOST_NEWS: usize = 64;
    /// How many sets wait for further checks.
    const MOST_SETS: usize = 4;
    /// What each of them may know.
    const MOST_ROWS: usize = 30_000;

    /// Nothing known.
    pub(crate) fn new() -> Self {
        Self {
            version: AtomicU64::new(0),
            news: RwLock::default(),
            idle: Mutex::default(),
        }
    }

    /// Begins a commit. Only the writer thread does.
    pub(crate) fn commit(&self) -> Commit<'_> {
        self.version.fetch_add(1, Ordering::SeqCst);
        Commit {
            memory: self,
            news: None,
        }
    }

    /// What is known at the latest version, for a check at a moment; `anew` makes an empty set.
    pub(crate) fn take(&self, now: Timestamp, anew: impl FnOnce() -> WorkingSet) -> Known {
        let known = {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.pop()
        };
        let version = self.version.load(Ordering::SeqCst) & !1;
        let mut known = match known.and_then(|known| self.caught_up(known, version)) {
            Some(known) => known,
            None => Known {
                set: anew(),
                version,
            },
        };
        known.set.is_used_at(now);
        known
    }

    /// A set at a version, or none when it missed something.
    fn caught_up(&self, mut known: Known, version: u64) -> Option<Known> {
        if known.version == version {
            return Some(known);
        }
        let all = self.news.read().unwrap_or_else(PoisonError::into_inner);
        let first = all.partition_point(|(after, _)| *after <= known.version);
        for (after, news) in all.range(first..) {
            if *after > version {
                break;
            }
            if *after != known.version + 2 {
                return None;
            }
            known.set.hear(news.as_ref()?);
            known.version = *after;
        }
        (known.version == version).then_some(known)
    }

    /// Whether no commit was begun since a set's version: what is read meanwhile belongs to it.
    pub(crate) fn is_still_at(&self, version: u64) -> bool {
        self.version.load(Ordering::SeqCst) == version
    }

    /// Keeps a set for further checks.
    pub(crate) fn keep(&self, known: Known) {
        if known.set.rows() > Self::MOST_ROWS {
            return;
        }
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < Self::MOST_SETS {
            idle.push(known);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Policy;

    fn anew() -> WorkingSet {
        WorkingSet::new(Policy::default())
    }

    fn at() -> Timestamp {
        Timestamp::from_millis(0)
    }

    /// A set that knows that there is no such user.
    fn knowing(memory: &Memory) -> Known {
        let mut known = memory.take(at(), anew);
        known.set.provide_username("anna".into(), None);
        known
    }

    fn knows(known: &Known) -> bool {
        known.set.find_username("anna").is_ok()
    }

    #[test]
    fn what_was_learned_counts_until_a_commit_that_does_not_say_what_it_changed() {
        let memory = Memory::new();
        memory.keep(knowing(&memory));
        memory.commit().tell(Some(News::default()));
        let known = memory.take(at(), anew);
        assert!(knows(&known));
        memory.keep(known);
        memory.commit().tell(None);
        assert!(!knows(&memory.take(at(), anew)));

        memory.keep(knowing(&memory));
        drop(memory.commit());
        assert!(!knows(&memory.take(at(), anew)));
    }

    #[test]
    fn while_a_commit_is_made_what_is_known_counts_and_nothing_is_learned() {
        let memory = Memory::new();
        let known = knowing(&memory);
        assert!(memory.is_still_at(known.version));
        let commit = memory.commit();
        assert!(!memory.is_still_at(known.version));
        memory.keep(known);
        let known = memory.take(at(), anew);
        assert!(knows(&known) && !memory.is_still_at(known.version));
        commit.tell(Some(News::default()));
        assert!(!memory.is_still_at(known.version));
        memory.keep(known);
        let known = memory.take(at(), anew);
        assert!(knows(&known) && memory.is_still_at(known.version));
    }

    #[test]
    fn a_set_that_was_away_for_too_many_commits_begins_anew() {
        let memory = Memory::new();
        memory.keep(knowing(&memory));
        for _ in 0..=Memory::MOST_NEWS {
            memory.commit().tell(Some(News::default()));
        }
        assert!(!knows(&memory.take(at(), anew)));
    }
}
