//! The id that ties an answer to what the log says about it.

use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// The header in which it travels, both ways.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The longest that is taken over from a request.
const LONGEST: usize = 128;

/// Makes ids that differ within this process and, in practice, between processes.
#[derive(Debug)]
pub(crate) struct RequestIds {
    process: u64,
    next: AtomicU64,
}

impl RequestIds {
    pub(crate) fn new() -> Self {
        Self {
            // Fresh per process: `RandomState` is seeded by the operating system.
            process: std::hash::RandomState::new().build_hasher().finish(),
            next: AtomicU64::new(0),
        }
    }

    /// The request's own id if it brings a sane one, else a new one.
    pub(crate) fn of(&self, headers: &HeaderMap) -> HeaderValue {
        match headers.get(HEADER) {
            Some(given) if is_sane(given.as_bytes()) => given.clone(),
            _ => self.make(),
        }
    }

    fn make(&self) -> HeaderValue {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let count = self.next.fetch_add(1, Ordering::Relaxed);
        // An odd multiplier is a bijection: ids of one process never repeat.
        let mut bits = self.process ^ count.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut text = [0_u8; 16];
        for place in text.iter_mut().rev() {
            *place = DIGITS[usize::try_from(bits & 0xf).unwrap_or(0)];
            bits >>= 4;
        }
        HeaderValue::from_bytes(&text).unwrap_or(HeaderValue::from_static("0"))
    }
}

/// Short, and nothing that could confuse a log or a header.
fn is_sane(text: &[u8]) -> bool {
    !text.is_empty()
        && text.len() <= LONGEST
        && text
            .iter()
            .all(|c| c.is_ascii_alphanumeric() || b"-_.:/+=".contains(c))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn with(id: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(HEADER, HeaderValue::from_static(id))])
    }

    #[test]
    fn a_sane_id_is_echoed_and_any_other_replaced() {
        let ids = RequestIds::new();
        assert_eq!(ids.of(&with("trace-7:a")), "trace-7:a");
        for wrong in ["", "two words", "<script>"] {
            assert_ne!(ids.of(&with(wrong)), wrong);
        }
    }

    #[test]
    fn made_ids_do_not_repeat() {
        let ids = RequestIds::new();
        let made: HashSet<_> = (0..10_000).map(|_| ids.make()).collect();
        assert_eq!(made.len(), 10_000);
    }
}
