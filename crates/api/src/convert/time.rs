//! Moments.

use domain::{Millis, Timestamp};
use wire::Time;

/// As it travels.
pub(crate) const fn time(at: Timestamp) -> Time {
    Time::from_millis(at.as_millis())
}

/// As it travels; none for "never ends".
pub(crate) fn end(at: Timestamp) -> Option<Time> {
    (at != Timestamp::FOREVER).then(|| time(at))
}

/// As the domain has it.
pub(crate) const fn timestamp(at: Time) -> Timestamp {
    Timestamp::from_millis(at.as_millis())
}

/// Whole days, rounded up.
pub(crate) fn days(span: Millis) -> u32 {
    u32::try_from(span.as_days()).unwrap_or(u32::MAX)
}

/// Whole seconds, rounded down.
pub(crate) fn seconds(span: Millis) -> u64 {
    u64::try_from(span.as_seconds()).unwrap_or(0)
}
