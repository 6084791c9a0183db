//! Licenses that nothing is held against when a service does not confirm them: those that need not be refreshed and of
//! which it does not know, as they came in a file, and those that are revoked.

use domain::License;
use domain::outcome::{RefreshAnswer, RefreshCode};
use domain::refresh::{Fault, Word};

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

/// What is said of such a license to whoever asks for it by name; none if the word is to be taken in.
pub(super) fn of(license: &License, word: &Word) -> Option<RefreshAnswer> {
    let is_revoked = license.revoked_at.is_some();
    let (fault, detail) = match word {
        _ if license.removed_at.is_some() => return None,
        Word::Failed { fault, detail } if is_revoked => (*fault, detail.clone()),
        Word::Failed {
            fault: fault @ Fault::NotKnown,
            detail,
        } if license.terms.revalidate_every.is_none() => (*fault, detail.clone()),
        Word::Current { revision } if is_revoked && *revision <= license.terms.revision => (
            Fault::OlderRevision,
            "it is revoked here; only a higher revision brings it back".to_owned(),
        ),
        _ => return None,
    };
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
