//! Where a license service keeps what it issued.

use std::path::PathBuf;

use store::ledger::Place;
use store::{AddressError, Database};

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
