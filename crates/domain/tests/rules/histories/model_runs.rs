//! The rules as built against the rules as read.

use std::collections::BTreeMap;

use domain::{AccessLevel, Ask, AutoAssign, Model as Kind, ModuleCode, SessionId, Timestamp};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::each;
use super::model::{Lic, Model};
use crate::world::prelude::*;

const USERS: [(&str, &str); 4] = [
    ("anna", "/"),
    ("bob", "/Sales"),
    ("carl", "/Sales"),
    ("dora", "/Support"),
];

/// What may happen to a world of one product.
#[derive(Clone, Debug)]
enum Step {
    Wait(i64),
    SignIn(usize, Ask),
    SignOut(prop::sample::Index),
    Heartbeat(prop::sample::Index),
    Grant(usize, Ask),
    Recall(usize, bool),
}

fn asks() -> impl Strategy<Value = Ask> {
    let access = select(vec![
        None,
        None,
        Some(AccessLevel::Read),
        Some(AccessLevel::Write),
    ]);
    let modules = select(vec![
        vec![],
        vec![],
        vec!["cmdb"],
        vec!["flows"],
        vec!["cmdb", "flows"],
    ]);
    (access, modules).prop_map(|(access, modules)| Ask {
        access,
        modules: modules
            .into_iter()
            .map(|code| ModuleCode::parse(code).unwrap())
            .collect(),
    })
}

fn steps() -> impl Strategy<Value = Step> {
    let index = any::<prop::sample::Index>;
    let waits = vec![
        1,
        1_000,
        60_000,
        300_000,
        600_000,
        660_000,
        86_400_000,
        172_800_000,
    ];
    prop_oneof![
        4 => select(waits).prop_map(Step::Wait),
        8 => (0..USERS.len(), asks()).prop_map(|(user, ask)| Step::SignIn(user, ask)),
        3 => index().prop_map(Step::SignOut),
        4 => index().prop_map(Step::Heartbeat),
        3 => (0..USERS.len(), asks()).prop_map(|(user, ask)| Step::Grant(user, ask)),
        3 => (0..USERS.len(), prop::bool::weighted(0.3)).prop_map(|(user, now)| Step::Recall(user, now)),
    ]
}

/// Days until something, from the beginning of the world.
fn day(day: i64) -> Timestamp {
    BEGINNING.plus(domain::Millis::days(day))
}

fn licenses() -> impl Strategy<Value = Vec<Lic>> {
    let kinds = select(vec![
        Kind::Dedicated,
        Kind::Dedicated,
        Kind::Floating,
        Kind::Floating,
        Kind::Site,
    ]);
    let one = (
        kinds,
        select(vec!["/", "/Sales", "/Support"]),
        0..3_usize,
        select(vec![
            AccessLevel::Read,
            AccessLevel::Write,
            AccessLevel::Write,
        ]),
        select(vec![None, None, None, Some("cmdb"), Some("flows")]),
        (
            select(vec![-1, -1, -1, 1]),
            option::weighted(0.5, (1..4_i64, 0..2_i64)),
        ),
        prop::bool::weighted(0.8),
        prop::bool::weighted(0.9),
        prop::bool::weighted(0.3),
    );
    let serials = ["L1", "L2", "L3", "L4", "L5"];
    vec(one, 1..=serials.len()).prop_map(move |all| {
        let numbered = all.into_iter().zip(serials);
        numbered
            .map(
                |(
                    (
                        kind,
                        folder,
                        seats,
                        access,
                        module,
                        (starts, ends),
                        as_needed,
                        assignable,
                        per_session,
                    ),
                    serial,
                )| Lic {
                    serial,
                    kind,
                    folder,
                    seats: if kind == Kind::Site { 0 } else { seats },
                    access,
                    module,
                    starts: day(starts),
                    expires: ends.map_or(Timestamp::FOREVER, |(end, _)| day(end)),
                    over: ends.map_or(Timestamp::FOREVER, |(end, grace)| day(end + grace)),
                    as_needed,
                    assignable,
                    per_session,
                },
            )
            .collect()
    })
}

fn spec(license: &Lic) -> LicenseSpec {
    let days = |at: Timestamp| at.since(BEGINNING).as_days();
    let mut spec = match license.kind {
        Kind::Dedicated => dedicated(license.serial),
        Kind::Floating => floating(license.serial),
        Kind::Site => site(license.serial),
    };
    spec = spec
        .seats(u32::try_from(license.seats).unwrap())
        .starts(days(license.starts));
    if license.access == AccessLevel::Read {
        spec = spec.read_only();
    }
    if let Some(module) = license.module {
        spec = spec.modules(&[module]);
    }
    if license.expires != Timestamp::FOREVER {
        let grace = license.over.since(license.expires).as_days();
        spec = spec.expires(days(license.expires)).grace_days(grace);
    }
    if !license.assignable {
        spec = spec.not_assignable();
    }
    if license.per_session {
        spec = spec.per_session();
    }
    spec
}

