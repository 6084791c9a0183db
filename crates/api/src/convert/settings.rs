//! Trusted keys and tokens.

use domain::Timestamp;
use domain::refresh::LicenseService;
use domain::set::{Issuer, Token};

use super::{time, words};

/// A trusted key as it stands now, with its issuer's license service.
pub(crate) fn issuer(
    issuer: Issuer,
    service: Option<&LicenseService>,
    now: Timestamp,
) -> wire::issuer::Issuer {
    wire::issuer::Issuer {
        kid: issuer.key,
        name: issuer.name.into(),
        kind: words::issuer_kind(issuer.kind),
        x: issuer.public_key,
        standing: words::standing(issuer.period.standing(now)),
        valid_from: issuer.period.from.map(time::time),
        valid_until: issuer.period.until.map(time::time),
        introduced_by: issuer.introduced_by,
        trusted_at: time::time(issuer.trusted_at),
        service: service.map(|service| service.url.to_string()),
    }
}

/// An account of the console, without its password; with the path of the folder that it reaches.
pub(crate) fn account(account: domain::Account, path: Option<String>) -> wire::account::Account {
    wire::account::Account {
        id: account.id.0,
        name: account.name.into(),
        full_name: account.full_name.map(Into::into),
        role: words::role(account.role),
        folder: account.reach.folder().map(|folder| folder.0),
        path,
        active: account.active,
        created_at: time::time(account.created_at),
        version: account.version,
    }
}

/// A token, without its secret; with the path of the folder that it reaches.
pub(crate) fn token(token: Token, path: Option<String>) -> wire::token::Token {
    wire::token::Token {
        id: token.id.0,
        name: token.name.into(),
        role: words::role(token.role),
        folder: token.reach.folder().map(|folder| folder.0),
        path,
        created_at: time::time(token.created_at),
        expires_at: token.expires_at.map(time::time),
    }
}
