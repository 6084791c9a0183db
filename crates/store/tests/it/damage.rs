//! Bad data and bad disks: found, named, and never passed on.

use domain::license::Model;
use domain::{Need, WorkingSet};
use store::{Store, StoreError};

use super::world::{World, terms};

fn load(world: &World, need: &Need) -> StoreError {
    let mut set = WorkingSet::new(domain::Policy::default());
    world
        .store
        .read(|reader| reader.load(&mut set, need, world.now))
        .unwrap_err()
}

/// What an error about bad data names.
fn named(error: &StoreError) -> (&str, &str, &str) {
    match error {
        StoreError::Corrupt {
            table, column, row, ..
        } => (table, column, row),
        other => panic!("{other}"),
    }
}

#[test]
fn a_bad_value_is_named_by_table_column_and_row() {
    let mut world = World::new();
    let anna = world.user("anna", "/");
    let [license] = world.import(vec![terms("NW-1", Model::Dedicated)])[..] else {
        panic!("one license")
    };
    world.grant("anna", license);
    for (sql, need, expected) in [
        (
            "UPDATE app_user SET username = char(7)",
            Need::User(anna),
            ("app_user", "username", anna.to_string()),
        ),
        (
            "UPDATE license SET terms = '{}'",
            Need::License(license),
            ("license", "terms", license.to_string()),
        ),
        (
            "DELETE FROM license",
            Need::PoolsOf(license),
            ("pool", "license_id", String::new()),
        ),
    ] {
        world.tamper(sql);
        let error = load(&world, &need);
        let (table, column, row) = named(&error);
        assert_eq!((table, column), (expected.0, expected.1), "{error}");
        if !expected.2.is_empty() {
            assert_eq!(row, expected.2, "{error}");
        }
        assert_eq!(error.code(), "store_bad_data");
        assert!(!error.is_retriable());
    }
}

#[test]
fn a_bad_policy_is_named_and_not_replaced_by_the_default() {
    let world = World::new();
    world.tamper("INSERT INTO policy (id, content) VALUES (1, '{}')");
    let error = world.store.read(|reader| reader.policy()).unwrap_err();
    assert_eq!(named(&error), ("policy", "content", "1"));
}

#[test]
fn a_change_to_a_row_that_is_gone_fails_whole() {
    let mut world = World::new();
    let user = world.user("anna", "/");
    let mut set = WorkingSet::new(domain::Policy::default());
    let mut transaction = world.writer.begin().unwrap();
    let command = domain::Command::UpdateUser {
        user,
        patch: domain::command::UserPatch {
            name: Some(None),
            ..Default::default()
        },
        version: None,
    };
    let mut ids = domain::Ids::new(world.now, 7);
    let mut context = domain::Context {
        now: world.now,
        actor: &domain::Actor::system(),
        ids: &mut ids,
        trace: None,
    };
    while let Err(stop) = domain::decide(&mut set, &command, &mut context) {
        let domain::Stop::Need(need) = stop else {
            panic!("{stop:?}")
        };
        transaction.load(&mut set, &need, world.now).unwrap();
    }
    drop(transaction);
    world.tamper("DELETE FROM app_user");
    let mut transaction = world.writer.begin().unwrap();
    let error = transaction.save(&set.changes(), world.now).unwrap_err();
    assert_eq!(named(&error), ("app_user", "id", &*user.to_string()));
}

#[test]
fn a_full_disk_is_said_and_nothing_is_kept() {
    let World {
        place,
        store,
        writer,
        now,
        ..
    } = World::embedded();
    drop((store, writer));
    let (store, mut writer) = Store::open(&place.options()).unwrap();
    // The database may not grow beyond what it has, as on a full disk.
    writer.limit_pages(1).unwrap();
    let mut transaction = writer.begin().unwrap();
    let mut full = None;
    for number in 0..1000 {
        let key = format!("k{number}");
        let outcome = "x".repeat(1000);
        if let Err(error) = transaction.keep(&key, "anna", &[0; 32], &outcome, now) {
            full = Some(error);
            break;
        }
    }
    let error = full.expect("a thousand outcomes of a thousand bytes do not fit");
    assert_eq!(error.code(), "disk_full");
    assert!(error.is_retriable());
    drop(transaction);
    let mut transaction = writer.begin().unwrap();
    assert_eq!(transaction.find_kept("anna", "k0").unwrap(), None);
    drop((transaction, store));
}

#[test]
fn a_damaged_file_is_said_to_be_damaged() {
    let mut world = World::embedded();
    for number in 0..200 {
        world.user(&format!("user{number}"), "/");
    }
    let World {
        place,
        store,
        mut writer,
        ..
    } = world;
    writer.checkpoint().unwrap();
    drop((store, writer));
    let file = place.path().join("seatkeeper.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let pages = bytes.len() / 4096;
    for page in 1..pages {
        bytes[page * 4096..page * 4096 + 64].fill(0xff);
    }
    std::fs::write(&file, bytes).unwrap();
    match Store::open(&place.options()) {
        Err(error) => assert!(["store_damaged", "not_a_store"].contains(&error.code())),
        Ok((store, _writer)) => {
            let error = store
                .read(|reader| reader.find_username("user7"))
                .unwrap_err();
            assert_eq!(error.code(), "store_damaged");
        }
    }
}
