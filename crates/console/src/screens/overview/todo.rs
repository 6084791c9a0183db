//! What needs somebody, most urgent first, each with where to do it.

use domain::{LicenseId, Millis, State, Timestamp};
use store::{Reader, StoreError};

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

/// Licenses that could not be refreshed (I3).
pub(super) struct Unconfirmed {
    count: u64,
    /// The one that stops first.
    first: LicenseId,
    /// In so many days.
    days: u32,
}

/// The longest pause between two failed attempts: whatever could not be refreshed is tried again
/// within it, before what is well.
const PAUSE: Millis = Millis::seconds(6 * 3600);
/// So many of them are looked at.
const MOST: u32 = 100;

/// Those that could not be refreshed, if there are any.
pub(super) fn unconfirmed(
    reader: &mut Reader<'_>,
    now: Timestamp,
) -> Result<Option<Unconfirmed>, StoreError> {
    let mut found: Option<Unconfirmed> = None;
    for id in reader.due_refreshes(now.plus(PAUSE), MOST)? {
        let refresh = reader.find_refresh(id)?;
        if refresh.is_none_or(|refresh| refresh.trouble.is_none()) {
            continue;
        }
        let detail = reader.find_license(id)?;
        let Some(days) = detail.and_then(|detail| detail.license.days_until_stale(now)) else {
            continue;
        };
        let count = found.as_ref().map_or(0, |found| found.count) + 1;
        let sooner = found.filter(|found| found.days <= days);
        found = Some(match sooner {
            Some(found) => Unconfirmed { count, ..found },
            None => Unconfirmed {
                count,
                first: id,
                days,
            },
        });
    }
    Ok(found)
}

pub(super) fn list(t: &Texts, facts: &Facts) -> Vec<Todo> {
    let o = t.overview;
    let mut todo = Vec::new();
    for item in facts
        .glance
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
    let states = STATES
        .iter()
        .map(|state| (state, facts.glance.in_state(*state)));
    for (state, count) in states.filter(|(_, count)| *count > 0) {
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
    if let Some(one) = &facts.unconfirmed {
        let count = t.intake.unconfirmed.n(one.count);
        todo.push(Todo {
            tone: Tone::Warn,
            what: format!("{count} {}", t.intake.first_stops.n(one.days)),
            act: t.intake.unconfirmed_do,
            path: format!("/licenses/{}#renewal", one.first),
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
