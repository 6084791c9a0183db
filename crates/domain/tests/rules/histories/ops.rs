//! What may happen, in small numbers that mean something in any world.

use domain::command::{FolderRef, UserPatch};
use domain::policy::OverAllocation;
use domain::{
    AccessLevel, Ask, AutoAssign, Command, EndReason, FolderId, FolderName, LicenseId, Millis,
    ModuleCode, ProductCode, SessionId, Source, Target, UserRef, Username,
};
use proptest::prelude::*;
use proptest::sample::select;

use crate::world::prelude::*;

pub(super) const USERS: [&str; 5] = ["anna", "bob", "carl", "dora", "emil"];
/// Mostly the first; the last is never licensed.
const PRODUCTS: [&str; 5] = ["esm", "esm", "esm", "crm", "unheard-of"];
const FOLDERS: [&str; 3] = ["/", "/Sales", "/Support"];

/// One of several, counted around: any number means one that is there, if any is.
type Pick = u8;

/// Something that may happen.
#[derive(Clone, Debug)]
pub(super) enum Op {
    Wait(Millis),
    SignIn(usize, usize, Ask),
    Heartbeat(Pick),
    EndSession(Pick, EndReason),
    Grant(usize, Aim, Source),
    Recall(usize, Aim, Option<Source>, bool),
    RecallSeat(Pick, Option<Source>, bool),
    CancelRelease(Pick),
    Reclaim(Pick, u32),
    Import(Vec<Terms>, usize),
    Remove(Pick),
    RemoveExpired,
    DeleteAll,
    Revoke(Pick),
    Replace(Pick, Pick, bool),
    Accept(Pick),
    SetAutoAssign(Pick, AutoAssign),
    MoveSeats(Pick, usize, usize, u32),
    MoveSeat(Pick, usize),
    CreateFolder(Pick, usize),
    UpdateFolder(Pick, Option<usize>, Option<Pick>),
    DeleteFolder(Pick),
    CreateUser(usize, usize, bool),
    PutUser(usize, usize, bool),
    Rename(Pick, usize),
    SetActive(Pick, bool),
    MoveUser(Pick, usize),
    DeleteUser(Pick),
    Link(Pick, Pick),
    Unlink(Pick),
    Policy(PolicyChange),
}

/// What a grant or recall aims at.
#[derive(Clone, Debug)]
pub(super) enum Aim {
    Product(usize, Ask),
    License(Pick),
}

/// The terms of one of a few licenses.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    which: usize,
    seats: u32,
    read_only: bool,
    module: Option<usize>,
    /// Days from now; none: for ever.
    ends_in: Option<i64>,
    grace: i64,
    starts_in: i64,
    per_session: bool,
    stale_in: Option<i64>,
    agreement: bool,
    assignable: bool,
    newer: bool,
}

#[derive(Clone, Debug)]
pub(super) enum PolicyChange {
    AutoAdd(bool),
    Demo(u32),
    Lock(OverAllocation),
    Renew(bool),
    AutoAllocate(bool),
}

fn asks() -> impl Strategy<Value = Ask> {
    let access = prop_oneof![
        6 => Just(None),
        1 => Just(Some(AccessLevel::Read)),
        1 => Just(Some(AccessLevel::Write)),
    ];
    let modules = prop_oneof![6 => Just(vec![]), 1 => Just(vec!["cmdb"]), 1 => Just(vec!["flows"])];
    (access, modules).prop_map(|(access, modules)| Ask {
        access,
        modules: modules
            .into_iter()
            .map(|code| ModuleCode::parse(code).unwrap())
            .collect(),
    })
}

fn aims() -> impl Strategy<Value = Aim> {
    prop_oneof![
        (0..PRODUCTS.len(), asks()).prop_map(|(product, ask)| Aim::Product(product, ask)),
        any::<Pick>().prop_map(Aim::License),
    ]
}

fn sources() -> impl Strategy<Value = Source> {
    select(vec![Source::Hand, Source::Rule])
}

