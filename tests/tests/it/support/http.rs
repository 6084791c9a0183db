//! Requests as any program would send them, over one socket, so that a test knows exactly what
//! was answered and what was not.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use serde_json::Value;

use super::wait;

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
}

impl Call {
    /// Any method; the path with its query.
    pub(crate) fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: Vec::new(),
            body: None,
        }
    }

    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new("GET", path)
    }

    pub(crate) fn delete(path: impl Into<String>) -> Self {
        Self::new("DELETE", path)
    }

    /// A POST with a JSON body.
    pub(crate) fn post(path: impl Into<String>, body: &Value) -> Self {
        Self::new("POST", path).json(body)
    }

    /// With a JSON body.
    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// With any body.
    pub(crate) fn body(mut self, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("content-type", kind)
    }

    /// With a further header.
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// With a key that makes it safe to repeat.
    pub(crate) fn key(self, key: impl Into<String>) -> Self {
        self.header("idempotency-key", key)
    }

    fn bytes(&self, host: SocketAddr, token: Option<&str>) -> Vec<u8> {
        let mut lines = vec![
            format!("{} {} HTTP/1.1", self.method, self.path),
            format!("host: {host}"),
        ];
        lines.extend(token.map(|token| format!("authorization: Bearer {token}")));
        let headers = self.headers.iter();
        lines.extend(headers.map(|(name, value)| format!("{name}: {value}")));
        if self.body.is_some() || self.method != "GET" {
            let length = self.body.as_ref().map_or(0, Vec::len);
            lines.push(format!("content-length: {length}"));
        }
        let mut bytes = (lines.join("\r\n") + "\r\n\r\n").into_bytes();
        bytes.extend_from_slice(self.body.as_deref().unwrap_or_default());
        bytes
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header's value; its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null when there is none.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        if self.body.is_empty() {
            return Value::Null;
        }
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {}", self.text()))
    }

    /// Checks the status and gives the body.
    #[track_caller]
    pub(crate) fn is(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        self.json()
    }

    /// Checks that it is a problem with this status and code, and gives it.
    #[track_caller]
    pub(crate) fn is_problem(&self, status: u16, code: &str) -> Value {
        let body = self.is(status);
        assert_eq!(body["code"], code, "{body}");
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
        body
    }
}

/// A caller with one keep-alive connection, opened when first needed.
#[derive(Debug)]
pub(crate) struct Connection {
    server: SocketAddr,
    token: Option<String>,
    stream: Option<TcpStream>,
}

impl Connection {
    /// A caller with a token, or without.
    pub(crate) fn new(server: SocketAddr, token: Option<&str>) -> Self {
        Self {
            server,
            token: token.map(str::to_owned),
            stream: None,
        }
    }

    /// Sends a request and reads its answer.
    ///
    /// # Errors
    /// When no whole answer came: the request may have been carried out, or not.
    pub(crate) fn try_send(&mut self, call: &Call) -> io::Result<Answer> {
        let mut stream = match self.stream.take() {
            Some(stream) if !is_closed(&stream) => stream,
            _ => {
                let stream = TcpStream::connect_timeout(&self.server, wait::LIMIT)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(wait::LIMIT))?;
                stream
            }
        };
        stream.write_all(&call.bytes(self.server, self.token.as_deref()))?;
        let answer = read_answer(&mut stream)?;
        if answer.header("connection") != Some("close") {
            self.stream = Some(stream);
        }
        Ok(answer)
    }

    /// Sends a request that must be answered.
    #[track_caller]
    pub(crate) fn send(&mut self, call: &Call) -> Answer {
        self.try_send(call)
            .unwrap_or_else(|error| panic!("{} {}: {error}", call.method, call.path))
    }

    #[track_caller]
    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.send(&Call::get(path))
    }

    #[track_caller]
    pub(crate) fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.send(&Call::post(path, body))
    }

    #[track_caller]
    pub(crate) fn delete(&mut self, path: &str) -> Answer {
        self.send(&Call::delete(path))
    }

    /// All items of a list, page by page.
    #[track_caller]
    pub(crate) fn list(&mut self, path: &str) -> Vec<Value> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut items = Vec::new();
        let mut after = String::new();
        loop {
            let page = self.get(&format!("{path}{joint}limit=1000{after}")).is(200);
            items.extend_from_slice(page["items"].as_array().expect("a list has items"));
            match page["next"].as_str() {
                Some(cursor) => after = format!("&after={cursor}"),
                None => return items,
            }
        }
    }
}

/// Whether the other side has closed an idle connection.
fn is_closed(stream: &TcpStream) -> bool {
    let mut byte = [0];
    if stream.set_nonblocking(true).is_err() {
        return true;
    }
    let closed =
        !matches!(stream.peek(&mut byte), Err(error) if error.kind() == ErrorKind::WouldBlock);
    stream.set_nonblocking(false).is_err() || closed
}

/// Reads one answer from a stream; its length must be given.
pub(crate) fn read_answer(stream: &mut TcpStream) -> io::Result<Answer> {
    let broken = |what: &str| io::Error::new(ErrorKind::InvalidData, what.to_owned());
    let mut bytes = Vec::new();
    let mut part = [0; 16 * 1024];
    let (mut answer, body_at) = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = std::str::from_utf8(&bytes[..end]).map_err(|_| broken("head"))?;
            break (parse(head).ok_or_else(|| broken("head"))?, end + 4);
        }
        let count = stream.read(&mut part)?;
        if count == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        bytes.extend_from_slice(&part[..count]);
    };
    let length = match answer.header("content-length") {
        Some(length) => length.parse().map_err(|_| broken("content-length"))?,
        None if matches!(answer.status, 204 | 304) => 0,
        None => return Err(broken("no content-length")),
    };
    while bytes.len() < body_at + length {
        let count = stream.read(&mut part)?;
        if count == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        bytes.extend_from_slice(&part[..count]);
    }
    answer.body = bytes[body_at..body_at + length].to_vec();
    Ok(answer)
}

fn parse(head: &str) -> Option<Answer> {
    let mut lines = head.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/1.1 ")?.get(..3)?;
    let headers = lines.filter_map(|line| line.split_once(':'));
    Some(Answer {
        status: status.parse().ok()?,
        headers: headers
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect(),
        body: Vec::new(),
    })
}
