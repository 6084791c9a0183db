//! What may happen, in small numbers that mean something in any world.

use domain::policy::OverAllocation;
use domain::{AccessLevel, Ask, AutoAssign, EndReason, Millis, ModuleCode, Source};
use proptest::prelude::*;
use proptest::sample::select;

use crate::world::prelude::*;

pub(super) const USERS: [&str; 5] = ["anna", "bob", "carl", "dora", "emil"];
/// Mostly the first; the last is never licensed.
pub(super) const PRODUCTS: [&str; 5] = ["esm", "esm", "esm", "crm", "unheard-of"];
pub(super) const FOLDERS: [&str; 3] = ["/", "/Sales", "/Support"];

/// One of several, counted around: any number means one that is there, if any is.
pub(super) type Pick = u8;

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
    /// For so long.
    Borrow(Pick, Millis),
    Return(Pick),
    Import(Vec<Terms>, usize),
    Remove(Pick),
    RemoveExpired,
    DeleteAll,
    Revoke(Pick),
    /// One or two by one or two.
    Replace([Option<Pick>; 2], [Option<Pick>; 2], bool),
    UndoReplace(Pick),
    Request,
    /// To one of the requests, with licenses and one that is taken back.
    Respond(Pick, Vec<Terms>, Option<Pick>, usize),
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
    pub(super) which: usize,
    pub(super) seats: u32,
    pub(super) read_only: bool,
    pub(super) module: Option<usize>,
    /// Days from now; none: for ever.
    pub(super) ends_in: Option<i64>,
    pub(super) grace: i64,
    pub(super) starts_in: i64,
    pub(super) per_session: bool,
    pub(super) stale_in: Option<i64>,
    pub(super) agreement: bool,
    pub(super) assignable: bool,
    pub(super) newer: bool,
}

#[derive(Clone, Debug)]
pub(super) enum PolicyChange {
    AutoAdd(bool),
    Demo(u32),
    Lock(OverAllocation),
    Renew(bool),
    AutoAllocate(bool),
    Borrow(u16, u32),
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
pub(super) const LICENSES: [(&str, usize); 8] = [
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

fn loans() -> impl Strategy<Value = Millis> {
    let seconds = select(vec![1_i64, 300, 86_400, 2 * 86_400, 5 * 86_400]);
    seconds.prop_map(Millis::seconds)
}

/// Daily life: most of it shares a batch; and time.
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
        3 => (any::<Pick>(), loans()).prop_map(|(session, span)| Op::Borrow(session, span)),
        1 => any::<Pick>().prop_map(Op::Return),
        1 => (user(), 0..FOLDERS.len(), Just(true)).prop_map(|(u, f, a)| Op::CreateUser(u, f, a)),
        1 => (user(), 0..FOLDERS.len(), Just(true)).prop_map(|(u, f, a)| Op::PutUser(u, f, a)),
    ]
}

/// One, and now and then a second.
fn some_picks() -> impl Strategy<Value = [Option<Pick>; 2]> {
    let second = proptest::option::weighted(0.3, any::<Pick>());
    (any::<Pick>(), second).prop_map(|(first, second)| [Some(first), second])
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
        (0..5_u16, 0..4_u32).prop_map(|(days, most)| PolicyChange::Borrow(days, most)),
    ];
    let auto = select(vec![
        AutoAssign::Off,
        AutoAssign::NewUsers,
        AutoAssign::AsNeeded,
    ]);
    let import = (proptest::collection::vec(terms(), 1..3), folder());
    let given = proptest::collection::vec(terms(), 0..3);
    let response = (pick(), given, proptest::option::of(pick()), folder());
    prop_oneof![
        30 => import.prop_map(|(terms, folder)| Op::Import(terms, folder)),
        5 => pick().prop_map(Op::Remove),
        2 => Just(Op::RemoveExpired),
        1 => Just(Op::DeleteAll),
        2 => pick().prop_map(Op::Revoke),
        8 => (some_picks(), some_picks(), any::<bool>()).prop_map(|(o, n, p)| Op::Replace(o, n, p)),
        4 => pick().prop_map(Op::UndoReplace),
        2 => Just(Op::Request),
        4 => response.prop_map(|(r, terms, gone, folder)| Op::Respond(r, terms, gone, folder)),
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
        .policy(|policy| {
            policy.demo_seats = 1;
            policy.borrow_days = 4;
            policy.borrow_at_most = 2;
        })
        .license(dedicated("D1").seats(2))
        .license(dedicated("D4").seats(2).of("crm"))
        .license_in("/Sales", dedicated("D2").seats(1))
        .license(floating("F1").seats(2))
}
