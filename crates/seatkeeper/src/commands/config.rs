//! `seatkeeper config`: what `serve` would be started with, and whether that would work.

use std::path::Path;

use domain::names::CompanyId;

use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::settings::{Flags, LogFormat, Settings};
use crate::table::{facts, maybe, text};

/// The subcommands. They take what `serve` takes.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Show the settings that flags, variables, file and defaults come to.
    Show(Flags),
    /// Say whether a server could be started with them.
    Check(Flags),
}

impl Command {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let (flags, is_check) = match self {
            Self::Show(flags) => (flags, false),
            Self::Check(flags) => (flags, true),
        };
        let settings = Settings::load(&flags)
            .map_err(|error| Failure::input("invalid_settings", error.to_string()))?;
        if is_check {
            check(&settings)?;
            context.printer.note("a server could be started with this");
        }
        let printer = &mut context.printer;
        printer.show(&settings, |printer| {
            let database = settings.database.as_ref().map(ToString::to_string);
            let trust = settings.trust.iter().map(|path| path.display().to_string());
            printer.table(facts([
                ("data", text(settings.data.display())),
                ("database", maybe(database.as_ref())),
                ("listen", text(settings.listen)),
                ("trust", trust.collect::<Vec<_>>().join(", ").into()),
                ("company", maybe(settings.company.as_ref())),
                ("log", settings.log.as_str().into()),
                (
                    "log_format",
                    match settings.log_format {
                        LogFormat::Text => "text",
                        LogFormat::Json => "json",
                    }
                    .into(),
                ),
            ]));
        });
        Ok(Verdict::Done)
    }
}

/// What can be known without starting a server.
fn check(settings: &Settings) -> Result<(), Failure> {
    for path in &settings.trust {
        vendor::files::read_public_key(path)
            .map_err(|error| Failure::input(error.code(), format!("trust: {error}")))?;
    }
    if let Some(company) = &settings.company {
        CompanyId::parse(company)
            .map_err(|error| Failure::input("invalid_settings", format!("company: {error}")))?;
    }
    check_data(&settings.data)
}

/// The data folder need not be there, but nothing else may be in its place.
fn check_data(data: &Path) -> Result<(), Failure> {
    match std::fs::metadata(data) {
        Ok(found) if found.is_dir() && found.permissions().readonly() => {
            let detail = format!("data: {} can't be written to", data.display());
            Err(Failure::input("invalid_settings", detail))
        }
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => {
            let detail = format!("data: {} is not a folder", data.display());
            Err(Failure::input("invalid_settings", detail))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => {
            let detail = format!("data: {}: {error}", data.display());
            Err(Failure::input("invalid_settings", detail))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(folder: &Path) -> Settings {
        Settings {
            data: folder.join("data"),
            database: None,
            listen: "127.0.0.1:0".parse().unwrap(),
            trust: Vec::new(),
            company: None,
            log: "info".into(),
            log_format: LogFormat::Text,
        }
    }

    #[test]
    fn what_would_fail_at_the_start_is_named_before() {
        let folder = tempfile::tempdir().unwrap();
        let good = settings(folder.path());
        assert!(check(&good).is_ok());

        let file = folder.path().join("file");
        std::fs::write(&file, "not a key").unwrap();
        for (bad, place) in [
            (
                Settings {
                    data: file.clone(),
                    ..good.clone()
                },
                "data: ",
            ),
            (
                Settings {
                    trust: vec![file],
                    ..good.clone()
                },
                "trust: ",
            ),
            (
                Settings {
                    company: Some(" ".into()),
                    ..good
                },
                "company: ",
            ),
        ] {
            let failure = check(&bad).unwrap_err();
            assert!(failure.detail.starts_with(place), "{failure:?}");
            assert_eq!(failure.exit_code(), 2);
        }
    }
}
