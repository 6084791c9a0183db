//! What needs somebody, most urgent first, each with where to do it.

use domain::State;

use super::Facts;
use crate::page::Tone;
use crate::texts::Texts;

/// The states in which a license needs somebody.
pub(super) const STATES: &[State] = &[
    State::Expired,
    State::Stale,
    State::Grace,
    State::AwaitingAgreement,
    State::Expiring,
];

/// One thing to do.
pub(super) struct Todo {
    pub(super) tone: Tone,
    pub(super) what: String,
    pub(super) act: &'static str,
    pub(super) path: String,
}

pub(super) fn list(t: &Texts, facts: &Facts) -> Vec<Todo> {
    let o = t.overview;
    let mut todo = Vec::new();
    for item in facts
        .products
        .iter()
        .filter(|item| item.counts.unbacked > 0)
    {
        let name = item.product.name.as_str();
        todo.push(Todo {
            tone: Tone::Bad,
            what: o.over_allocated.of2(name, item.counts.unbacked),
            act: o.over_do,
            path: format!("/licenses?product={}", item.product.code),
        });
    }
    for (state, count) in facts.states.iter().filter(|(_, count)| *count > 0) {
        let (tone, what, act) = match state {
            State::Expired => (Tone::Bad, o.expired, o.expired_do),
            State::Stale => (Tone::Bad, o.stale, o.stale_do),
            State::Grace => (Tone::Warn, o.grace, o.grace_do),
            State::AwaitingAgreement => (Tone::Info, o.agreement, o.agreement_do),
            _ => (Tone::Warn, o.expiring, o.expiring_do),
        };
        todo.push(Todo {
            tone,
            what: what.n(count),
            act,
            path: format!("/licenses?state={}", state.code()),
        });
    }
    if facts.full > 0 {
        todo.push(Todo {
            tone: Tone::Warn,
            what: o.full.n(facts.full),
            act: o.full_do,
            path: "/denials?code=no_free_seat".to_owned(),
        });
    }
    todo
}
