//! `/v1/tokens`.

use uuid::Uuid;
use wire::path;
use wire::token::{CreatedToken, NewToken, TokenPage};

use crate::{Client, Error};

impl Client {
    /// Lists API tokens.
    ///
    /// # Errors
    /// [`Error`].
    pub fn list_tokens(&self) -> Result<TokenPage, Error> {
        self.get(path::TOKENS).answer()
    }

    /// Makes an API token. Its secret is in the answer, and nowhere else.
    ///
    /// # Errors
    /// [`Error`]. Not repeated when the connection breaks: the secret would be lost, so look whether it was made.
    pub fn create_token(&self, token: &NewToken) -> Result<CreatedToken, Error> {
        self.post(path::TOKENS).json(token).answer()
    }

    /// Revokes an API token.
    ///
    /// # Errors
    /// [`Error`].
    pub fn revoke_token(&self, token: Uuid) -> Result<(), Error> {
        self.delete_at(path::TOKEN, token).done()
    }
}
