//! Accounts of the console (R1): made, changed, deleted, signed in and out.

use serde::Serialize;

use super::record::{Facts, record};
use super::{Context, Stop, reach};
use crate::account::{Account, AccountPatch, AccountSession, NewAccount, PasswordHash};
use crate::actor::Role;
use crate::event::{EventKind, Subject};
use crate::ids::{AccountId, FolderId};
use crate::outcome::Outcome;
use crate::refusal::Refusal;
use crate::set::WorkingSet;
use crate::time::Timestamp;

/// An account in the record; never its password.
#[derive(Serialize)]
struct AccountFacts<'a> {
    name: &'a str,
    full_name: Option<&'a str>,
    role: Role,
    #[serde(skip_serializing_if = "Option::is_none")]
    folder: Option<FolderId>,
    active: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    new_password: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    invited: bool,
}

impl<'a> AccountFacts<'a> {
    fn of(account: &'a Account) -> Self {
        Self {
            name: account.name.as_str(),
            full_name: account.full_name.as_ref().map(crate::PersonName::as_str),
            role: account.role,
            folder: account.reach.folder(),
            active: account.active,
            new_password: false,
            invited: account.invited_until.is_some(),
        }
    }
}

fn note(set: &mut WorkingSet, context: &Context<'_>, kind: EventKind, facts: Facts) {
    record(set, context, kind, Subject::default(), facts);
}

fn find(set: &WorkingSet, id: AccountId) -> Result<Account, Stop> {
    let account = set
        .console_accounts()?
        .into_iter()
        .find(|account| account.id == id);
    Ok(account.cloned().ok_or(Refusal::UnknownAccount)?)
}

/// Makes an account; with `first`, only while there is none.
pub(super) fn create(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    new: &NewAccount,
    first: bool,
) -> Result<Outcome, Stop> {
    let known = set.console_accounts()?;
    if first && !known.is_empty() {
        return Err(Refusal::AlreadySetUp.into());
    }
    let key = new.name.key();
    if known.iter().any(|account| account.name.key() == key) {
        return Err(Refusal::UsernameTaken(new.name.as_str().to_owned()).into());
    }
    check_role(new.role)?;
    reach::check_grantable(set, new.role, new.reach)?;
    let account = Account {
        id: context.ids.fresh(),
        name: new.name.clone(),
        full_name: new.full_name.clone(),
        role: new.role,
        reach: new.reach,
        password: new.password.clone(),
        invited_until: new.invited.then(|| invited_until(context)),
        active: true,
        generation: 1,
        created_at: context.now,
        version: 1,
    };
    let facts = Facts::after(&AccountFacts::of(&account));
    note(set, context, EventKind::AccountCreated, facts);
    let id = account.id;
    set.put_account(account);
    Ok(Outcome::Account(id))
}

/// Changes an account. The last active administrator stays one.
pub(super) fn update(
    set: &mut WorkingSet,
    context: &Context<'_>,
    id: AccountId,
    patch: &AccountPatch,
    version: Option<u32>,
) -> Result<Outcome, Stop> {
    let before = find(set, id)?;
    super::check_version(version, before.version)?;
    let mut after = before.clone();
    if let Some(full_name) = &patch.full_name {
        after.full_name.clone_from(full_name);
    }
    if let Some(role) = patch.role {
        check_role(role)?;
        after.role = role;
    }
    if let Some(reach) = patch.reach {
        after.reach = reach;
    }
    if (after.role, after.reach) != (before.role, before.reach) {
        reach::check_grantable(set, after.role, after.reach)?;
    }
    if let Some(active) = patch.active {
        after.active = active;
    }
    if let Some(password) = &patch.password {
        after.password = password.clone();
        after.invited_until = patch.invited.then(|| invited_until(context));
    }
    if after == before {
        return Ok(Outcome::Done(false));
    }
    if !(after.active && after.role == Role::Administrator) {
        keep_an_administrator(set, id)?;
    }
    if patch.password.is_some() || (before.active && !after.active) {
        after.generation += 1;
    }
    after.version += 1;
    let facts = AccountFacts {
        new_password: patch.password.is_some(),
        ..AccountFacts::of(&after)
    };
    let facts = Facts::change(&AccountFacts::of(&before), &facts);
    note(set, context, EventKind::AccountUpdated, facts);
    set.put_account(after);
    Ok(Outcome::Done(true))
}

