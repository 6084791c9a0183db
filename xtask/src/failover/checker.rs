//! Compares what clients were told with what the database holds afterwards, and finds every
//! contradiction. Pure: records and rows in, contradictions out.
//!
//! Each check is a function that adds to the list; a further one gets a variant of
//! [`Contradiction`], and a made-up record in the tests that has just that fault.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use super::record::{Line, What};

/// Why a session ended whose client asked for it.
const SIGNED_OUT: &str = "signed_out";

/// What the database holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kept {
    pub(crate) pools: BTreeMap<String, Pool>,
    pub(crate) sessions: BTreeMap<String, Session>,
    /// Beginnings and ends of sessions, in the order of the record.
    pub(crate) events: Vec<Event>,
}

/// Seats of one license in one folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pool {
    pub(crate) size: u64,
    pub(crate) occupied: u64,
}

/// A session as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    /// The idempotency key that its client named itself by.
    pub(crate) key: String,
    pub(crate) pool: String,
    /// Whose seat it is: sessions of one person share one.
    pub(crate) person: String,
    /// Why it ended; none while it lives.
    pub(crate) ended: Option<String>,
}

/// A session began or ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) seq: u64,
    pub(crate) begins: bool,
    pub(crate) session: String,
}

/// Two things that cannot both be true.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum Contradiction {
    /// S1, by the order of the record.
    #[error("at event {seq} pool {pool} had {held} seats taken and {size} in all")]
    Oversold {
        pool: String,
        seq: u64,
        held: u64,
        size: u64,
    },
    /// S1, by what clients were told alone, whatever the database says.
    #[error(
        "{at} µs after the beginning {held} clients had been told that they hold one of {size} seats"
    )]
    ToldTooOften { at: u64, held: u64, size: u64 },
    #[error("sign-in {key} was answered with session {session}, which is not kept")]
    SignInVanished { key: String, session: String },
    #[error("the sign-out of session {session} ({key}) was confirmed, and it lives")]
    SignOutUndone { key: String, session: String },
    #[error("session {session} ({key}) ended, {reason}, which its client never asked for")]
    TakenAway {
        key: String,
        session: String,
        reason: String,
    },
    #[error("sign-in {key} has more than one session: {sessions:?}")]
    GrantedTwice {
        key: String,
        sessions: BTreeSet<String>,
    },
    #[error("sign-in {key} was denied for good, and session {session} is kept for it")]
    DeniedAndKept { key: String, session: String },
    /// S2: of so many seats this many at most can have been taken at any moment of the question.
    #[error("sign-in {key} was denied while {held} of {size} seats can have been taken at most")]
    DeniedWhileFree { key: String, held: u64, size: u64 },
    #[error("session {session} is kept, and nobody asked for it")]
    NeverAsked { session: String },
    #[error("session {session} is kept and its events tell another story: {story}")]
    OtherStory { session: String, story: String },
    #[error("event {seq} is about session {session}, which is not kept")]
    EventOfNothing { seq: u64, session: String },
    #[error("pool {pool} counts {counted} seats as taken, and {live} are")]
    Miscounted {
        pool: String,
        counted: u64,
        live: u64,
    },
}

/// One sign-in with all that belongs to it.
#[derive(Debug, Default)]
struct Stay {
    /// When it was asked for first.
    asked_at: u64,
    /// Session and time of each answer.
    granted: Vec<(String, u64)>,
    denied_at: Option<u64>,
    /// When its end was asked for first.
    leaves_at: Option<u64>,
    signed_out_at: Option<u64>,
}

/// Every contradiction there is; empty is well.
pub(crate) fn contradictions(lines: &[Line], kept: &Kept) -> Vec<Contradiction> {
    let stays = stays(lines);
    let mut found = Vec::new();
    told_and_kept(&stays, kept, &mut found);
    one_session_a_key(&stays, kept, &mut found);
    told_too_often(&stays, kept, &mut found);
    denied_while_free(&stays, kept, &mut found);
    replayed(kept, &mut found);
    counted(kept, &mut found);
    found
}

