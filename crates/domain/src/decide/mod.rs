//! The decision: a command on a working set becomes an outcome, or changes nothing.

mod access;
mod accounts;
mod borrow;
mod capacity;
mod coverage;
mod deny;
mod folders;
mod footprint;
mod grant;
mod grounds;
mod intake;
mod issuers;
mod licenses;
mod link;
mod new_users;
mod no_license;
mod no_seat;
mod offline;
mod people;
mod pools;
mod reach;
mod record;
mod refresh;
mod release;
mod replace;
mod resettle;
mod sessions;
mod settings;
mod take_back;
mod timely;
mod undo;

pub use folders::MOST_DEEP;

use crate::actor::{Actor, Reach};
use crate::command::Command;
use crate::ids::Ids;
use crate::outcome::Outcome;
use crate::refusal::Refusal;
use crate::set::{Need, WorkingSet};
use crate::time::Timestamp;
use crate::undo::Change;

/// Why a decision stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Something must be loaded first; then the same command is decided again.
    Need(Need),
    /// The command is refused.
    Refused(Refusal),
}

impl From<Need> for Stop {
    fn from(need: Need) -> Self {
        Self::Need(need)
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// One step of the reasoning about access (A10): the rule, and what it found.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Step {
    /// The rule's number, such as `A4`.
    pub rule: &'static str,
    /// What it found, as a sentence.
    pub finding: String,
}

/// What comes in from outside.
#[derive(Debug)]
pub struct Context<'a> {
    /// The time to judge by (L11).
    pub now: Timestamp,
    /// Who commands.
    pub actor: &'a Actor,
    /// Makes new ids.
    pub ids: &'a mut Ids,
    /// Where the steps of an explained answer go.
    pub trace: Option<&'a mut Vec<Step>>,
}

impl Context<'_> {
    /// Notes a step, if somebody wants to know.
    fn note(&mut self, rule: &'static str, finding: impl FnOnce() -> String) {
        if let Some(trace) = self.trace.as_mut() {
            trace.push(Step {
                rule,
                finding: finding(),
            });
        }
    }
}

/// Decides a command. On `Ok` its changes stand in the set; otherwise the set is as before.
pub fn decide(
    set: &mut WorkingSet,
    command: &Command,
    context: &mut Context<'_>,
) -> Result<Outcome, Stop> {
    decide_and(set, command, context, |_| Ok(())).map(|(outcome, ())| outcome)
}

/// As [`decide()`]; also says what was changed of the account that the command is about, so that it
/// can be taken back (S7): of grants, recalls and changes of accounts.
pub fn decide_noting(
    set: &mut WorkingSet,
    command: &Command,
    context: &mut Context<'_>,
) -> Result<(Outcome, Option<Change>), Stop> {
    decide_and(set, command, context, |set| footprint::of(set, command))
}

fn decide_and<T>(
    set: &mut WorkingSet,
    command: &Command,
    context: &mut Context<'_>,
    look: impl FnOnce(&WorkingSet) -> Result<T, Stop>,
) -> Result<(Outcome, T), Stop> {
    let result = weigh(set, command, context, look);
    if result.is_ok() {
        set.keep();
    } else {
        set.undo();
    }
    result
}

/// What a command would come to (A10): decided as by [`decide()`], and the set is as before.
pub fn foresee(
    set: &mut WorkingSet,
    command: &Command,
    context: &mut Context<'_>,
) -> Result<Outcome, Stop> {
    let result = weigh(set, command, context, |_| Ok(()));
    set.undo();
    result.map(|(outcome, ())| outcome)
}

/// Decides, and looks at the set then; whether the changes stay is up to the caller. A decision
/// that stopped leaves no steps.
fn weigh<T>(
    set: &mut WorkingSet,
    command: &Command,
    context: &mut Context<'_>,
    look: impl FnOnce(&WorkingSet) -> Result<T, Stop>,
) -> Result<(Outcome, T), Stop> {
    context.actor.must(command.permission())?;
    let steps = context.trace.as_ref().map_or(0, |trace| trace.len());
    let result = match context.actor.reach {
        Reach::Everything => run(set, command, context),
        Reach::Folder(_) => within(set, command, context),
    };
    let result = result.and_then(|outcome| Ok((outcome, look(set)?)));
    if result.is_err()
        && let Some(trace) = context.trace.as_mut()
    {
        trace.truncate(steps);
    }
    result
}

/// R1: as [`run`], for an actor whose rights end at a folder.
fn within(
    set: &mut WorkingSet,
    command: &Command,
    context: &mut Context<'_>,
) -> Result<Outcome, Stop> {
    reach::check_subjects(set, context.actor, command)?;
    let outcome = run(set, command, context)?;
    reach::check_changes(set, context.actor)?;
    Ok(outcome)
}

