//! Reading a whole body, within a size and a time.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, StatusCode};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;

use crate::problem::Problem;

const MIB: usize = 1024 * 1024;

/// How much a body may be, and how long it may take to arrive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    bytes: usize,
    time: Duration,
}

impl Limit {
    /// A JSON body.
    pub(crate) const JSON: Self = Self {
        bytes: 64 * 1024,
        time: Duration::from_secs(30),
    };
    /// A JSON body that may list many users.
    pub(crate) const JSON_LIST: Self = Self {
        bytes: 8 * MIB,
        time: Duration::from_mins(2),
    };
    /// A license file: 32 MiB at most, and room for what a form wraps around it.
    pub(crate) const LICENSE_FILE: Self = Self {
        bytes: 34 * MIB,
        time: Duration::from_mins(10),
    };
    /// A CSV file of people.
    pub(crate) const CSV: Self = Self {
        bytes: 64 * MIB,
        time: Duration::from_mins(10),
    };

    /// The most bytes allowed.
    pub(crate) const fn bytes(self) -> usize {
        self.bytes
    }

    pub(crate) fn exceeded(self) -> Problem {
        let most = if self.bytes >= MIB {
            format!("{} MiB", self.bytes / MIB)
        } else {
            format!("{} KiB", self.bytes / 1024)
        };
        let detail = format!("the request's body is too large; at most {most} are taken here");
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            wire::codes::TOO_LARGE,
            detail,
        )
    }

    /// Refuses what announces itself as too large, before any of it is read.
    pub(crate) fn check_announced(self, headers: &HeaderMap) -> Result<(), Problem> {
        match announced(headers) {
            Some(length) if length > self.bytes as u64 => Err(self.exceeded()),
            _ => Ok(()),
        }
    }

    /// Room for a body whose length was announced, so that it is not moved while it grows. What
    /// never arrives takes no memory.
    pub(crate) fn room(self, headers: &HeaderMap) -> BytesMut {
        let length = announced(headers).and_then(|length| usize::try_from(length).ok());
        BytesMut::with_capacity(length.unwrap_or(0).min(self.bytes))
    }

    pub(crate) fn late(self) -> Problem {
        let detail = format!(
            "the request's body did not arrive within {} seconds",
            self.time.as_secs()
        );
        Problem::new(StatusCode::REQUEST_TIMEOUT, wire::codes::TIMEOUT, detail)
    }

    /// How long a body may take to arrive.
    pub(crate) const fn time(self) -> Duration {
        self.time
    }

    /// Reads all of it.
    ///
    /// Without a timer: a connection that falls silent ends by itself, and one that trickles is
    /// noticed with its next piece.
    pub(crate) async fn read(self, headers: &HeaderMap, mut body: Body) -> Result<Bytes, Problem> {
        self.check_announced(headers)?;
        let began = Instant::now();
        // Nearly every body comes in one piece, which is then handed on as it is.
        let mut first = Bytes::new();
        let mut all = BytesMut::new();
        while let Some(frame) = body.frame().await {
            let Ok(piece) = frame.map_err(cut_off)?.into_data() else {
                continue;
            };
            let so_far = if all.is_empty() {
                first.len()
            } else {
                all.len()
            };
            if so_far + piece.len() > self.bytes {
                return Err(self.exceeded());
            }
            if first.is_empty() {
                first = piece;
                continue;
            }
            if all.is_empty() {
                all = self.room(headers);
                all.extend_from_slice(&first);
            }
            all.extend_from_slice(&piece);
            if began.elapsed() > self.time {
                return Err(self.late());
            }
        }
        Ok(if all.is_empty() { first } else { all.freeze() })
    }
}

/// How long a body is, as its sender says.
fn announced(headers: &HeaderMap) -> Option<u64> {
    let length = headers.get(CONTENT_LENGTH)?.to_str().ok()?;
    length.parse().ok()
}

fn cut_off(error: axum::Error) -> Problem {
    let detail = "the request's body ended before all of it had arrived";
    Problem::new(
        StatusCode::BAD_REQUEST,
        wire::codes::INVALID_REQUEST,
        detail,
    )
    .because(error)
}
