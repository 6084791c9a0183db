//! The line to a license service: one request, one answer, and a time limit.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use domain::refresh::Fault;
use license_file::exchange::{CHECK_ADDRESS, MEDIA_TYPE, NoAnswer};
use license_file::open::MAX_FILE;
use serde::Deserialize;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};

/// Longest answer that is read, in bytes: documents are base64 within base64.
const LONGEST: u64 = 2 * MAX_FILE as u64;

/// Longest part of a service's own words that is passed on, in characters.
const MOST_SAID: usize = 300;

/// Why no answer came that could be an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// Nothing came back, or not in time.
    #[error("it can't be reached: {why}; {}", .why.advice())]
    Unreachable {
        /// Why.
        why: NoAnswer,
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
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(
                rustls::crypto::aws_lc_rs::default_provider(),
            ))
            .build();
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("seatkeeper/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(Duration::from_secs(5)))
            .timeout_global(Some(Duration::from_secs(20)))
            .tls_config(tls)
            .build()
            .new_agent();
        Arc::new(Self(agent))
    }
}

impl ServiceLine for Http {
    fn send(&self, url: &str, request: &str) -> Result<Vec<u8>, LineError> {
        let response = self
            .0
            .post(url)
            .content_type(MEDIA_TYPE)
            .send(request)
            .map_err(no_answer)?;
        let status = response.status().as_u16();
        let elsewhere = response.headers().get("location");
        let elsewhere = elsewhere.and_then(|value| value.to_str().ok().map(readable));
        let body = response
            .into_body()
            .into_with_config()
            .limit(LONGEST)
            .read_to_vec()
            .map_err(no_answer)?;
        judged(status, elsewhere.as_deref(), body)
    }
}

/// Why there is no answer, of what can be known.
fn no_answer(error: ureq::Error) -> LineError {
    let why = match error {
        ureq::Error::Protocol(error) => {
            return LineError::Garbage(format!("it is no HTTP ({error})"));
        }
        ureq::Error::BodyExceedsLimit(_) => {
            return LineError::Garbage(format!("it sends more than {LONGEST} bytes"));
        }
        ureq::Error::HostNotFound => NoAnswer::UnknownHost,
        ureq::Error::Timeout(_) => NoAnswer::TimedOut,
        ureq::Error::ConnectionFailed => NoAnswer::Refused,
        ureq::Error::Tls(detail) => NoAnswer::Tls(detail.to_owned()),
        ureq::Error::Rustls(error) => NoAnswer::Tls(error.to_string()),
        ureq::Error::Io(error) => match error.get_ref().and_then(|inner| inner.downcast_ref()) {
            Some(tls) => NoAnswer::Tls(rustls::Error::to_string(tls)),
            None => NoAnswer::of_io(&error),
        },
        other => NoAnswer::Other(other.to_string()),
    };
    LineError::Unreachable { why }
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
        let tls = || rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        let io = |kind: std::io::ErrorKind| ureq::Error::Io(kind.into());
        for (error, what, advice) in [
            (
                ureq::Error::HostNotFound,
                "no host of that name",
                "check the name",
            ),
            (
                ureq::Error::Io(std::io::Error::other(
                    "failed to lookup address information",
                )),
                "no host of that name",
                "check the name",
            ),
            (
                io(std::io::ErrorKind::ConnectionRefused),
                "nothing listens",
                "whether the service runs",
            ),
            (
                ureq::Error::Timeout(ureq::Timeout::Global),
                "in time",
                "firewall",
            ),
            (
                io(std::io::ErrorKind::ConnectionReset),
                "connection broke",
                "try again",
            ),
            (
                ureq::Error::Rustls(tls()),
                "no encrypted connection",
                "certificate",
            ),
            (
                ureq::Error::Io(std::io::Error::other(tls())),
                "no encrypted connection",
                "certificate",
            ),
        ] {
            let error = no_answer(error);
            assert_eq!(error.fault(), Fault::Unreachable);
            let said = error.to_string();
            assert!(said.contains(what) && said.contains(advice), "{said}");
        }
    }

    #[test]
    fn what_really_happens_on_a_line_is_recognized() {
        let line = Http::line();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let talking = std::thread::spawn(move || {
            use std::io::{Read as _, Write as _};
            for _ in 0..2 {
                let (mut stream, _) = listener.accept().unwrap();
                let _ = stream.read(&mut [0; 4096]);
                // A client that goes away first has heard enough.
                let _ = stream.write_all(b"220 mail.example.org ESMTP\r\n\r\n");
            }
        });
        let error = line.send(&format!("http://{address}/"), "x").unwrap_err();
        assert!(matches!(error, LineError::Garbage(_)), "{error}");
        let error = line.send(&format!("https://{address}/"), "x").unwrap_err();
        assert!(
            matches!(
                error,
                LineError::Unreachable {
                    why: NoAnswer::Tls(_)
                }
            ),
            "{error}"
        );
        talking.join().unwrap();
        let error = line.send(&format!("http://{address}/"), "x").unwrap_err();
        let why = NoAnswer::Refused;
        assert_eq!(error, LineError::Unreachable { why });
    }
}
