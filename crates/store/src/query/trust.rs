//! Trusted keys and tokens: short lists, given whole.

use domain::TokenId;
use domain::set::{Issuer, Token};

use crate::error::StoreError;
use crate::load::statements::{ISSUER, TOKEN};
use crate::reader::Reader;
use crate::rows::{self, issuer_columns, token_columns};
use crate::sql::statements;

statements! {
    ISSUERS = concat!("SELECT ", issuer_columns!(), " FROM issuer i ORDER BY i.key_id");
    TOKENS = concat!("SELECT ", token_columns!(), " FROM token t ORDER BY t.id");
    TOKEN_HASH = concat!("SELECT ", token_columns!(), " FROM token t WHERE t.hash = $1");
}

impl Reader<'_> {
    /// Every key that is trusted or was, by its id.
    pub fn issuers(&mut self) -> Result<Vec<Issuer>, StoreError> {
        self.link.all(&ISSUERS, &[], rows::issuer)
    }

    /// The key with an id, also one that is not trusted any more.
    pub fn find_issuer(&mut self, key: &str) -> Result<Option<Issuer>, StoreError> {
        self.link.first(&ISSUER, &[key.into()], rows::issuer)
    }

    /// Every token, revoked ones too, in the order in which they were made.
    pub fn tokens(&mut self) -> Result<Vec<Token>, StoreError> {
        self.link.all(&TOKENS, &[], rows::token)
    }

    /// The token with an id.
    pub fn find_token(&mut self, id: TokenId) -> Result<Option<Token>, StoreError> {
        self.link.first(&TOKEN, &[id.into()], rows::token)
    }

    /// The token whose secret has this SHA-256, lower-case hexadecimal; also one that was
    /// revoked or is past its end.
    pub fn find_token_by_hash(&mut self, hash: &str) -> Result<Option<Token>, StoreError> {
        self.link.first(&TOKEN_HASH, &[hash.into()], rows::token)
    }
}
