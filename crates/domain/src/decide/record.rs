//! Writing the record (R3): what every change leaves behind.

use serde::Serialize;

use super::Context;
use crate::event::{Event, EventKind, Subject};
use crate::license::License;
use crate::pool::Pool;
use crate::seat::Seat;
use crate::session::{EndReason, Session};
use crate::set::WorkingSet;
use crate::user::User;

/// What was before and what is after, each a small structure of names and values.
pub(super) struct Facts {
    before: Option<String>,
    after: Option<String>,
    why: Option<String>,
}

fn text(facts: &impl Serialize) -> String {
    serde_json::to_string(facts).expect("facts are plain structures with text keys")
}

impl Facts {
    /// Something new, or something that happened.
    pub(super) fn after(facts: &impl Serialize) -> Self {
        Self {
            before: None,
            after: Some(text(facts)),
            why: None,
        }
    }

    /// Something that is gone.
    pub(super) fn before(facts: &impl Serialize) -> Self {
        Self {
            before: Some(text(facts)),
            after: None,
            why: None,
        }
    }

    /// Something that changed.
    pub(super) fn change(before: &impl Serialize, after: &impl Serialize) -> Self {
        Self {
            before: Some(text(before)),
            after: Some(text(after)),
            why: None,
        }
    }

    /// Why it happened, where the kind does not say.
    pub(super) fn why(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }
}

/// Adds an entry to the record.
pub(super) fn record(
    set: &mut WorkingSet,
    context: &Context<'_>,
    kind: EventKind,
    subject: Subject,
    facts: Facts,
) {
    set.record(Event {
        at: context.now,
        actor: context.actor.name.clone(),
        kind,
        subject,
        why: facts.why,
        before: facts.before,
        after: facts.after,
    });
}

pub(super) fn of_license(license: &License) -> Subject {
    Subject {
        product: Some(license.product),
        license: Some(license.id),
        ..Subject::default()
    }
}

pub(super) fn of_seat(seat: &Seat) -> Subject {
    Subject {
        user: Some(seat.user),
        product: Some(seat.product),
        license: Some(seat.license),
        session: None,
    }
}

pub(super) fn of_user(user: &User) -> Subject {
    Subject {
        user: Some(user.id),
        ..Subject::default()
    }
}

pub(super) fn of_session(session: &Session) -> Subject {
    Subject {
        user: Some(session.user),
        product: Some(session.product),
        license: session.via.license(),
        session: Some(session.id),
    }
}

/// A license in the record.
#[derive(Serialize)]
pub(super) struct LicenseFacts<'a> {
    serial: &'a str,
    reference: &'a str,
    revision: u64,
    product: &'a str,
    model: &'a str,
    access: &'a str,
    seats: u32,
    starts_at: i64,
    expires_at: Option<i64>,
    issuer: &'a str,
    key: &'a str,
    auto_assign: &'a str,
}

impl<'a> LicenseFacts<'a> {
    pub(super) fn of(license: &'a License) -> Self {
        let terms = &license.terms;
        let perpetual = terms.expires_at == crate::time::Timestamp::FOREVER;
        Self {
            serial: terms.serial.as_str(),
            reference: terms.reference.as_str(),
            revision: terms.revision,
            product: terms.product.as_str(),
            model: terms.model.code(),
            access: terms.access.code(),
            seats: license.capacity(),
            starts_at: terms.starts_at.as_millis(),
            expires_at: (!perpetual).then(|| terms.expires_at.as_millis()),
            issuer: license.issuer.as_str(),
            key: &license.key,
            auto_assign: license.auto_assign.code(),
        }
    }
}

/// A seat in the record.
#[derive(Serialize)]
pub(super) struct SeatFacts<'a> {
    serial: &'a str,
    product: &'a str,
    folder: crate::ids::FolderId,
    sources: Vec<&'static str>,
}

impl<'a> SeatFacts<'a> {
    pub(super) fn of(seat: &Seat, license: &'a License, pool: &Pool) -> Self {
        Self {
            serial: license.terms.serial.as_str(),
            product: license.terms.product.as_str(),
            folder: pool.folder,
            sources: seat.sources.iter().map(crate::seat::Source::code).collect(),
        }
    }
}

/// A session's begin in the record.
#[derive(Serialize)]
pub(super) struct SessionFacts<'a> {
    pub(super) username: &'a str,
    pub(super) product: &'a str,
    pub(super) via: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) serial: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) client: Option<&'a str>,
}

/// A session's end in the record.
#[derive(Serialize)]
pub(super) struct EndFacts {
    pub(super) via: &'static str,
    pub(super) reason: EndReason,
    pub(super) started_at: i64,
}

/// A loan in the record.
#[derive(Serialize)]
pub(super) struct LoanFacts {
    via: &'static str,
    until: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<EndReason>,
}

impl LoanFacts {
    pub(super) fn of(
        session: &Session,
        until: crate::time::Timestamp,
        reason: Option<EndReason>,
    ) -> Self {
        Self {
            via: session.via.code(),
            until: until.as_millis(),
            reason,
        }
    }
}

/// An account in the record.
#[derive(Serialize)]
pub(super) struct UserFacts<'a> {
    username: &'a str,
    name: Option<&'a str>,
    email: Option<&'a str>,
    folder: crate::ids::FolderId,
    active: bool,
}

impl<'a> UserFacts<'a> {
    pub(super) fn of(user: &'a User) -> Self {
        Self {
            username: user.username.as_str(),
            name: user.name.as_ref().map(crate::names::PersonName::as_str),
            email: user.email.as_ref().map(crate::names::Email::as_str),
            folder: user.folder,
            active: user.active,
        }
    }
}
