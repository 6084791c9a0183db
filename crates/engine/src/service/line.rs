//! The line to a license service: one request, one answer, and a time limit.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use domain::refresh::Fault;
use license_file::exchange::MEDIA_TYPE;
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
    #[error("it can't be reached: {0}")]
    Unreachable(String),
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
    #[error("it does not answer as a license service does: {0}")]
    Garbage(String),
    /// This server is stopping.
    #[error("this server is stopping")]
    Stopping,
}

impl LineError {
    /// What it means for a refresh.
    pub(super) const fn fault(&self) -> Fault {
        match self {
            Self::Unreachable(_) | Self::Stopping => Fault::Unreachable,
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
        let unreachable = |error: ureq::Error| LineError::Unreachable(error.to_string());
        let response = self
            .0
            .post(url)
            .content_type(MEDIA_TYPE)
            .send(request)
            .map_err(unreachable)?;
        let status = response.status().as_u16();
        let body = response
            .into_body()
            .into_with_config()
            .limit(LONGEST)
            .read_to_vec()
            .map_err(unreachable)?;
        judged(status, body)
    }
}

/// What a status and a body come to.
fn judged(status: u16, body: Vec<u8>) -> Result<Vec<u8>, LineError> {
    #[derive(Deserialize)]
    struct Problem {
        code: String,
        detail: String,
    }
    if status == 200 {
        return Ok(body);
    }
    let problem = serde_json::from_slice::<Problem>(&body).ok();
    let said = problem.as_ref().map_or_else(
        || format!("status {status}"),
        |problem| readable(&problem.detail),
    );
    match (status, problem) {
        (429 | 500.., _) => Err(LineError::Busy(said)),
        (400..500, Some(problem)) if is_code(&problem.code) => Err(LineError::Refused {
            code: problem.code,
            detail: said,
        }),
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
        assert_eq!(judged(200, vec![1]), Ok(vec![1]));
        assert_eq!(
            judged(404, problem.to_vec()),
            Err(LineError::Refused {
                code: "unknown_license_key".into(),
                detail: "no license has this key".into(),
            })
        );
        let fault = |status, body: &[u8]| judged(status, body.to_vec()).unwrap_err().fault();
        assert_eq!(fault(429, problem), Fault::Busy);
        assert_eq!(fault(503, b"<html>"), Fault::Busy);
        assert_eq!(fault(404, b"<html>"), Fault::Garbage);
        assert_eq!(fault(302, b""), Fault::Garbage);
        assert_eq!(fault(400, br#"{"code":"A B","detail":""}"#), Fault::Garbage);
    }
}
