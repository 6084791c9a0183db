//! Where a database is: libpq's connection URL.

use std::str::FromStr;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use thiserror::Error;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

use super::proof::Proof;
use super::tls::{Files, Tls};

/// The `sslrootcert` that means the machine's authorities.
pub(super) const MACHINE: &str = "system";

/// How long a host may take to answer a connection, unless the URL says otherwise.
const CONNECT: Duration = Duration::from_secs(3);

/// How long what was sent may stay unacknowledged, so that a host that is gone is noticed.
const UNACKNOWLEDGED: Duration = Duration::from_secs(10);

/// How keepalives notice the same on a connection on which nothing is sent.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(10);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(3);
const KEEPALIVE_RETRIES: u32 = 3;

/// A PostgreSQL database: `postgres://user:password@host:port,host:port/name?option=value`, with
/// libpq's options. It shows without its password.
#[derive(Clone)]
pub struct Database {
    pub(super) config: Config,
    pub(super) tls: Option<Tls>,
    shown: String,
}

/// Why a text is no database's address.
#[derive(Clone, Debug, Error)]
pub enum AddressError {
    /// It has another form.
    #[error("a database is postgres://USER@HOST/NAME, with libpq's options after a question mark")]
    NotAUrl,
    /// A part of it can't be used.
    #[error("the database's URL can't be used: {0}")]
    Invalid(String),
    /// What TLS needs is not there.
    #[error("TLS to the database: {0}")]
    Tls(String),
}

impl Database {
    /// Reads a URL. Without a password in it, `password` is taken, which may come from
    /// `PGPASSWORD`.
    ///
    /// `sslmode` is `disable`, `prefer` (the default), `require`, `verify-ca` or `verify-full`,
    /// with `sslrootcert` (the machine's authorities without it), `sslcert` and `sslkey`; as in
    /// libpq only the last two modes prove whom one speaks to, and `require` with `sslrootcert`
    /// is `verify-ca`. The machine's authorities, asked for as `sslrootcert=system`, vouch for
    /// names alone, so that they go with `verify-full` only, which is then the default.
    pub fn parse(url: &str, password: Option<&str>) -> Result<Self, AddressError> {
        let is_url = ["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| url.starts_with(scheme));
        if !is_url {
            return Err(AddressError::NotAUrl);
        }
        let (place, options) = url.split_once('?').unwrap_or((url, ""));
        let mut rest = Vec::new();
        let mut mode = None;
        let mut files = Files::default();
        for option in options.split('&').filter(|option| !option.is_empty()) {
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            let value = || percent_decode_str(value).decode_utf8_lossy().into_owned();
            match name {
                "sslmode" => mode = Some(value()),
                "sslrootcert" => files.roots = Some(value()),
                "sslcert" => files.certificate = Some(value()),
                "sslkey" => files.key = Some(value()),
                _ => rest.push(option),
            }
        }
        let of_machine = files.roots.as_deref() == Some(MACHINE);
        let default = if of_machine { "verify-full" } else { "prefer" };
        let (mode, proof) = match mode.as_deref().unwrap_or(default) {
            "verify-full" => (SslMode::Require, Proof::Name),
            weak if of_machine => {
                return Err(AddressError::Invalid(format!(
                    "sslrootcert=system goes with sslmode=verify-full, not with {weak}"
                )));
            }
            "disable" => (SslMode::Disable, Proof::Nothing),
            "prefer" => (SslMode::Prefer, Proof::Nothing),
            // As libpq: with authorities at hand, they are asked.
            "require" if files.roots.is_some() => (SslMode::Require, Proof::Authority),
            "require" => (SslMode::Require, Proof::Nothing),
            "verify-ca" => (SslMode::Require, Proof::Authority),
            other => {
                return Err(AddressError::Invalid(format!(
                    "sslmode {other:?} is none of disable, prefer, require, verify-ca, verify-full"
                )));
            }
        };
        let plain = match rest.as_slice() {
            [] => place.to_owned(),
            rest => format!("{place}?{}", rest.join("&")),
        };
        let invalid = |e| AddressError::Invalid(super::error::chain(&e));
        let mut config = Config::from_str(&plain).map_err(invalid)?;
        config.ssl_mode(mode);
        if config.get_password().is_none()
            && let Some(password) = password
        {
            config.password(password);
        }
        let tls = match mode {
            SslMode::Disable => None,
            _ => Some(Tls::new(proof, &files)?),
        };
        let shown = shown(&config)?;
        with_defaults(&mut config);
        Ok(Self { config, tls, shown })
    }

    /// How long connecting may take in all.
    pub(super) fn patience(&self) -> Duration {
        let hosts = u32::try_from(self.config.get_hosts().len()).unwrap_or(1);
        let each = self.config.get_connect_timeout().copied();
        // Naming, encrypting and signing in take their time too.
        each.unwrap_or(CONNECT) * hosts.max(1) * 2
    }
}

fn with_defaults(config: &mut Config) {
    // Reads too must see what was answered, which a standby may not have yet.
    config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(UNACKNOWLEDGED);
    }
    if config.get_keepalives_interval().is_none() {
        config
            .keepalives_idle(KEEPALIVE_IDLE)
            .keepalives_interval(KEEPALIVE_INTERVAL)
            .keepalives_retries(KEEPALIVE_RETRIES);
    }
    if config.get_application_name().is_none() {
        config.application_name("seatkeeper");
    }
}

