//! Why no answer came, in words.

use std::fmt;
use std::io::{self, ErrorKind};

/// Why no answer came from a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreachable {
    /// Nobody listens there.
    Refused,
    /// There is no host of that name.
    UnknownHost,
    /// No answer in time.
    TimedOut,
    /// The connection broke.
    Lost,
    /// No encrypted connection came about.
    Tls(String),
    /// Something else.
    Other(String),
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused => f.write_str("nothing listens at that address"),
            Self::UnknownHost => f.write_str("there is no host of that name"),
            Self::TimedOut => f.write_str("no answer came in time"),
            Self::Lost => f.write_str("the connection broke before an answer came"),
            Self::Tls(detail) => write!(f, "no encrypted connection came about ({detail})"),
            Self::Other(detail) => f.write_str(detail),
        }
    }
}

/// What an error of a line comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Silence {
    /// No answer came. Whether the request arrived is not known, unless nothing can have been sent.
    Unreachable(Unreachable),
    /// Something came that is no HTTP, or more than is read of an answer: something else is there.
    Garbage(String),
    /// What was given as an address is none.
    BadAddress(String),
}

impl From<ureq::Error> for Silence {
    fn from(error: ureq::Error) -> Self {
        Self::Unreachable(match error {
            ureq::Error::BadUri(why) => return Self::BadAddress(why),
            ureq::Error::Http(why) => return Self::BadAddress(why.to_string()),
            ureq::Error::Protocol(why) => return Self::Garbage(format!("it is no HTTP ({why})")),
            ureq::Error::BodyExceedsLimit(most) => {
                return Self::Garbage(format!("it sends more than {most} bytes"));
            }
            ureq::Error::HostNotFound => Unreachable::UnknownHost,
            ureq::Error::Timeout(_) => Unreachable::TimedOut,
            ureq::Error::ConnectionFailed => Unreachable::Refused,
            ureq::Error::Tls(why) => Unreachable::Tls(why.to_owned()),
            ureq::Error::Rustls(why) => Unreachable::Tls(why.to_string()),
            ureq::Error::Io(error) => of_io(&error),
            other => Unreachable::Other(other.to_string()),
        })
    }
}

fn of_io(error: &io::Error) -> Unreachable {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    if let Some(tls) = inner {
        return Unreachable::Tls(rustls::Error::to_string(tls));
    }
    match error.kind() {
        ErrorKind::ConnectionRefused => Unreachable::Refused,
        ErrorKind::TimedOut | ErrorKind::WouldBlock => Unreachable::TimedOut,
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::NotConnected
        | ErrorKind::UnexpectedEof => Unreachable::Lost,
        _ => match error.to_string() {
            // The standard library has no kind of its own for it.
            text if text.starts_with("failed to lookup address") => Unreachable::UnknownHost,
            text => Unreachable::Other(text),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::time::Duration;

    use super::*;

    fn tls() -> rustls::Error {
        rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer)
    }

    #[test]
    fn every_error_of_a_line_has_a_reason_of_its_own() {
        let io = |kind: ErrorKind| ureq::Error::Io(kind.into());
        let lookup = io::Error::other("failed to lookup address information: x");
        for (error, why) in [
            (ureq::Error::HostNotFound, Unreachable::UnknownHost),
            (ureq::Error::Io(lookup), Unreachable::UnknownHost),
            (io(ErrorKind::ConnectionRefused), Unreachable::Refused),
            (ureq::Error::ConnectionFailed, Unreachable::Refused),
            (
                ureq::Error::Timeout(ureq::Timeout::Global),
                Unreachable::TimedOut,
            ),
            (io(ErrorKind::WouldBlock), Unreachable::TimedOut),
            (io(ErrorKind::ConnectionReset), Unreachable::Lost),
            (io(ErrorKind::UnexpectedEof), Unreachable::Lost),
            (
                ureq::Error::Rustls(tls()),
                Unreachable::Tls(tls().to_string()),
            ),
            (
                ureq::Error::Io(io::Error::other(tls())),
                Unreachable::Tls(tls().to_string()),
            ),
            (
                ureq::Error::Io(io::Error::other("odd")),
                Unreachable::Other("odd".into()),
            ),
        ] {
            assert_eq!(Silence::from(error), Silence::Unreachable(why));
        }
        let long = Silence::from(ureq::Error::BodyExceedsLimit(7));
        assert_eq!(long, Silence::Garbage("it sends more than 7 bytes".into()));
    }

    #[test]
    fn what_really_happens_on_a_line_is_recognized() {
        let agent = crate::config().build().new_agent();
        let asked = |url: &str| Silence::from(agent.get(url).call().unwrap_err());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let talking = std::thread::spawn(move || {
            for said in ["220 mail.example.org ESMTP\r\n\r\n", "hello\r\n\r\n", ""] {
                let (mut stream, _) = listener.accept().unwrap();
                let _ = stream.read(&mut [0; 4096]);
                // A client that goes away first has heard enough.
                let _ = stream.write_all(said.as_bytes());
            }
        });
        let http = format!("http://{address}/");
        assert!(matches!(asked(&http), Silence::Garbage(_)));
        let tls = asked(&format!("https://{address}/"));
        assert!(
            matches!(tls, Silence::Unreachable(Unreachable::Tls(_))),
            "{tls:?}"
        );
        assert_eq!(asked(&http), Silence::Unreachable(Unreachable::Lost));
        talking.join().unwrap();
        assert_eq!(asked(&http), Silence::Unreachable(Unreachable::Refused));
        assert!(matches!(asked("licenses"), Silence::BadAddress(_)));

        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let hurried = crate::config().timeout_global(Some(Duration::from_millis(50)));
        let hurried = hurried.build().new_agent();
        let url = format!("http://{}/", silent.local_addr().unwrap());
        let late = Silence::from(hurried.get(&url).call().unwrap_err());
        assert_eq!(late, Silence::Unreachable(Unreachable::TimedOut));
    }
}
