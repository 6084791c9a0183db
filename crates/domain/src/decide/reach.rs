//! How far an actor's rights go (R1): a license manager may be limited to a folder and what is
//! below it.
//!
//! Such an actor's command is looked at twice. Before it is decided, by what it names, so that
//! nothing is learned about what lies outside; and afterwards by what it changed, whatever the
//! way there was. Where a rule chooses (a free seat, a refuge, what has expired), it chooses
//! inside, by [`reaches`].
//!
//! Inside is: a user whose folder is; a pool whose folder is; a license all of whose pools are.
//! What is in no folder (site licenses, the policy, issuers, tokens, accounts) is outside. Two
//! things may touch what stands outside, since no right is needed for them: what lapsed sessions
//! held is free (H2), and whoever is deactivated or deleted gives back all seats (S8).

mod changed;

use super::{Context, Stop};
use crate::actor::{Actor, Reach, Role};
use crate::command::{Command, Target, UserRef};
use crate::ids::{FolderId, LicenseId, PoolId, SessionId};
use crate::refusal::Refusal;
use crate::set::{Need, WorkingSet};
use crate::undo::Change;
use changed::Changed;

/// Whether a folder is the given one or below it.
fn is_in(set: &WorkingSet, limit: FolderId, folder: FolderId) -> Result<bool, Need> {
    let mut at = folder;
    // More steps than levels: a tree can't be deeper.
    for _ in 0..=super::MOST_DEEP {
        if at == limit {
            return Ok(true);
        }
        if at == FolderId::ROOT {
            return Ok(false);
        }
        match set.find_folder(at)? {
            Some(folder) => at = folder.parent,
            None => return Ok(false),
        }
    }
    Ok(false)
}

/// Whether an actor's rights reach what is in a folder.
pub(super) fn reaches(set: &WorkingSet, actor: &Actor, folder: FolderId) -> Result<bool, Need> {
    match actor.reach {
        Reach::Everything => Ok(true),
        Reach::Folder(limit) => is_in(set, limit, folder),
    }
}

/// Whether they reach a pool.
pub(super) fn reaches_pool(set: &WorkingSet, actor: &Actor, pool: PoolId) -> Result<bool, Need> {
    match actor.reach {
        Reach::Everything => Ok(true),
        Reach::Folder(limit) => is_in(set, limit, set.pool(pool)?.folder),
    }
}

/// Whether they reach a license as a whole: it has pools, and all are inside.
pub(super) fn reaches_license(
    set: &WorkingSet,
    actor: &Actor,
    license: LicenseId,
) -> Result<bool, Need> {
    if actor.reach == Reach::Everything {
        return Ok(true);
    }
    let pools = set.pools_of(license)?;
    for pool in pools {
        if !reaches_pool(set, actor, *pool)? {
            return Ok(false);
        }
    }
    Ok(!pools.is_empty())
}

/// A role and bounds that go together, the folder being there.
pub(super) fn check_grantable(set: &WorkingSet, role: Role, reach: Reach) -> Result<(), Stop> {
    let Some(folder) = reach.folder() else {
        return Ok(());
    };
    if role != Role::Manager {
        return Err(Refusal::NotLimitable(role).into());
    }
    if set.find_folder(folder)?.is_none() {
        return Err(Refusal::UnknownFolder.into());
    }
    Ok(())
}

/// The refusal, naming the folder by its path.
pub(super) fn outside(set: &WorkingSet, actor: &Actor) -> Result<Stop, Need> {
    let mut names = Vec::new();
    let mut at = actor.reach.folder().unwrap_or(FolderId::ROOT);
    while at != FolderId::ROOT && names.len() <= super::MOST_DEEP {
        let Some(folder) = set.find_folder(at)? else {
            break;
        };
        names.push(folder.name.to_string());
        at = folder.parent;
    }
    names.reverse();
    Ok(Refusal::OutsideYourFolder(format!("/{}", names.join("/"))).into())
}

/// Judges a command of a limited actor by what it names.
pub(super) fn check_subjects(
    set: &WorkingSet,
    actor: &Actor,
    command: &Command,
) -> Result<(), Stop> {
    let Reach::Folder(limit) = actor.reach else {
        return Ok(());
    };
    if (Subjects { set, actor, limit }).are_inside(command)? {
        Ok(())
    } else {
        Err(outside(set, actor)?)
    }
}

/// What a command of a limited actor names.
struct Subjects<'a> {
    set: &'a WorkingSet,
    actor: &'a Actor,
    limit: FolderId,
}

