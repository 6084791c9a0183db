//! One keep-alive connection with one request on the way.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::time::Instant;

use anyhow::{Context as _, Result};
use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

use super::work::Work;
use crate::http::Head;

/// Room for one answer; longer ones make it grow.
const ANSWER_ROOM: usize = 8 * 1024;

pub(super) struct Connection {
    index: usize,
    stream: TcpStream,
    request: Vec<u8>,
    written: usize,
    answer: Vec<u8>,
    filled: usize,
    sent_at: Instant,
    is_waiting: bool,
}

/// What became of the wish to send a request.
pub(super) enum Sending {
    Begun,
    /// The work has none for this connection.
    Nothing,
    Lost,
}

/// What became of the request on the way.
pub(super) enum Progress {
    Waiting,
    Answered(Head),
    Lost,
}

impl Connection {
    /// Connects (waiting for it) and registers for events under its index.
    pub(super) fn open(server: SocketAddr, index: usize, registry: &Registry) -> Result<Self> {
        let stream = std::net::TcpStream::connect(server)
            .with_context(|| format!("cannot connect to {server}"))?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(stream);
        registry.register(
            &mut stream,
            Token(index),
            Interest::READABLE | Interest::WRITABLE,
        )?;
        Ok(Self {
            index,
            stream,
            request: Vec::with_capacity(1024),
            written: 0,
            answer: vec![0; ANSWER_ROOM],
            filled: 0,
            sent_at: Instant::now(),
            is_waiting: false,
        })
    }

    pub(super) fn index(&self) -> usize {
        self.index
    }

    /// When the request on the way was begun.
    pub(super) fn sent_at(&self) -> Instant {
        self.sent_at
    }

    /// Takes the next request from the work and begins to send it.
    pub(super) fn send_next(&mut self, work: &mut impl Work) -> Result<Sending> {
        self.request.clear();
        self.written = 0;
        self.filled = 0;
        self.is_waiting = work.next(self.index, &mut self.request);
        if !self.is_waiting {
            return Ok(Sending::Nothing);
        }
        self.sent_at = Instant::now();
        match self.write() {
            Ok(()) => Ok(Sending::Begun),
            Err(error) if is_loss(&error) => Ok(Sending::Lost),
            Err(error) => Err(error.into()),
        }
    }

    /// Goes on with what the connection is ready for.
    pub(super) fn advance(&mut self) -> Result<Progress> {
        if !self.is_waiting {
            return Ok(Progress::Waiting);
        }
        let outcome = self.write().and_then(|()| self.read());
        match outcome {
            Ok(0) => Ok(Progress::Waiting),
            Ok(_) => match Head::parse(&self.answer[..self.filled])? {
                Some(head) if self.filled >= head.total_bytes() => {
                    self.is_waiting = false;
                    Ok(Progress::Answered(head))
                }
                _ => Ok(Progress::Waiting),
            },
            Err(error) if is_loss(&error) => Ok(Progress::Lost),
            Err(error) => Err(error.into()),
        }
    }

    /// Sends what the socket takes of the rest of the request.
    fn write(&mut self) -> io::Result<()> {
        while self.written < self.request.len() {
            match self.stream.write(&self.request[self.written..]) {
                Ok(count) => self.written += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Reads what has arrived, and says how much; the end of the stream is an error. A read that
    /// leaves room has taken everything, so that one call is enough for a usual answer.
    fn read(&mut self) -> io::Result<usize> {
        let before = self.filled;
        loop {
            match self.stream.read(&mut self.answer[self.filled..]) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(count) => {
                    self.filled += count;
                    if self.filled < self.answer.len() {
                        return Ok(self.filled - before);
                    }
                    self.answer.resize(self.answer.len() * 2, 0);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    return Ok(self.filled - before);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The answer's body.
    pub(super) fn body(&self, head: Head) -> &[u8] {
        &self.answer[head.body_at..head.total_bytes()]
    }
}

/// Whether the error means that the other side has gone.
fn is_loss(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::UnexpectedEof
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::NotConnected
    )
}