fn run(
    set: &mut WorkingSet,
    command: &Command,
    context: &mut Context<'_>,
) -> Result<Outcome, Stop> {
    use Command as C;
    match command {
        C::SignIn {
            user,
            product,
            ask,
            client,
        } => {
            let request = access::SignIn {
                username: user,
                product,
                ask,
                client: client.as_ref(),
            };
            access::sign_in(set, context, &request)
        }
        C::Heartbeat(session) => sessions::heartbeat(set, context, *session),
        C::EndSession { session, reason } => sessions::end_by_id(set, context, *session, *reason),
        C::Borrow { session, until } => borrow::borrow(set, context, *session, *until),
        C::ReturnBorrowed(session) => borrow::give_back(set, context, *session),
        C::Reclaim { product, at_most } => sessions::reclaim_some(set, context, *product, *at_most),
        C::Grant {
            user,
            target,
            source,
        } => grant::grant(set, context, user, target, *source),
        C::Recall {
            user,
            target,
            source,
            now,
        } => release::recall(set, context, user, target, *source, *now),
        C::CancelRelease { user, license } => release::cancel(set, context, user, *license),
        C::ImportLicenses {
            licenses,
            customers,
            folder,
        } => intake::import(set, context, licenses, customers, *folder),
        C::RequestLicenses {
            company,
            version,
            issuer,
        } => offline::request(set, context, company.as_ref(), *version, issuer.as_ref()),
        C::TakeResponse {
            request,
            issuer,
            key,
            company,
            licenses,
            withdrawn,
            folder,
        } => {
            let taken = offline::Taken {
                request: *request,
                issuer,
                key,
                company,
                licenses,
                withdrawn,
                folder: *folder,
            };
            offline::take(set, context, &taken)
        }
        C::RemoveLicense(license) => licenses::remove(set, context, *license),
        C::RemoveExpired => licenses::remove_expired(set, context),
        C::DeleteAll { confirmation } => licenses::delete_all(set, context, confirmation),
        C::RevokeLicense(license) => licenses::revoke(set, context, *license),
        C::ReplaceLicenses { old, new, partly } => {
            replace::replace(set, context, old, new, *partly)
        }
        C::UndoReplacement(replacement) => undo::undo(set, context, *replacement),
        C::AcceptAgreement(license) => licenses::accept_agreement(set, context, *license),
        C::SetAutoAssign {
            license,
            auto_assign,
            version,
        } => licenses::set_auto_assign(set, context, *license, *auto_assign, *version),
        C::MoveSeats {
            license,
            from,
            to,
            count,
        } => pools::move_seats(set, context, *license, *from, *to, *count),
        C::MoveSeat { user, license, to } => pools::move_seat(set, context, user, *license, *to),
        C::CreateFolder { parent, name } => folders::create(set, context, *parent, name),
        C::EnsureFolder(names) => folders::ensure(set, context, names),
        C::UpdateFolder {
            folder,
            name,
            parent,
            version,
        } => folders::update(set, context, *folder, name.as_ref(), *parent, *version),
        C::DeleteFolder(folder) => folders::delete(set, context, *folder),
        C::CreateUser(user) => people::create_new(set, context, user),
        C::PutUser { username, patch } => people::put(set, context, username, patch),
        C::UpdateUser {
            user,
            patch,
            version,
        } => people::update(set, context, *user, patch, *version),
        C::TakeBack(change) => take_back::take_back(set, context, change),
        C::DeleteUser(user) => people::delete(set, context, *user),
        C::LinkUser { user, with } => link::link(set, context, *user, *with),
        C::UnlinkUser(user) => link::unlink(set, context, *user),
        C::SetPolicy { policy, version } => settings::set_policy(set, context, policy, *version),
        C::TrustIssuer {
            key,
            name,
            kind,
            public_key,
            period,
        } => {
            let new = issuers::NewKey {
                key,
                name,
                kind: *kind,
                public_key,
                period: *period,
            };
            issuers::trust(set, context, &new)
        }
        C::IntroduceIssuer(introduction) => issuers::introduce(set, context, introduction),
        C::DistrustIssuer { key, withdraw } => issuers::distrust(set, context, key, *withdraw),
        C::CreateToken {
            name,
            role,
            reach,
            hash,
            expires_at,
        } => {
            let new = settings::NewToken {
                name,
                role: *role,
                reach: *reach,
                hash,
                expires_at: *expires_at,
            };
            settings::create_token(set, context, &new)
        }
        C::RevokeToken(token) => settings::revoke_token(set, context, *token),
        C::NoteBackup { bytes } => Ok(settings::note_backup(set, context, *bytes)),
        C::TakeRefresh { license, word } => refresh::take(set, context, *license, word),
        C::SetLicenseService { issuer, url } => {
            refresh::set_service(set, context, issuer, url.as_ref())
        }
        C::CreateAccount { account, first } => accounts::create(set, context, account, *first),
        C::UpdateAccount {
            account,
            patch,
            version,
        } => accounts::update(set, context, *account, patch, *version),
        C::ChoosePassword {
            account,
            password,
            version,
        } => accounts::choose_password(set, context, *account, password, *version),
        C::DeleteAccount(account) => accounts::delete(set, context, *account),
        C::OpenConsole {
            account,
            hash,
            from,
        } => accounts::open(set, context, *account, hash, from.as_deref()),
        C::CloseConsole(hash) => accounts::close(set, context, hash),
    }
}

/// Optimistic concurrency: the version that is meant is the one that there is.
fn check_version(given: Option<u32>, actual: u32) -> Result<(), Refusal> {
    match given {
        Some(given) if given != actual => Err(Refusal::VersionMismatch { given, actual }),
        _ => Ok(()),
    }
}

/// Stops for everything that is lacking at once, so that a long command is not decided anew
/// for every row that it touches.
fn ask_for_all(lacking: impl Iterator<Item = Need>) -> Result<(), Stop> {
    let lacking: Vec<Need> = lacking.collect();
    if lacking.is_empty() {
        Ok(())
    } else {
        Err(Need::All(lacking).into())
    }
}
