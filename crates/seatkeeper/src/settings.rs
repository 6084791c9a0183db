//! What a server is started with: flags, then `SEATKEEPER_*` variables, then a TOML file, then
//! safe defaults. Each value remembers where it comes from.

mod mistake;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use store::{AddressError, Database};
use thiserror::Error;

use mistake::Mistake;

/// The flags of `serve`; each also has a variable.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Flags {
    /// The folder that holds everything; made when missing.
    #[arg(long, value_name = "DIR", env = "SEATKEEPER_DATA")]
    pub data: Option<PathBuf>,
    /// A PostgreSQL database that holds everything instead, for one node or several:
    /// postgres://USER@HOST/NAME, with libpq's options. The password may come from PGPASSWORD.
    #[arg(
        long,
        value_name = "URL",
        env = "SEATKEEPER_DATABASE",
        hide_env_values = true
    )]
    pub database: Option<String>,
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS:PORT", env = "SEATKEEPER_LISTEN")]
    pub listen: Option<String>,
    /// An issuer's public key file to trust; may be repeated. Keys stay trusted once given.
    #[arg(
        long,
        value_name = "PUB",
        env = "SEATKEEPER_TRUST",
        value_delimiter = ','
    )]
    pub trust: Vec<PathBuf>,
    /// Our company id; licenses for another are refused. The first license file that names one
    /// sets it.
    #[arg(long, value_name = "ID", env = "SEATKEEPER_COMPANY")]
    pub company: Option<String>,
    /// What to log: a level, or a filter such as `info,store=debug`.
    #[arg(long, value_name = "FILTER", env = "SEATKEEPER_LOG")]
    pub log: Option<String>,
    /// How to log.
    #[arg(long, value_name = "FORMAT", env = "SEATKEEPER_LOG_FORMAT")]
    pub log_format: Option<LogFormat>,
    /// A TOML file with any of these, named as the flags are, with `_` for `-`.
    #[arg(long, value_name = "FILE", env = "SEATKEEPER_CONFIG")]
    pub config: Option<PathBuf>,
}

/// How to log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogFormat {
    /// Lines for people.
    Text,
    /// A JSON object a line.
    Json,
}

/// The TOML file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    data: Option<PathBuf>,
    database: Option<String>,
    listen: Option<SocketAddr>,
    #[serde(default)]
    trust: Vec<PathBuf>,
    company: Option<String>,
    log: Option<String>,
    log_format: Option<LogFormat>,
}

/// What a server is started with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Settings {
    /// The folder that holds everything.
    pub data: PathBuf,
    /// The database that holds everything instead.
    #[serde(serialize_with = "without_password")]
    pub database: Option<Database>,
    /// The address to listen on.
    pub listen: SocketAddr,
    /// Issuers' public key files to trust.
    pub trust: Vec<PathBuf>,
    /// Our company id.
    pub company: Option<String>,
    /// What to log.
    pub log: String,
    /// How to log.
    pub log_format: LogFormat,
}

/// Why the settings can't be used.
#[derive(Debug, Error)]
pub(crate) enum SettingsError {
    /// The file can't be read.
    #[error("the configuration file {} can't be read: {source}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("the configuration file {} is not valid: {mistake}", path.display())]
    Invalid {
        /// Which.
        path: PathBuf,
        /// Where and why.
        mistake: Mistake,
    },
    /// The address to listen on is none.
    #[error("{place}: {text:?} is no address: it must be ADDRESS:PORT, such as 127.0.0.1:7420")]
    BadListen {
        /// The flag or the variable.
        place: &'static str,
        /// What is there.
        text: String,
    },
    /// The database's URL is not one.
    #[error("database: {0}")]
    BadDatabase(#[from] AddressError),
    /// The log filter is not one.
    #[error("log: {filter:?} is not a filter: {why}")]
    BadFilter {
        /// The text.
        filter: String,
        /// Why.
        why: String,
    },
}

impl Settings {
    /// The settings that flags, variables and the file come to. Paths in the file are meant
    /// from where the file lies.
    pub(crate) fn load(flags: &Flags) -> Result<Self, SettingsError> {
        let file = match &flags.config {
            Some(path) => read(path)?,
            None => File::default(),
        };
        let log = flags
            .log
            .clone()
            .or(file.log)
            .unwrap_or_else(|| "info".into());
        if let Err(error) = log.parse::<tracing_subscriber::filter::Targets>() {
            return Err(SettingsError::BadFilter {
                filter: log,
                why: error.to_string(),
            });
        }
        let database = match flags.database.as_ref().or(file.database.as_ref()) {
            Some(url) => {
                let password = std::env::var("PGPASSWORD").ok();
                Some(Database::parse(url, password.as_deref())?)
            }
            None => None,
        };
        let trust = if flags.trust.is_empty() {
            file.trust
        } else {
            flags.trust.clone()
        };
        Ok(Self {
            data: flags
                .data
                .clone()
                .or(file.data)
                .unwrap_or_else(|| "data".into()),
            database,
            listen: listen(flags)?
                .or(file.listen)
                .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 7420))),
            trust,
            company: flags.company.clone().or(file.company),
            log,
            log_format: flags
                .log_format
                .or(file.log_format)
                .unwrap_or(LogFormat::Text),
        })
    }
}

