//! What the connections ask for. Requests are written from templates: user names have one length,
//! so only their digits are put in.

use std::net::SocketAddr;
use std::ops::Range;

use serde_json::json;

use crate::http;

/// Where requests come from and answers go.
pub(crate) trait Work {
    /// Writes the connection's next request; false when there is none.
    fn next(&mut self, connection: usize, request: &mut Vec<u8>) -> bool;

    /// Takes the answer to it.
    fn answered(&mut self, connection: usize, status: u16, body: &[u8]);

    /// The connection was lost, and with it the answer.
    fn lost(&mut self, _connection: usize) {}
}

/// The name of the user with this number.
pub(crate) fn username(number: u32) -> String {
    format!("user{number:07}")
}

const DIGITS: usize = 7;

/// A server, a token and a product: what every request is made of.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) server: SocketAddr,
    pub(crate) token: String,
    pub(crate) product: String,
}

impl Target {
    /// A POST of `{"user": …, "product": …}` with the user's digits left open.
    fn about_a_user(&self, path: &str) -> Template {
        let body = json!({"user": username(0), "product": self.product});
        let bytes = http::request("POST", path, self.server, &self.token, Some(&body));
        let marker = username(0);
        let at = http::find(&bytes, marker.as_bytes()).unwrap_or_default();
        Template {
            bytes,
            digits_at: at + marker.len() - DIGITS,
        }
    }

    /// The parts before and after a session's id.
    fn about_a_session(&self, method: &str, ending: &str) -> (Vec<u8>, Vec<u8>) {
        let path = format!("/v1/sessions/|{ending}");
        let bytes = http::request(method, &path, self.server, &self.token, None);
        let at = http::find(&bytes, b"|").unwrap_or_default();
        (bytes[..at].to_vec(), bytes[at + 1..].to_vec())
    }
}

struct Template {
    bytes: Vec<u8>,
    digits_at: usize,
}

impl Template {
    fn write(&self, user: u32, request: &mut Vec<u8>) {
        request.extend_from_slice(&self.bytes);
        let digits = &mut request[self.digits_at..self.digits_at + DIGITS];
        let mut rest = user;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + u8::try_from(rest % 10).unwrap_or_default();
            rest /= 10;
        }
    }
}

/// A session's id as the server wrote it.
pub(crate) type SessionId = Box<[u8]>;

/// The first `"id"` of a sign-in's answer.
pub(crate) fn session_id(body: &[u8]) -> Option<SessionId> {
    let start = http::find(body, b"\"id\":\"")? + 6;
    let length = body[start..].iter().position(|byte| *byte == b'"')?;
    Some(body[start..start + length].into())
}

/// Numbers without pattern, the same in each run (xorshift64*).
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new() -> Self {
        Self::seeded(1)
    }

    /// Other numbers for each seed above zero.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// A number in a range that is not empty.
    pub(crate) fn roll(&mut self, range: &Range<u32>) -> u32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32;
        let width = u64::from(range.end - range.start);
        range.start + u32::try_from((high * width) >> 32).unwrap_or_default()
    }
}

/// One POST about a random user, over and over: access checks, and the load of the bare route.
pub(crate) struct Ask {
    template: Template,
    users: Range<u32>,
    dice: Dice,
}

impl Ask {
    pub(crate) fn new(target: &Target, path: &str, users: Range<u32>) -> Self {
        Self {
            template: target.about_a_user(path),
            users,
            dice: Dice::new(),
        }
    }
}

impl Work for Ask {
    fn next(&mut self, _connection: usize, request: &mut Vec<u8>) -> bool {
        self.template.write(self.dice.roll(&self.users), request);
        true
    }

    fn answered(&mut self, _connection: usize, _status: u16, _body: &[u8]) {}
}

/// Sign in as a random user, sign out again, and so on.
pub(crate) struct SignInAndOut {
    sign_in: Ask,
    sign_out: (Vec<u8>, Vec<u8>),
    live: Vec<Option<SessionId>>,
}

impl SignInAndOut {
    pub(crate) fn new(target: &Target, users: Range<u32>, connections: usize) -> Self {
        Self {
            sign_in: Ask::new(target, "/v1/sessions", users),
            sign_out: target.about_a_session("DELETE", ""),
            live: vec![None; connections],
        }
    }