fn invited_until(context: &Context<'_>) -> Timestamp {
    context.now.plus(Account::INVITED_FOR)
}

/// The password that somebody chose by the one-time link of their account. That the code was right
/// is judged before; here, that the link still works, for this account and for the first time.
pub(super) fn choose_password(
    set: &mut WorkingSet,
    context: &Context<'_>,
    id: AccountId,
    password: &PasswordHash,
    version: u32,
) -> Result<Outcome, Stop> {
    let before = find(set, id)?;
    let is_own = context.actor.name.as_ref() == before.name.as_str();
    if !is_own || before.version != version || !before.is_invited(context.now) {
        return Err(Refusal::InvitationOver.into());
    }
    let after = Account {
        password: password.clone(),
        invited_until: None,
        generation: before.generation + 1,
        version: before.version + 1,
        ..before.clone()
    };
    let facts = AccountFacts {
        new_password: true,
        ..AccountFacts::of(&after)
    };
    let facts = Facts::change(&AccountFacts::of(&before), &facts);
    note(set, context, EventKind::AccountUpdated, facts);
    set.put_account(after);
    Ok(Outcome::Done(true))
}

/// Deletes an account and ends its sign-ins. The last active administrator stays.
pub(super) fn delete(
    set: &mut WorkingSet,
    context: &Context<'_>,
    id: AccountId,
) -> Result<Outcome, Stop> {
    let account = find(set, id)?;
    keep_an_administrator(set, id)?;
    let facts = Facts::before(&AccountFacts::of(&account));
    note(set, context, EventKind::AccountDeleted, facts);
    set.delete_account(id);
    Ok(Outcome::Done(true))
}

/// Writes down that an account signed in; whether its password was right is judged before.
pub(super) fn open(
    set: &mut WorkingSet,
    context: &Context<'_>,
    id: AccountId,
    hash: &str,
    from: Option<&str>,
) -> Result<Outcome, Stop> {
    let account = find(set, id)?;
    if !account.active {
        return Err(Refusal::UnknownAccount.into());
    }
    let facts = serde_json::json!({ "name": account.name, "from": from });
    note(
        set,
        context,
        EventKind::AccountSignedIn,
        Facts::after(&facts),
    );
    set.put_console_session(AccountSession {
        hash: hash.to_owned(),
        account: id,
        generation: account.generation,
        started_at: context.now,
        expires_at: context.now.plus(Account::SIGNED_IN_FOR),
    });
    Ok(Outcome::Done(true))
}

/// Ends a sign-in. Harmless twice.
pub(super) fn close(
    set: &mut WorkingSet,
    context: &Context<'_>,
    hash: &str,
) -> Result<Outcome, Stop> {
    if set.find_console_session(hash)?.is_none() {
        return Ok(Outcome::Done(false));
    }
    let facts = serde_json::json!({ "name": &*context.actor.name });
    note(
        set,
        context,
        EventKind::AccountSignedOut,
        Facts::before(&facts),
    );
    set.delete_console_session(hash);
    Ok(Outcome::Done(true))
}

fn check_role(role: Role) -> Result<(), Refusal> {
    if Account::ROLES.contains(&role) {
        Ok(())
    } else {
        Err(Refusal::NotAnAccountRole(role))
    }
}

/// Refuses what would leave nobody who may manage settings.
fn keep_an_administrator(set: &WorkingSet, without: AccountId) -> Result<(), Stop> {
    let accounts = set.console_accounts()?;
    let rules = |account: &&Account| account.active && account.role == Role::Administrator;
    let is_one = accounts
        .iter()
        .copied()
        .find(|account| account.id == without);
    if is_one.as_ref().is_some_and(rules)
        && !accounts
            .iter()
            .any(|account| rules(account) && account.id != without)
    {
        return Err(Refusal::LastAdministrator.into());
    }
    Ok(())
}
