//! What a happening means in a world: the command that it is there.

use domain::command::{FolderRef, UserPatch, Withdrawal};
use domain::names::{CompanyId, Title};
use domain::{
    Command, FolderId, FolderName, LicenseId, ProductCode, ProductVersion, SessionId, Target,
    UserRef, Username,
};

use super::ops::{Aim, FOLDERS, LICENSES, Op, PRODUCTS, Pick, PolicyChange, Terms, USERS};
use crate::world::prelude::*;

fn pick<T: Copy>(from: &[T], pick: Pick) -> Option<T> {
    from.get(usize::from(pick) % from.len().max(1)).copied()
}

/// One that was not removed, most of the time.
fn license(world: &World, index: Pick) -> Option<LicenseId> {
    let licenses = world.rows.licenses.values();
    let all = index % 8 == 7;
    let there = licenses.filter(|license| all || license.removed_at.is_none());
    let ids: Vec<LicenseId> = there.map(|license| license.id).collect();
    pick(&ids, index / 8)
}

/// One that could replace another.
fn replacement(world: &World, old: LicenseId, index: Pick) -> Option<LicenseId> {
    let old = &world.rows.licenses[&old];
    let alike = world.rows.licenses.values().filter(|license| {
        (license.product, license.terms.model) == (old.product, old.terms.model)
            && (license.id != old.id || index % 8 == 7)
    });
    let ids: Vec<LicenseId> = alike.map(|license| license.id).collect();
    pick(&ids, index / 8)
}

/// An assigned seat: whose, and of what.
fn assigned(world: &World, index: Pick) -> Option<(UserRef, LicenseId)> {
    let seats = world.rows.seats.values();
    let seats: Vec<_> = seats.map(|seat| (seat.user, seat.license)).collect();
    pick(&seats, index).map(|(user, license)| (UserRef::Id(user), license))
}

/// One that still goes on, most of the time.
fn session(world: &World, index: Pick) -> Option<SessionId> {
    let open: Vec<SessionId> = world
        .rows
        .open_sessions()
        .map(|session| session.id)
        .collect();
    let all: Vec<SessionId> = world.rows.sessions.keys().copied().collect();
    let ids = if open.is_empty() || index % 8 == 7 {
        all
    } else {
        open
    };
    pick(&ids, index / 8)
}

fn user(world: &World, index: Pick) -> Option<domain::UserId> {
    let ids: Vec<domain::UserId> = world.rows.users.keys().copied().collect();
    pick(&ids, index)
}

/// A folder that is there; the root is one.
fn folder(world: &World, index: Pick) -> FolderId {
    let mut ids = vec![FolderId::ROOT];
    ids.extend(world.rows.folders.keys());
    pick(&ids, index).unwrap()
}

/// The folder of a path, if it is there, else the root.
fn folder_at(world: &World, index: usize) -> FolderId {
    let mut folders = world.rows.folders.values();
    let name = FOLDERS[index].trim_start_matches('/');
    let found = folders.find(|row| row.parent == FolderId::ROOT && row.name.as_str() == name);
    found.map_or(FolderId::ROOT, |row| row.id)
}

fn code(product: usize) -> ProductCode {
    ProductCode::parse(PRODUCTS[product]).unwrap()
}

fn target(world: &World, aim: &Aim) -> Option<Target> {
    Some(match aim {
        Aim::Product(product, ask) => Target::Product(code(*product), ask.clone()),
        Aim::License(index) => Target::License(license(world, *index)?),
    })
}

fn named(user: usize) -> UserRef {
    UserRef::Name(Username::parse(USERS[user]).unwrap())
}

impl Terms {
    fn spec(&self, world: &World) -> LicenseSpec {
        let (serial, product) = LICENSES[self.which];
        let today = world.now.since(BEGINNING).as_days();
        let spec = match &serial[..1] {
            "D" => dedicated(serial),
            "F" => floating(serial),
            _ => site(serial),
        };
        let seats = if serial.starts_with('X') {
            0
        } else {
            self.seats
        };
        let mut spec = spec
            .of(PRODUCTS[product])
            .seats(seats)
            .starts(today + self.starts_in)
            .grace_days(self.grace);
        if self.read_only {
            spec = spec.read_only();
        }
        if let Some(module) = self.module {
            spec = spec.modules(&[["cmdb", "flows"][module]]);
        }
        if let Some(days) = self.ends_in {
            spec = spec.expires(today + days);
        }
        if self.per_session {
            spec = spec.per_session();
        }
        if let Some(days) = self.stale_in {
            spec = spec.revalidated(days, 1);
        }
        if self.agreement {
            spec = spec.agreement("be kind");
        }
        if !self.assignable {
            spec = spec.not_assignable();
        }
        let mut licenses = world.rows.licenses.values();
        let there = licenses.find(|license| license.terms.serial.as_str() == serial);
        let revision = there.map_or(1, |license| license.terms.revision);
        spec.revision(revision + u64::from(self.newer))
    }
}

