//! An HTTP/1.1 server that answers as it is told, and remembers what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use client::{Builder, Client};

/// What it was asked.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// `POST /v1/sessions?x=1`
    pub(crate) line: String,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Asked {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// What it does.
pub(crate) enum Reply {
    /// Answers with JSON, or a problem from status 400 on.
    Json(u16, String),
    /// Answers with something else.
    Text(u16, &'static str),
    /// Closes the connection without a word.
    HangUp,
}

/// An answer without content.
pub(crate) fn nothing() -> Reply {
    Reply::Json(204, String::new())
}

/// A problem.
pub(crate) fn problem(status: u16, code: &str) -> Reply {
    let problem = wire::Problem::new(status, code, "A title", "A sentence.");
    Reply::Json(status, serde_json::to_string(&problem).unwrap())
}

type Script = dyn Fn(&Asked, usize) -> Reply + Send + Sync;

/// The server. Its threads end with the test's process.
pub(crate) struct Server {
    url: String,
    asked: Arc<(Mutex<Vec<Asked>>, Condvar)>,
}

impl Server {
    /// A server whose replies `script` makes of the request and of how many came before it.
    pub(crate) fn start(script: impl Fn(&Asked, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new((Mutex::new(Vec::new()), Condvar::new()));
        let script: Arc<Script> = Arc::new(script);
        let seen = Arc::clone(&asked);
        thread::spawn(move || {
            for connection in listener.incoming() {
                let (script, seen) = (Arc::clone(&script), Arc::clone(&seen));
                thread::spawn(move || serve(connection.unwrap(), &script, &seen));
            }
        });
        Self { url, asked }
    }

    /// A client of it.
    pub(crate) fn client(&self) -> Client {
        let builder = Builder::default().timeout(Duration::from_secs(20));
        builder.build(&self.url, Some("swordfish")).unwrap()
    }

    /// What was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.0.lock().unwrap().clone()
    }

    /// Waits until so much was asked, and returns it.
    pub(crate) fn asked_times(&self, count: usize) -> Vec<Asked> {
        let (asked, more) = &*self.asked;
        let patience = Duration::from_secs(20);
        let (asked, _) = more
            .wait_timeout_while(asked.lock().unwrap(), patience, |asked| asked.len() < count)
            .unwrap();
        assert!(asked.len() >= count, "only {asked:?}");
        asked.clone()
    }
}

fn serve(connection: TcpStream, script: &Arc<Script>, seen: &(Mutex<Vec<Asked>>, Condvar)) {
    let mut reader = BufReader::new(connection.try_clone().unwrap());
    let mut writer = connection;
    while let Some(request) = read(&mut reader, &mut writer) {
        let before = {
            let mut asked = seen.0.lock().unwrap();
            asked.push(request.clone());
            seen.1.notify_all();
            asked.len() - 1
        };
        let (status, media_type, body) = match script(&request, before) {
            Reply::Json(status, body) if status >= 400 => {
                (status, "application/problem+json", body)
            }
            Reply::Json(status, body) => (status, "application/json", body),
            Reply::Text(status, body) => (status, "text/plain", body.to_owned()),
            Reply::HangUp => return,
        };
        let length = if status == 204 {
            String::new()
        } else {
            format!(
                "content-type: {media_type}\r\ncontent-length: {}\r\n",
                body.len()
            )
        };
        let answer = format!("HTTP/1.1 {status} Whatever\r\n{length}\r\n{body}");
        if writer.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>, writer: &mut TcpStream) -> Option<Asked> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let headers: Vec<(String, String)> = lines[1..]
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let mut asked = Asked {
        line: lines[0].trim_end_matches(" HTTP/1.1").to_owned(),
        headers,
        body: Vec::new(),
    };
    if asked.header("expect").is_some() {
        writer.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").ok()?;
    }
    assert!(
        asked.header("transfer-encoding").is_none(),
        "a length is known"
    );
    let length = asked
        .header("content-length")
        .map_or(0, |text| text.parse().unwrap());
    asked.body = vec![0; length];
    reader.read_exact(&mut asked.body).ok()?;
    Some(asked)
}
