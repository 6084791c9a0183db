//! How much is held at this moment, as the clients see it: from the answer that grants until the
//! request that gives back. The server must have counted at least as much at some moment, so
//! that more than there are seats proves that too many were given.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What takes a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counts {
    /// All that one user holds takes one.
    Users,
    /// Each thing that is held takes one.
    Each,
}

/// What is held of one pool of seats.
#[derive(Debug)]
pub(super) struct Gate {
    seats: usize,
    counts: Counts,
    held: Mutex<BTreeMap<String, usize>>,
}

impl Gate {
    /// Nothing is held yet.
    pub(super) fn new(seats: usize, counts: Counts) -> Self {
        Self {
            seats,
            counts,
            held: Mutex::default(),
        }
    }

    /// How many seats there are.
    pub(super) fn seats(&self) -> usize {
        self.seats
    }

    /// A user was told of something held.
    ///
    /// # Panics
    /// When it is more than there is: the test has failed.
    pub(super) fn enters(&self, user: &str) {
        let mut held = self.held();
        *held.entry(user.to_owned()).or_default() += 1;
        let taken = self.taken(&held);
        assert!(
            taken <= self.seats,
            "{taken} are held of {} seats: {held:?}",
            self.seats
        );
    }

    /// A user is about to give it back.
    pub(super) fn leaves(&self, user: &str) {
        let mut held = self.held();
        let of_user = held.get_mut(user).expect("it was held");
        *of_user -= 1;
        if *of_user == 0 {
            held.remove(user);
        }
    }

    /// How many seats are taken at this moment.
    pub(super) fn now(&self) -> usize {
        self.taken(&self.held())
    }

    fn taken(&self, held: &BTreeMap<String, usize>) -> usize {
        match self.counts {
            Counts::Users => held.len(),
            Counts::Each => held.values().sum(),
        }
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<String, usize>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
