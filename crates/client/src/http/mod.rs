//! Requests out, answers and errors in.

mod answer;
mod request;

pub use request::Download;
pub(crate) use request::Request;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ureq::Agent;
use ureq::http::{HeaderValue, Method, Uri};
use wire::path;

use crate::Error;

/// A server and who we are to it. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    agent: Agent,
    /// Without a slash at the end.
    url: String,
    authorization: Option<HeaderValue>,
    timeout: Duration,
    upload_timeout: Duration,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Client({})", self.0.url)
    }
}

/// How a [`Client`] behaves.
#[derive(Clone, Debug)]
pub struct Builder {
    connect_timeout: Duration,
    timeout: Duration,
    upload_timeout: Duration,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
            upload_timeout: Duration::from_mins(10),
        }
    }
}

impl Builder {
    /// How long to wait for a connection; 5 seconds unless said otherwise.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long to wait for an answer; 30 seconds unless said otherwise.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long to wait for the answer to a file or a bulk operation; 10 minutes unless said otherwise.
    #[must_use]
    pub fn upload_timeout(mut self, timeout: Duration) -> Self {
        self.upload_timeout = timeout;
        self
    }

    /// A client of the server at `url` (`http://…` or `https://…`, a path in it is put before each of ours). Without a
    /// token only what is open can be asked.
    ///
    /// # Errors
    /// [`Error::InvalidUrl`], [`Error::InvalidToken`]. Nothing is sent yet.
    pub fn build(self, url: &str, token: Option<&str>) -> Result<Client, Error> {
        let url = check_url(url)?;
        let authorization = token.map(authorization).transpose()?;
        let agent = line::config()
            .user_agent(concat!("seatkeeper-client/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(self.connect_timeout))
            .max_idle_connections_per_host(8)
            .build()
            .new_agent();
        Ok(Client(Arc::new(Inner {
            agent,
            url,
            authorization,
            timeout: self.timeout,
            upload_timeout: self.upload_timeout,
        })))
    }
}

impl Client {
    /// A client of the server at `url`, with an API token.
    ///
    /// # Errors
    /// As [`Builder::build`].
    pub fn new(url: &str, token: &str) -> Result<Self, Error> {
        Builder::default().build(url, Some(token))
    }

    /// The server's address, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.0.url
    }

    pub(crate) fn get(&self, path: &str) -> Request<'_> {
        Request::new(self, Method::GET, path.to_owned())
    }

    pub(crate) fn get_at(&self, template: &str, value: impl fmt::Display) -> Request<'_> {
        Request::new(self, Method::GET, path::fill(template, value))
    }

    pub(crate) fn post(&self, path: &str) -> Request<'_> {
        Request::new(self, Method::POST, path.to_owned())
    }

    pub(crate) fn post_at(&self, template: &str, value: impl fmt::Display) -> Request<'_> {
        Request::new(self, Method::POST, path::fill(template, value))
    }

    pub(crate) fn put(&self, path: &str) -> Request<'_> {
        Request::new(self, Method::PUT, path.to_owned())
    }

    pub(crate) fn put_at(&self, template: &str, value: impl fmt::Display) -> Request<'_> {
        Request::new(self, Method::PUT, path::fill(template, value))
    }

    pub(crate) fn patch_at(&self, template: &str, value: impl fmt::Display) -> Request<'_> {
        Request::new(self, Method::PATCH, path::fill(template, value))
    }

    pub(crate) fn delete_at(&self, template: &str, value: impl fmt::Display) -> Request<'_> {
        Request::new(self, Method::DELETE, path::fill(template, value))
    }
}

fn check_url(url: &str) -> Result<String, Error> {
    let invalid = |detail| Error::InvalidUrl {
        url: url.to_owned(),
        detail,
    };
    let trimmed = url.trim().trim_end_matches('/');
    let uri: Uri = trimmed
        .parse()
        .map_err(|_| invalid("expected something like https://licenses.example.org"))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(invalid("it must begin with http:// or https://"));
    }
    if uri.host().is_none_or(str::is_empty) {
        return Err(invalid("it names no host"));
    }
    if uri.query().is_some() || trimmed.contains('#') {
        return Err(invalid("it must end before any ? or #"));
    }
    Ok(trimmed.to_owned())
}

fn authorization(token: &str) -> Result<HeaderValue, Error> {
    let token = token.trim();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::InvalidToken);
    }
    let mut value = HeaderValue::from_str(&format!("Bearer {token}"))
        .expect("printable ASCII may stand in a header");
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_checked_before_anything_is_sent() {
        for good in [
            "http://127.0.0.1:7420",
            "https://example.org/seats/",
            "http://[::1]:1",
        ] {
            let url = check_url(good).unwrap();
            assert!(!url.ends_with('/'), "{url}");
        }
        for bad in [
            "",
            "example.org",
            "ftp://example.org",
            "http://",
            "http://a b",
            "http://a/?x=1",
        ] {
            assert!(check_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_token_never_shows_in_debug_output() {
        let client = Client::new("http://127.0.0.1:1", "swordfish").unwrap();
        assert!(!format!("{client:?}").contains("swordfish"));
        assert!(!format!("{:?}", authorization("swordfish").unwrap()).contains("swordfish"));
        assert!(Client::new("http://127.0.0.1:1", "two words").is_err());
    }
}
