//! An administrator elsewhere: the same calls over HTTP.

use std::fmt::Write as _;
use std::time::Duration;

use line::{Silence, Unreachable};
use serde::Serialize;
use serde::de::DeserializeOwned;
use ureq::{Agent, Body, http::Response};
use zeroize::Zeroizing;

use super::model::{
    Activation, Detail, Entry, Issued, Items, NewLicenses, Problem, Reissue, Release, Withdrawal,
};

/// Longest answer that is read, in bytes.
const LONGEST: u64 = 256 * 1024 * 1024;

/// A license service, and a token to administer it.
pub struct Remote {
    agent: Agent,
    url: String,
    token: Zeroizing<String>,
}

/// Why a license service did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// It refuses.
    #[error("{}", .0.detail)]
    Refused(Box<Problem>),
    /// No answer came.
    #[error("the license service {url} can't be reached: {why}")]
    Unreachable {
        /// Its address.
        url: String,
        /// Why.
        why: Unreachable,
    },
    /// What was given can be no service's address.
    #[error(
        "{url:?} is not the address of a license service: it must be like https://licenses.example.org"
    )]
    InvalidUrl {
        /// What was given.
        url: String,
    },
    /// Something else answers there.
    #[error("{url} does not answer as a license service does: {why}")]
    Protocol {
        /// The address.
        url: String,
        /// What it did.
        why: String,
    },
}

impl RemoteError {
    /// Stable code for programs.
    pub fn code(&self) -> &str {
        match self {
            Self::Refused(problem) => &problem.code,
            Self::Unreachable { .. } => "unreachable",
            Self::InvalidUrl { .. } => "invalid_url",
            Self::Protocol { .. } => "protocol",
        }
    }
}

