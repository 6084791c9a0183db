//! How much of a product is in use: the most seats at the same moment, and how long they were.
//!
//! A seat is in use from the beginning of a session on it to that session's end or time-out (H2),
//! whichever comes first. Intervals are half-open: who leaves at a moment makes room for who comes
//! at the same moment.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use foldhash::HashMap;

use crate::ids::{LicenseId, PersonId, SessionId};
use crate::license::CountedBy;
use crate::session::{Session, Via};
use crate::time::{Millis, Timestamp};

/// An hour.
pub const HOUR: Millis = Millis::seconds(3_600);

/// What a session keeps in use. Sessions with the same one share one seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InUse {
    /// The dedicated seats that carry a person together.
    Dedicated(PersonId),
    /// A floating seat that a person's sessions share (S6).
    Floating(LicenseId, PersonId),
    /// A floating seat of one session (S6).
    Session(SessionId),
    /// A person at work on a site license: no seat, but one would be needed without it.
    Site(PersonId),
    /// A person on a demo seat (A2).
    Demo(PersonId),
}

/// One session's stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    /// What it keeps in use.
    pub seat: InUse,
    /// When it began.
    pub from: Timestamp,
    /// When it stopped holding anything (exclusive).
    pub until: Timestamp,
}

impl Session {
    /// When it stopped, or will stop without a further heartbeat, to hold anything (H2).
    pub fn held_until(&self) -> Timestamp {
        match self.ended {
            Some((at, _)) => at.min(self.expires_at),
            None => self.expires_at,
        }
    }
}

/// What a session keeps in use. `counted_by` is that of its floating license (S6).
pub const fn in_use(
    via: Via,
    person: PersonId,
    session: SessionId,
    counted_by: CountedBy,
) -> InUse {
    match (via, counted_by) {
        (Via::Dedicated { .. }, _) => InUse::Dedicated(person),
        (Via::Floating { license, .. }, CountedBy::User) => InUse::Floating(license, person),
        (Via::Floating { .. }, CountedBy::Session) => InUse::Session(session),
        (Via::Site { .. }, _) => InUse::Site(person),
        (Via::Demo, _) => InUse::Demo(person),
    }
}

/// The use of one hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HourOfUse {
    /// The most seats in use at the same moment.
    pub peak: u64,
    /// Milliseconds that seats were in use, all seats together.
    pub seat_ms: i64,
    /// Sessions that began.
    pub begun: u64,
}

/// Measures the use of one product over whole hours, from stays in about the order in which they
/// began. What it remembers grows with the stays that overlap, not with all of them.
#[derive(Debug)]
pub struct Meter {
    from: Timestamp,
    until: Timestamp,
    at: Timestamp,
    turns: BinaryHeap<Reverse<(Timestamp, bool, InUse)>>,
    sessions: HashMap<InUse, u32>,
    hours: Vec<HourOfUse>,
}

impl Meter {
    /// For the hours from one moment to another, both at the beginning of an hour.
    pub fn new(from: Timestamp, until: Timestamp) -> Self {
        let hours = until.since(from).get().max(0).div_euclid(HOUR.get());
        Self {
            from,
            until,
            at: from,
            turns: BinaryHeap::new(),
            sessions: HashMap::default(),
            hours: vec![HourOfUse::default(); usize::try_from(hours).unwrap_or(0)],
        }
    }

    /// Takes a stay in. Those that began more than a second before it must have been taken before.
    pub fn add(&mut self, stay: Stay) {
        if (self.from..self.until).contains(&stay.from)
            && let Some(hour) = self.hour(stay.from)
        {
            hour.begun += 1;
        }
        let (from, until) = (stay.from.max(self.at), stay.until.min(self.until));
        if from < until {
            self.turns.push(Reverse((from, true, stay.seat)));
            self.turns.push(Reverse((until, false, stay.seat)));
        }
        self.settle(stay.from.minus(Millis::SECOND));
    }

    /// The hours, in order.
    pub fn finish(mut self) -> Vec<HourOfUse> {
        self.settle(self.until);
        self.pass(self.until);
        self.hours
    }

    /// Goes on to a moment after which nothing changes that was before it.
    fn settle(&mut self, upto: Timestamp) {
        while let Some(Reverse((at, comes, seat))) = self.turns.peek().copied()
            && at <= upto
        {
            self.turns.pop();
            self.pass(at);
            let sessions = self.sessions.entry(seat).or_default();
            if comes {
                *sessions += 1;
            } else {
                *sessions -= 1;
                if *sessions == 0 {
                    self.sessions.remove(&seat);
                }
            }
        }
    }

