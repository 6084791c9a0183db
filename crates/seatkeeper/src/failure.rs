//! How a command ends: done, with a "no" for an answer, or not at all. Exit codes are part of the interface.

use std::ops::{Deref, DerefMut};

use client::{Error, Unreachable};
use engine::MoveError;
use serde::Serialize;
use store::OpenError;
use store::backup::BackupError;
use store::check::Violation;
use vendor::files::FileError;
use wire::license::ImportedLicense;
use wire::problem::ProblemItem;
use wire::{Problem, codes};

use crate::hints;
use crate::local::NoStore;
use crate::settings::SettingsError;

/// How a command that could be carried out ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Done, or yes. Exit code 0.
    Done,
    /// The answer is no, and was printed. Exit code 1.
    No,
}

impl Verdict {
    /// What the process ends with.
    pub(crate) const fn exit_code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::No => 1,
        }
    }

    /// `Done` when it is so.
    pub(crate) const fn of(is_so: bool) -> Self {
        if is_so { Self::Done } else { Self::No }
    }
}

/// Why a command could not be carried out, by exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Understood and refused: 1.
    Refused = 1,
    /// Bad usage, or a bad input file: 2.
    Input = 2,
    /// The server can't be reached or is not ready: 3.
    Unreachable = 3,
    /// No token, a wrong one, or one that may not: 4.
    Unauthorized = 4,
    /// A fault, of the server's or of ours: 5.
    Internal = 5,
}

/// Why a command could not be carried out.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Failure(Box<Report>);

/// A sentence, a stable code, and what to do about it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Report {
    #[serde(skip)]
    kind: Kind,
    /// The stable code.
    pub(crate) code: String,
    /// What happened, in a sentence.
    pub(crate) detail: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hint: Option<String>,
    /// The places that are wrong, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) errors: Vec<ProblemItem>,
    /// What would have become of each license of a refused file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) licenses: Vec<ImportedLicense>,
    /// The id under which the server's log has the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request_id: Option<String>,
}

impl Failure {
    fn new(kind: Kind, code: impl Into<String>, detail: impl Into<String>) -> Self {
        let code = code.into();
        Self(Box::new(Report {
            kind,
            hint: hints::of(&code).map(str::to_owned),
            code,
            detail: detail.into(),
            errors: Vec::new(),
            licenses: Vec::new(),
            request_id: None,
        }))
    }

    /// Understood, and refused.
    pub(crate) fn refused(code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(Kind::Refused, code, detail)
    }

    /// What was typed, or a file that was named, can't be used.
    pub(crate) fn input(code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(Kind::Input, code, detail)
    }

    /// A place on this machine, or a database, could not be opened or written to. By the code alone, so that it ends in the
    /// same way whichever command finds out.
    pub(crate) fn local(code: &str, detail: impl Into<String>) -> Self {
        let kind = match code {
            "newer_schema" | "older_schema" | "store_damaged" | "not_a_store" | "no_store"
            | "other_tables" => Kind::Input,
            _ => Kind::Refused,
        };
        Self::new(kind, code, detail)
    }

    /// No right to it.
    pub(crate) fn unauthorized(code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(Kind::Unauthorized, code, detail)
    }

    /// Nobody answers there, or not as they should.
    pub(crate) fn unreachable(code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(Kind::Unreachable, code, detail)
    }

    /// No token to ask with.
    pub(crate) fn no_token() -> Self {
        Self::new(Kind::Unauthorized, "no_token", "no token was given")
    }

    /// With other advice.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What the process ends with.
    pub(crate) fn exit_code(&self) -> u8 {
        self.kind as u8
    }
}

impl Deref for Failure {
    type Target = Report;

    fn deref(&self) -> &Report {
        &self.0
    }
}

impl DerefMut for Failure {
    fn deref_mut(&mut self) -> &mut Report {
        &mut self.0
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let detail = error.to_string();
        match error {
            Error::Problem(problem) => Self::of_problem(*problem),
            Error::Denied(denied) => {
                Self::refused(denied.code, denied.user_message).hint(denied.admin_message)
            }
            Error::Unreachable { cause, .. } => Self::new(Kind::Unreachable, "unreachable", detail)
                .hint(match cause {
                    Unreachable::Refused => hints::REFUSED,
                    Unreachable::UnknownHost => hints::UNKNOWN_HOST,
                    Unreachable::TimedOut | Unreachable::Lost => hints::NO_ANSWER,
                    Unreachable::Tls(_) => hints::TLS,
                    Unreachable::Other(_) => hints::ADDRESS,
                }),
            Error::Protocol { .. } => {
                Self::new(Kind::Unreachable, "protocol", detail).hint(hints::ADDRESS)
            }
            Error::InvalidUrl { .. } => Self::input("invalid_url", detail),
            Error::InvalidToken => Self::new(Kind::Unauthorized, "invalid_token", detail),
        }
    }
}

impl Failure {
    fn of_problem(problem: Problem) -> Self {
        let kind = match problem.status {
            401 | 403 => Kind::Unauthorized,
            400 | 413 | 415 => Kind::Input,
            _ if is_about_the_file(&problem.code) => Kind::Input,
            // Of a license service: there is nobody to blame here.
            502 => Kind::Refused,
            503 => Kind::Unreachable,
            500.. => Kind::Internal,
            _ => Kind::Refused,
        };
        let mut failure = Self::new(kind, problem.code, problem.detail);
        failure.errors = problem.errors;
        failure.licenses = problem.licenses;
        failure.request_id = problem.request_id;
        failure
    }
}

