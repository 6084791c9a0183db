//! The one place that reads the clock.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::{Millis, Timestamp};

/// Where the time comes from.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that stands where it was set: for tests and demonstrations.
    Set(SetClock),
    /// The machine's clock, moved: for rehearsals of what time brings.
    Moved(MovedClock),
}

/// A clock that stands where it was set; its copies are one clock.
#[derive(Clone, Debug)]
pub struct SetClock(Arc<AtomicI64>);

impl SetClock {
    /// A clock that stands at `at`.
    pub fn new(at: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(at.as_millis())))
    }

    /// Sets it, forward or back.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.as_millis(), Ordering::SeqCst);
    }

    /// Where it stands.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// The machine's clock, moved by as many seconds as a file says, whenever it says so; its copies are one clock.
#[derive(Clone, Debug)]
pub struct MovedClock(Arc<(PathBuf, AtomicI64)>);

impl MovedClock {
    /// A clock that is moved by what stands in this file: a number of seconds.
    pub fn new(file: impl Into<PathBuf>) -> Self {
        Self(Arc::new((file.into(), AtomicI64::new(0))))
    }

    fn now(&self) -> Timestamp {
        let (file, last) = &*self.0;
        let read = std::fs::read_to_string(file).ok();
        // While it is being written, what it said before counts.
        if let Some(seconds) = read.and_then(|text| text.trim().parse().ok()) {
            last.store(seconds, Ordering::SeqCst);
        }
        system_time().plus(Millis::seconds(last.load(Ordering::SeqCst)))
    }
}

impl Clock {
    /// What the clock says. Judged against the latest time seen before it counts (L11).
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => system_time(),
            Self::Set(clock) => clock.now(),
            Self::Moved(clock) => clock.now(),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the clock"
)]
fn system_time() -> Timestamp {
    let since_1970 = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
}
