//! `/v1/me`, backups, health, and the keys of session tokens.

use serde_json::Value;
use wire::backup::BackupNote;
use wire::health::Health;
use wire::me::Me;
use wire::path;
use wire::user::UserSeats;

use crate::{Client, Download, Error, TokenVerifier};

impl Client {
    /// Who the token makes us, and which installation answers.
    ///
    /// # Errors
    /// [`Error`].
    pub fn get_me(&self) -> Result<Me, Error> {
        self.get(path::ME).answer()
    }

    /// The seats and live sessions of the user of the token's name.
    ///
    /// # Errors
    /// [`Error`].
    pub fn list_my_licenses(&self) -> Result<UserSeats, Error> {
        self.get(path::MY_LICENSES).answer()
    }

    /// Takes a backup of the server's store. Whoever reads it has every secret of the installation.
    ///
    /// # Errors
    /// [`Error`], before anything can be read.
    pub fn take_backup(&self) -> Result<Download, Error> {
        self.post(path::BACKUP).download()
    }

    /// Puts on record that a backup was read off the server's data folder (R3).
    ///
    /// # Errors
    /// [`Error`].
    pub fn note_backup(&self, bytes: u64) -> Result<(), Error> {
        self.post(path::BACKUP_NOTE)
            .json(&BackupNote { bytes })
            .done()
    }

    /// Whether the server can answer requests. Needs no token.
    ///
    /// # Errors
    /// [`Error`], also when it can't.
    pub fn get_readiness(&self) -> Result<Health, Error> {
        self.get(path::READYZ).answer()
    }

    /// Gets the keys with which this server's session tokens can be checked offline. Needs no token.
    ///
    /// # Errors
    /// [`Error`].
    pub fn fetch_jwks(&self) -> Result<TokenVerifier, Error> {
        let keys: Value = self.get(path::JWKS).answer()?;
        TokenVerifier::from_jwks(&keys.to_string()).map_err(|error| Error::Protocol {
            url: self.url().to_owned(),
            detail: error.to_string(),
        })
    }
}