    /// Lets time pass with the seats that are in use.
    fn pass(&mut self, to: Timestamp) {
        let seats = self.sessions.len() as u64;
        while self.at < to {
            let into = self.at.since(self.from).get().rem_euclid(HOUR.get());
            let next = self.at.plus(Millis::new(HOUR.get() - into)).min(to);
            let span = next.since(self.at).get();
            if let Some(hour) = self.hour(self.at) {
                hour.peak = hour.peak.max(seats);
                let seats = i64::try_from(seats).unwrap_or(i64::MAX);
                hour.seat_ms = hour.seat_ms.saturating_add(seats.saturating_mul(span));
            }
            self.at = next;
        }
    }

    fn hour(&mut self, at: Timestamp) -> Option<&mut HourOfUse> {
        let index = at.since(self.from).get().div_euclid(HOUR.get());
        self.hours.get_mut(usize::try_from(index).ok()?)
    }
}

/// How long a stay lasted on each UTC day that it touched: the day's number and milliseconds.
pub fn by_day(from: Timestamp, until: Timestamp) -> impl Iterator<Item = (i64, i64)> {
    let mut at = from;
    std::iter::from_fn(move || {
        if at >= until {
            return None;
        }
        let day = at.day();
        let midnight = Timestamp::NEVER.plus(Millis::days(day + 1));
        let next = midnight.min(until);
        let span = next.since(at).get();
        at = next;
        Some((day, span))
    })
}

/// The beginning of the hour of a moment.
pub const fn hour_of(at: Timestamp) -> Timestamp {
    let millis = at.as_millis();
    Timestamp::from_millis(millis - millis.rem_euclid(HOUR.get()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const BEGIN: Timestamp = Timestamp::from_millis(3_600_000 * 24);

    fn at(minutes: i64) -> Timestamp {
        BEGIN.plus(Millis::seconds(60 * minutes))
    }

    fn person(n: u128) -> PersonId {
        PersonId(Uuid::from_u128(n))
    }

    fn hours(stays: &[(InUse, i64, i64)], hours: i64) -> Vec<HourOfUse> {
        let mut meter = Meter::new(BEGIN, at(60 * hours));
        for &(seat, from, until) in stays {
            let (from, until) = (at(from), at(until));
            meter.add(Stay { seat, from, until });
        }
        meter.finish()
    }

    #[test]
    fn the_peak_is_of_one_moment_and_not_of_all_who_came() {
        let [a, b, c] = [1, 2, 3].map(|n| InUse::Dedicated(person(n)));
        // b leaves as c comes: two at once, though three came.
        let [hour] = hours(&[(a, 0, 60), (b, 10, 30), (c, 30, 40)], 1)[..] else {
            panic!("one hour")
        };
        assert_eq!((hour.peak, hour.begun), (2, 3));
        assert_eq!(hour.seat_ms, (60 + 20 + 10) * 60_000);
    }

    #[test]
    fn sessions_that_share_a_seat_count_once_s6() {
        let license = LicenseId(Uuid::from_u128(9));
        let shared = InUse::Floating(license, person(1));
        let [hour] = hours(&[(shared, 0, 30), (shared, 10, 20), (shared, 25, 40)], 1)[..] else {
            panic!("one hour")
        };
        assert_eq!((hour.peak, hour.begun, hour.seat_ms), (1, 3, 40 * 60_000));
        let own = |n| InUse::Session(SessionId(Uuid::from_u128(n)));
        assert_eq!(hours(&[(own(1), 0, 30), (own(2), 10, 20)], 1)[0].peak, 2);
    }

    #[test]
    fn a_stay_counts_in_every_hour_that_it_touches_and_in_no_other() {
        let seat = InUse::Site(person(1));
        let measured = hours(&[(seat, -30, 90)], 3);
        let seen: Vec<_> = measured
            .iter()
            .map(|hour| (hour.peak, hour.seat_ms / 60_000, hour.begun))
            .collect();
        assert_eq!(seen, [(1, 60, 0), (1, 30, 0), (0, 0, 0)]);
        assert_eq!(hours(&[(seat, -30, 0)], 1)[0], HourOfUse::default());
        assert_eq!(hours(&[(seat, 60, 70)], 1)[0], HourOfUse::default());
    }

    #[test]
    fn a_stay_is_split_at_midnight() {
        let (from, until) = (at(23 * 60), at(49 * 60));
        let days: Vec<_> = by_day(from, until).collect();
        let minutes = 60_000;
        assert_eq!(
            days,
            [(1, 60 * minutes), (2, 1_440 * minutes), (3, 60 * minutes)]
        );
        assert_eq!(by_day(until, from).count(), 0);
    }
}
