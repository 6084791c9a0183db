//! What drives connections, and waiting for what they bring.

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::AbortHandle;

/// What drives connections: a thread, or whoever waits. Copies are the same one.
#[derive(Clone, Debug)]
pub(crate) struct Io {
    runtime: Arc<Owned>,
    /// Whether connections move only while somebody waits.
    by_waiting: bool,
    lines: Arc<Mutex<Vec<(Instant, AbortHandle)>>>,
}

#[derive(Debug)]
struct Owned(Option<Runtime>);

impl Drop for Owned {
    fn drop(&mut self) {
        // The last connection may go within somebody's async code, where nothing may wait.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// It took longer than the limit.
#[derive(Debug)]
pub(crate) struct TooLong;

impl Io {
    /// Starts the thread.
    pub(crate) fn start() -> std::io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("postgres")
            .enable_all()
            .build()?;
        Ok(Self {
            runtime: Arc::new(Owned(Some(runtime))),
            by_waiting: false,
            lines: Arc::default(),
        })
    }

    /// One for a thread that does nothing else than ask and wait, and then drives its connection
    /// itself: no other thread need be woken for a round trip. What is known of connections is
    /// known to both.
    pub(crate) fn by_waiting(&self) -> std::io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self {
            runtime: Arc::new(Owned(Some(runtime))),
            by_waiting: true,
            lines: Arc::clone(&self.lines),
        })
    }

    /// Remembers a connection that was begun at a moment.
    pub(super) fn has(&self, begun: Instant, line: AbortHandle) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.retain(|(_, line)| !line.is_finished());
        lines.push((begun, line));
    }

    /// Ends every connection that was begun before a moment. Whoever waits for an answer on one
    /// is told that it was lost.
    pub(super) fn cut_before(&self, moment: Instant) {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        for (begun, line) in lines.iter() {
            if *begun < moment {
                line.abort();
            }
        }
    }

    fn runtime(&self) -> &Runtime {
        let runtime = self.runtime.0.as_ref();
        runtime.expect("the runtime is there until it is dropped")
    }

    pub(crate) fn handle(&self) -> &Handle {
        self.runtime().handle()
    }

    /// Waits for something on this thread; allowed everywhere, though async code should not
    /// wait long. By waiting alone only outside of async code.
    pub(crate) fn wait<F: Future>(&self, limit: Duration, work: F) -> Result<F::Output, TooLong> {
        if self.by_waiting {
            let within = async { tokio::time::timeout(limit, work).await };
            return self.runtime().block_on(within).map_err(|_| TooLong);
        }
        let _within = self.handle().enter();
        park(tokio::time::timeout(limit, work)).map_err(|_| TooLong)
    }
}

/// Wakes a thread that waits.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn park<F: Future>(work: F) -> F::Output {
    let mut work = pin!(work);
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match work.as_mut().poll(&mut context) {
            Poll::Ready(done) => return done,
            Poll::Pending => std::thread::park(),
        }
    }
}

/// Begins something and goes on without its answer: a request is on its way once it was polled.
pub(crate) fn begin<F: Future>(work: F) {
    let mut context = Context::from_waker(Waker::noop());
    let _ = pin!(work).poll(&mut context);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_ends_with_the_work_or_with_the_limit() {
        let io = Io::start().unwrap();
        let soon = async { 7 };
        assert_eq!(io.wait(Duration::from_mins(1), soon).unwrap(), 7);
        let never = std::future::pending::<()>();
        assert!(io.wait(Duration::from_millis(1), never).is_err());
    }

    #[test]
    fn who_waits_may_drive_what_was_begun_before() {
        let io = Io::start().unwrap().by_waiting().unwrap();
        let begun = io.handle().spawn(async { 7 });
        let done = io.wait(Duration::from_mins(1), begun).unwrap();
        assert_eq!(done.unwrap(), 7);
        let never = std::future::pending::<()>();
        assert!(io.wait(Duration::from_millis(1), never).is_err());
    }

    #[tokio::test]
    async fn it_can_be_waited_for_and_ended_within_async_code() {
        let io = Io::start().unwrap();
        // Begun within the wait, so that its own thread drives it.
        let tick = async { tokio::time::sleep(Duration::from_millis(1)).await };
        io.wait(Duration::from_mins(1), tick).unwrap();
        drop(io);
    }
}