fn terms() -> impl Strategy<Value = Terms> {
    let times = (
        prop_oneof![4 => Just(None), 1 => (0..6_i64).prop_map(Some)],
        0..2_i64,
        prop_oneof![9 => Just(-1_i64), 1 => 0..3_i64],
        prop_oneof![9 => Just(None), 1 => (1..4_i64).prop_map(Some)],
    );
    let kinds = (
        0..LICENSES.len(),
        0..4_u32,
        prop::bool::weighted(0.1),
        prop_oneof![8 => Just(None), 1 => (0..2_usize).prop_map(Some)],
        prop::bool::weighted(0.3),
    );
    let rest = (
        prop::bool::weighted(0.04),
        prop::bool::weighted(0.95),
        prop::bool::weighted(0.9),
    );
    (times, kinds, rest).prop_map(|(times, kinds, rest)| Terms {
        which: kinds.0,
        seats: kinds.1,
        read_only: kinds.2,
        module: kinds.3,
        ends_in: times.0,
        grace: times.1,
        starts_in: times.2,
        per_session: kinds.4,
        stale_in: times.3,
        agreement: rest.0,
        assignable: rest.1,
        newer: rest.2,
    })
}

/// Serial, model by its first letter, product.
const LICENSES: [(&str, usize); 8] = [
    ("D1", 0),
    ("D2", 0),
    ("D3", 0),
    ("F1", 0),
    ("F2", 0),
    ("X1", 0),
    ("D4", 3),
    ("F3", 3),
];

fn waits() -> impl Strategy<Value = Op> {
    let second = Millis::SECOND.get();
    let spans = prop_oneof![
        6 => select(vec![1, second, 200 * second]),
        2 => select(vec![600 * second, 661 * second]),
        1 => select(vec![86_400 * second, 3 * 86_400 * second]),
    ];
    spans.prop_map(|span| Op::Wait(Millis::new(span)))
}

/// Daily life: what shares a batch, and time.
pub(super) fn daily() -> impl Strategy<Value = Op> {
    let user = || 0..USERS.len();
    let reasons = select(vec![EndReason::SignedOut, EndReason::EndedByAdministrator]);
    prop_oneof![
        4 => waits(),
        10 => (user(), 0..PRODUCTS.len(), asks()).prop_map(|(u, p, ask)| Op::SignIn(u, p, ask)),
        4 => any::<Pick>().prop_map(Op::Heartbeat),
        4 => (any::<Pick>(), reasons).prop_map(|(s, reason)| Op::EndSession(s, reason)),
        4 => (user(), aims(), sources()).prop_map(|(u, aim, source)| Op::Grant(u, aim, source)),
        1 => (user(), aims(), proptest::option::of(sources()), any::<bool>())
            .prop_map(|(u, aim, source, now)| Op::Recall(u, aim, source, now)),
        3 => (any::<Pick>(), proptest::option::of(sources()), prop::bool::weighted(0.3))
            .prop_map(|(seat, source, now)| Op::RecallSeat(seat, source, now)),
        1 => any::<Pick>().prop_map(Op::CancelRelease),
        1 => (any::<Pick>(), 0..4_u32).prop_map(|(product, most)| Op::Reclaim(product, most)),
        1 => (user(), 0..FOLDERS.len(), Just(true)).prop_map(|(u, f, a)| Op::CreateUser(u, f, a)),
        1 => (user(), 0..FOLDERS.len(), Just(true)).prop_map(|(u, f, a)| Op::PutUser(u, f, a)),
    ]
}

