//! A whole store in another one: the same rows, the same record, or nothing at all.

use domain::license::Model;
use store::copy::{Copied, CopyError, NewStore};
use store::{Store, StoreOptions, Writer};

use super::place::Place;
use super::world::{World, terms};

/// A world in which much has happened, sealed in part.
fn world() -> World {
    filled(World::new())
}

fn filled(mut world: World) -> World {
    let licenses = world.import(vec![
        terms("NW-D", Model::Dedicated),
        terms("NW-F", Model::Floating),
    ]);
    for name in ["anna", "bob", "änne"] {
        world.user(name, "/Sales/EMEA");
    }
    world.grant("anna", licenses[0]);
    world.sign_in("bob", "esm");
    let mut transaction = world.writer.begin().unwrap();
    transaction.seal(world.now, 5).unwrap();
    transaction
        .keep("k", "anna", &[7; 32], "{}", world.now)
        .unwrap();
    transaction.put_setting("installation", "x").unwrap();
    transaction.commit().unwrap();
    world
}

fn empty() -> (Place, Store, Writer) {
    empty_at(Place::of_this_run())
}

fn empty_at(place: Place) -> (Place, Store, Writer) {
    let (store, writer) = Store::open(&place.options()).unwrap();
    (place, store, writer)
}

fn copy(world: &World, to: &mut Writer) -> Result<Copied, CopyError> {
    world.store.copy_to(to, &[], &mut |_, _, _| {})
}

#[test]
fn a_copy_has_every_row_and_the_same_record() {
    let world = world();
    let (_dir, store, mut writer) = empty();
    let mut reports = Vec::new();
    let settings = [("key", "secret".to_owned())];
    let copied = world
        .store
        .copy_to(&mut writer, &settings, &mut |table, done, total| {
            reports.push((table, done, total));
        })
        .unwrap();
    let rows = |name| copied.tables.iter().find(|(table, _)| *table == name);
    assert_eq!(rows("app_user"), Some(&("app_user", 3)));
    assert_eq!(rows("seat"), Some(&("seat", 1)));
    let (_, done, total) = *reports.last().unwrap();
    assert_eq!(
        (done, copied.tables.iter().map(|(_, n)| n).sum()),
        (total, total)
    );

    let audit = |store: &Store| store.read(|reader| reader.verify_audit()).unwrap();
    assert_eq!(audit(&store), audit(&world.store));
    assert_eq!(audit(&store).events, copied.events);
    assert_eq!(store.read(|reader| reader.check()).unwrap(), []);
    let found = store.read(|reader| {
        Ok((
            reader.find_username("änne")?,
            reader.setting("installation")?,
            reader.setting("key")?,
            reader.latest_time()?,
        ))
    });
    let (user, installation, key, latest) = found.unwrap();
    assert_eq!(user, world.read(|reader| reader.find_username("änne")));
    assert!(user.is_some());
    assert_eq!(
        (installation.as_deref(), key.as_deref()),
        (Some("x"), Some("secret"))
    );
    assert_eq!(latest, world.read(|reader| reader.latest_time()));
}

#[test]
#[ignore = "slow: needs PostgreSQL"]
fn a_store_moves_to_postgres_and_back_with_every_row() {
    let world = World::embedded();
    let world = filled(world);
    let (_there, postgres, mut up) = empty_at(Place::postgres());
    let (_back, sqlite, mut down) = empty_at(Place::embedded());
    let moved = copy(&world, &mut up).unwrap();
    let back = postgres.copy_to(&mut down, &[], &mut |_, _, _| {}).unwrap();
    assert_eq!(moved, back);
    let state = |store: &Store| {
        let read = store.read(|reader| {
            let users = ["anna", "bob", "änne"].map(|name| reader.find_username(name));
            let users: Result<Vec<_>, _> = users.into_iter().collect();
            Ok((
                users?,
                reader.verify_audit()?,
                reader.policy()?,
                reader.latest_time()?,
                reader.check()?,
            ))
        });
        read.unwrap()
    };
    let before = state(&world.store);
    assert_eq!(before.4, []);
    assert_eq!(state(&postgres), before);
    assert_eq!(state(&sqlite), before);
    // The record goes on where it ended.
    let mut transaction = up.begin().unwrap();
    assert!(transaction.seal(world.now, 1_000).unwrap().is_some());
    transaction.commit().unwrap();
    let sealed = postgres.read(|reader| reader.verify_audit()).unwrap();
    assert_eq!((sealed.sealed, sealed.fault), (sealed.events, None));
}