fn built(licenses: &[Lic], renew: bool) -> World {
    let mut world = world().policy(|policy| policy.renew_at_sign_in = renew);
    for (user, folder) in USERS {
        world = world.user_in(user, folder);
    }
    for license in licenses {
        world = world.license_in(license.folder, spec(license));
        if !license.as_needed && license.kind == Kind::Dedicated {
            world.set_auto_assign(license.serial, AutoAssign::Off);
        }
    }
    world
}

fn agree(licenses: Vec<Lic>, renew: bool, steps: &[Step]) {
    let mut world = built(&licenses, renew);
    let timeout = world.rows.policy.session_timeout().get();
    let homes = USERS.map(|(_, folder)| folder).to_vec();
    let mut model = Model::new(licenses, homes, renew, timeout, world.now);
    let mut sessions: Vec<SessionId> = Vec::new();
    for step in steps {
        match step {
            Step::Wait(span) => {
                world.wait(domain::Millis::new(*span));
                model.now = world.now;
            }
            Step::SignIn(user, ask) => {
                let command = Command::SignIn {
                    user: domain::Username::parse(USERS[*user].0).unwrap(),
                    product: domain::ProductCode::parse("esm").unwrap(),
                    ask: ask.clone(),
                    client: None,
                };
                let access = Access(world.run(&command));
                let said = if let Outcome::SignedIn(granted) = &access.0 {
                    sessions.push(granted.session);
                    access.says()
                } else {
                    "denied".into()
                };
                assert_eq!(said, model.sign_in(*user, ask), "{step:?}: {access:?}");
            }
            Step::SignOut(index) if !sessions.is_empty() => {
                let session = index.index(sessions.len());
                let said = world.sign_out(sessions[session]);
                assert_eq!(said, model.sign_out(session), "{step:?}");
            }
            Step::Heartbeat(index) if !sessions.is_empty() => {
                let session = index.index(sessions.len());
                let said = world.heartbeat(sessions[session]);
                assert_eq!(
                    said == "alive",
                    model.heartbeat(session),
                    "{step:?}: {said}"
                );
            }
            Step::Grant(user, ask) => {
                let target = domain::Target::Product(
                    domain::ProductCode::parse("esm").unwrap(),
                    ask.clone(),
                );
                let said = grant_in_words(&world.run(&granting(USERS[*user].0, target)));
                let expected = model.grant(*user, ask);
                if expected == "not granted" {
                    assert!(
                        [
                            "no_free_seat",
                            "not_licensed",
                            "not_usable",
                            "not_assignable"
                        ]
                        .contains(&&*said),
                        "{step:?}: {said}"
                    );
                } else {
                    assert_eq!(said, expected, "{step:?}");
                }
            }
            Step::Recall(user, now) => {
                let said =
                    recall_in_words(&world.run(&recalling(USERS[*user].0, product("esm"), *now)));
                let mut said: Vec<&str> = said.split(", ").collect();
                let expected = model.recall(*user, *now);
                let mut expected: Vec<&str> = expected.split(", ").collect();
                said.sort_unstable();
                expected.sort_unstable();
                assert_eq!(said, expected, "{step:?}");
            }
            Step::SignOut(_) | Step::Heartbeat(_) => {}
        }
    }
    counts_agree(&mut world, &mut model);
}

/// R4, once everything that lapsed is written down.
fn counts_agree(world: &mut World, model: &mut Model) {
    let product = world.product_row("esm").id;
    world.run(&Command::Reclaim {
        product,
        at_most: 1_000,
    });
    let mut occupied: BTreeMap<&str, u32> = BTreeMap::new();
    for pool in world.rows.pools.values() {
        *occupied.entry(world.serial(pool.license)).or_default() += pool.occupied;
    }
    for lic in 0..model.licenses.len() {
        let expected = model.occupied(lic);
        let serial = model.licenses[lic].serial;
        let counted = occupied.get(serial).copied().unwrap_or(0);
        assert_eq!(counted as usize, expected, "{serial}");
    }
}

#[test]
fn a4_to_a8_s3_to_s6_h2_as_built_are_as_read() {
    let history = (licenses(), any::<bool>(), vec(steps(), 1..40));
    each(200, &history, |(licenses, renew, steps)| {
        agree(licenses, renew, &steps);
    });
}

#[test]
#[ignore = "slow: many thousand histories"]
fn as_built_is_as_read_in_many_thousand_histories() {
    let history = (licenses(), any::<bool>(), vec(steps(), 1..60));
    each(20_000, &history, |(licenses, renew, steps)| {
        agree(licenses, renew, &steps);
    });
}
