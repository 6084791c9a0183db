//! Trusted keys and tokens.

use domain::Role;
use domain::names::{Title, TokenName};
use domain::set::{Issuer, Token};

use crate::error::StoreError;
use crate::sql::Columns;

/// The columns of a trusted key, of `issuer i`.
macro_rules! issuer_columns {
    () => {
        "i.key_id, i.name, i.public_key, i.trusted_at"
    };
}
pub(crate) use issuer_columns;

/// Reads [`issuer_columns`].
pub(crate) fn issuer(row: &mut Columns<'_, '_>) -> Result<Issuer, StoreError> {
    row.of("issuer");
    Ok(Issuer {
        key: row.text("key_id")?.to_owned(),
        name: row.parsed("name", Title::parse)?,
        public_key: row.text("public_key")?.to_owned(),
        trusted_at: row.time("trusted_at")?,
    })
}

/// The columns of a token, of `token t`.
macro_rules! token_columns {
    () => {
        "t.id, t.name, t.role, t.hash, t.created_at, t.expires_at, t.revoked_at"
    };
}
pub(crate) use token_columns;

/// Reads [`token_columns`].
pub(crate) fn token(row: &mut Columns<'_, '_>) -> Result<Token, StoreError> {
    row.of("token");
    Ok(Token {
        id: row.id("id")?,
        name: row.parsed("name", TokenName::parse)?,
        role: row.code("role", Role::from_code)?,
        hash: row.text("hash")?.to_owned(),
        created_at: row.time("created_at")?,
        expires_at: row.opt_time("expires_at")?,
        revoked_at: row.opt_time("revoked_at")?,
    })
}