impl Remote {
    /// The service at an address. Nothing is sent yet.
    pub fn new(url: &str, token: &str) -> Self {
        let agent = line::config()
            .user_agent(concat!("seatkeeper-vendor/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(Duration::from_secs(5)))
            .timeout_global(Some(Duration::from_mins(1)))
            .build()
            .new_agent();
        Self {
            agent,
            url: url.trim_end_matches('/').to_owned(),
            token: Zeroizing::new(token.to_owned()),
        }
    }

    /// Issues licenses; their keys are told only here.
    ///
    /// # Errors
    /// [`RemoteError`].
    pub fn issue(&self, new: &NewLicenses) -> Result<Vec<Issued>, RemoteError> {
        self.post::<Items<_>>("/v1/licenses", new)
            .map(|all| all.items)
    }

    /// Every license.
    ///
    /// # Errors
    /// [`RemoteError`].
    pub fn list(&self) -> Result<Vec<Entry>, RemoteError> {
        self.get::<Items<_>>("/v1/licenses").map(|all| all.items)
    }

    /// One license.
    ///
    /// # Errors
    /// [`RemoteError`].
    pub fn detail(&self, license: &str) -> Result<Detail, RemoteError> {
        self.get(&of(license, ""))
    }

    /// A new revision.
    ///
    /// # Errors
    /// [`RemoteError`].
    pub fn reissue(&self, license: &str, change: &Reissue) -> Result<Entry, RemoteError> {
        self.post(&of(license, "/reissue"), change)
    }

    /// Withdraws a license.
    ///
    /// # Errors
    /// [`RemoteError`].
    pub fn revoke(&self, license: &str, withdrawal: &Withdrawal) -> Result<Entry, RemoteError> {
        self.post(&of(license, "/revoke"), withdrawal)
    }

    /// Another key.
    ///
    /// # Errors
    /// [`RemoteError`].
    pub fn rekey(&self, license: &str) -> Result<Issued, RemoteError> {
        self.post(&of(license, "/key"), &Withdrawal::default())
    }

    /// Takes a license from an installation.
    ///
    /// # Errors
    /// [`RemoteError`].
    pub fn release(&self, license: &str, release: &Release) -> Result<Entry, RemoteError> {
        self.post(&of(license, "/release"), release)
    }

    /// Every activation.
    ///
    /// # Errors
    /// [`RemoteError`].
    pub fn activations(&self) -> Result<Vec<Activation>, RemoteError> {
        self.get::<Items<_>>("/v1/activations").map(|all| all.items)
    }

    fn authorization(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("Bearer {}", *self.token))
    }

    fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, RemoteError> {
        let request = self.agent.get(format!("{}{path}", self.url));
        self.answer(
            request
                .header("authorization", self.authorization().as_str())
                .call(),
        )
    }

    fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, RemoteError> {
        let body = serde_json::to_vec(body).expect("requests are plain structs");
        let request = self.agent.post(format!("{}{path}", self.url));
        let request = request.header("authorization", self.authorization().as_str());
        self.answer(
            request
                .content_type("application/json")
                .send(body.as_slice()),
        )
    }

    fn answer<T: DeserializeOwned>(
        &self,
        response: Result<Response<Body>, ureq::Error>,
    ) -> Result<T, RemoteError> {
        let no_answer = |error| no_answer(&self.url, error);
        let protocol = |why: String| RemoteError::Protocol {
            url: self.url.clone(),
            why,
        };
        let response = response.map_err(no_answer)?;
        let status = response.status().as_u16();
        let elsewhere = response.headers().get("location");
        let elsewhere = elsewhere.and_then(|value| value.to_str().ok().map(str::to_owned));
        let body = response.into_body().into_with_config().limit(LONGEST);
        let body = body.read_to_vec().map_err(no_answer)?;
        if (200..300).contains(&status) {
            return serde_json::from_slice(&body)
                .map_err(|error| protocol(format!("what it sends is something else ({error})")));
        }
        match (serde_json::from_slice(&body), elsewhere) {
            (Ok(problem), _) => Err(RemoteError::Refused(Box::new(problem))),
            (Err(_), Some(elsewhere)) => Err(protocol(format!(
                "status {status}, which leads to {elsewhere:?}"
            ))),
            (Err(_), None) => Err(protocol(format!("status {status} without a reason"))),
        }
    }
}

/// Why there is no answer, of what can be known.
fn no_answer(url: &str, error: ureq::Error) -> RemoteError {
    let url = url.to_owned();
    match Silence::from(error) {
        Silence::Unreachable(why) => RemoteError::Unreachable { url, why },
        Silence::BadAddress(_) => RemoteError::InvalidUrl { url },
        Silence::Garbage(why) => RemoteError::Protocol { url, why },
    }
}

/// An address of one license: its id or serial is one segment (RFC 3986).
fn of(license: &str, what: &str) -> String {
    let mut path = String::from("/v1/licenses/");
    for byte in license.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            path.push(char::from(byte));
        } else {
            write!(path, "%{byte:02X}").expect("writing to a String can't fail");
        }
    }
    path.push_str(what);
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_that_does_not_answer_is_named_with_the_reason() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let talking = std::thread::spawn(move || {
            use std::io::{Read as _, Write as _};
            for said in [
                "220 mail.example.org\r\n\r\n",
                "HTTP/1.1 302 Found\r\nlocation: /in\r\ncontent-length: 0\r\n\r\n",
            ] {
                let (mut stream, _) = listener.accept().unwrap();
                let _ = stream.read(&mut [0; 4096]);
                // A client that goes away first has heard enough.
                let _ = stream.write_all(said.as_bytes());
            }
        });
        let asked = |url: String| Remote::new(&url, "t").list().unwrap_err();
        let http = format!("http://{address}");
        let said = asked(http.clone()).to_string();
        assert!(said.contains(&http) && said.contains("no HTTP"), "{said}");
        let said = asked(http.clone()).to_string();
        assert!(
            said.contains("status 302, which leads to \"/in\""),
            "{said}"
        );
        talking.join().unwrap();
        let refused = asked(http.clone());
        assert_eq!(refused.code(), "unreachable");
        assert_eq!(
            refused.to_string(),
            format!("the license service {http} can't be reached: nothing listens at that address")
        );
        assert_eq!(asked("licenses".into()).code(), "invalid_url");
    }
}
