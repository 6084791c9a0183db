//! One client in a hundred that does what clients should not.

use std::collections::{BTreeMap, VecDeque};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::json;

use super::PRODUCT;
use crate::http;
use crate::load::work::Dice;

/// Connections that are held open at once.
pub(super) const MOST_OPEN: usize = 200;
/// How long one is held.
const HELD: Duration = Duration::from_secs(20);
/// A slow body's pace, a byte each.
const TICK: Duration = Duration::from_millis(100);

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Half a head, and then nothing more.
    HalfOpen,
    /// Bytes that are no HTTP.
    Garbage,
    /// A body that arrives a byte at a time.
    SlowBody,
    /// A sign-in whose answer is not waited for, and whose session is left to itself.
    Abandoned,
}

impl Kind {
    const ALL: [Self; 4] = [
        Self::HalfOpen,
        Self::Garbage,
        Self::SlowBody,
        Self::Abandoned,
    ];
}

/// How often each was done.
pub(super) type Acts = BTreeMap<Kind, u64>;

/// Misbehaving clients, at work.
pub(super) struct Mischief {
    is_over: Arc<AtomicBool>,
    thread: JoinHandle<Acts>,
}

impl Mischief {
    /// Does something for each hundred of `stays`.
    pub(super) fn start(server: SocketAddr, token: &str, stays: Arc<AtomicU64>) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let (over, token) = (Arc::clone(&is_over), token.to_owned());
        let thread = std::thread::spawn(move || work(server, &token, &stays, &over));
        Self { is_over, thread }
    }

    /// Ends it and closes every connection.
    pub(super) fn end(self) -> Result<Acts> {
        self.is_over.store(true, Ordering::Release);
        match self.thread.join() {
            Ok(acts) => Ok(acts),
            Err(_) => bail!("those who misbehave came to a bad end"),
        }
    }
}

struct Open {
    stream: TcpStream,
    since: Instant,
    is_slow: bool,
}

fn work(server: SocketAddr, token: &str, stays: &AtomicU64, is_over: &AtomicBool) -> Acts {
    let mut acts = Acts::new();
    let mut open: VecDeque<Open> = VecDeque::new();
    let mut dice = Dice::new();
    let mut done = 0_u64;
    while !is_over.load(Ordering::Acquire) {
        while done < stays.load(Ordering::Relaxed) / 100 {
            let kind = Kind::ALL[usize::try_from(done % 4).unwrap_or_default()];
            done += 1;
            *acts.entry(kind).or_default() += 1;
            // A server that sends them away is none the worse.
            if let Ok(stream) = act(kind, server, token, &mut dice) {
                let is_slow = kind == Kind::SlowBody;
                if kind != Kind::Abandoned {
                    open.push_back(Open {
                        stream,
                        since: Instant::now(),
                        is_slow,
                    });
                }
            }
            if open.len() > MOST_OPEN {
                open.pop_front();
            }
        }
        open.retain_mut(|open| {
            let goes_on = !open.is_slow || open.stream.write_all(b" ").is_ok();
            goes_on && open.since.elapsed() < HELD
        });
        std::thread::sleep(TICK);
    }
    acts
}

fn act(kind: Kind, server: SocketAddr, token: &str, dice: &mut Dice) -> std::io::Result<TcpStream> {
    let mut stream = TcpStream::connect_timeout(&server, Duration::from_secs(5))?;
    stream.set_write_timeout(Some(Duration::from_secs(1)))?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    let user = format!("stray{:05}", dice.roll(&(0..2_000)));
    let asked = json!({"user": user, "product": PRODUCT});
    let request = http::request("POST", "/v1/sessions", server, token, Some(&asked));
    match kind {
        Kind::HalfOpen => stream.write_all(&request[..request.len() / 2])?,
        Kind::Garbage => {
            let byte = |_| u8::try_from(dice.roll(&(0..256))).unwrap_or_default();
            let bytes: Vec<u8> = (0..512).map(byte).collect();
            stream.write_all(&bytes)?;
        }
        Kind::SlowBody => {
            let body = asked.to_string();
            stream.write_all(&request[..request.len() - body.len()])?;
        }
        Kind::Abandoned => {
            stream.write_all(&request)?;
            // Half of them see the beginning of the answer, the others go before.
            if dice.roll(&(0..2)) == 0 {
                _ = stream.read(&mut [0; 64])?;
            }
        }
    }
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn one_in_a_hundred_misbehaves_in_every_way() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = listener.local_addr().unwrap();
        let stays = Arc::new(AtomicU64::new(800));
        let mischief = Mischief::start(server, "secret", stays);
        let mut begun: Vec<Vec<u8>> = Vec::new();
        for _ in 0..8 {
            let (mut stream, _) = listener.accept().unwrap();
            let mut bytes = vec![0; 4096];
            let count = stream.read(&mut bytes).unwrap();
            begun.push(bytes[..count].to_vec());
        }
        let acts = mischief.end().unwrap();
        assert_eq!(acts.values().copied().collect::<Vec<_>>(), [2, 2, 2, 2]);
        let whole = |bytes: &[u8]| http::find(bytes, b"}").is_some();
        let posts = begun
            .iter()
            .filter(|bytes| bytes.starts_with(b"POST /v1/sessions"));
        assert_eq!(posts.count(), 6);
        assert!(
            begun
                .iter()
                .filter(|bytes| whole(bytes) && bytes.starts_with(b"POST"))
                .count()
                >= 2
        );
    }
}
