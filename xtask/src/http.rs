//! As much HTTP/1.1 as talking to our own server needs: framing shared with the load generator,
//! and a blocking client for the few calls around it.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

/// The longest wait for one answer.
const LIMIT: Duration = Duration::from_mins(2);

/// What the first lines of an answer say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) status: u16,
    /// Where the body begins: right after the empty line.
    pub(crate) body_at: usize,
    /// Length of the body.
    pub(crate) body_bytes: usize,
}

impl Head {
    /// Reads the head at the start of `bytes`; `None` if it is not complete yet.
    ///
    /// # Errors
    /// When it is not HTTP/1.1, or the body's length is not given by `content-length`.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Option<Self>> {
        let Some(end) = find(bytes, b"\r\n\r\n") else {
            ensure!(bytes.len() < 64 * 1024, "an answer's head does not end");
            return Ok(None);
        };
        let status = bytes
            .strip_prefix(b"HTTP/1.1 ")
            .and_then(|rest| rest.get(..3))
            .and_then(number)
            .and_then(|status| u16::try_from(status).ok())
            .with_context(|| format!("not an HTTP/1.1 answer: {:?}", shortened(bytes)))?;
        let mut body_bytes = None;
        for line in bytes[..end].split(|byte| *byte == b'\n').skip(1) {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let Some(colon) = line.iter().position(|byte| *byte == b':') else {
                continue;
            };
            let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
            if name.eq_ignore_ascii_case(b"content-length") {
                body_bytes = number(value);
            } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
                bail!("an answer without a content-length: {:?}", shortened(bytes));
            }
        }
        if matches!(status, 204 | 304) {
            body_bytes = Some(0);
        }
        let body_bytes =
            body_bytes.with_context(|| format!("no content-length: {:?}", shortened(bytes)))?;
        Ok(Some(Self {
            status,
            body_at: end + 4,
            body_bytes,
        }))
    }

    /// Bytes of the whole answer.
    pub(crate) fn total_bytes(self) -> usize {
        self.body_at + self.body_bytes
    }
}

/// Where `needle` begins in `haystack`.
pub(crate) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

fn number(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn shortened(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(300)]).into_owned()
}

/// An answer with its JSON body (`Null` when there is none).
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answer {
    /// The body, if the answer is a 2xx; otherwise an error that quotes it.
    pub(crate) fn good(self) -> Result<Value> {
        ensure!(
            (200..300).contains(&self.status),
            "answered {}: {}",
            self.status,
            self.body
        );
        Ok(self.body)
    }
}

/// One keep-alive connection to a server, opened when first needed.
pub(crate) struct Client {
    server: SocketAddr,
    token: String,
    stream: Option<TcpStream>,
    limit: Duration,
}

impl Client {
    pub(crate) fn new(server: SocketAddr, token: impl Into<String>) -> Self {
        Self {
            server,
            token: token.into(),
            stream: None,
            limit: LIMIT,
        }
    }