/// What administrators do.
fn administration() -> impl Strategy<Value = Op> {
    let pick = any::<Pick>;
    let folder = || 0..FOLDERS.len();
    let changes = prop_oneof![
        any::<bool>().prop_map(PolicyChange::AutoAdd),
        (0..3_u32).prop_map(PolicyChange::Demo),
        select(vec![
            OverAllocation::LockProduct,
            OverAllocation::LockUnbacked
        ])
        .prop_map(PolicyChange::Lock),
        any::<bool>().prop_map(PolicyChange::Renew),
        any::<bool>().prop_map(PolicyChange::AutoAllocate),
    ];
    let auto = select(vec![
        AutoAssign::Off,
        AutoAssign::NewUsers,
        AutoAssign::AsNeeded,
    ]);
    let import = (proptest::collection::vec(terms(), 1..3), folder());
    prop_oneof![
        30 => import.prop_map(|(terms, folder)| Op::Import(terms, folder)),
        5 => pick().prop_map(Op::Remove),
        2 => Just(Op::RemoveExpired),
        1 => Just(Op::DeleteAll),
        2 => pick().prop_map(Op::Revoke),
        8 => (pick(), pick(), any::<bool>()).prop_map(|(o, n, p)| Op::Replace(o, n, p)),
        2 => pick().prop_map(Op::Accept),
        6 => (pick(), auto).prop_map(|(license, auto)| Op::SetAutoAssign(license, auto)),
        10 => (pick(), folder(), folder(), 1..3_u32)
            .prop_map(|(l, a, b, n)| Op::MoveSeats(l, a, b, n)),
        8 => (pick(), folder()).prop_map(|(seat, f)| Op::MoveSeat(seat, f)),
        2 => (pick(), 0..FOLDERS.len()).prop_map(|(p, n)| Op::CreateFolder(p, n)),
        3 => (pick(), proptest::option::of(0..FOLDERS.len()), proptest::option::of(pick()))
            .prop_map(|(f, n, p)| Op::UpdateFolder(f, n, p)),
        2 => pick().prop_map(Op::DeleteFolder),
        3 => (0..USERS.len(), folder(), any::<bool>()).prop_map(|(u, f, a)| Op::CreateUser(u, f, a)),
        3 => (0..USERS.len(), folder(), any::<bool>()).prop_map(|(u, f, a)| Op::PutUser(u, f, a)),
        2 => (pick(), 0..USERS.len()).prop_map(|(u, n)| Op::Rename(u, n)),
        5 => (pick(), prop::bool::weighted(0.7)).prop_map(|(u, active)| Op::SetActive(u, active)),
        3 => (pick(), folder()).prop_map(|(u, f)| Op::MoveUser(u, f)),
        3 => pick().prop_map(Op::DeleteUser),
        8 => (pick(), pick()).prop_map(|(a, b)| Op::Link(a, b)),
        6 => pick().prop_map(Op::Unlink),
        6 => changes.prop_map(Op::Policy),
    ]
}

/// Anything.
pub(super) fn anything() -> impl Strategy<Value = Op> {
    prop_oneof![3 => daily(), 1 => administration()]
}

/// A world in which something can happen.
pub(super) fn small_world() -> World {
    world()
        .folder("/Sales")
        .folder("/Support")
        .user_in("anna", "/Sales")
        .user_in("bob", "/")
        .user_in("carl", "/Support")
        .policy(|policy| policy.demo_seats = 1)
        .license(dedicated("D1").seats(2))
        .license(dedicated("D4").seats(2).of("crm"))
        .license_in("/Sales", dedicated("D2").seats(1))
        .license(floating("F1").seats(2))
}

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
            Self::Import(terms, folder) => {
                let specs: Vec<LicenseSpec> = terms.iter().map(|one| one.spec(world)).collect();
                Command::ImportLicenses {
                    licenses: specs.iter().map(LicenseSpec::build).collect(),
                    customer: None,
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
                let old = license(world, *old)?;
                Command::ReplaceLicense {
                    old,
                    new: replacement(world, old, *new)?,
                    partly: *partly,
                }
            }
            Self::Accept(index) => Command::AcceptAgreement(license(world, *index)?),
            Self::SetAutoAssign(index, auto_assign) => Command::SetAutoAssign {
                license: license(world, *index)?,
                auto_assign: *auto_assign,
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
                Command::PutUser(new_user(*user, *folder, *active))
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
            Self::AutoAllocate(false) => policy.auto_allocation.clear(),
        }
    }
}
