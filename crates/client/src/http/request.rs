//! One request, from what it says to what came back.

use std::borrow::Cow;
use std::io::{self, Cursor, Read};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use ureq::http::{self, Method, header};
use ureq::{Body, SendBody};
use wire::path::{self, header as ours};

use super::Client;
use super::answer::{self, Received};
use crate::{Answer, Error, Unreachable, random};

/// From this size on, the server is asked whether it wants a body before it is sent.
const ASK_FIRST: usize = 256 * 1024;

/// How long a file may take to arrive.
const LONGEST_DOWNLOAD: Duration = Duration::from_hours(24);

/// A file on its way from the server; what is read may end early, which its length tells.
pub struct Download {
    length: Option<u64>,
    reader: ureq::BodyReader<'static>,
}

impl Download {
    /// How long it will be, in bytes, if the server said so.
    pub const fn length(&self) -> Option<u64> {
        self.length
    }
}

impl Read for Download {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

enum Content<'a> {
    None,
    Json(Vec<u8>),
    File {
        bytes: &'a [u8],
        media_type: Cow<'static, str>,
        /// Told how many bytes have been sent.
        progress: &'a mut dyn FnMut(u64),
    },
}

/// A request on its way.
pub(crate) struct Request<'a> {
    client: &'a Client,
    method: Method,
    /// With the query.
    path: String,
    content: Content<'a>,
    key: Option<String>,
    version: Option<u32>,
    repeatable: bool,
    timeout: Duration,
}

impl<'a> Request<'a> {
    pub(super) fn new(client: &'a Client, method: Method, path: String) -> Self {
        let repeatable = matches!(method, Method::GET | Method::PUT | Method::DELETE);
        Self {
            client,
            method,
            path,
            content: Content::None,
            key: None,
            version: None,
            repeatable,
            timeout: client.0.timeout,
        }
    }

