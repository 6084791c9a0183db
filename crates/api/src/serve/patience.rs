//! Connections that end when their peer falls silent, and that are not too many.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep};

/// How long a peer may say nothing and take nothing.
const SILENCE: Duration = Duration::from_mins(2);
/// How many connections are open at most.
const CONNECTIONS: usize = 16_384;

/// Accepts [`Watched`] connections.
#[derive(Debug)]
pub(super) struct Patient {
    listener: TcpListener,
    places: Arc<Semaphore>,
}

impl Patient {
    pub(super) fn new(listener: TcpListener) -> Self {
        Self {
            listener,
            places: Arc::new(Semaphore::new(CONNECTIONS)),
        }
    }
}

impl Listener for Patient {
    type Io = Watched;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        // The semaphore is never closed; without a place the connection would go uncounted.
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        let (stream, address) = Listener::accept(&mut self.listener).await;
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "no TCP_NODELAY on a connection");
        }
        (Watched::new(stream, place), address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// A connection that fails once nothing went through it for [`SILENCE`].
#[derive(Debug)]
pub(super) struct Watched {
    stream: TcpStream,
    /// When something last went through. The alarm is set anew only when it rings, so that a
    /// busy connection never touches the timer.
    heard: Instant,
    alarm: Pin<Box<Sleep>>,
    _place: Option<OwnedSemaphorePermit>,
}

impl Watched {
    fn new(stream: TcpStream, place: Option<OwnedSemaphorePermit>) -> Self {
        let heard = Instant::now();
        Self {
            stream,
            heard,
            alarm: Box::pin(tokio::time::sleep_until(heard + SILENCE)),
            _place: place,
        }
    }

    fn watch<T>(
        &mut self,
        context: &mut Context<'_>,
        polled: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.heard = Instant::now();
            return polled;
        }
        loop {
            ready!(self.alarm.as_mut().poll(context));
            let end = self.heard + SILENCE;
            if end <= Instant::now() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.alarm.as_mut().reset(end);
        }
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_read(context, buffer);
        this.watch(context, polled)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.watch(context, polled)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_write_vectored(context, parts);
        this.watch(context, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    async fn connected() -> (TcpStream, Watched) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut patient = Patient::new(listener);
        let (peer, (watched, _)) = tokio::join!(
            async { TcpStream::connect(address).await.unwrap() },
            patient.accept()
        );
        (peer, watched)
    }

    // The clock stands still and leaps to the next alarm when there is nothing to do.
    #[tokio::test(start_paused = true)]
    async fn a_silent_connection_ends() {
        let (_peer, mut watched) = connected().await;
        let began = Instant::now();
        let error = watched.read_u8().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(began.elapsed() >= SILENCE);
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_on_which_something_is_said_stays() {
        let (mut peer, mut watched) = connected().await;
        for _ in 0..3 {
            tokio::time::advance(SILENCE / 2 + Duration::from_secs(1)).await;
            peer.write_all(b"x").await.unwrap();
            // Without this the clock might leap while the byte is on its way.
            watched.stream.readable().await.unwrap();
            assert_eq!(watched.read_u8().await.unwrap(), b'x');
        }
        // The first alarm has rung meanwhile; nothing is there to be read, and that is no failure.
        let mut space = [0];
        let mut space = ReadBuf::new(&mut space);
        let polled =
            poll_fn(|context| Poll::Ready(Pin::new(&mut watched).poll_read(context, &mut space)));
        assert!(polled.await.is_pending());
    }
}