fn stays(lines: &[Line]) -> BTreeMap<&str, Stay> {
    let mut stays: BTreeMap<&str, Stay> = BTreeMap::new();
    for line in lines {
        let stay = stays.entry(&line.key).or_insert_with(|| Stay {
            asked_at: line.at,
            ..Stay::default()
        });
        match line.what {
            What::SignedIn | What::SignedInAgain => {
                stay.granted.push((line.value.clone(), line.at));
            }
            What::Denied => stay.denied_at = Some(line.at),
            What::AskSignOut => stay.leaves_at = stay.leaves_at.or(Some(line.at)),
            What::SignedOut => stay.signed_out_at = Some(line.at),
            What::AskSignIn | What::NoAnswer | What::Wrong => {}
        }
    }
    stays
}

/// Every answer that a client got must still be true.
fn told_and_kept(stays: &BTreeMap<&str, Stay>, kept: &Kept, found: &mut Vec<Contradiction>) {
    for (key, stay) in stays {
        for (session, _) in &stay.granted {
            let (key, session) = ((*key).to_owned(), session.clone());
            match kept.sessions.get(&session) {
                None => found.push(Contradiction::SignInVanished { key, session }),
                Some(Session { ended: None, .. }) if stay.signed_out_at.is_some() => {
                    found.push(Contradiction::SignOutUndone { key, session });
                }
                Some(Session {
                    ended: Some(reason),
                    ..
                }) if stay.leaves_at.is_none() || reason != SIGNED_OUT => {
                    let reason = reason.clone();
                    found.push(Contradiction::TakenAway {
                        key,
                        session,
                        reason,
                    });
                }
                Some(_) => {}
            }
        }
    }
}

/// However often a sign-in was repeated, it has one session at most, and none when it was denied.
fn one_session_a_key(stays: &BTreeMap<&str, Stay>, kept: &Kept, found: &mut Vec<Contradiction>) {
    let mut sessions: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (key, stay) in stays {
        let told = stay.granted.iter().map(|(session, _)| session.clone());
        sessions.entry(key).or_default().extend(told);
    }
    for (id, session) in &kept.sessions {
        match stays.get(session.key.as_str()) {
            None => found.push(Contradiction::NeverAsked {
                session: id.clone(),
            }),
            Some(stay) => {
                if stay.denied_at.is_some() {
                    let (key, session) = (session.key.clone(), id.clone());
                    found.push(Contradiction::DeniedAndKept { key, session });
                }
                sessions.entry(&session.key).or_default().insert(id.clone());
            }
        }
    }
    for (key, sessions) in sessions
        .into_iter()
        .filter(|(_, sessions)| sessions.len() > 1)
    {
        found.push(Contradiction::GrantedTwice {
            key: key.to_owned(),
            sessions,
        });
    }
}

/// From a granted answer until the client asks to leave, the seat is certainly its own. Every
/// client is a person of its own and stays once at a time.
fn told_too_often(stays: &BTreeMap<&str, Stay>, kept: &Kept, found: &mut Vec<Contradiction>) {
    let size = kept.pools.values().map(|pool| pool.size).sum();
    // At the same microsecond those who leave go first.
    let mut changes: Vec<(u64, bool)> = Vec::new();
    for stay in stays.values() {
        if let Some((_, from)) = stay.granted.first() {
            changes.push((*from, true));
            changes.extend(stay.leaves_at.map(|at| (at.max(*from), false)));
        }
    }
    changes.sort_unstable();
    let mut held: u64 = 0;
    for (at, comes) in changes {
        held = if comes {
            held + 1
        } else {
            held.saturating_sub(1)
        };
        if held > size {
            found.push(Contradiction::ToldTooOften { at, held, size });
            return;
        }
    }
}

