//! Waiting for something that comes by itself.

use std::time::{Duration, Instant};

/// After this long a test says that it waits in vain. It is no expectation: a loaded machine may
/// take its time.
pub(crate) const LIMIT: Duration = Duration::from_mins(5);

/// Looks again and again until there is something.
///
/// # Panics
/// When it does not come within [`LIMIT`].
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < LIMIT, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(3));
    }
}
