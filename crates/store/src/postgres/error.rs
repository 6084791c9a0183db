//! What PostgreSQL's errors mean to us.

use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::error::{Away, StoreError};

/// What an error says of the connection it came over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It can be used further, after the transaction ended.
    Usable,
    /// It is gone, or leads to a server that does not take writes any more.
    Lost,
}

/// An error of a statement, with what it says of the connection.
pub(super) fn meant(statement: &'static str, source: Error) -> (StoreError, Fate) {
    let Some(said) = source.as_db_error() else {
        let cause = std::error::Error::source(&source);
        let of_the_line = cause.is_none_or(|cause| cause.is::<std::io::Error>());
        let error = if of_the_line {
            StoreError::Unavailable(chain(&source).into())
        } else {
            StoreError::Postgres { statement, source }
        };
        return (error, Fate::Lost);
    };
    let why = said.message().to_owned();
    let (class, _) = said.code().code().split_at(2);
    let error = match *said.code() {
        // The last one: something failed before, such as a question of another command of the
        // batch. Nothing of the transaction is kept.
        SqlState::T_R_SERIALIZATION_FAILURE
        | SqlState::T_R_DEADLOCK_DETECTED
        | SqlState::IN_FAILED_SQL_TRANSACTION => {
            return (StoreError::RolledBack(why), Fate::Usable);
        }
        SqlState::LOCK_NOT_AVAILABLE | SqlState::QUERY_CANCELED => {
            return (StoreError::Busy, Fate::Usable);
        }
        SqlState::DISK_FULL => return (StoreError::DiskFull, Fate::Usable),
        // A leader that is none any more.
        SqlState::READ_ONLY_SQL_TRANSACTION
        | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
        | SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::CANNOT_CONNECT_NOW
        | SqlState::TOO_MANY_CONNECTIONS => {
            return (StoreError::Unavailable(why.into()), Fate::Lost);
        }
        _ => match class {
            "08" | "57" => return (StoreError::Unavailable(why.into()), Fate::Lost),
            "53" => return (StoreError::Unavailable(why.into()), Fate::Usable),
            "58" => StoreError::Io(why),
            "23" => StoreError::Constraint { statement, why },
            "XX" if said.code().code() != "XX000" => StoreError::Damaged(why),
            _ => StoreError::Postgres { statement, source },
        },
    };
    (error, Fate::Usable)
}

/// What an error of a commit means: unless the server itself refused it, nobody knows.
pub(super) fn of_commit(source: Error) -> StoreError {
    let refused = source.code().is_some_and(|code| {
        let class = code.code().split_at(2).0;
        matches!(class, "23" | "25" | "40")
    });
    if refused {
        StoreError::RolledBack(chain(&source))
    } else {
        StoreError::OutcomeUnknown(chain(&source))
    }
}

/// Why there is no connection. Whoever was let in nowhere did reach a server.
pub(super) fn of_connecting(source: &Error) -> Away {
    if let Some(said) = source.as_db_error() {
        let why = said.message().to_owned();
        return match said.code().code().split_at(2).0 {
            // Who asks may not, or what is asked for is not there.
            "28" | "3D" | "42" => Away::Refused(why),
            _ => Away::Unreached(why),
        };
    }
    // The driver has no codes for these two.
    let text = chain(source);
    if text.ends_with(NO_PASSWORD) {
        let why = "it wants a password; set PGPASSWORD, or write it into the URL";
        Away::Refused(why.into())
    } else if text.ends_with(NO_TLS) {
        let why = "it does not support TLS, which the URL's sslmode demands";
        Away::Refused(why.into())
    } else {
        Away::Unreached(text)
    }
}

const NO_PASSWORD: &str = "password missing";
const NO_TLS: &str = "server does not support TLS";

/// An error with all that lies behind it.
pub(crate) fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