impl Subjects<'_> {
    fn are_inside(&self, command: &Command) -> Result<bool, Need> {
        use Command as C;
        match command {
            // Whoever is unknown would come into the root (A1).
            C::SignIn { user, .. } => self.user_named(&user.key(), false),
            C::Heartbeat(session)
            | C::ReturnBorrowed(session)
            | C::EndSession { session, .. }
            | C::Borrow { session, .. } => self.session(*session),
            C::Grant { user, target, .. } | C::Recall { user, target, .. } => {
                Ok(self.user(user)? && self.target(target)?)
            }
            C::CancelRelease { user, license } => {
                Ok(self.user(user)? && self.has_pool_of(*license)?)
            }
            C::ImportLicenses { folder, .. } => self.folder(*folder),
            C::RemoveLicense(license)
            | C::RevokeLicense(license)
            | C::AcceptAgreement(license)
            | C::SetAutoAssign { license, .. }
            | C::TakeRefresh { license, .. } => self.license(*license),
            C::ReplaceLicenses { old, new, .. } => self.licenses(old.iter().chain(new).copied()),
            C::UndoReplacement(replacement) => {
                let found = self.set.find_replacement(*replacement)?;
                let taken = found
                    .into_iter()
                    .flat_map(|one| one.old.iter().chain(&one.new));
                self.licenses(taken.map(|one| one.license))
            }
            C::MoveSeats {
                license, from, to, ..
            } => Ok(self.folder(*from)? && self.folder(*to)? && self.has_pool_of(*license)?),
            C::MoveSeat { user, license, to } => {
                Ok(self.user(user)? && self.folder(*to)? && self.has_pool_of(*license)?)
            }
            C::CreateFolder { parent, .. } => self.folder(*parent),
            C::UpdateFolder { folder, parent, .. } => {
                let to = parent.map_or(Ok(true), |parent| self.folder(parent))?;
                Ok(to && self.is_below(*folder)?)
            }
            C::DeleteFolder(folder) => self.is_below(*folder),
            C::PutUser { username, .. } => self.user_named(&username.key(), true),
            C::UpdateUser { user, .. }
            | C::DeleteUser(user)
            | C::UnlinkUser(user)
            | C::TakeBack(Change { user, .. }) => self.user(&UserRef::Id(*user)),
            C::LinkUser { user, with } => {
                Ok(self.user(&UserRef::Id(*user))? && self.user(&UserRef::Id(*with))?)
            }
            // Judged by what becomes of them, or by the rule itself.
            C::EnsureFolder(_)
            | C::CreateUser(_)
            | C::RemoveExpired
            | C::OpenConsole { .. }
            | C::ChoosePassword { .. }
            | C::CloseConsole(_) => Ok(true),
            // These are about the whole installation.
            C::Reclaim { .. }
            | C::RequestLicenses { .. }
            | C::TakeResponse { .. }
            | C::DeleteAll { .. }
            | C::SetPolicy { .. }
            | C::TrustIssuer { .. }
            | C::IntroduceIssuer(_)
            | C::DistrustIssuer { .. }
            | C::SetLicenseService { .. }
            | C::CreateToken { .. }
            | C::RevokeToken(_)
            | C::CreateAccount { .. }
            | C::UpdateAccount { .. }
            | C::DeleteAccount(_)
            | C::NoteBackup { .. } => Ok(false),
        }
    }

    fn folder(&self, folder: FolderId) -> Result<bool, Need> {
        is_in(self.set, self.limit, folder)
    }

    /// A folder below the actor's own, which is not theirs to change.
    fn is_below(&self, folder: FolderId) -> Result<bool, Need> {
        Ok(folder != self.limit && self.folder(folder)?)
    }

    /// A user who is inside, or not there at all: the rule says so.
    fn user(&self, user: &UserRef) -> Result<bool, Need> {
        match user {
            UserRef::Name(name) => self.user_named(&name.key(), true),
            UserRef::Id(id) => match self.set.find_user(*id)? {
                Some(user) => self.folder(user.folder),
                None => Ok(true),
            },
        }
    }

    fn user_named(&self, key: &str, or_nobody: bool) -> Result<bool, Need> {
        match self.set.find_username(key)? {
            Some(user) => self.folder(user.folder),
            None => Ok(or_nobody),
        }
    }

    fn session(&self, id: SessionId) -> Result<bool, Need> {
        match self.set.find_session(id)? {
            Some(session) => self.user(&UserRef::Id(session.user)),
            None => Ok(true),
        }
    }

    fn target(&self, target: &Target) -> Result<bool, Need> {
        match target {
            Target::Product(..) => Ok(true),
            Target::License(license) => self.has_pool_of(*license),
        }
    }

    /// A license with seats inside, or none at all.
    fn has_pool_of(&self, license: LicenseId) -> Result<bool, Need> {
        if self.set.find_license(license)?.is_none() {
            return Ok(true);
        }
        for pool in self.set.pools_of(license)? {
            if reaches_pool(self.set, self.actor, *pool)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A license that is inside as a whole, or none at all.
    fn license(&self, license: LicenseId) -> Result<bool, Need> {
        let unknown = self.set.find_license(license)?.is_none();
        Ok(unknown || reaches_license(self.set, self.actor, license)?)
    }

    fn licenses(&self, mut licenses: impl Iterator<Item = LicenseId>) -> Result<bool, Need> {
        licenses.try_fold(true, |all, license| Ok(all && self.license(license)?))
    }
}

/// Judges a decision of a limited actor by what it changed.
pub(super) fn check_changes(set: &WorkingSet, actor: &Actor) -> Result<(), Stop> {
    let Reach::Folder(limit) = actor.reach else {
        return Ok(());
    };
    if Changed::new(set, limit).is_inside()? {
        Ok(())
    } else {
        Err(outside(set, actor)?)
    }
}

/// Where seats go that have no place of their own: the root, or the folder beyond which the
/// actor's rights end.
pub(super) fn ground(context: &Context<'_>) -> FolderId {
    context.actor.reach.folder().unwrap_or(FolderId::ROOT)
}
