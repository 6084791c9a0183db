//! Documents that are good only for a time (I3).

use crate::command::NewLicense;
use crate::time::{Millis, Timestamp};

/// How far an issuer's clock may be ahead of ours before a document counts as one from the future.
const CLOCKS_DIFFER: Millis = Millis::days(1);

/// A document that is good only for a time is taken in only within that time.
pub(super) fn untimely(new: &NewLicense, now: Timestamp) -> Option<(&'static str, String)> {
    let good_for = new.good_for?;
    let end = new.issued_at.plus(good_for);
    if end <= now {
        let detail = format!(
            "its file was good for {}, which were over {} ago; get a new one from the vendor",
            in_words(good_for),
            in_words(now.since(end))
        );
        return Some(("document_expired", detail));
    }
    if new.issued_at > now.plus(CLOCKS_DIFFER) {
        let detail = format!(
            "its file was issued {} from now; check the clock of this server",
            in_words(new.issued_at.since(now))
        );
        return Some(("issued_in_future", detail));
    }
    None
}

/// A span in the largest unit that says something of it.
fn in_words(span: Millis) -> String {
    let hours = span.get() / 3_600_000;
    match hours {
        0 => "less than an hour".to_owned(),
        1..=47 => format!("{hours} hours"),
        _ => format!("{} days", hours / 24),
    }
}

/// I3: when the issuer confirmed a license that comes in now.
pub(super) fn confirmed_at(new: &NewLicense, now: Timestamp) -> Timestamp {
    match new.good_for {
        Some(_) => new.issued_at.min(now),
        None => now,
    }
}
