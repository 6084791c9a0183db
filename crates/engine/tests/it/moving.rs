//! An installation moves: its store into another place, and its key along with it.

use std::path::Path;

use engine::{Clock, Engine, EngineOptions, KEY_FILE, MoveError, SetClock, StorePlace, copy_store};
use license_file::document::Model;

use crate::place::Place;
use crate::world::{NOON, World};

const STORE: &str = "seatkeeper.db";

fn copy(
    clock: &SetClock,
    from: &StorePlace,
    to: &Path,
    told: &mut dyn FnMut(&'static str, u64, u64),
) -> Result<(), Box<MoveError>> {
    let to = StorePlace::Folder(to.to_owned());
    copy_store(from, &to, &Clock::Set(clock.clone()), told)
        .map(drop)
        .map_err(Box::new)
}

/// Every file of a folder, as it is at this moment.
fn as_left_by_a_kill(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

#[tokio::test]
async fn a_copy_that_died_left_no_store_and_no_key_and_can_be_repeated() {
    let world = World::on(Place::embedded());
    world.license(Model::Dedicated, 2).await;
    let keys = world.engine.jwks().clone();
    let (place, clock) = world.stop().await;
    let from = StorePlace::Folder(place.folder().to_owned());
    let [to, killed] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    copy(&clock, &from, to.path(), &mut |table, _, _| {
        if table.is_empty() {
            as_left_by_a_kill(to.path(), killed.path());
        }
    })
    .unwrap();
    for (dir, is_whole) in [(&killed, false), (&to, true)] {
        for file in [STORE, KEY_FILE] {
            assert_eq!(dir.path().join(file).exists(), is_whole, "{file}");
        }
    }
    copy(&clock, &from, killed.path(), &mut |_, _, _| {}).unwrap();
    for dir in [to, killed] {
        let engine = Engine::start(EngineOptions {
            clock: Clock::Set(clock.clone()),
            ..EngineOptions::new(dir.path())
        });
        assert_eq!(engine.unwrap().jwks(), &keys);
    }
}

#[tokio::test]
async fn a_copy_into_a_folder_with_another_key_is_refused_and_changes_nothing() {
    let world = World::on(Place::embedded());
    let from = StorePlace::Folder(world.place.folder().to_owned());
    let busy = copy(&world.clock, &from, world.place.folder(), &mut |_, _, _| {});
    assert_eq!(busy.unwrap_err().code(), "already_open");
    let (place, clock) = world.stop().await;
    let other = World::on(Place::embedded());
    let to = tempfile::tempdir().unwrap();
    let key = std::fs::read(other.place.folder().join(KEY_FILE)).unwrap();
    std::fs::write(to.path().join(KEY_FILE), &key).unwrap();
    let copied = copy(&clock, &from, to.path(), &mut |_, _, _| {});
    assert_eq!(copied.unwrap_err().code(), "another_key");
    assert!(!to.path().join(STORE).exists());
    assert_eq!(std::fs::read(to.path().join(KEY_FILE)).unwrap(), key);
    drop(place);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: needs PostgreSQL"]
async fn a_database_on_which_a_node_works_is_neither_copied_nor_filled() {
    let world = World::on(Place::postgres());
    world.license(Model::Dedicated, 2).await;
    let database = StorePlace::parse(&world.place.url().unwrap(), None).unwrap();
    let [to, again] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let none = &mut |_: &'static str, _, _| {};
    let error = copy(&world.clock, &database, to.path(), none).unwrap_err();
    assert_eq!(error.code(), "already_open");
    assert!(
        error.to_string().starts_with("1 server works on"),
        "{error}"
    );
    assert!(!to.path().join(STORE).exists());

    let (place, clock) = world.stop().await;
    copy(&clock, &database, to.path(), none).unwrap();
    // One that died is gone after a while, and counts until then.
    let dead = "INSERT INTO node (id, started_at, seen_at, version) \
        SELECT gen_random_uuid(), number, number, '1' FROM meta WHERE name = 'latest_time'";
    place.run(dead).unwrap();
    let error = copy(&clock, &database, again.path(), none).unwrap_err();
    assert_eq!(error.code(), "already_open");
    let filled = StorePlace::Folder(to.path().to_owned());
    let filled = copy_store(&filled, &database, &Clock::Set(clock.clone()), none);
    assert_eq!(filled.unwrap_err().code(), "already_open");
    clock.set(clock.now().plus(domain::Millis::seconds(61)));
    copy(&clock, &database, again.path(), none).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: needs PostgreSQL"]
async fn a_database_without_a_store_is_no_source_and_stays_as_it_is() {
    let clock = SetClock::new(NOON);
    let empty = Place::postgres();
    let database = StorePlace::parse(&empty.url().unwrap(), None).unwrap();
    let to = tempfile::tempdir().unwrap();
    let error = copy(&clock, &database, to.path(), &mut |_, _, _| {}).unwrap_err();
    assert_eq!(error.code(), "no_store");
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()";
    assert_eq!(empty.run(tables).unwrap().trim(), "0");
    assert_eq!(std::fs::read_dir(to.path()).unwrap().count(), 0);
}
