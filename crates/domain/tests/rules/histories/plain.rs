//! Answers and rows with every id replaced by the order in which it is met, so that two worlds
//! that went the same way look the same.

use std::collections::{BTreeMap, HashMap};
use std::fmt::{Debug, Write};

use domain::outcome::HeartbeatAnswer;
use domain::{Millis, Outcome};

use crate::world::prelude::*;

/// Gives ids their names.
#[derive(Default)]
pub(super) struct Names {
    met: HashMap<String, usize>,
}

impl Names {
    /// A value as text without ids.
    pub(super) fn plain(&mut self, value: &impl Debug) -> String {
        let text = format!("{value:?}");
        let mut plain = String::with_capacity(text.len());
        let mut done = 0;
        let mut at = 0;
        while at + ID <= text.len() {
            if !is_id(&text.as_bytes()[at..at + ID]) {
                at += 1;
                continue;
            }
            let next = self.met.len();
            let id = text[at..at + ID].to_owned();
            let name = *self.met.entry(id).or_insert(next);
            plain.push_str(&text[done..at]);
            let _ = write!(plain, "#{name}");
            at += ID;
            done = at;
        }
        plain.push_str(&text[done..]);
        plain
    }

    /// What became of rows, as text without ids.
    pub(super) fn changes(&mut self, before: &Rows, after: &Rows) -> String {
        let mut text = String::new();
        let mut add = |part: String| {
            text.push_str(&part);
            text.push('\n');
        };
        add(self.plain(&diff(&before.users, &after.users)));
        add(self.plain(&diff(&before.products, &after.products)));
        add(self.plain(&diff(&before.folders, &after.folders)));
        add(self.plain(&diff(&before.licenses, &after.licenses)));
        add(self.plain(&diff(&before.pools, &after.pools)));
        add(self.plain(&diff(&before.seats, &after.seats)));
        add(self.plain(&diff(&before.sessions, &after.sessions)));
        add(self.plain(&diff(&before.replacements, &after.replacements)));
        add(self.plain(&diff(&before.requests, &after.requests)));
        add(self.plain(&after.policy));
        add(self.plain(&&after.events[before.events.len()..]));
        add(self.plain(&&after.denials[before.denials.len()..]));
        text
    }

    /// An answer as text, without ids and without what is left to chance.
    pub(super) fn answer(&mut self, answer: &Answer) -> String {
        let mut answer = answer.clone();
        match &mut answer {
            Ok(Outcome::SignedIn(granted) | Outcome::Borrowed(granted)) => {
                granted.heartbeat_after = Millis::ZERO;
            }
            Ok(Outcome::Heartbeat(HeartbeatAnswer::Alive {
                heartbeat_after, ..
            })) => *heartbeat_after = Millis::ZERO,
            // There may be more is never wrong.
            Ok(Outcome::Reclaimed { more, .. }) => *more = false,
            _ => {}
        }
        self.plain(&answer)
    }
}

/// The length of an id as text.
const ID: usize = 36;

fn is_id(text: &[u8]) -> bool {
    text[8] == b'-'
        && text.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// The rows that are other than they were; none where one is gone.
fn diff<'a, K: Ord, V: PartialEq>(
    before: &'a BTreeMap<K, V>,
    after: &'a BTreeMap<K, V>,
) -> Vec<(&'a K, Option<&'a V>)> {
    let changed = after
        .iter()
        .filter(|(key, row)| before.get(key) != Some(row))
        .map(|(key, row)| (key, Some(row)));
    let gone = before.keys().filter(|key| !after.contains_key(key));
    changed.chain(gone.map(|key| (key, None))).collect()
}