    /// With the fields of `query` in the address, those that are there.
    pub(crate) fn query(mut self, query: &impl Serialize) -> Self {
        let fields = serde_json::to_value(query).expect("queries are flat structs");
        let mut separator = '?';
        for (name, value) in fields.as_object().into_iter().flatten() {
            let text = match value {
                serde_json::Value::Null => continue,
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            self.path.push(separator);
            path::escape_into(&mut self.path, name);
            self.path.push('=');
            path::escape_into(&mut self.path, &text);
            separator = '&';
        }
        self
    }

    /// With a JSON body.
    pub(crate) fn json(mut self, body: &impl Serialize) -> Self {
        let json = serde_json::to_vec(body).expect("requests are plain structs");
        self.content = Content::Json(json);
        self
    }

    /// With a file as its body, and the time that such takes.
    pub(crate) fn file(
        mut self,
        bytes: &'a [u8],
        media_type: impl Into<Cow<'static, str>>,
        progress: &'a mut dyn FnMut(u64),
    ) -> Self {
        self.content = Content::File {
            bytes,
            media_type: media_type.into(),
            progress,
        };
        self.long()
    }

    /// With the time that work on many takes.
    pub(crate) fn long(mut self) -> Self {
        self.timeout = self.client.0.upload_timeout;
        self
    }

    /// With another time limit, where that is shorter.
    pub(crate) fn within(mut self, timeout: Duration) -> Self {
        self.timeout = self.timeout.min(timeout);
        self
    }

    /// With a fresh `Idempotency-Key`, by which the server knows a repetition.
    pub(crate) fn keyed(mut self) -> Self {
        self.key = Some(random::key());
        self.repeatable = true;
        self
    }

    /// Doing it twice comes to the same as once, by itself.
    pub(crate) fn harmless_twice(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// Only if it is still at this version (`If-Match`).
    pub(crate) fn version(mut self, version: Option<u32>) -> Self {
        self.version = version;
        self
    }

    /// Sends it and reads a JSON answer.
    pub(crate) fn answer<T: DeserializeOwned>(self) -> Result<T, Error> {
        let url = self.client.0.url.clone();
        answer::read(self.send()?, &url)
    }

    /// Sends it and reads a JSON answer, where it has content.
    pub(crate) fn answer_if_any<T: DeserializeOwned>(self) -> Result<Option<T>, Error> {
        let url = self.client.0.url.clone();
        let received = self.send()?;
        if received.status == 204 {
            return Ok(None);
        }
        answer::read(received, &url).map(Some)
    }

    /// Sends it and reads an answer that is a text.
    pub(crate) fn text(self) -> Result<String, Error> {
        let url = self.client.0.url.clone();
        answer::read_text(self.send()?, &url)
    }

    /// Sends it; the answer has no content.
    pub(crate) fn done(self) -> Result<(), Error> {
        self.send().map(drop)
    }

    /// Sends it and reads a JSON answer, or the id of the job that goes on with it (202).
    pub(crate) fn answer_or_job<T: DeserializeOwned>(self) -> Result<Answer<T>, Error> {
        let url = self.client.0.url.clone();
        let received = self.send()?;
        if received.status == 202 {
            let started: wire::job::JobStarted = answer::read(received, &url)?;
            return Ok(Answer::Job(started.job));
        }
        answer::read(received, &url).map(Answer::Done)
    }

    /// Sends it and leaves the answer to be read as it comes, for as long as that takes.
    pub(crate) fn download(mut self) -> Result<Download, Error> {
        self.timeout = LONGEST_DOWNLOAD;
        let url = self.client.0.url.clone();
        let fail = |error| answer::failure(&url, error);
        let head = self.head();
        let mut nothing = io::empty();
        let body = SendBody::from_reader(&mut nothing);
        let response = run(self.client, self.timeout, head.body(body)).map_err(fail)?;
        if !response.status().is_success() {
            let received = Received::from_response(response).map_err(fail)?;
            return Err(answer::refused(&received, &url));
        }
        let body = response.into_body();
        Ok(Download {
            length: body.content_length(),
            reader: body.into_reader(),
        })
    }

    /// Sends it; whatever is not a success becomes an error.
    fn send(mut self) -> Result<Received, Error> {
        let received = match self.exchange() {
            Err(Error::Unreachable {
                cause: Unreachable::Lost,
                ..
            }) if self.repeatable => self.exchange(),
            other => other,
        }?;
        answer::check(received, &self.client.0.url)
    }

    fn exchange(&mut self) -> Result<Received, Error> {
        let (client, timeout) = (self.client, self.timeout);
        let head = self.head();
        let expects_body = self.expects_body();
        let response = match &mut self.content {
            Content::None if !expects_body => run(client, timeout, head.body(SendBody::none())),
            Content::None => {
                let mut nothing = io::empty();
                run(
                    client,
                    timeout,
                    head.body(SendBody::from_reader(&mut nothing)),
                )
            }
            Content::Json(json) => {
                let mut reader = json.as_slice();
                run(
                    client,
                    timeout,
                    head.body(SendBody::from_reader(&mut reader)),
                )
            }
            Content::File {
                bytes, progress, ..
            } => {
                let mut reader = Counting {
                    bytes: Cursor::new(*bytes),
                    progress: &mut **progress,
                };
                run(
                    client,
                    timeout,
                    head.body(SendBody::from_reader(&mut reader)),
                )
            }
        };
        response
            .and_then(Received::from_response)
            .map_err(|error| answer::failure(&client.0.url, error))
    }

    /// Whether an empty body must be said to be one (RFC 9110 section 8.6); else it would be sent in chunks.
    fn expects_body(&self) -> bool {
        matches!(self.method, Method::POST | Method::PUT | Method::PATCH)
    }

    fn head(&self) -> http::request::Builder {
        let mut head = http::Request::builder()
            .method(&self.method)
            .uri(format!("{}{}", self.client.0.url, self.path))
            .header(header::ACCEPT, "application/json");
        if let Some(value) = &self.client.0.authorization {
            head = head.header(header::AUTHORIZATION, value.clone());
        }
        if let Some(key) = &self.key {
            head = head.header(ours::IDEMPOTENCY_KEY, key);
        }
        if let Some(version) = self.version {
            head = head.header(ours::IF_MATCH, format!("\"{version}\""));
        }
        let (media_type, length) = match &self.content {
            Content::None if self.expects_body() => {
                return head.header(header::CONTENT_LENGTH, 0);
            }
            Content::None => return head,
            Content::Json(json) => ("application/json", json.len()),
            Content::File {
                bytes, media_type, ..
            } => (media_type.as_ref(), bytes.len()),
        };
        if length >= ASK_FIRST {
            head = head.header(header::EXPECT, "100-continue");
        }
        head.header(header::CONTENT_TYPE, media_type)
            .header(header::CONTENT_LENGTH, length)
    }
}

fn run(
    client: &Client,
    timeout: Duration,
    request: http::Result<http::Request<SendBody<'_>>>,
) -> Result<http::Response<Body>, ureq::Error> {
    let agent = &client.0.agent;
    let request = agent
        .configure_request(request?)
        .timeout_global(Some(timeout))
        .build();
    agent.run(request)
}

/// A body that says how much of it was taken.
struct Counting<'a> {
    bytes: Cursor<&'a [u8]>,
    progress: &'a mut dyn FnMut(u64),
}

impl Read for Counting<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(buffer)?;
        (self.progress)(self.bytes.position());
        Ok(read)
    }
}