/// Writes where a database is, for people and logs.
#[expect(clippy::ref_option, reason = "serde hands fields over this way")]
fn without_password<S: serde::Serializer>(
    database: &Option<Database>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    database
        .as_ref()
        .map(ToString::to_string)
        .serialize(serializer)
}

/// The address that flag or variable give.
fn listen(flags: &Flags) -> Result<Option<SocketAddr>, SettingsError> {
    let Some(text) = flags.listen.as_deref() else {
        return Ok(None);
    };
    text.parse().map(Some).map_err(|_| {
        let variable = std::env::var("SEATKEEPER_LISTEN").ok();
        SettingsError::BadListen {
            place: place_of(text, variable.as_deref()),
            text: text.to_owned(),
        }
    })
}

/// Where an address was typed: clap does not say whether it took the variable.
fn place_of(text: &str, variable: Option<&str>) -> &'static str {
    if variable == Some(text) {
        "SEATKEEPER_LISTEN"
    } else {
        "--listen"
    }
}

fn read(path: &Path) -> Result<File, SettingsError> {
    let text = std::fs::read_to_string(path).map_err(|source| SettingsError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    let mut file: File = toml::from_str(&text).map_err(|error| SettingsError::Invalid {
        path: path.to_owned(),
        mistake: Mistake::of(&text, &error),
    })?;
    let base = path.parent().unwrap_or_else(|| Path::new("."));
    file.data = file.data.map(|data| base.join(data));
    file.trust = file.trust.into_iter().map(|key| base.join(key)).collect();
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("seatkeeper.toml");
        std::fs::write(&path, text).unwrap();
        (dir, path)
    }

    #[test]
    fn flags_win_over_the_file_and_the_file_over_defaults() {
        let (dir, path) = written("data = \"store\"\nlisten = \"127.0.0.1:1\"\n");
        let flags = Flags {
            listen: Some("127.0.0.1:2".into()),
            config: Some(path),
            ..Flags::default()
        };
        let settings = Settings::load(&flags).unwrap();
        assert_eq!(settings.listen.port(), 2);
        assert_eq!(settings.data, dir.path().join("store"));
        assert_eq!(settings.log, "info");
    }

    #[test]
    fn an_unknown_key_is_named() {
        let (_dir, path) = written("lisen = \"127.0.0.1:1\"\n");
        let flags = Flags {
            config: Some(path),
            ..Flags::default()
        };
        let error = Settings::load(&flags).unwrap_err().to_string();
        assert!(error.contains("lisen"), "{error}");
    }

    #[test]
    fn an_address_that_is_none_is_blamed_on_where_it_was_typed() {
        let flags = Flags {
            listen: Some("7420".into()),
            ..Flags::default()
        };
        let error = Settings::load(&flags).unwrap_err().to_string();
        assert!(
            error.starts_with("--listen: \"7420\"") && error.contains("ADDRESS:PORT"),
            "{error}"
        );
        assert_eq!(place_of("7420", Some("7420")), "SEATKEEPER_LISTEN");
        assert_eq!(place_of("7420", Some("127.0.0.1:1")), "--listen");
    }

    #[test]
    fn a_filter_that_is_none_is_refused() {
        let flags = Flags {
            log: Some("store=loud".into()),
            ..Flags::default()
        };
        assert!(matches!(
            Settings::load(&flags),
            Err(SettingsError::BadFilter { .. })
        ));
    }
}