    /// Sessions that the end of the run left open.
    pub(crate) fn into_live(self) -> Vec<SessionId> {
        self.live.into_iter().flatten().collect()
    }
}

impl Work for SignInAndOut {
    fn next(&mut self, connection: usize, request: &mut Vec<u8>) -> bool {
        match &self.live[connection] {
            Some(id) => write_parts(&self.sign_out, id, request),
            None => _ = self.sign_in.next(connection, request),
        }
        true
    }

    fn answered(&mut self, connection: usize, status: u16, body: &[u8]) {
        let signed_in = self.live[connection].is_none() && status == 201;
        self.live[connection] = if signed_in { session_id(body) } else { None };
    }

    fn lost(&mut self, connection: usize) {
        self.live[connection] = None;
    }
}

fn write_parts(parts: &(Vec<u8>, Vec<u8>), id: &[u8], request: &mut Vec<u8>) {
    request.extend_from_slice(&parts.0);
    request.extend_from_slice(id);
    request.extend_from_slice(&parts.1);
}

/// Signs each user of a range in once.
pub(crate) struct SignIn {
    template: Template,
    users: Range<u32>,
    next: u32,
    stride: u32,
    made: Vec<SessionId>,
}

impl SignIn {
    pub(crate) fn new(target: &Target, users: Range<u32>) -> Self {
        // Steps through the range without pattern for the server's indexes, meeting each user once.
        let count = users.end - users.start;
        let stride = (count / 2 + count / 8 + 1..count + 2)
            .find(|stride| greatest_common_divisor(*stride, count) == 1);
        Self {
            template: target.about_a_user("/v1/sessions"),
            users,
            next: 0,
            stride: stride.unwrap_or(1),
            made: Vec::new(),
        }
    }

    /// The sessions made.
    pub(crate) fn into_made(self) -> Vec<SessionId> {
        self.made
    }
}

fn greatest_common_divisor(left: u32, right: u32) -> u32 {
    if right == 0 {
        left
    } else {
        greatest_common_divisor(right, left % right)
    }
}

impl Work for SignIn {
    fn next(&mut self, _connection: usize, request: &mut Vec<u8>) -> bool {
        let count = u64::from(self.users.end - self.users.start);
        if u64::from(self.next) >= count {
            return false;
        }
        let offset = u64::from(self.next) * u64::from(self.stride) % count;
        self.next += 1;
        self.template.write(
            self.users.start + u32::try_from(offset).unwrap_or_default(),
            request,
        );
        true
    }

    fn answered(&mut self, _connection: usize, status: u16, body: &[u8]) {
        if status == 201 {
            self.made.extend(session_id(body));
        }
    }
}

/// Signs sessions out, each once.
pub(crate) struct SignOut {
    parts: (Vec<u8>, Vec<u8>),
    left: Vec<SessionId>,
}

impl SignOut {
    pub(crate) fn new(target: &Target, sessions: Vec<SessionId>) -> Self {
        Self {
            parts: target.about_a_session("DELETE", ""),
            left: sessions,
        }
    }
}

impl Work for SignOut {
    fn next(&mut self, _connection: usize, request: &mut Vec<u8>) -> bool {
        let Some(id) = self.left.pop() else {
            return false;
        };
        write_parts(&self.parts, &id, request);
        true
    }

    fn answered(&mut self, _connection: usize, _status: u16, _body: &[u8]) {}
}

/// Heartbeats of live sessions in turn.
pub(crate) struct Heartbeat<'a> {
    parts: (Vec<u8>, Vec<u8>),
    sessions: &'a [SessionId],
    next: usize,
}

impl<'a> Heartbeat<'a> {
    pub(crate) fn new(target: &Target, sessions: &'a [SessionId]) -> Self {
        Self {
            parts: target.about_a_session("POST", "/heartbeat"),
            sessions,
            next: 0,
        }
    }
}

impl Work for Heartbeat<'_> {
    fn next(&mut self, _connection: usize, request: &mut Vec<u8>) -> bool {
        let Some(id) = self.sessions.get(self.next) else {
            return false;
        };
        self.next = (self.next + 1) % self.sessions.len();
        write_parts(&self.parts, id, request);
        true
    }

    fn answered(&mut self, _connection: usize, _status: u16, _body: &[u8]) {}
}