/// From the first question until the end is confirmed, or the denial is there, a seat may be
/// somebody's; at all other times it certainly is not.
fn denied_while_free(stays: &BTreeMap<&str, Stay>, kept: &Kept, found: &mut Vec<Contradiction>) {
    let size = kept.pools.values().map(|pool| pool.size).sum();
    let mut changes: Vec<(u64, bool)> = Vec::new();
    for stay in stays.values() {
        changes.push((stay.asked_at, true));
        let over_at = stay.signed_out_at.or(stay.denied_at);
        changes.extend(over_at.map(|at| (at, false)));
    }
    // At the same microsecond those who come go first.
    changes.sort_unstable_by_key(|(at, comes)| (*at, !comes));
    // How many there may be after each change.
    let mut may_hold: u64 = 0;
    let levels: Vec<(u64, u64)> = (changes.into_iter())
        .map(|(at, comes)| {
            may_hold = if comes { may_hold + 1 } else { may_hold - 1 };
            (at, may_hold)
        })
        .collect();
    for (key, stay) in stays {
        let Some(denied_at) = stay.denied_at else {
            continue;
        };
        // Its own question is among them; the others count.
        let from = levels.partition_point(|(at, _)| *at < stay.asked_at);
        let until = levels.partition_point(|(at, _)| *at <= denied_at);
        let most = levels[from..until]
            .iter()
            .map(|(_, level)| level.saturating_sub(1))
            .max();
        let held = most.unwrap_or_default();
        if held < size {
            let key = (*key).to_owned();
            found.push(Contradiction::DeniedWhileFree { key, held, size });
        }
    }
}

/// Goes through the record from the beginning, counting seats.
fn replayed(kept: &Kept, found: &mut Vec<Contradiction>) {
    let mut live: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    let mut stories: BTreeMap<&str, String> = BTreeMap::new();
    let mut oversold = BTreeSet::new();
    for event in &kept.events {
        let Some(session) = kept.sessions.get(&event.session) else {
            let session = event.session.clone();
            found.push(Contradiction::EventOfNothing {
                seq: event.seq,
                session,
            });
            continue;
        };
        let story = stories.entry(&event.session).or_default();
        story.push_str(if event.begins { "began " } else { "ended " });
        let persons = live.entry(&session.pool).or_default();
        let sessions = persons.entry(&session.person).or_default();
        *sessions = if event.begins {
            *sessions + 1
        } else {
            sessions.saturating_sub(1)
        };
        if *sessions == 0 {
            persons.remove(session.person.as_str());
        }
        let held = persons.len() as u64;
        let size = kept.pools.get(&session.pool).map_or(0, |pool| pool.size);
        if held > size && oversold.insert(session.pool.as_str()) {
            let pool = session.pool.clone();
            found.push(Contradiction::Oversold {
                pool,
                seq: event.seq,
                held,
                size,
            });
        }
    }
    for (id, session) in &kept.sessions {
        let story = stories
            .get(id.as_str())
            .map_or("", |story| story.trim_end());
        let expected = if session.ended.is_some() {
            "began ended"
        } else {
            "began"
        };
        if story != expected {
            let (session, story) = (id.clone(), format!("{story:?}, not {expected:?}"));
            found.push(Contradiction::OtherStory { session, story });
        }
    }
}

/// A pool's count is that of the persons with live sessions.
fn counted(kept: &Kept, found: &mut Vec<Contradiction>) {
    for (id, pool) in &kept.pools {
        let persons: BTreeSet<&str> = kept
            .sessions
            .values()
            .filter(|session| session.pool == *id && session.ended.is_none())
            .map(|session| session.person.as_str())
            .collect();
        let live = persons.len() as u64;
        if live != pool.occupied {
            let (pool, counted) = (id.clone(), pool.occupied);
            found.push(Contradiction::Miscounted {
                pool,
                counted,
                live,
            });
        }
    }
}

#[cfg(test)]
mod tests;