    /// The same with another limit for connecting and for each piece of an answer.
    pub(crate) fn limited(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    pub(crate) fn get(&mut self, path: &str) -> Result<Answer> {
        self.call("GET", path, None, None)
    }

    pub(crate) fn post(&mut self, path: &str, body: &Value) -> Result<Answer> {
        self.call("POST", path, None, Some(body))
    }

    /// A request that may be repeated: the same key and body give the same answer.
    pub(crate) fn post_with_key(&mut self, path: &str, key: &str, body: &Value) -> Result<Answer> {
        self.call("POST", path, Some(key), Some(body))
    }

    pub(crate) fn delete(&mut self, path: &str) -> Result<Answer> {
        self.call("DELETE", path, None, None)
    }

    /// One request and its answer. A connection that the server closed in the meantime is opened
    /// anew once, before anything was sent over it.
    fn call(
        &mut self,
        method: &str,
        path: &str,
        key: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Answer> {
        let headers = key.map(|key| ("idempotency-key", key));
        let request = request_with(
            method,
            path,
            self.server,
            &self.token,
            headers.as_slice(),
            body,
        );
        let bytes = self
            .exchange(&request)
            .inspect_err(|_| self.stream = None)
            .with_context(|| format!("{method} http://{}{path}", self.server))?;
        let body = if bytes.1.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes.1)
                .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes.1).into_owned()))
        };
        Ok(Answer {
            status: bytes.0,
            body,
        })
    }

    fn exchange(&mut self, request: &[u8]) -> Result<(u16, Vec<u8>)> {
        if self.stream.as_ref().is_some_and(is_closed) {
            self.stream = None;
        }
        if self.stream.is_none() {
            let stream = TcpStream::connect_timeout(&self.server, self.limit)?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(self.limit))?;
            self.stream = Some(stream);
        }
        let stream = self.stream.as_mut().context("no connection")?;
        stream.write_all(request)?;
        let mut bytes = Vec::new();
        let mut part = [0; 16 * 1024];
        loop {
            let count = stream.read(&mut part)?;
            ensure!(
                count > 0,
                "the connection was closed in the middle of an answer"
            );
            bytes.extend_from_slice(&part[..count]);
            if let Some(head) = Head::parse(&bytes)?
                && bytes.len() >= head.total_bytes()
            {
                return Ok((
                    head.status,
                    bytes[head.body_at..head.total_bytes()].to_vec(),
                ));
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
    let closed = matches!(stream.peek(&mut byte), Ok(0));
    stream.set_nonblocking(false).is_err() || closed
}

/// The bytes of a request with a bearer token.
pub(crate) fn request(
    method: &str,
    path: &str,
    server: SocketAddr,
    token: &str,
    body: Option<&Value>,
) -> Vec<u8> {
    request_with(method, path, server, token, &[], body)
}

fn request_with(
    method: &str,
    path: &str,
    server: SocketAddr,
    token: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> Vec<u8> {
    let mut text =
        format!("{method} {path} HTTP/1.1\r\nhost: {server}\r\nauthorization: bearer {token}\r\n");
    for (name, value) in headers {
        text.push_str(&[name, ": ", value, "\r\n"].concat());
    }
    if let Some(body) = body {
        let body = body.to_string();
        text.push_str("content-type: application/json\r\n");
        text.push_str(
            &[
                "content-length: ",
                &body.len().to_string(),
                "\r\n\r\n",
                &body,
            ]
            .concat(),
        );
    } else if method == "POST" {
        text.push_str("content-length: 0\r\n\r\n");
    } else {
        text.push_str("\r\n");
    }
    text.into_bytes()
}

/// A piece of a path or query with everything but letters, digits and `-._~` escaped.
pub(crate) fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn head_is_parsed_once_it_is_complete() {
        let bytes = b"HTTP/1.1 201 Created\r\ncontent-type: a/b\r\nContent-Length:  12\r\n\r\n{";
        for end in 0..bytes.len() - 1 {
            assert_eq!(Head::parse(&bytes[..end]).unwrap(), None, "{end}");
        }
        let head = Head::parse(bytes).unwrap().unwrap();
        assert_eq!(
            (head.status, head.body_at, head.body_bytes),
            (201, bytes.len() - 1, 12)
        );
    }

    #[test]
    fn head_without_a_length_is_refused_unless_there_is_no_body() {
        assert!(Head::parse(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(Head::parse(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
        assert!(Head::parse(b"SSH-2.0-x\r\n\r\n").is_err());
        let head = Head::parse(b"HTTP/1.1 204 No Content\r\n\r\n")
            .unwrap()
            .unwrap();
        assert_eq!(head.total_bytes(), 27);
    }

    #[test]
    fn client_keeps_its_connection_and_opens_a_new_one_when_it_was_closed() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let mut seen = Vec::new();
            for requests in [2, 1] {
                let (mut stream, _) = listener.accept().unwrap();
                for _ in 0..requests {
                    let mut part = [0; 4096];
                    let count = stream.read(&mut part).unwrap();
                    seen.push(String::from_utf8_lossy(&part[..count]).into_owned());
                    stream
                        .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n{\"a\"")
                        .unwrap();
                    stream.write_all(b":1}").unwrap();
                }
            }
            seen
        });
        let mut client = Client::new(address, "secret");
        for _ in 0..2 {
            let answer = client.post("/v1/x", &serde_json::json!({"b": 2})).unwrap();
            assert_eq!(answer.good().unwrap()["a"], 1);
        }
        while !client.stream.as_ref().is_some_and(is_closed) {
            std::thread::yield_now();
        }
        client.get("/v1/y").unwrap();
        let seen = server.join().unwrap();
        assert!(
            seen[0].starts_with("POST /v1/x HTTP/1.1\r\n"),
            "{}",
            seen[0]
        );
        assert!(
            seen[0].ends_with("content-length: 7\r\n\r\n{\"b\":2}"),
            "{}",
            seen[0]
        );
        assert!(seen[2].starts_with("GET /v1/y ") && seen[2].contains("bearer secret"));
    }

    #[test]
    fn escaped_text_is_plain_ascii() {
        assert_eq!(escaped("a b/ü-1"), "a%20b%2F%C3%BC-1");
    }
}
