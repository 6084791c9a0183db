//! The line to a license service: one request, one answer, and a time limit.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use domain::refresh::Fault;
use license_file::exchange::MEDIA_TYPE;
use license_file::open::MAX_FILE;
use line::{Silence, Unreachable};
use serde::Deserialize;
use ureq::Agent;

/// Longest answer that is read, in bytes: documents are base64 within base64.
const LONGEST: u64 = 2 * MAX_FILE as u64;

/// What to do about an answer that is none of a license service.
pub(super) const CHECK_ADDRESS: &str = "check the address: something else is there";

/// Longest part of a service's own words that is passed on, in characters.
const MOST_SAID: usize = 300;

/// Why no answer came that could be an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// Nothing came back, or not in time.
    #[error("it can't be reached: {why}; {}", advice(.why))]
    Unreachable {
        /// Why.
        why: Unreachable,
    },
    /// It has no time now.
    #[error("it is busy: {0}")]
    Busy(String),
    /// It understood, and refuses.
    #[error("it refuses: {detail}")]
    Refused {
        /// Its code.
        code: String,
        /// Its sentence.
        detail: String,
    },
    /// Something else than a license service answers there.
    #[error("it does not answer as a license service does: {0}; {advice}", advice = CHECK_ADDRESS)]
    Garbage(String),
    /// This server is stopping.
    #[error("this server is stopping")]
    Stopping,
}

impl LineError {
    /// What it means for a refresh.
    pub(super) const fn fault(&self) -> Fault {
        match self {
            Self::Unreachable { .. } | Self::Stopping => Fault::Unreachable,
            Self::Busy(_) => Fault::Busy,
            Self::Refused { .. } => Fault::Refused,
            Self::Garbage(_) => Fault::Garbage,
        }
    }
}

/// How license services are reached. The engine brings its own way over HTTP; tests bring others.
pub trait ServiceLine: Send + Sync + fmt::Debug {
    /// Sends a request to an address and waits for the answer, for a limited time.
    ///
    /// # Errors
    /// [`LineError`].
    fn send(&self, url: &str, request: &str) -> Result<Vec<u8>, LineError>;
}

/// Over HTTP, with the certificates that the operating system trusts and the proxy of the environment.
#[derive(Debug)]
pub(crate) struct Http(Agent);