/// The URL for people: without options and password.
fn shown(config: &Config) -> Result<String, AddressError> {
    let mut hosts = Vec::new();
    let ports = config.get_ports();
    for (at, host) in config.get_hosts().iter().enumerate() {
        let host = match host {
            Host::Tcp(host) => host.clone(),
            Host::Unix(path) => path.display().to_string(),
        };
        hosts.push(match ports.get(at).or(ports.first()) {
            Some(port) => format!("{host}:{port}"),
            None => host,
        });
    }
    if hosts.is_empty() {
        return Err(AddressError::Invalid("it names no host".into()));
    }
    let user = config.get_user().map(|user| format!("{user}@"));
    let name = config.get_dbname().map(|name| format!("/{name}"));
    Ok(format!(
        "postgres://{}{}{}",
        user.unwrap_or_default(),
        hosts.join(","),
        name.unwrap_or_default()
    ))
}

/// The same server, asked in the same way.
impl PartialEq for Database {
    fn eq(&self, other: &Self) -> bool {
        self.config == other.config
    }
}

impl Eq for Database {}

impl std::fmt::Display for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<Database, AddressError> {
        Database::parse(url, None)
    }

    #[test]
    fn a_database_shows_without_its_password_and_is_asked_for_the_leader() {
        let database =
            parse("postgres://sk:secret@a:5433,b/seats?connect_timeout=1&sslmode=disable").unwrap();
        let shown = format!("{database} {database:?}");
        assert!(shown.starts_with("postgres://sk@a:5433,b"), "{shown}");
        assert!(!shown.contains("secret"), "{shown}");
        assert_eq!(
            database.config.get_target_session_attrs(),
            TargetSessionAttrs::ReadWrite
        );
        assert_eq!(database.patience(), Duration::from_secs(4));
        assert!(database.tls.is_none());
    }

    #[test]
    fn a_password_from_elsewhere_counts_where_the_url_has_none() {
        for (url, password) in [
            ("postgres://sk@a/seats", "from elsewhere"),
            ("postgres://sk:here@a/seats", "here"),
        ] {
            let database = Database::parse(url, Some("from elsewhere")).unwrap();
            assert_eq!(database.config.get_password(), Some(password.as_bytes()));
        }
    }

    #[test]
    fn each_mode_of_tls_asks_for_its_proof() {
        for (mode, encrypts) in [
            ("disable", SslMode::Disable),
            ("prefer", SslMode::Prefer),
            ("require", SslMode::Require),
        ] {
            let database = parse(&format!("postgres://sk@a/seats?sslmode={mode}")).unwrap();
            assert_eq!(database.config.get_ssl_mode(), encrypts);
        }
        // Where the machine has no authorities, that is another fault.
        let system = parse("postgres://sk@a/seats?sslrootcert=system");
        assert!(!matches!(system, Err(AddressError::Invalid(_))));
        let no_file = "postgres://sk@a/seats?sslmode=verify-full&sslrootcert=%2Fnot%2Fthere";
        let error = parse(no_file).unwrap_err().to_string();
        assert!(error.contains("/not/there"), "{error}");
    }

    #[test]
    fn what_is_no_address_is_refused_with_a_reason() {
        for (url, word) in [
            ("sqlite:here", "postgres://"),
            ("postgres://a/b?sslmode=always", "sslmode"),
            ("postgres://a/b?colour=red", "colour"),
            ("postgres:///seats", "host"),
            ("postgres://a/b?sslcert=c", "sslkey"),
            (
                "postgres://a/b?sslrootcert=system&sslmode=require",
                "verify-full",
            ),
        ] {
            let error = parse(url).unwrap_err().to_string();
            assert!(error.contains(word), "{url}: {error}");
        }
    }
}
