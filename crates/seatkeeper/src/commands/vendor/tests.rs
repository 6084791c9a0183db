//! The issuing side as it is typed.

use std::path::Path;

use clap::Parser as _;

use super::*;
use crate::commands::Cli;

/// A vendor's folder with a key pair.
struct Office(tempfile::TempDir);

const SPEC: &str = "issuer = \"Northwind Software\"\n[[license]]\nserial = \"S\"\nproduct = \"p\"\nmodel = \"site\"\n";

impl Office {
    fn new() -> Self {
        let office = Self(tempfile::tempdir().unwrap());
        let (key, _) = keygen("Northwind Software").unwrap();
        write_key_pair(&office.path("vendor"), &key).unwrap();
        office.writes("licenses.toml", SPEC);
        office
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn writes(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Each word that has a dot, or is called `next`, is a file in the folder.
    fn types(&self, line: &str) -> Result<Verdict, Failure> {
        let is_file = |word: &str| {
            word == "next" || (Path::new(word).extension().is_some() && !word.starts_with("20"))
        };
        let words = line.split_whitespace().map(|word| {
            if is_file(word) {
                self.path(word).into_os_string()
            } else {
                word.into()
            }
        });
        let cli = Cli::try_parse_from(words).unwrap_or_else(|error| panic!("{line}: {error}"));
        let mut context = Context::new(&cli.global);
        cli.command.run(&mut context)
    }

    fn refuses(&self, line: &str, code: &str) -> Failure {
        let failure = self.types(line).unwrap_err();
        assert_eq!(failure.code, code, "{line}: {failure:?}");
        failure
    }
}

#[test]
fn a_license_never_takes_the_place_of_a_key() {
    let office = Office::new();
    let before = std::fs::read(office.path("vendor.key")).unwrap();
    let issue = "seatkeeper --quiet vendor issue --key vendor.key --spec licenses.toml --out";
    office.refuses(&format!("{issue} vendor.key"), "file_exists");
    office.refuses(&format!("{issue} licenses.toml"), "file_exists");
    assert_eq!(std::fs::read(office.path("vendor.key")).unwrap(), before);
    for form in ["lic", "xml", "lic"] {
        let line = format!("{issue} out.lic --format {form}");
        assert!(
            office.types(&line).is_ok(),
            "a license is replaced by a license"
        );
    }
}

#[test]
fn a_specification_of_another_issuer_is_not_signed() {
    let office = Office::new();
    office.writes(
        "other.toml",
        &SPEC.replace("Northwind Software", "Southwind"),
    );
    let failure = office.refuses(
        "seatkeeper vendor issue --key vendor.key --spec other.toml --out out.lic",
        "wrong_issuer",
    );
    assert!(
        failure.detail.contains("Southwind") && failure.detail.contains("Northwind Software"),
        "{failure:?}"
    );
    assert!(!office.path("out.lic").exists());
}

#[test]
fn a_successor_that_can_not_be_is_not_made() {
    let office = Office::new();
    let rotate = "seatkeeper --quiet vendor rotate --key vendor.key --out next";
    for time in [
        "--valid-from 2127-01-01T00:00:00Z --valid-until 2126-01-01T00:00:00Z",
        "--valid-until 2020-01-01T00:00:00Z",
    ] {
        office.refuses(&format!("{rotate} {time}"), "invalid_period");
    }
    office.writes("next.introduction", "mine");
    office.refuses(rotate, "file_exists");
    assert!(!office.path("next.key").exists() && !office.path("next.pub").exists());
    std::fs::remove_file(office.path("next.introduction")).unwrap();
    assert!(office.types(rotate).is_ok());
    let said = office.refuses("seatkeeper vendor answer next.introduction --key vendor.key --spec licenses.toml --out a.tls", "not_a_request");
    assert!(said.detail.contains("introduction of a key"), "{said:?}");
}

#[test]
fn why_a_service_does_not_start_has_its_own_code() {
    let error = StartError::AlreadyOpen("ls1".into());
    let failure = not_served(anyhow::Error::new(error).context("ls1 can't be used"));
    assert_eq!(
        (failure.code.as_str(), failure.exit_code()),
        ("already_open", 1)
    );
    assert!(failure.detail.contains("ls1"), "{failure:?}");
}