/// Whether this says that a file is not what it should be, whoever asks.
fn is_about_the_file(code: &str) -> bool {
    matches!(
        code,
        codes::INVALID_CSV
            | "not_a_license_file"
            | "truncated"
            | "unsupported_version"
            | "unsupported_algorithm"
            | "wrong_document_type"
            | "not_a_response"
            | "invalid_response"
            | "is_a_request"
            | "invalid_terms"
            | "invalid_license_key"
            | "xml_malformed"
            | "xml_dtd"
            | "xml_entity"
            | "xml_foreign"
            | "xml_too_complex"
            | "xml_not_licenses"
            | "xml_signed_count"
            | "keygen_malformed"
            | "keygen_machine_file"
            | "keygen_algorithm"
    ) || code.starts_with("zip_")
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self::local(error.code(), error.to_string())
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        let kind = match &error {
            FileError::Exists(_) | FileError::Taken(_) => Kind::Refused,
            FileError::Read { .. }
            | FileError::Write { .. }
            | FileError::Key { .. }
            | FileError::Spec { .. } => Kind::Input,
        };
        Self::new(kind, error.code(), error.to_string())
    }
}

impl From<MoveError> for Failure {
    fn from(error: MoveError) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        match error {
            MoveError::Open(error) => error.into(),
            MoveError::Key(error) => error.into(),
            MoveError::Copy(_) => Self::local(code, detail),
        }
    }
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        match error {
            BackupError::Open(error) => error.into(),
            BackupError::Unsound { violations, .. } => {
                let mut failure = Self::new(Kind::Input, code, detail);
                let item = |violation: &Violation| ProblemItem {
                    code: violation.rule.to_owned(),
                    detail: format!(
                        "{} {}: {}",
                        violation.table, violation.row, violation.detail
                    ),
                    ..ProblemItem::default()
                };
                failure.errors = violations.iter().map(item).collect();
                failure
            }
            _ => Self::local(code, detail),
        }
    }
}

impl Failure {
    /// A server that could not be started, or a data folder that could not be opened.
    pub(crate) fn of_server(error: anyhow::Error) -> Self {
        let detail = chain(&error);
        for cause in error.chain() {
            if let Some(settings) = cause.downcast_ref::<SettingsError>() {
                return Self::input("invalid_settings", settings.to_string());
            }
            if cause.is::<NoStore>() {
                return Self::local("no_store", detail);
            }
            if let Some(start) = cause.downcast_ref::<engine::StartError>() {
                return Self::local(start.code(), detail);
            }
        }
        match error.downcast::<Error>() {
            Ok(error) => error.into(),
            Err(_) => Self::refused("cannot_start", detail),
        }
    }
}

/// A sentence and its causes, without those that it says itself.
fn chain(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, code: &str) -> u8 {
        let problem = Problem::new(status, code, "title", "detail");
        Failure::from(Error::Problem(Box::new(problem))).exit_code()
    }

    #[test]
    fn exit_codes_tell_a_no_from_a_bad_file_from_a_bad_token_from_a_fault() {
        assert_eq!(of(409, "username_taken"), 1);
        assert_eq!(of(404, "unknown_license"), 1);
        assert_eq!(of(422, "tampered"), 1);
        assert_eq!(of(400, "invalid_request"), 2);
        assert_eq!(of(422, "not_a_license_file"), 2);
        assert_eq!(of(422, "invalid_csv"), 2);
        assert_eq!(of(503, "busy"), 3);
        assert_eq!(of(401, "unauthorized"), 4);
        assert_eq!(of(403, "forbidden"), 4);
        assert_eq!(of(500, "internal"), 5);
        assert_eq!(Failure::no_token().exit_code(), 4);
        assert_eq!(Failure::from(Error::InvalidToken).exit_code(), 4);
    }

    #[test]
    fn a_place_ends_in_the_same_way_whichever_command_finds_out() {
        let path = || std::path::PathBuf::from("data");
        let wrong = || OpenError::NotAStore {
            path: path(),
            why: "it is text".into(),
        };
        let started = |error: OpenError| {
            let error = engine::StartError::from(error);
            Failure::of_server(anyhow::Error::new(error).context("no server")).exit_code()
        };
        assert_eq!(Failure::from(wrong()).exit_code(), 2);
        assert_eq!(started(wrong()), 2);
        assert_eq!(Failure::from(BackupError::Open(wrong())).exit_code(), 2);
        assert_eq!(Failure::from(MoveError::Open(wrong())).exit_code(), 2);
        let taken = || OpenError::AlreadyOpen { dir: path() };
        assert_eq!(Failure::from(taken()).exit_code(), 1);
        assert_eq!(started(taken()), 1);
        let exists = BackupError::FileExists { path: path() };
        assert_eq!(Failure::from(exists).exit_code(), 1);
        assert_eq!(Failure::from(FileError::Exists(path())).exit_code(), 1);
    }

    #[test]
    fn a_cause_is_said_once() {
        #[derive(Debug, thiserror::Error)]
        #[error("a.pub can't be read: {0}")]
        struct Unreadable(#[source] std::io::Error);
        let gone = || std::io::Error::from(std::io::ErrorKind::NotFound);
        let error = anyhow::Error::new(Unreadable(gone()));
        assert_eq!(chain(&error), format!("a.pub can't be read: {}", gone()));
        let error = anyhow::Error::new(gone()).context("no key");
        assert_eq!(chain(&error), format!("no key: {}", gone()));
    }

    #[test]
    fn a_server_that_is_away_is_told_from_one_that_refuses() {
        let failure = Failure::from(Error::Unreachable {
            url: "http://127.0.0.1:1".into(),
            cause: Unreachable::Refused,
        });
        assert_eq!(failure.exit_code(), 3);
        assert!(failure.hint.as_ref().unwrap().contains("seatkeeper serve"));
    }
}
