//! Refusals of the rules and of the engine, as problems with their status.

use axum::http::StatusCode;
use domain::outcome::ImportCode;
use domain::{NameError, Refusal};
use engine::people_csv::PeopleFileError;
use engine::{EngineError, ImportError, KeyError};
use store::StoreError;

use super::{Problem, at_index, at_pointer, at_row};
use crate::convert;

/// A refused command.
pub(crate) fn refusal_problem(refusal: Refusal) -> Problem {
    let mut problem = Problem::new(status(&refusal), refusal.code(), refusal.to_string());
    if let Refusal::TooFewSeats(shortage) = &refusal {
        let left_out = shortage.left_out.iter().enumerate().map(|(index, one)| {
            let detail = format!("{}, who holds a seat of {}", one.username, one.holds);
            at_index(index, "left_out", detail)
        });
        problem = problem.with_errors(left_out.collect());
    }
    if let Refusal::ImportRefused(answers) = &refusal {
        let refused = answers
            .iter()
            .enumerate()
            .filter(|(_, answer)| answer.code == ImportCode::Refused);
        let errors = refused.map(|(index, answer)| {
            let code = answer.refusal.clone().unwrap_or_default();
            let detail = answer.detail.as_deref().unwrap_or_default();
            at_index(index, code, format!("{}: {detail}", answer.serial))
        });
        problem = problem.with_errors(errors.collect());
        problem.0.licenses = answers
            .iter()
            .map(convert::license::refused_import)
            .collect();
    }
    problem
}

fn status(refusal: &Refusal) -> StatusCode {
    use Refusal as R;
    match refusal {
        R::Forbidden(_) | R::OutsideYourFolder(_) => StatusCode::FORBIDDEN,
        R::UnknownUser
        | R::UnknownProduct(_)
        | R::UnknownLicense
        | R::UnknownFolder
        | R::UnknownSession
        | R::UnknownIssuer(_)
        | R::UnknownToken
        | R::UnknownReplacement
        | R::UnknownAccount => StatusCode::NOT_FOUND,
        R::VersionMismatch { .. } => StatusCode::PRECONDITION_FAILED,
        R::UsernameTaken(_)
        | R::AlreadySetUp
        | R::InvitationOver
        | R::LastAdministrator
        | R::FolderNameTaken(_)
        | R::FolderCycle
        | R::FolderTooDeep { .. }
        | R::FolderNotEmpty { .. }
        | R::FolderIsALimit(_)
        | R::RootFolder
        | R::NotRemovable(_)
        | R::CannotReplace { .. }
        | R::OtherCompany { .. }
        | R::CompanyMissing
        | R::WhichIssuer(_)
        | R::ResponseReplayed
        | R::NothingToReplace
        | R::TooFewSeats(_)
        | R::AlreadyUndone
        | R::TooLateToUndo
        | R::ReplacedSince(_)
        | R::JobNotUndoable(_)
        | R::NothingToUndo
        | R::JobRunning
        | R::JobUndone(_)
        | R::TooLateToUndoJob
        | R::NoAgreement(_)
        | R::NotEnoughFreeSeats { .. }
        | R::NoSeats(_)
        | R::NoAutoAssign { .. }
        | R::NotHeld(_)
        | R::SeatUnbacked
        | R::KeyNotInForce(_)
        | R::KeyDistrusted(_)
        | R::CannotIntroduce { .. }
        | R::SessionOver(_)
        | R::BorrowingOff
        | R::BorrowTooLong { .. }
        | R::BorrowedForLonger
        | R::BorrowBeyondLicense(_)
        | R::TooManyBorrowed { .. }
        | R::NotBorrowable(_)
        | R::SeatBorrowed(_)
        | R::UserInactive(_)
        | R::AlreadyLinked
        | R::NotLinked => StatusCode::CONFLICT,
        R::ImportRefused(_)
        | R::WrongCompany { .. }
        | R::UnknownRequest
        | R::AnotherIssuer { .. }
        | R::ConfirmationMismatch { .. }
        | R::InvalidPolicy(_)
        | R::NotAnAccountRole(_)
        | R::NotLimitable(_)
        | R::BadPassword(_) => StatusCode::UNPROCESSABLE_ENTITY,
        R::NothingToMove | R::BorrowNotAhead | R::EmptyPeriod => StatusCode::BAD_REQUEST,
    }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        let busy = |error: EngineError| {
            Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                wire::codes::BUSY,
                error.to_string(),
            )
            .because(error)
        };
        match error {
            EngineError::Refused(refusal) => refusal_problem(refusal),
            EngineError::Overloaded | EngineError::ShuttingDown => busy(error),
            EngineError::Store(cause) => {
                store_problem(&cause).unwrap_or_else(|| Self::internal(cause))
            }
            EngineError::IdempotencyMismatch => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                error.code(),
                error.to_string(),
            ),
            EngineError::SecretShown(_) | EngineError::BackedUpElsewhere => {
                Self::new(StatusCode::CONFLICT, error.code(), error.to_string())
            }
            EngineError::UnknownJob => {
                Self::new(StatusCode::NOT_FOUND, error.code(), error.to_string())
            }
            EngineError::Internal(_) => Self::internal(error),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        store_problem(&error).unwrap_or_else(|| Self::internal(error))
    }
}