impl Http {
    /// A line that is used by all.
    pub(crate) fn line() -> Arc<dyn ServiceLine> {
        let agent = line::config()
            .user_agent(concat!("seatkeeper/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(Duration::from_secs(5)))
            .timeout_global(Some(Duration::from_secs(20)))
            .build()
            .new_agent();
        Arc::new(Self(agent))
    }
}

impl ServiceLine for Http {
    fn send(&self, url: &str, request: &str) -> Result<Vec<u8>, LineError> {
        let response = self.0.post(url).content_type(MEDIA_TYPE).send(request)?;
        let status = response.status().as_u16();
        let elsewhere = response.headers().get("location");
        let elsewhere = elsewhere.and_then(|value| value.to_str().ok().map(readable));
        let body = response
            .into_body()
            .into_with_config()
            .limit(LONGEST)
            .read_to_vec()?;
        judged(status, elsewhere.as_deref(), body)
    }
}

impl From<ureq::Error> for LineError {
    fn from(error: ureq::Error) -> Self {
        match Silence::from(error) {
            Silence::Unreachable(why) => Self::Unreachable { why },
            Silence::BadAddress(why) => Self::Unreachable {
                why: Unreachable::Other(why),
            },
            Silence::Garbage(why) => Self::Garbage(why),
        }
    }
}

/// What to do where a service can't be reached, for whoever administers this installation.
const fn advice(why: &Unreachable) -> &'static str {
    match why {
        Unreachable::Refused => "check the address, and ask its vendor whether the service runs",
        Unreachable::UnknownHost => {
            "check the name in the address, and whether this machine finds others by name"
        }
        Unreachable::TimedOut | Unreachable::Lost => {
            "try again later; if it stays so, check the address, and whether a firewall or proxy is between"
        }
        Unreachable::Tls(_) => {
            "check the address, and whether this machine trusts who signed the service's certificate"
        }
        Unreachable::Other(_) => "check the address, and try again later",
    }
}

/// What a status, the address that it names, and a body come to.
fn judged(status: u16, elsewhere: Option<&str>, body: Vec<u8>) -> Result<Vec<u8>, LineError> {
    #[derive(Deserialize)]
    struct Problem {
        code: String,
        detail: String,
    }
    if status == 200 {
        return Ok(body);
    }
    let problem = serde_json::from_slice::<Problem>(&body).ok();
    let said = match (&problem, elsewhere) {
        (Some(problem), _) => readable(&problem.detail),
        (None, Some(elsewhere)) => format!("status {status}, which leads to {elsewhere}"),
        (None, None) => format!("status {status}"),
    };
    match (status, problem) {
        (429 | 500.., _) => Err(LineError::Busy(said)),
        (400..500, Some(problem)) if is_code(&problem.code) && !is_of_others(&problem.code) => {
            Err(LineError::Refused {
                code: problem.code,
                detail: said,
            })
        }
        _ => Err(LineError::Garbage(said)),
    }
}

/// Somebody else's words, cut and without what could upset a terminal.
fn readable(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .take(MOST_SAID)
        .collect()
}

/// A server that manages licenses says so, where no license service does: they speak to installations at other addresses.
fn is_of_others(code: &str) -> bool {
    matches!(code, "not_found" | "method_not_allowed" | "unauthorized")
}

fn is_code(code: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    !code.is_empty() && code.len() <= 64 && code.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_comes_back_has_a_name() {
        let problem = br#"{"code":"unknown_license_key","detail":"no \u001blicense has this key"}"#;
        assert_eq!(judged(200, None, vec![1]), Ok(vec![1]));
        assert_eq!(
            judged(404, None, problem.to_vec()),
            Err(LineError::Refused {
                code: "unknown_license_key".into(),
                detail: "no license has this key".into(),
            })
        );
        let fault = |status, body: &[u8]| judged(status, None, body.to_vec()).unwrap_err().fault();
        assert_eq!(fault(429, problem), Fault::Busy);
        assert_eq!(fault(503, b"<html>"), Fault::Busy);
        assert_eq!(fault(404, b"<html>"), Fault::Garbage);
        assert_eq!(fault(302, b""), Fault::Garbage);
        assert_eq!(fault(400, br#"{"code":"A B","detail":""}"#), Fault::Garbage);
    }

    #[test]
    fn another_server_at_the_address_is_told_from_a_service_that_refuses() {
        let other = br#"{"code":"not_found","detail":"nothing is at this address"}"#;
        let error = judged(404, None, other.to_vec()).unwrap_err();
        assert_eq!(error.fault(), Fault::Garbage);
        let error = judged(301, Some("https://www.example.org/"), Vec::new()).unwrap_err();
        let said = error.to_string();
        assert!(said.contains("leads to https://www.example.org/"), "{said}");
        assert!(
            said.ends_with("check the address: something else is there"),
            "{said}"
        );
    }

    #[test]
    fn why_no_answer_came_is_said_with_what_to_do() {
        for (why, advice) in [
            (Unreachable::UnknownHost, "check the name"),
            (Unreachable::Refused, "whether the service runs"),
            (Unreachable::TimedOut, "firewall"),
            (Unreachable::Lost, "try again"),
            (Unreachable::Tls("no".into()), "certificate"),
            (Unreachable::Other("odd".into()), "try again"),
        ] {
            let words = why.to_string();
            let error = LineError::Unreachable { why };
            assert_eq!(error.fault(), Fault::Unreachable);
            let said = error.to_string();
            assert!(said.contains(&words) && said.contains(advice), "{said}");
        }
    }

    #[test]
    fn a_line_tells_another_server_from_none() {
        let line = Http::line();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let talking = std::thread::spawn(move || {
            use std::io::{Read as _, Write as _};
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]);
            // A client that goes away first has heard enough.
            let _ = stream.write_all(b"220 mail.example.org ESMTP\r\n\r\n");
        });
        let url = format!("http://{address}/");
        let error = line.send(&url, "x").unwrap_err();
        assert!(matches!(error, LineError::Garbage(_)), "{error}");
        talking.join().unwrap();
        let error = line.send(&url, "x").unwrap_err();
        let why = Unreachable::Refused;
        assert_eq!(error, LineError::Unreachable { why });
    }
}
