//! Randomness for idempotency keys and jitter.

use std::time::Duration;

use uuid::Uuid;

fn bytes() -> [u8; 16] {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).expect("the system has randomness");
    bytes
}

/// A fresh idempotency key.
pub(crate) fn key() -> String {
    uuid::Builder::from_random_bytes(bytes())
        .into_uuid()
        .to_string()
}

/// A span between 80 % and 100 % of `span`: never later, and not everyone at once.
pub(crate) fn jittered(span: Duration) -> Duration {
    let part = Uuid::from_bytes(bytes()).as_u128() % 1000;
    let part = u32::try_from(part).expect("the remainder is below 1000");
    span * (800 + part / 5) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_never_makes_a_heartbeat_late() {
        let due = Duration::from_secs(200);
        let spans: Vec<_> = (0..1000).map(|_| jittered(due)).collect();
        assert!(spans.iter().all(|span| (due * 4 / 5..due).contains(span)));
        assert!(spans.iter().any(|span| *span != spans[0]));
    }
}
