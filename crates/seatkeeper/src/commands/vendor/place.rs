//! Where a license service keeps what it issued.

use std::path::PathBuf;

use store::ledger::Place;
use store::{AddressError, Database};

use crate::local::{Unreadable, awaited, is_there};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Where {
    /// The folder that holds what was issued.
    #[arg(long, value_name = "DIR", default_value = "license-service")]
    data: PathBuf,
    /// A PostgreSQL database that holds it instead, for one service or several:
    /// postgres://USER@HOST/NAME, with libpq's options. The password may come from PGPASSWORD.
    #[arg(
        long,
        value_name = "URL",
        env = "SEATKEEPER_VENDOR_DATABASE",
        hide_env_values = true,
        conflicts_with = "data"
    )]
    database: Option<String>,
}

impl Where {
    /// The place.
    pub(super) fn place(&self) -> Result<Place, AddressError> {
        match &self.database {
            None => Ok(Place::Folder(self.data.clone())),
            Some(url) => {
                let password = std::env::var("PGPASSWORD").ok();
                let database = Database::parse(url, password.as_deref())?;
                Ok(Place::Database(Box::new(database)))
            }
        }
    }

    /// How it is typed, for lines that people are to type next. Nothing in it is secret.
    pub(super) fn typed(&self) -> String {
        match self.database {
            None => format!("--data {}", self.data.display()),
            Some(_) => "--database URL".to_owned(),
        }
    }
}

/// Waits for a service that has just been started: whether one ever worked there.
pub(super) fn is_there_soon(place: &Place) -> Result<bool, Unreadable> {
    let found = awaited(|| {
        if let Place::Folder(dir) = place {
            // Whatever is in a folder that may not be looked into seems not to be there.
            is_there(dir, ".")?;
        }
        Ok::<_, Unreadable>(place.exists().then_some(()))
    })?;
    Ok(found.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_that_has_just_been_started_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::Folder(folder.path().join("service"));
        let made = place.clone();
        let starting = std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(300));
            store::ledger::Ledger::open(&made).unwrap();
        });
        assert!(is_there_soon(&place).unwrap());
        starting.join().unwrap();
    }
}
