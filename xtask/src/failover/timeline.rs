//! How long service was away, and what clients saw meanwhile. Pure.

use std::collections::BTreeMap;

use super::record::{Line, What};

/// What clients saw between two moments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// The longest time without an answer that was committed, in microseconds; also where it
    /// began before or ended after.
    pub(super) away: u64,
    /// Answers that were committed.
    pub(super) good: u64,
    /// Requests to be repeated, by why.
    pub(super) to_repeat: BTreeMap<String, u64>,
    /// Answers that should not be.
    pub(super) wrong: BTreeMap<String, u64>,
}

/// What lines in the order of time show from one moment to another (microseconds).
pub(super) fn seen(lines: &[Line], from: u64, until: u64) -> Seen {
    let mut seen = Seen::default();
    let mut last_good = from;
    for line in lines {
        let is_good = matches!(line.what, What::SignedIn | What::SignedOut);
        if is_good && line.at >= from {
            let begun = last_good.max(from);
            if begun < until {
                seen.away = seen.away.max(line.at - last_good);
            }
        }
        if is_good {
            last_good = line.at;
        }
        if (from..until).contains(&line.at) {
            match line.what {
                What::SignedIn | What::SignedOut => seen.good += 1,
                What::NoAnswer => *seen.to_repeat.entry(line.value.clone()).or_default() += 1,
                What::Wrong => *seen.wrong.entry(line.value.clone()).or_default() += 1,
                What::AskSignIn | What::SignedInAgain | What::AskSignOut | What::Denied => {}
            }
        }
    }
    if last_good < until {
        seen.away = seen.away.max(until - last_good);
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: u64, what: What, value: &str) -> Line {
        let (key, value) = (String::new(), value.to_owned());
        Line {
            at,
            client: 0,
            key,
            what,
            value,
        }
    }

    #[test]
    fn away_is_the_longest_time_between_committed_answers_that_touches_the_span() {
        let lines = [
            line(0, What::SignedIn, ""),
            line(500, What::SignedOut, ""),
            line(900, What::SignedIn, ""),
            line(950, What::Denied, "no_free_seat"),
            line(1_000, What::NoAnswer, "503"),
            line(1_200, What::NoAnswer, "503"),
            line(1_600, What::SignedOut, ""),
            line(1_700, What::Wrong, "500 internal"),
            line(1_800, What::SignedIn, ""),
        ];
        let seen = seen(&lines, 950, 1_750);
        assert_eq!((seen.away, seen.good), (700, 1));
        assert_eq!(seen.to_repeat, BTreeMap::from([("503".to_owned(), 2)]));
        assert_eq!(seen.wrong, BTreeMap::from([("500 internal".to_owned(), 1)]));
    }

    #[test]
    fn service_that_does_not_come_back_is_away_to_the_end() {
        let lines = [
            line(10, What::SignedIn, ""),
            line(20, What::NoAnswer, "reset"),
        ];
        assert_eq!(seen(&lines, 15, 1_000).away, 990);
        assert_eq!(seen(&[], 15, 1_000).away, 985);
    }
}