impl Op {
    /// The command that this is in a world; none when there is nothing that it could mean, or
    /// it is time.
    pub(super) fn command(&self, world: &World) -> Option<Command> {
        let patch = |user: Pick, patch: UserPatch| {
            Some(Command::UpdateUser {
                user: self::user(world, user)?,
                patch,
                version: None,
            })
        };
        let new_user = |user: usize, folder: usize, active: bool| {
            let mut new = account(USERS[user], FOLDERS[folder]);
            new.active = active;
            new
        };
        Some(match self {
            Self::Wait(_) => return None,
            Self::SignIn(user, product, ask) => Command::SignIn {
                user: Username::parse(USERS[*user]).unwrap(),
                product: code(*product),
                ask: ask.clone(),
                client: None,
            },
            Self::Heartbeat(index) => Command::Heartbeat(session(world, *index)?),
            Self::EndSession(index, reason) => Command::EndSession {
                session: session(world, *index)?,
                reason: *reason,
            },
            Self::Grant(user, aim, source) => Command::Grant {
                user: named(*user),
                target: target(world, aim)?,
                source: *source,
            },
            Self::Recall(user, aim, source, now) => Command::Recall {
                user: named(*user),
                target: target(world, aim)?,
                source: *source,
                now: *now,
            },
            Self::RecallSeat(index, source, now) => {
                let (user, license) = assigned(world, *index)?;
                Command::Recall {
                    user,
                    target: Target::License(license),
                    source: *source,
                    now: *now,
                }
            }
            Self::CancelRelease(index) => {
                let (user, license) = assigned(world, *index)?;
                Command::CancelRelease { user, license }
            }
            Self::Reclaim(index, at_most) => {
                let ids: Vec<_> = world.rows.products.keys().copied().collect();
                let product = pick(&ids, *index)?;
                let at_most = *at_most;
                Command::Reclaim { product, at_most }
            }
            Self::Borrow(index, span) => Command::Borrow {
                session: session(world, *index)?,
                until: world.now.plus(*span),
            },
            Self::Return(index) => Command::ReturnBorrowed(session(world, *index)?),
            Self::Import(terms, folder) => {
                let specs: Vec<LicenseSpec> = terms.iter().map(|one| one.spec(world)).collect();
                Command::ImportLicenses {
                    licenses: specs.iter().map(LicenseSpec::build).collect(),
                    customers: Vec::new(),
                    folder: folder_at(world, *folder),
                }
            }
            Self::Remove(index) => Command::RemoveLicense(license(world, *index)?),
            Self::RemoveExpired => Command::RemoveExpired,
            Self::DeleteAll => Command::DeleteAll {
                confirmation: Command::DELETE_ALL_CONFIRMATION.into(),
            },
            Self::Revoke(index) => Command::RevokeLicense(license(world, *index)?),
            Self::Replace(old, new, partly) => {
                let first = license(world, old[0]?)?;
                let another = |index: &Option<Pick>| replacement(world, first, (*index)?);
                Command::ReplaceLicenses {
                    old: [Some(first), another(&old[1])]
                        .into_iter()
                        .flatten()
                        .collect(),
                    new: new.iter().filter_map(another).collect(),
                    partly: *partly,
                }
            }
            Self::UndoReplace(index) => {
                let ids: Vec<_> = world.rows.replacements.keys().copied().collect();
                // The latest one, most of the time.
                let latest = ids.len().saturating_sub(1 + usize::from(index % 2));
                Command::UndoReplacement(*ids.get(latest)?)
            }
            Self::Request => Command::RequestLicenses {
                company: Some(CompanyId::parse("CUST-42").unwrap()),
                version: ProductVersion::parse("8.3.0").unwrap(),
                issuer: None,
            },
            Self::Respond(index, terms, gone, folder) => {
                let ids: Vec<_> = world.rows.requests.keys().copied().collect();
                // The latest one, most of the time.
                let latest = ids.len().saturating_sub(1 + usize::from(index % 4 == 3));
                let specs: Vec<LicenseSpec> = terms.iter().map(|one| one.spec(world)).collect();
                let gone = gone.and_then(|index| license(world, index));
                let gone = gone.map(|id| &world.rows.licenses[&id].terms);
                Command::TakeResponse {
                    request: *ids.get(latest)?,
                    issuer: Title::parse("Northwind Software").unwrap(),
                    key: "key-1".into(),
                    company: CompanyId::parse("CUST-42").unwrap(),
                    licenses: specs.iter().map(LicenseSpec::build).collect(),
                    withdrawn: gone
                        .map(|terms| Withdrawal {
                            reason: None,
                            reference: terms.reference.clone(),
                            serial: terms.serial.clone(),
                            product: terms.product.clone(),
                        })
                        .into_iter()
                        .collect(),
                    folder: folder_at(world, *folder),
                }
            }
            Self::Accept(index) => Command::AcceptAgreement(license(world, *index)?),
            Self::SetAutoAssign(index, auto_assign) => Command::SetAutoAssign {
                license: license(world, *index)?,
                auto_assign: *auto_assign,
                version: None,
            },
            Self::MoveSeats(index, from, to, count) => Command::MoveSeats {
                license: license(world, *index)?,
                from: folder_at(world, *from),
                to: folder_at(world, *to),
                count: *count,
            },
            Self::MoveSeat(index, to) => {
                let (user, license) = assigned(world, *index)?;
                let to = folder_at(world, *to);
                Command::MoveSeat { user, license, to }
            }
            Self::CreateFolder(parent, name) => Command::CreateFolder {
                parent: folder(world, *parent),
                name: folder_name(*name),
            },
            Self::UpdateFolder(index, name, parent) => Command::UpdateFolder {
                folder: folder(world, *index),
                name: name.map(folder_name),
                parent: parent.map(|parent| folder(world, parent)),
                version: None,
            },
            Self::DeleteFolder(index) => Command::DeleteFolder(folder(world, *index)),
            Self::CreateUser(user, folder, active) => {
                Command::CreateUser(new_user(*user, *folder, *active))
            }
            Self::PutUser(user, folder, active) => {
                let user = new_user(*user, *folder, *active);
                Command::PutUser {
                    username: user.username.clone(),
                    patch: user.into(),
                }
            }
            Self::Rename(index, name) => {
                return patch(
                    *index,
                    UserPatch {
                        username: Some(Username::parse(USERS[*name]).unwrap()),
                        ..UserPatch::default()
                    },
                );
            }
            Self::SetActive(index, active) => {
                return patch(
                    *index,
                    UserPatch {
                        active: Some(*active),
                        ..UserPatch::default()
                    },
                );
            }
            Self::MoveUser(index, folder) => {
                return patch(
                    *index,
                    UserPatch {
                        folder: Some(FolderRef::Path(path(FOLDERS[*folder]))),
                        ..UserPatch::default()
                    },
                );
            }
            Self::DeleteUser(index) => Command::DeleteUser(user(world, *index)?),
            Self::Link(one, other) => Command::LinkUser {
                user: user(world, *one)?,
                with: user(world, *other)?,
            },
            Self::Unlink(index) => Command::UnlinkUser(user(world, *index)?),
            Self::Policy(change) => {
                let mut policy = world.rows.policy.clone();
                change.apply(&mut policy);
                Command::SetPolicy {
                    policy,
                    version: None,
                }
            }
        })
    }
}

fn folder_name(index: usize) -> FolderName {
    FolderName::parse(["Sales", "Support", "EMEA"][index]).unwrap()
}

impl PolicyChange {
    fn apply(&self, policy: &mut domain::Policy) {
        match self {
            Self::AutoAdd(add) => policy.auto_add_users = *add,
            Self::Demo(seats) => policy.demo_seats = *seats,
            Self::Lock(lock) => policy.over_allocation = *lock,
            Self::Renew(renew) => policy.renew_at_sign_in = *renew,
            Self::AutoAllocate(true) => {
                policy.auto_allocation = domain::Policy::default().auto_allocation;
            }
            Self::Borrow(days, most) => {
                policy.borrow_days = *days;
                policy.borrow_at_most = *most;
            }
            Self::AutoAllocate(false) => policy.auto_allocation.clear(),
        }
    }
}
