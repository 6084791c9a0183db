//! What undoing must leave behind: nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use uuid::Uuid;

use super::{Change, Rank, Table, WorkingSet};
use crate::ids::{FolderId, Ids, LicenseId, PoolId, ProductId};
use crate::license::{
    AccessLevel, AutoAssign, CountedBy, License, Model, Modules, Removable, Terms,
};
use crate::names::{LicenseRef, ProductCode, Serial, Title};
use crate::policy::Policy;
use crate::pool::Pool;
use crate::time::{Millis, Timestamp};

fn each<S: Strategy>(strategy: &S, test: impl Fn(S::Value))
where
    S::Value: std::fmt::Debug,
{
    let config = Config {
        cases: 300,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_260_101),
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(strategy, |value| {
        test(value);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[derive(Clone, Debug)]
enum Act {
    Provide(u8, Option<u8>),
    Put(u8, u8),
    Delete(u8),
    Keep,
    Undo,
}

fn acts() -> impl Strategy<Value = Act> {
    let key = || 0..5_u8;
    prop_oneof![
        2 => (key(), any::<Option<u8>>()).prop_map(|(key, value)| Act::Provide(key, value)),
        3 => (key(), any::<u8>()).prop_map(|(key, value)| Act::Put(key, value)),
        2 => key().prop_map(Act::Delete),
        1 => Just(Act::Keep),
        1 => Just(Act::Undo),
    ]
}

/// A key's value as known, and as it is in the store.
type Rows = BTreeMap<u8, (Option<u8>, Option<u8>)>;

/// What must be saved: the value, and whether the store has the row.
fn differing(rows: &Rows) -> BTreeMap<u8, (Option<u8>, bool)> {
    let changed = rows.iter().filter(|(_, (now, stored))| now != stored);
    changed
        .map(|(key, (now, stored))| (*key, (*now, stored.is_some())))
        .collect()
}

#[test]
fn undo_takes_back_all_since_keep_and_nothing_that_was_provided() {
    each(&vec(acts(), 0..60), |acts| {
        let mut table = Table::<u8, u8>::default();
        let (mut now, mut kept) = (Rows::new(), Rows::new());
        for act in acts {
            match act {
                Act::Provide(key, value) => {
                    let is_new = !now.contains_key(&key);
                    assert_eq!(table.provide(key, value), is_new);
                    if is_new {
                        now.insert(key, (value, value));
                        kept.insert(key, (value, value));
                    }
                }
                Act::Put(key, value) => {
                    table.put(key, value);
                    now.entry(key).or_default().0 = Some(value);
                }
                Act::Delete(key) => {
                    table.delete(key);
                    now.entry(key).or_default().0 = None;
                }
                Act::Keep => {
                    table.keep();
                    kept.clone_from(&now);
                }
                Act::Undo => {
                    table.undo(|_, _, _| {});
                    now.clone_from(&kept);
                }
            }
            for key in 0..5 {
                let known = now.get(&key).map(|(value, _)| value.as_ref());
                assert_eq!(table.get(&key), known);
            }
            // A row that was written back to what the store has may be saved again.
            let saved: BTreeMap<u8, (Option<u8>, bool)> = table
                .changes()
                .map(|(key, change)| match change {
                    Change::Insert(value) => (*key, (Some(*value), false)),
                    Change::Update(value) => (*key, (Some(*value), true)),
                    Change::Delete => (*key, (None, true)),
                })
                .collect();
            for (key, change) in differing(&now) {
                assert_eq!(saved.get(&key), Some(&change));
            }
            for (key, (value, stored)) in saved {
                let (now, was) = now[&key];
                assert_eq!((value, stored), (now, was.is_some()));
            }
        }
    });
}

#[derive(Clone, Debug)]
enum Turn {
    Terms(u8, u8, i64),
    Occupy(u8, u32),
    Drop(u8),
    Keep,
    Undo,
}

fn turns() -> impl Strategy<Value = Turn> {
    prop_oneof![
        2 => (0..2_u8, any::<u8>(), 1..5_i64).prop_map(|(l, serial, end)| Turn::Terms(l, serial, end)),
        4 => (0..4_u8, 0..3_u32).prop_map(|(pool, occupied)| Turn::Occupy(pool, occupied)),
        1 => (0..4_u8).prop_map(Turn::Drop),
        1 => Just(Turn::Keep),
        2 => Just(Turn::Undo),
    ]
}

const PRODUCT: ProductId = ProductId(Uuid::from_u128(9));

fn license(number: u8, serial: u8, end: i64) -> License {
    let text = format!("S-{serial}");
    License {
        id: LicenseId(Uuid::from_u128(u128::from(number))),
        product: PRODUCT,
        terms: Arc::new(Terms {
            reference: LicenseRef::parse(&format!("ref-{number}")).unwrap(),
            revision: 1,
            serial: Serial::parse(&text).unwrap(),
            product: ProductCode::parse("esm").unwrap(),
            product_name: Title::parse("esm").unwrap(),
            model: Model::Floating,
            access: if end == 4 {
                AccessLevel::Read
            } else {
                AccessLevel::Write
            },
            modules: Modules::All,
            seats: 2,
            starts_at: Timestamp::NEVER,
            expires_at: Timestamp::from_millis(end),
            grace: Millis::ZERO,
            assignable: true,
            removable: Removable::Always,
            counted_by: CountedBy::User,
            revalidate_every: None,
            offline_grace: Millis::ZERO,
            agreement: None,
            installation: None,
            replaces: Vec::new(),
        }),
        issuer: Title::parse("Northwind Software").unwrap(),
        key: "key-1".into(),
        auto_assign: AutoAssign::AsNeeded,
        imported_at: Timestamp::NEVER,
        validated_at: Timestamp::NEVER,
        accepted: None,
        replaced_by: None,
        revoked_at: None,
        removed_at: None,
        stood: Vec::new(),
        version: 1,
    }
}

/// Four pools in the root, two of each license, so that the second of each is not lawful in a
/// store; here they only make more to order.
fn pool(number: u8, occupied: u32) -> Pool {
    Pool {
        id: PoolId(Uuid::from_u128(u128::from(number))),
        license: LicenseId(Uuid::from_u128(u128::from(number % 2))),
        product: PRODUCT,
        folder: FolderId::ROOT,
        size: 2,
        occupied,
    }
}

#[test]
fn open_pools_stay_in_order_whatever_is_taken_back() {
    each(&vec(turns(), 0..60), |turns| {
        let mut set = WorkingSet::new(Policy::default());
        let spot = (PRODUCT, Model::Floating, FolderId::ROOT);
        for number in 0..2 {
            let license = license(number, number, 1);
            let pools = (0..4).filter(|pool| pool % 2 == number);
            let pools = pools.map(|number| (pool(number, 0), license.clone()));
            set.provide_pools_of(license.id, pools.collect());
        }
        set.provide_open_pools(spot, Vec::new(), true);
        for turn in turns {
            match turn {
                Turn::Terms(number, serial, end) => set.put_license(license(number, serial, end)),
                Turn::Occupy(number, occupied) => set.put_pool(pool(number, occupied)),
                Turn::Drop(number) => set.delete_pool(&pool(number, 0)),
                Turn::Keep => set.keep(),
                Turn::Undo => set.undo(),
            }
            for access in [AccessLevel::Read, AccessLevel::Write] {
                let known: Vec<Rank> = set.open.iter(spot, access).cloned().collect();
                let mut expected: Vec<Rank> = set
                    .pools
                    .values()
                    .filter(|pool| pool.free() > 0)
                    .map(|pool| (pool, set.licenses.get(&pool.license).flatten().unwrap()))
                    .filter(|(_, license)| license.terms.access == access)
                    .map(|(pool, license)| Rank::of(license, pool.id))
                    .collect();
                expected.sort();
                assert_eq!(known, expected);
            }
        }
    });
}

#[test]
fn ids_ascend_and_are_of_version_seven() {
    let mut ids = Ids::new(Timestamp::from_millis(1_767_225_600_000), 1);
    let made: Vec<PoolId> = (0..10_000).map(|_| ids.fresh()).collect();
    assert!(made.is_sorted_by(|a, b| a < b));
    assert!(made.iter().all(|id| id.0.get_version_num() == 7));
    // Another seed makes others at the same moment.
    let mut others = Ids::new(Timestamp::from_millis(1_767_225_600_000), 2);
    let other: PoolId = others.fresh();
    assert!(!made.contains(&other));
}