#[test]
fn a_store_that_has_anything_is_no_target() {
    let world = world();
    let (dir, store, mut writer) = empty();
    copy(&world, &mut writer).unwrap();
    let again = copy(&world, &mut writer).unwrap_err();
    assert_eq!(again.code(), "target_not_empty");
    assert_eq!(store.read(|reader| reader.check()).unwrap(), []);
    drop((store, writer, dir));

    // A server ran on it once.
    let (_dir, _store, mut writer) = empty();
    let mut transaction = writer.begin().unwrap();
    transaction.put_setting("installation", "y").unwrap();
    transaction.commit().unwrap();
    let error = copy(&world, &mut writer).unwrap_err();
    assert!(matches!(error, CopyError::NotEmpty { table: "meta", .. }));
}

#[test]
fn a_new_store_is_there_whole_or_not_at_all() {
    let world = world();
    let dir = tempfile::tempdir().unwrap();
    let options = StoreOptions::new(dir.path());
    let file = dir.path().join("seatkeeper.db");
    // An empty one that lies there is no loss.
    drop(Store::open(&options).unwrap());
    assert!(file.exists());
    let mut given_up = NewStore::begin(dir.path()).unwrap();
    copy(&world, given_up.writer()).unwrap();
    assert!(!file.exists());
    // As one that died leaves it.
    let unfinished = dir.path().join("seatkeeper.db.unfinished");
    let left = std::fs::read(&unfinished).unwrap();
    let busy = NewStore::begin(dir.path()).unwrap_err();
    assert_eq!(busy.code(), "already_open");
    drop(given_up);
    assert!(!unfinished.exists());
    std::fs::write(&unfinished, left).unwrap();

    let mut target = NewStore::begin(dir.path()).unwrap();
    copy(&world, target.writer()).unwrap();
    target.place().unwrap();
    assert!(!unfinished.exists());
    let (store, writer) = Store::open(&options).unwrap();
    let user = store.read(|reader| reader.find_username("änne")).unwrap();
    assert_eq!(user, world.read(|reader| reader.find_username("änne")));
    assert_eq!(store.read(|reader| reader.check()).unwrap(), []);
    drop((store, writer));
    let error = NewStore::begin(dir.path()).unwrap_err();
    assert_eq!(error.code(), "target_not_empty");
    assert!(file.exists());
}

#[test]
fn a_record_that_is_not_whole_is_not_copied() {
    let world = world();
    world.tamper("UPDATE event SET actor = 'nobody' WHERE seq = 2");
    let (_dir, store, mut writer) = empty();
    let error = copy(&world, &mut writer).unwrap_err();
    assert_eq!(error.code(), "record_not_whole");
    assert!(error.to_string().contains("event 2"), "{error}");
    let users = store.read(|reader| reader.find_username("anna")).unwrap();
    assert_eq!(users, None);
}

#[test]
fn a_target_that_is_full_stays_empty() {
    let world = filled(World::embedded());
    let (_dir, store, mut writer) = empty_at(Place::embedded());
    // More than fits into the pages that an empty store has.
    let long = "y".repeat(200_000);
    world.tamper(&format!(
        "INSERT INTO meta (name, content) VALUES ('long', '{long}')"
    ));
    writer.limit_pages(1).unwrap();
    let error = copy(&world, &mut writer).unwrap_err();
    assert_eq!(error.code(), "disk_full");
    let events = store.read(|reader| reader.verify_audit()).unwrap().events;
    assert_eq!(events, 0);
}
