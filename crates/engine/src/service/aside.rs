//! Licenses of which a service's word is not taken in.

use domain::License;
use domain::outcome::{RefreshAnswer, RefreshCode};
use domain::refresh::{Word, not_held_against};

/// How it came that licenses are refreshed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// They must be now.
    WhenDue,
    /// Together, whatever there is to refresh.
    WithOthers,
    /// Somebody wants to know of each.
    ByName,
}

/// What is said of a license of which a word is not taken in, to whoever asks for it by name.
pub(super) fn of(license: &License, word: &Word) -> Option<RefreshAnswer> {
    let (fault, detail) = not_held_against(license, word)?;
    Some(RefreshAnswer {
        license: license.id,
        serial: license.terms.serial.clone(),
        code: RefreshCode::Failed,
        fault: Some(fault),
        detail: Some(detail),
        seats: license.capacity(),
        expires_at: license.terms.expires_at,
        days_until_stale: None,
        next_at: None,
        displaced: Vec::new(),
    })
}
