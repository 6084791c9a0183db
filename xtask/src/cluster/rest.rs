//! Asking Patroni, which answers in HTTP/1.0 and closes.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::Value;

/// A Patroni that takes longer is not well.
const LIMIT: Duration = Duration::from_secs(1);

/// The status of an answer, and its JSON body (`Null` when there is none).
pub(super) fn get(port: u16, path: &str) -> Result<(u16, Value)> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    write!(stream, "GET {path} HTTP/1.0\r\n\r\n")?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    parse(&String::from_utf8_lossy(&bytes)).context("not an HTTP answer")
}

fn parse(text: &str) -> Option<(u16, Value)> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, serde_json::from_str(body).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answer_is_a_status_and_perhaps_json() {
        let text = "HTTP/1.0 503 Service Unavailable\r\nServer: x\r\n\r\n{\"state\": \"running\"}";
        let (status, body) = parse(text).unwrap();
        assert_eq!((status, body["state"].as_str()), (503, Some("running")));
        assert_eq!(parse("HTTP/1.0 200 OK\r\n\r\n"), Some((200, Value::Null)));
        assert_eq!(parse("nothing"), None);
    }
}
