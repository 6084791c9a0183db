//! Denials and events.

use jiff::Timestamp;
use serde_json::Value;
use store::query::{DenialItem, EventItem};

use super::{time, words};
use crate::problem::Problem;

const DAY_MS: i64 = 86_400_000;

/// Denials of one day.
pub(crate) fn denial(item: DenialItem) -> wire::denial::Denial {
    let day = Timestamp::from_millisecond(item.day.saturating_mul(DAY_MS)).unwrap_or_default();
    wire::denial::Denial {
        username: item.username,
        user: item.user.map(|user| user.0),
        product: item.product,
        code: words::denial_code(item.code),
        admin_message: item.admin_message,
        first_at: time::time(item.first_at),
        last_at: time::time(item.last_at),
        count: item.count,
        day: day.strftime("%Y-%m-%d").to_string(),
    }
}

/// One entry of the record, with the username that it says itself.
pub(crate) fn event(item: EventItem) -> Result<wire::event::Event, Problem> {
    let event = item.event;
    let before = object(event.before.as_deref())?;
    let after = object(event.after.as_deref())?;
    let username = [&after, &before]
        .into_iter()
        .flatten()
        .find_map(|facts| facts["username"].as_str().map(str::to_owned));
    Ok(wire::event::Event {
        seq: item.seq,
        at: time::time(event.at),
        actor: event.actor.as_ref().to_owned(),
        kind: event.kind.code().to_owned(),
        user: event.subject.user.map(|id| id.0),
        username,
        product: event.subject.product.map(|id| id.0),
        license: event.subject.license.map(|id| id.0),
        session: event.subject.session.map(|id| id.0),
        why: event.why,
        before,
        after,
    })
}

fn object(text: Option<&str>) -> Result<Option<Value>, Problem> {
    text.map(serde_json::from_str)
        .transpose()
        .map_err(Problem::internal)
}
