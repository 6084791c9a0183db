//! The license service: keeps what was issued, and speaks with installations and with its administrators (I2, I3).
//!
//! - [`Service`] is the whole of it: [`Service::exchange`] for installations, the other calls for administrators.
//! - [`http`](router) is the same over HTTP; [`Remote`] calls its administrator's part from elsewhere.
//! - [`model`] is what travels there. What installations say and hear is [`license_file::exchange`].
//!
//! What it keeps is a [`store::ledger::Ledger`], a database apart from every store of a server: vendors and customers
//! share no tables. Any number of services may work on one PostgreSQL database; each counts requests and wrong keys
//! for itself.

mod administration;
mod claim;
mod desk;
mod error;
mod http;
mod kept;
mod limits;
pub mod model;
mod remote;
#[cfg(test)]
mod tests;
mod token;

pub use claim::StartError;
pub use error::ServiceError;
pub use http::router;
pub use remote::{Remote, RemoteError};
pub use token::TOKEN_PREFIX;

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use license_file::key_file::PrivateKeyFile;
use store::ledger::{Ledger, Place};
use zeroize::Zeroizing;

/// Tells the time.
pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A license service on its ledger, with the key that it signs with.
pub struct Service {
    ledger: Ledger,
    key: PrivateKeyFile,
    now: Now,
    claim: claim::Claim,
}

impl Service {
    /// Opens the service on its ledger, which is made when missing. [`Service::start`] also looks whether it may be.
    ///
    /// # Errors
    /// [`ServiceError::Open`].
    pub fn open(place: &Place, key: PrivateKeyFile, now: Now) -> Result<Self, ServiceError> {
        Ok(Self {
            ledger: Ledger::open(place)?,
            key,
            now,
            claim: claim::Claim::none(),
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

    /// The time, in whole seconds, as documents have it.
    fn now(&self) -> Timestamp {
        let now = (self.now)();
        Timestamp::from_second(now.as_second()).unwrap_or(now)
    }
}

/// Makes an administrator's token in the ledger of a service, which may run or not; it is told only here.
///
/// # Errors
/// [`ServiceError::TokenTaken`], [`ServiceError::Invalid`], [`ServiceError::Open`].
pub fn make_token(
    place: &Place,
    name: &str,
    now: Timestamp,
) -> Result<Zeroizing<String>, ServiceError> {
    token::make(&Ledger::open(place)?, name, now)
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Service({})", self.issuer())
    }
}