/// What the caller or the administrator can do something about; `None`: an internal error.
fn store_problem(error: &StoreError) -> Option<Problem> {
    let unavailable = |detail| Problem::new(StatusCode::SERVICE_UNAVAILABLE, error.code(), detail);
    match error {
        StoreError::BadCursor(_) => Some(Problem::invalid_field("after", error.to_string())),
        StoreError::Busy | StoreError::DiskFull | StoreError::ReadOnly | StoreError::Io(_) => {
            Some(unavailable(format!("nothing was changed: {error}")))
        }
        StoreError::Unavailable(_) | StoreError::RolledBack(_) | StoreError::OtherSchema { .. } => {
            let problem = unavailable(format!("nothing was changed: {error}"));
            Some(problem.because(error.to_string()))
        }
        StoreError::OutcomeUnknown(_) => {
            Some(unavailable(error.to_string()).because(error.to_string()))
        }
        _ => None,
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        let unfit = |error: &ImportError| {
            Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                error.code(),
                error.to_string(),
            )
        };
        match error {
            ImportError::Engine(error) => error.into(),
            ImportError::Terms { position, .. } => {
                let item = at_index(position.saturating_sub(1), error.code(), error.to_string());
                unfit(&error).with_errors(vec![item])
            }
            // The crate of license files is none of this one's; their codes are.
            ImportError::File(_) | ImportError::Response(_)
                if error.code() == wire::codes::TOO_LARGE =>
            {
                Self::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    error.code(),
                    error.to_string(),
                )
            }
            ImportError::File(_)
            | ImportError::Response(_)
            | ImportError::ResponseAmongOthers
            | ImportError::IsARequest => unfit(&error),
        }
    }
}

impl From<KeyError> for Problem {
    fn from(error: KeyError) -> Self {
        let status = match &error {
            KeyError::Import(_) => StatusCode::INTERNAL_SERVER_ERROR,
            KeyError::InternetOff
            | KeyError::NoService
            | KeyError::NoServiceOf(_)
            | KeyError::WhichService(_) => StatusCode::CONFLICT,
            KeyError::Key(_) | KeyError::Refused { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            KeyError::Fault { .. } => StatusCode::BAD_GATEWAY,
        };
        match error {
            KeyError::Import(error) => error.into(),
            error => Self::new(status, error.code().to_owned(), error.to_string()),
        }
    }
}

impl From<PeopleFileError> for Problem {
    fn from(error: PeopleFileError) -> Self {
        let items = error.faults.iter();
        let items = items.map(|fault| at_row(fault.row, fault.code, fault.detail.as_str()));
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            wire::codes::INVALID_CSV,
            error.to_string(),
        )
        .with_errors(items.collect())
    }
}

/// A text that is not the name it should be, at its place in the request.
pub(crate) fn name_problem(pointer: &str, error: &NameError) -> Problem {
    Problem::invalid(vec![at_pointer(pointer, error.code(), error.to_string())])
}
