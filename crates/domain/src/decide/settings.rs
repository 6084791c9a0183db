//! Policy, trusted keys, tokens.

use super::record::{Facts, record};
use super::{Context, Stop};
use crate::actor::Role;
use crate::event::{EventKind, Subject};
use crate::ids::TokenId;
use crate::names::{Title, TokenName};
use crate::outcome::Outcome;
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::set::{Issuer, Token, WorkingSet};
use crate::time::Timestamp;

/// Changes the policy.
pub(super) fn set_policy(
    set: &mut WorkingSet,
    context: &Context<'_>,
    policy: &Policy,
    version: Option<u32>,
) -> Result<Outcome, Stop> {
    let before = set.policy().clone();
    super::check_version(version, before.version)?;
    if let Some(fault) = policy.fault() {
        return Err(Refusal::InvalidPolicy(fault).into());
    }
    let mut after = Policy {
        version: before.version,
        ..policy.clone()
    };
    if after == before {
        return Ok(Outcome::Done(false));
    }
    after.version += 1;
    let facts = Facts::change(&before, &after);
    record(
        set,
        context,
        EventKind::PolicyChanged,
        Subject::default(),
        facts,
    );
    set.put_policy(after);
    Ok(Outcome::Done(true))
}

/// L3: trusts a key.
pub(super) fn trust(
    set: &mut WorkingSet,
    context: &Context<'_>,
    key: &str,
    name: &Title,
    public_key: &str,
) -> Result<Outcome, Stop> {
    let known = set.find_issuer(key)?;
    if known.is_some_and(|known| known.name == *name && known.public_key == public_key) {
        return Ok(Outcome::Done(false));
    }
    let issuer = Issuer {
        key: key.to_owned(),
        name: name.clone(),
        public_key: public_key.to_owned(),
        trusted_at: context.now,
    };
    let facts = serde_json::json!({ "key": key, "name": name });
    record(
        set,
        context,
        EventKind::IssuerTrusted,
        Subject::default(),
        Facts::after(&facts),
    );
    set.put_issuer(issuer);
    Ok(Outcome::Done(true))
}

/// Trusts a key no longer. What it signed before stays.
pub(super) fn distrust(
    set: &mut WorkingSet,
    context: &Context<'_>,
    key: &str,
) -> Result<Outcome, Stop> {
    let Some(issuer) = set.find_issuer(key)? else {
        return Err(Refusal::UnknownIssuer(key.to_owned()).into());
    };
    let facts = serde_json::json!({ "key": key, "name": issuer.name });
    record(
        set,
        context,
        EventKind::IssuerDistrusted,
        Subject::default(),
        Facts::before(&facts),
    );
    set.delete_issuer(key);
    Ok(Outcome::Done(true))
}

/// Makes a token.
pub(super) fn create_token(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    name: &TokenName,
    role: Role,
    hash: &str,
    expires_at: Option<Timestamp>,
) -> Outcome {
    let token = Token {
        id: context.ids.fresh(),
        name: name.clone(),
        role,
        hash: hash.to_owned(),
        created_at: context.now,
        expires_at,
        revoked_at: None,
    };
    let id = token.id;
    let facts = serde_json::json!({
        "token": id, "name": name, "role": role,
        "expires_at": expires_at.map(Timestamp::as_millis),
    });
    record(
        set,
        context,
        EventKind::TokenCreated,
        Subject::default(),
        Facts::after(&facts),
    );
    set.put_token(token);
    Outcome::Token(id)
}

/// Revokes a token. Harmless twice.
pub(super) fn revoke_token(
    set: &mut WorkingSet,
    context: &Context<'_>,
    id: TokenId,
) -> Result<Outcome, Stop> {
    let token = set.find_token(id)?.cloned().ok_or(Refusal::UnknownToken)?;
    if token.revoked_at.is_some() {
        return Ok(Outcome::Done(false));
    }
    let facts = serde_json::json!({ "token": id, "name": token.name, "role": token.role });
    record(
        set,
        context,
        EventKind::TokenRevoked,
        Subject::default(),
        Facts::before(&facts),
    );
    set.put_token(Token {
        revoked_at: Some(context.now),
        ..token
    });
    Ok(Outcome::Done(true))
}
