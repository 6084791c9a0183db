//! Trusted keys and tokens.

use domain::names::{Title, TokenName};
use domain::set::{Issuer, Token};
use domain::{IssuerKind, Period};
use domain::{Reach, Role};

use crate::error::StoreError;
use crate::sql::Columns;

/// The columns of a trusted key, of `issuer i`.
macro_rules! issuer_columns {
    () => {
        "i.key_id, i.name, i.kind, i.public_key, i.valid_from, i.valid_until, i.introduced_by, \
         i.trusted_at, i.distrusted_at"
    };
}
pub(crate) use issuer_columns;

/// Reads [`issuer_columns`].
pub(crate) fn issuer(row: &mut Columns<'_, '_>) -> Result<Issuer, StoreError> {
    row.of("issuer");
    Ok(Issuer {
        key: row.text("key_id")?.to_owned(),
        name: row.parsed("name", Title::parse)?,
        kind: row.code("kind", IssuerKind::from_code)?,
        public_key: row.text("public_key")?.to_owned(),
        period: Period {
            from: row.opt_time("valid_from")?,
            until: row.opt_time("valid_until")?,
        },
        introduced_by: row.opt_text("introduced_by")?.map(str::to_owned),
        trusted_at: row.time("trusted_at")?,
        distrusted_at: row.opt_time("distrusted_at")?,
    })
}

/// The columns of a token, of `token t`.
macro_rules! token_columns {
    () => {
        "t.id, t.name, t.role, t.hash, t.created_at, t.expires_at, t.revoked_at, t.folder_id"
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
        reach: Reach::of_folder(row.opt_id("folder_id")?),
    })
}
