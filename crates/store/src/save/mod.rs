//! Writing what a working set changed.

use domain::{Changes, Timestamp};

use crate::error::StoreError;
use crate::sql::Link;

pub(crate) fn all(
    link: Link<'_>,
    changes: &Changes<'_>,
    _now: Timestamp,
) -> Result<(), StoreError> {
    if let Some(policy) = changes.policy() {
        crate::meta::save_policy(link, policy)?;
    }
    let last = crate::meta::last_event(link)?;
    crate::meta::save_last_event(link, last)
}
