//! R5: when a term ends, whether the coming one is covered.

use crate::license::License;
use crate::time::Timestamp;

/// What follows a license that ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ComingTerm {
    /// Seats of the license that people hold or use.
    pub held: u64,
    /// Seats that there will be for them: of licenses of the same product and model, which cover
    /// as much, have begun by then, and last longer. Only free ones of those that are in use.
    pub begin: u64,
}

impl ComingTerm {
    /// How many people would be without a seat.
    pub const fn without(self) -> u64 {
        self.held.saturating_sub(self.begin)
    }
}

/// Judges the term after `ending`, of which `held` seats are occupied. `others` are licenses of
/// the same product, each with its free seats.
pub fn coming_term<'a>(
    ending: &License,
    held: u64,
    others: impl IntoIterator<Item = (&'a License, u64)>,
) -> ComingTerm {
    let over = |license: &License| license.terms.expires_at.plus(license.terms.grace);
    let end = over(ending);
    let begin = others
        .into_iter()
        .filter(|(other, _)| {
            let (from, until) = other.usable_window();
            other.id != ending.id
                && other.product == ending.product
                && other.terms.model == ending.terms.model
                && other.is_offered()
                && other.terms.covers_all_of(&ending.terms)
                && from <= end
                && until > end
                && end != Timestamp::FOREVER
        })
        .map(|(_, free)| free)
        .sum();
    ComingTerm { held, begin }
}
