//! A dedicated seat: one unit of a pool that belongs to a person until released.

use serde::{Deserialize, Serialize};

use crate::ids::{LicenseId, PersonId, PoolId, ProductId, SeatId, UserId};
use crate::license::codes;
use crate::time::Timestamp;

codes! {
    /// Where an assignment comes from (S11).
    Source {
        /// Somebody gave it.
        Hand = "hand",
        /// The license gives seats to new accounts (S9).
        AutoAssign = "auto_assign",
        /// It was taken at sign-in (A8).
        SignIn = "sign_in",
        /// A group's rule.
        Rule = "rule",
    }
}

/// The sources of one assignment; several at once are possible (S11).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sources(u8);

impl Sources {
    /// Just one.
    pub const fn of(source: Source) -> Self {
        Self(1 << source as u8)
    }

    /// These and one more.
    #[must_use]
    pub const fn with(self, source: Source) -> Self {
        Self(self.0 | Self::of(source).0)
    }

    /// These without one.
    #[must_use]
    pub const fn without(self, source: Source) -> Self {
        Self(self.0 & !Self::of(source).0)
    }

    /// These and those.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether this is one of them.
    pub const fn contains(self, source: Source) -> bool {
        self.0 & Self::of(source).0 != 0
    }

    /// Whether none is left.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// As a small number, for storage.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// From a stored number; `None` when it has unknown bits.
    pub fn from_bits(bits: u8) -> Option<Self> {
        let known = Source::ALL
            .iter()
            .fold(0, |all, source| all | Self::of(*source).0);
        (bits & !known == 0).then_some(Self(bits))
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Source> {
        Source::ALL
            .iter()
            .copied()
            .filter(move |source| self.contains(*source))
    }
}

/// A dedicated seat that is occupied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Its id.
    pub id: SeatId,
    /// The pool it is a unit of.
    pub pool: PoolId,
    /// The pool's license.
    pub license: LicenseId,
    /// The pool's product.
    pub product: ProductId,
    /// Whose it is; at most one seat of a license is (S2).
    pub person: PersonId,
    /// The account for which it was assigned.
    pub user: UserId,
    /// Since when.
    pub assigned_at: Timestamp,
    /// Where the assignment comes from (S11).
    pub sources: Sources,
    /// Since when it waits for its last session to end (S4).
    pub releasing_since: Option<Timestamp>,
    /// Whether it is beyond what its pool has (L9).
    pub unbacked: bool,
}

impl Seat {
    /// Whether it can carry new sessions, its license's state aside.
    pub const fn is_held(&self) -> bool {
        self.releasing_since.is_none() && !self.unbacked
    }

    /// The order in which seats are backed: longest held first.
    pub const fn seniority(&self) -> (Timestamp, SeatId) {
        (self.assigned_at, self.id)
    }
}
