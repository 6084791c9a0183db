//! The license service: keeps what was issued, and speaks with installations and with its administrators (I2, I3).
//!
//! - [`Service`] is the whole of it: [`Service::exchange`] for installations, the other calls for administrators.
//! - [`http`](router) is the same over HTTP; [`Remote`] calls its administrator's part from elsewhere.
//! - [`model`] is what travels there. What installations say and hear is [`license_file::exchange`].
//!
//! It keeps its own SQLite database, apart from every store of a server: vendors and customers share no tables.

mod administration;
mod desk;
mod error;
mod http;
mod ledger;
mod limits;
pub mod model;
mod remote;
#[cfg(test)]
mod tests;
mod token;

pub use error::ServiceError;
pub use http::router;
pub use ledger::Ledger;
pub use remote::{Remote, RemoteError};
pub use token::TOKEN_PREFIX;

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use license_file::key_file::PrivateKeyFile;
use zeroize::Zeroizing;

/// Tells the time.
pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A license service on its ledger, with the key that it signs with.
pub struct Service {
    ledger: Mutex<Ledger>,
    key: PrivateKeyFile,
    now: Now,
}

impl Service {
    /// Opens the service's ledger in a folder; both are made when missing.
    ///
    /// # Errors
    /// [`ServiceError::Ledger`], [`ServiceError::Folder`].
    pub fn open(folder: &Path, key: PrivateKeyFile, now: Now) -> Result<Self, ServiceError> {
        Ok(Self {
            ledger: Mutex::new(Ledger::open(folder)?),
            key,
            now,
        })
    }

    /// The issuer's name.
    pub fn issuer(&self) -> &str {
        &self.key.name
    }

    /// The id of the key that it signs with.
    pub fn kid(&self) -> &str {
        self.key.key.kid()
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        // Every change of the ledger is a transaction, which a panic takes back.
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time, in whole seconds, as documents have it.
    fn now(&self) -> Timestamp {
        let now = (self.now)();
        Timestamp::from_second(now.as_second()).unwrap_or(now)
    }
}

/// Makes an administrator's token in the folder of a service, which may run or not; it is told only here.
///
/// # Errors
/// [`ServiceError::TokenTaken`], [`ServiceError::Invalid`].
pub fn make_token(
    folder: &Path,
    name: &str,
    now: Timestamp,
) -> Result<Zeroizing<String>, ServiceError> {
    token::make(&mut Ledger::open(folder)?, name, now)
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Service({})", self.issuer())
    }
}
