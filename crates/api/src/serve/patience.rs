//! Connections that end when their peer falls silent or never ends a request's head, and that are
//! not too many.

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
/// How long the head of a request may take, from its first byte or from the connection's begin.
const HEAD: Duration = Duration::from_secs(10);
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

/// A connection that fails once nothing went through it for [`SILENCE`], or a head was not whole
/// within [`HEAD`].
#[derive(Debug)]
pub(super) struct Watched {
    stream: TcpStream,
    progress: Progress,
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
            progress: Progress::Head(Head::new(heard)),
            heard,
            alarm: Box::pin(tokio::time::sleep_until(heard + HEAD)),
            _place: place,
        }
    }

    /// When it fails unless something goes on.
    fn end(&self) -> Instant {
        let silence = self.heard + SILENCE;
        match &self.progress {
            Progress::Head(head) => silence.min(head.since + HEAD),
            Progress::Rest | Progress::Next => silence,
        }
    }

    /// Follows what was read.
    fn took_in(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        if matches!(self.progress, Progress::Next) {
            self.progress = Progress::Head(Head::new(Instant::now()));
        }
        let Progress::Head(head) = &mut self.progress else {
            return;
        };
        if head.ends_with(bytes) {
            self.progress = Progress::Rest;
        } else {
            let end = head.since + HEAD;
            if end < self.alarm.deadline() {
                self.alarm.as_mut().reset(end);
            }
        }
    }

    /// Follows what was written: after an answer another request begins. An interim one only asks
    /// for the body.
    fn gave_out(&mut self, bytes: &[u8]) {
        if !bytes.starts_with(b"HTTP/1.1 100") {
            self.progress = Progress::Next;
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
            let end = self.end();
            if end <= Instant::now() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.alarm.as_mut().reset(end);
        }
    }
}

/// Where in the conversation a connection is.
#[derive(Debug)]
enum Progress {
    /// A request's head is awaited, or has begun.
    Head(Head),
    /// It is whole: a body comes, or the answer is made. Bodies have limits of their own.
    Rest,
    /// An answer was given, or its beginning.
    Next,
}

/// A head on its way.
#[derive(Debug)]
struct Head {
    since: Instant,
    /// The last bytes that came, zeros before the first: its end may come in pieces.
    tail: [u8; 3],
    /// Whether anything but the empty lines has come that may stand before it.
    begun: bool,
}

impl Head {
    const fn new(since: Instant) -> Self {
        Self {
            since,
            tail: [0; 3],
            begun: false,
        }
    }

    /// Takes the next bytes; whether the empty line is among them that ends it.
    fn ends_with(&mut self, mut bytes: &[u8]) -> bool {
        if !self.begun {
            let empty = bytes.iter().take_while(|byte| b"\r\n".contains(byte));
            bytes = &bytes[empty.count()..];
            self.begun = !bytes.is_empty();
        }
        let [a, b, c] = self.tail;
        let mut seam = [a, b, c, 0, 0, 0];
        let few = bytes.len().min(3);
        seam[3..3 + few].copy_from_slice(&bytes[..few]);
        if has_empty_line(&seam[..3 + few]) || has_empty_line(bytes) {
            return true;
        }
        let all = [&self.tail, bytes].concat();
        self.tail.copy_from_slice(&all[all.len() - 3..]);
        false
    }
}

fn has_empty_line(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'\n', bytes)
        .any(|at| matches!(&bytes[at + 1..], [b'\n', ..] | [b'\r', b'\n', ..]))
}

impl AsyncRead for Watched {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let polled = Pin::new(&mut this.stream).poll_read(context, buffer);
        this.took_in(&buffer.filled()[before..]);
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
        if matches!(polled, Poll::Ready(Ok(1..))) {
            this.gave_out(bytes);
        }
        this.watch(context, polled)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_write_vectored(context, parts);
        if matches!(polled, Poll::Ready(Ok(1..))) {
            this.gave_out(parts.first().map_or(&[], |part| part));
        }
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

    /// Sends to the connection and waits until it has all been read.
    async fn say(peer: &mut TcpStream, watched: &mut Watched, text: &[u8]) {
        peer.write_all(text).await.unwrap();
        let mut space = vec![0; text.len()];
        let mut space = ReadBuf::new(&mut space);
        while space.remaining() > 0 {
            let read = poll_fn(|context| {
                Poll::Ready(Pin::new(&mut *watched).poll_read(context, &mut space))
            });
            if let Poll::Ready(read) = read.await {
                read.unwrap();
            }
            // Whoever waits for bytes on their way lets the clock leap; whoever yields does not.
            tokio::task::yield_now().await;
        }
    }

    const WHOLE: &[u8] = b"POST / HTTP/1.1\r\nhost: a\r\n\r\n";

    // The clock stands still and leaps to the next alarm when there is nothing to do.
    #[tokio::test(start_paused = true)]
    async fn a_silent_connection_ends() {
        let (mut peer, mut watched) = connected().await;
        say(&mut peer, &mut watched, WHOLE).await;
        let began = Instant::now();
        let error = watched.read_u8().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(began.elapsed() >= SILENCE);
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_on_which_something_is_said_stays() {
        let (mut peer, mut watched) = connected().await;
        say(&mut peer, &mut watched, WHOLE).await;
        for _ in 0..3 {
            tokio::time::advance(SILENCE / 2 + Duration::from_secs(1)).await;
            say(&mut peer, &mut watched, b"x").await;
        }
        // The first alarm has rung meanwhile; nothing is there to be read, and that is no failure.
        let mut space = [0];
        let mut space = ReadBuf::new(&mut space);
        let polled =
            poll_fn(|context| Poll::Ready(Pin::new(&mut watched).poll_read(context, &mut space)));
        assert!(polled.await.is_pending());
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_that_trickles_in_ends_the_connection() {
        for beginning in [&b""[..], b"GET / HTTP/1.1\r\nhost: a\r\n", b"\r\n\r\n"] {
            let (mut peer, mut watched) = connected().await;
            let began = Instant::now();
            say(&mut peer, &mut watched, beginning).await;
            for _ in 0..3 {
                tokio::time::advance(HEAD / 4).await;
                say(&mut peer, &mut watched, b"x").await;
            }
            let error = watched.read_u8().await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
            let took = began.elapsed();
            assert!(took >= HEAD && took < HEAD * 2, "{took:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_next_request_has_its_own_time_and_an_idle_connection_may_wait() {
        let (mut peer, mut watched) = connected().await;
        say(&mut peer, &mut watched, WHOLE).await;
        // The server asks for the body, which may take longer than a head.
        watched
            .write_all(b"HTTP/1.1 100 Continue\r\n\r\n")
            .await
            .unwrap();
        for _ in 0..3 {
            tokio::time::advance(HEAD).await;
            say(&mut peer, &mut watched, b"body").await;
        }
        watched
            .write_all(b"HTTP/1.1 204 No Content\r\n\r\n")
            .await
            .unwrap();
        tokio::time::advance(HEAD * 3).await;
        say(&mut peer, &mut watched, b"GET / HTTP/1.1\r").await;
        for rest in [&b"\n"[..], b"\r", b"\n"] {
            tokio::time::advance(HEAD / 4).await;
            say(&mut peer, &mut watched, rest).await;
        }
        tokio::time::advance(HEAD).await;
        say(&mut peer, &mut watched, b"x").await;
        watched.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        say(&mut peer, &mut watched, b"GET").await;
        let began = Instant::now();
        assert!(watched.read_u8().await.is_err());
        assert!(began.elapsed() < HEAD * 2);
    }
}
