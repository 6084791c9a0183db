//! Policy, tokens.

use super::record::{Facts, record};
use super::{Context, Stop, reach};
use crate::actor::{Reach, Role};
use crate::event::{EventKind, Subject};
use crate::ids::TokenId;
use crate::names::TokenName;
use crate::outcome::Outcome;
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::set::{Token, WorkingSet};
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

/// A token that is to be made.
pub(super) struct NewToken<'a> {
    pub(super) name: &'a TokenName,
    pub(super) role: Role,
    pub(super) reach: Reach,
    pub(super) hash: &'a str,
    pub(super) expires_at: Option<Timestamp>,
}

/// Makes a token.
pub(super) fn create_token(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    new: &NewToken<'_>,
) -> Result<Outcome, Stop> {
    reach::check_grantable(set, new.role, new.reach)?;
    let NewToken {
        name,
        role,
        expires_at,
        ..
    } = *new;
    let token = Token {
        id: context.ids.fresh(),
        name: name.clone(),
        role,
        reach: new.reach,
        hash: new.hash.to_owned(),
        created_at: context.now,
        expires_at,
        revoked_at: None,
    };
    let id = token.id;
    let facts = serde_json::json!({
        "token": id, "name": name, "role": role, "folder": new.reach.folder(),
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
    Ok(Outcome::Token(id))
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

/// R3: nothing changes but the record, which says who has a copy of everything from now on.
pub(super) fn note_backup(set: &mut WorkingSet, context: &Context<'_>, bytes: u64) -> Outcome {
    let facts = Facts::after(&serde_json::json!({ "bytes": bytes }));
    let kind = EventKind::BackupTaken;
    record(set, context, kind, Subject::default(), facts);
    Outcome::Done(true)
}
