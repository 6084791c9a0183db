//! R3: every change is in the record, with who and when.

use domain::event::{Event, EventKind};
use domain::set::Change;
use domain::{Changes, Session, Timestamp};

use super::rows::Rows;

/// Panics at a change that no event tells of.
pub(crate) fn check(before: &Rows, changes: &Changes<'_>, now: Timestamp) {
    let events = changes.events();
    for event in events {
        assert_eq!(event.at, now, "{event:?}");
        assert!(!event.actor.is_empty(), "{event:?}");
        for text in [&event.before, &event.after].into_iter().flatten() {
            let facts: serde_json::Value = serde_json::from_str(text).unwrap();
            assert!(facts.is_object(), "facts are no object: {event:?}");
        }
    }
    let told = |what: &str, is_told: &dyn Fn(&Event) -> bool| {
        assert!(events.iter().any(is_told), "not in the record: {what}");
    };
    for (id, change) in changes.users() {
        told(&format!("{change:?}"), &|event| {
            event.subject.user == Some(*id)
        });
    }
    for (id, change) in changes.products() {
        told(&format!("{change:?}"), &|event| {
            event.subject.product == Some(*id) || is_of_accounts(event)
        });
    }
    for (id, change) in changes.folders() {
        told(&format!("{change:?}"), &|event| {
            names(event, "folder.", &id.to_string())
        });
    }
    for (id, change) in changes.licenses() {
        told(&format!("{change:?}"), &|event| {
            event.subject.license == Some(*id)
        });
    }
    for (id, change) in changes.tokens() {
        told(&format!("{change:?}"), &|event| {
            names(event, "token.", &id.to_string())
        });
    }
    for (id, change) in changes.requests() {
        told(&format!("{change:?}"), &|event| {
            names(event, "license.re", &id.to_string())
        });
    }
    for (id, change) in changes.replacements() {
        told(&format!("{change:?}"), &|event| {
            names(event, "license.replace", &id.to_string())
        });
    }
    for (key, change) in changes.issuers() {
        told(&format!("{change:?}"), &|event| {
            names(event, "issuer.", key)
        });
    }
    for (_, change) in changes.license_services() {
        told(&format!("{change:?}"), &|event| {
            event.kind == EventKind::IssuerServiceChanged
        });
    }
    // That one more attempt to refresh failed is no change that people ask for later.
    if changes.policy().is_some() {
        told("policy", &|event| event.kind == EventKind::PolicyChanged);
    }
    for (id, change) in changes.seats() {
        let seat = match change {
            Change::Insert(seat) | Change::Update(seat) => seat,
            Change::Delete => &before.seats[id],
        };
        told(&format!("{change:?}"), &|event| {
            let subject = &event.subject;
            let was = before.seats.get(id).unwrap_or(seat);
            (subject.user, subject.product) == (Some(seat.user), Some(seat.product))
                || (is_of_accounts(event) && subject.user == Some(was.user))
        });
    }
    for (id, change) in changes.pools() {
        let pool = match change {
            Change::Insert(pool) | Change::Update(pool) => pool,
            Change::Delete => &before.pools[id],
        };
        let of_product = |event: &Event| event.subject.product == Some(pool.product);
        let linked = |event: &Event| event.kind == EventKind::UserLinked;
        told(&format!("{change:?}"), &|event| {
            of_product(event) || linked(event)
        });
    }
    for (id, change) in changes.sessions() {
        session_is_told(before.sessions.get(id), &change, events);
    }
}

fn session_is_told(before: Option<&Session>, change: &Change<'_, Session>, events: &[Event]) {
    let (Change::Insert(after) | Change::Update(after)) = change else {
        panic!("sessions are never deleted: {before:?}");
    };
    let told = |kind| {
        let mut events = events.iter();
        let is_it = |event: &Event| event.kind == kind && event.subject.session == Some(after.id);
        assert!(events.any(is_it), "not in the record: {kind} of {after:?}");
    };
    match before {
        None => {
            told(EventKind::SessionStarted);
            if after.ended.is_some() {
                told(EventKind::SessionEnded);
            }
        }
        Some(before) if before.ended.is_none() && after.ended.is_some() => {
            told(EventKind::SessionEnded);
        }
        Some(before) if before.via != after.via || before.person != after.person => {
            let mut events = events.iter();
            let told = |event: &Event| {
                let subject = &event.subject;
                subject.session == Some(after.id)
                    || (event.kind == EventKind::UserLinked && subject.user == Some(after.user))
                    || (event.kind == EventKind::LicenseUpdated
                        && subject.license == after.via.license())
            };
            assert!(events.any(told), "not in the record: {after:?}");
        }
        Some(before) if before.loan.map(|loan| loan.until) != after.loan.map(|loan| loan.until) => {
            told(EventKind::SessionBorrowed);
        }
        Some(before) if before.loan != after.loan => told(EventKind::SessionClosed),
        // A heartbeat is no change that people ask for later.
        Some(_) => {}
    }
}

fn names(event: &Event, kind: &str, text: &str) -> bool {
    let mut facts = [&event.before, &event.after].into_iter().flatten();
    event.kind.code().starts_with(kind) && facts.any(|facts| facts.contains(text))
}

/// Whether it is of accounts that join or leave a person, with all that they hold (S12).
fn is_of_accounts(event: &Event) -> bool {
    use EventKind as K;
    let kinds = [
        K::UserLinked,
        K::UserUnlinked,
        K::UserDeactivated,
        K::UserDeleted,
    ];
    kinds.contains(&event.kind)
}
