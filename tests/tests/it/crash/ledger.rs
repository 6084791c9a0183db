//! What one client was told, and what it asked for without being told.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::Call;

/// A session that a client knows of.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) user: String,
    pub(super) product: &'static str,
}

/// What a client last heard of a user's dedicated seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// It is theirs.
    Held,
    /// They have none.
    NotHeld,
}

/// A request that was sent and never answered: it may have been carried out, or not.
#[derive(Clone, Debug)]
pub(super) enum Unanswered {
    /// A sign-in, with all that it takes to repeat it.
    SignIn {
        call: Call,
        user: String,
        product: &'static str,
    },
    /// A grant of a dedicated seat, likewise.
    Grant { call: Call, user: String },
    /// A recall of it, likewise.
    Recall { call: Call, user: String },
    /// A sign-out.
    SignOut { session: String },
}

/// What one client was told.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// Granted, and no sign-out was sent.
    pub(super) live: BTreeMap<String, Session>,
    /// Over: the sign-out was answered.
    pub(super) over: BTreeSet<String>,
    /// The users whose dedicated seat was spoken of.
    pub(super) seats: BTreeMap<String, Told>,
    /// The request that was under way when the server died; a client sends one at a time.
    pub(super) unanswered: Option<Unanswered>,
}

impl Ledger {
    /// Users who are told that they hold a dedicated seat.
    pub(super) fn holders(&self) -> impl Iterator<Item = &str> {
        let held = self.seats.iter().filter(|(_, told)| **told == Told::Held);
        held.map(|(user, _)| user.as_str())
    }

    /// Whether what became of this user's dedicated seat is not known.
    pub(super) fn is_open(&self, user: &str) -> bool {
        match &self.unanswered {
            Some(
                Unanswered::Grant { user: asked, .. } | Unanswered::Recall { user: asked, .. },
            ) => asked == user,
            _ => false,
        }
    }
}
