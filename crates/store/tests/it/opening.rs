//! Opening a data folder, and what stands in the way.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use domain::Timestamp;
use domain::license::Model;
use store::{Database, OpenError, Store, StoreError, StoreFile, StoreOptions};

use super::place::Place;
use super::world::{World, terms};

fn open(dir: &std::path::Path) -> Result<(), OpenError> {
    Store::open(&StoreOptions::new(dir)).map(drop)
}

#[test]
fn a_data_folder_is_made_and_is_private() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("a/data");
    open(&dir).unwrap();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    assert_eq!(mode(&dir.join("seatkeeper.db")), 0o600);
}

#[test]
fn a_second_server_on_the_same_folder_is_refused() {
    let world = World::new();
    let error = open(world.place.path()).unwrap_err();
    assert_eq!(error.code(), "already_open");
    let said = error.to_string();
    assert!(
        said.contains(&*world.place.path().to_string_lossy()),
        "{said}"
    );
}

#[test]
fn the_folder_is_free_again_only_when_reader_and_writer_are_gone() {
    let World {
        place,
        store,
        writer,
        ..
    } = World::embedded();
    drop(writer);
    assert_eq!(open(place.path()).unwrap_err().code(), "already_open");
    drop(store);
    open(place.path()).unwrap();
}

#[test]
fn a_store_of_a_newer_version_is_refused_and_both_are_named() {
    let World { place, .. } = World::embedded();
    let file = place.path().join("seatkeeper.db");
    let connection = rusqlite::Connection::open(&file).unwrap();
    connection.pragma_update(None, "user_version", 999).unwrap();
    drop(connection);
    let error = open(place.path()).unwrap_err();
    assert_eq!(error.code(), "newer_schema");
    let OpenError::NewerSchema { found, known, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(found, 999);
    assert!(known < found);
}

#[test]
fn what_is_no_database_is_said_to_be_none() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("seatkeeper.db"), [7; 4096]).unwrap();
    assert_eq!(open(dir.path()).unwrap_err().code(), "not_a_store");
    let file = dir.path().join("file");
    std::fs::write(&file, "").unwrap();
    assert_eq!(open(&file).unwrap_err().code(), "not_a_store");
}

#[test]
fn a_file_that_is_cut_off_is_damaged_and_an_empty_one_is_empty() {
    let mut world = World::embedded();
    world.user("anna", "/Sales");
    let place = tempfile::tempdir().unwrap();
    let whole = place.path().join("whole.backup");
    let store = StoreFile::open(world.place.path()).unwrap();
    store.back_up(&whole, &[], &mut |_, _| {}).unwrap();
    let bytes = std::fs::read(&whole).unwrap();
    for length in [1_000, 4_096 + 7] {
        let cut = place.path().join("cut.backup");
        std::fs::write(&cut, &bytes[..length]).unwrap();
        let error = StoreFile::open(&cut).unwrap_err();
        assert_eq!(error.code(), "store_damaged", "{length}: {error}");
        assert!(error.to_string().contains("damaged or cut off"), "{error}");
    }
    let empty = place.path().join("empty.backup");
    std::fs::write(&empty, "").unwrap();
    let error = StoreFile::open(&empty).unwrap_err();
    assert_eq!(error.code(), "not_a_store");
    assert!(error.to_string().ends_with("the file is empty"), "{error}");
}

#[test]
fn a_store_that_is_only_read_must_be_there_and_is_not_changed() {
    let dir = tempfile::tempdir().unwrap();
    let options = StoreOptions::new(dir.path());
    let error = Store::open_as_it_is(&options).unwrap_err();
    assert_eq!(error.code(), "no_store");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    open(dir.path()).unwrap();
    let file = dir.path().join("seatkeeper.db");
    let connection = rusqlite::Connection::open(&file).unwrap();
    connection.pragma_update(None, "user_version", 3).unwrap();
    let error = Store::open_as_it_is(&options).unwrap_err();
    assert_eq!(error.code(), "older_schema");
    let version = connection.pragma_query_value(None, "user_version", |row| row.get(0));
    assert_eq!(version, Ok(3));
}

#[test]
#[ignore = "slow: needs PostgreSQL"]
fn a_database_that_is_only_read_must_hold_a_store_and_is_not_changed() {
    let code = |place: &Place| Store::open_as_it_is(&place.options()).map_err(|e| e.code());
    let place = Place::postgres();
    assert_eq!(code(&place).err(), Some("no_store"));
    // Nothing was made: these would be there already.
    place
        .run("CREATE TABLE meta (sheep int); CREATE TABLE license (plate int)")
        .unwrap();
    assert_eq!(code(&place).err(), Some("no_store"));

    let place = Place::postgres();
    drop(Store::open(&place.options()).unwrap());
    assert!(code(&place).is_ok());
    place
        .run("UPDATE meta SET number = 3 WHERE name = 'schema_version'")
        .unwrap();
    assert_eq!(code(&place).err(), Some("older_schema"));
    let error = Store::open_database_to_fill(&place.options()).unwrap_err();
    assert_eq!(error.code(), "older_schema");
    // Not brought to another one by either.
    assert_eq!(code(&place).err(), Some("older_schema"));
}

#[test]
#[ignore = "slow: needs PostgreSQL"]
fn a_database_says_how_many_nodes_work_on_it() {
    let place = Place::postgres();
    let (store, mut writer) = Store::open(&place.options()).unwrap();
    let at = Timestamp::from_millis;
    let mut transaction = writer.begin().unwrap();
    for (node, seen) in [(1, 10), (2, 20), (3, 30)] {
        let node = uuid::Uuid::from_u128(node);
        transaction.put_node(node, at(seen), "1.0.0").unwrap();
    }
    transaction.commit().unwrap();
    store.refuse_nodes(at(31)).unwrap();
    let error = store.refuse_nodes(at(20)).unwrap_err();
    assert_eq!(error.code(), "already_open");
    assert!(
        error.to_string().starts_with("2 servers work on"),
        "{error}"
    );
}

/// What is said when a server answers this, of its own accord after a greeting of so many bytes.
fn said_of_server(options: &str, greeting: usize, answer: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = std::thread::spawn(move || {
        let (mut line, _) = listener.accept().unwrap();
        line.read_exact(&mut vec![0; greeting]).unwrap();
        line.write_all(&answer).unwrap();
        // Until the other side has heard it and goes.
        let _ = line.read_to_end(&mut Vec::new());
    });
    let url = format!("postgres://seatkeeper@127.0.0.1:{port}/seats?{options}");
    let dir = tempfile::tempdir().unwrap();
    let options = StoreOptions {
        database: Some(Database::parse(&url, None).unwrap()),
        ..StoreOptions::new(dir.path())
    };
    let error = Store::open(&options).unwrap_err();
    assert_eq!(error.code(), "store_unavailable");
    serving.join().unwrap();
    error.to_string()
}

/// An error as PostgreSQL sends it.
fn fatal(code: &str, message: &str) -> Vec<u8> {
    let fields = format!("SFATAL\0VFATAL\0C{code}\0M{message}\0\0");
    let length = u32::try_from(fields.len() + 4).unwrap();
    [b"E", &length.to_be_bytes()[..], fields.as_bytes()].concat()
}

#[test]
fn a_server_that_lets_nobody_in_was_reached() {
    let plain = |answer| said_of_server("sslmode=disable", 8, answer);
    for (code, message) in [
        (
            "28P01",
            "password authentication failed for user \"seatkeeper\"",
        ),
        ("3D000", "database \"seats\" does not exist"),
    ] {
        let said = plain(fatal(code, message));
        let expected = format!("the database refused: {message}");
        assert!(said.ends_with(&expected), "{said}");
    }
    // It asks for a password in the clear.
    let said = plain(vec![b'R', 0, 0, 0, 8, 0, 0, 0, 3]);
    assert!(
        said.contains("refused: it wants a password; set PGPASSWORD"),
        "{said}"
    );
    // It is asked for TLS and says no.
    let said = said_of_server("sslmode=require", 8, vec![b'N']);
    assert!(said.contains("refused: it does not support TLS"), "{said}");
    let said = plain(fatal("57P03", "the database system is starting up"));
    assert!(
        said.contains("can't be reached: the database system"),
        "{said}"
    );
}

#[test]
#[cfg(target_os = "linux")]
fn a_folder_that_cannot_be_written_is_said_to_be_so() {
    // Nobody may write there, root included.
    let dir = std::path::Path::new("/sys/seatkeeper");
    assert_eq!(open(dir).unwrap_err().code(), "read_only_folder");
}

#[test]
fn a_store_beside_its_server_can_write_and_needs_a_store() {
    let mut world = World::embedded();
    let (store, mut writer) = Store::open_beside(world.place.path()).unwrap();
    let mut transaction = writer.begin().unwrap();
    transaction.put_setting("company", "CUST-42").unwrap();
    transaction.commit().unwrap();
    assert_eq!(
        world.read(|reader| reader.setting("company")).as_deref(),
        Some("CUST-42")
    );
    drop((store, writer));
    world.user("anna", "/");

    let nothing = tempfile::tempdir().unwrap();
    let error = Store::open_beside(nothing.path()).map(drop).unwrap_err();
    assert_eq!(error.code(), "no_store");
}

#[test]
fn the_latest_time_only_rises() {
    // L11
    let mut world = World::new();
    for (at, latest) in [(5, 5), (3, 5), (9, 9)] {
        let mut transaction = world.writer.begin().unwrap();
        transaction
            .save_latest_time(Timestamp::from_millis(at))
            .unwrap();
        transaction.commit().unwrap();
        let kept = world.read(|reader| reader.latest_time());
        assert_eq!(kept, Timestamp::from_millis(latest));
    }
}

#[test]
fn a_transaction_that_is_dropped_never_was() {
    let mut world = World::new();
    let mut transaction = world.writer.begin().unwrap();
    transaction.put_setting("company", "CUST-42").unwrap();
    drop(transaction);
    assert_eq!(world.read(|reader| reader.setting("company")), None);
}

#[test]
fn what_was_committed_is_there_after_opening_again() {
    let mut world = World::new();
    let user = world.user("anna", "/Sales");
    let world = world.reopen();
    let found = world.read(|reader| reader.find_username("anna")).unwrap();
    assert_eq!(found.id, user);
}

#[test]
fn a_snapshot_does_not_change_while_others_write() {
    let mut world = World::new();
    let store = world.store.clone();
    store
        .read(|reader| {
            assert_eq!(reader.count_users(&store::query::UserFilter::default())?, 0);
            world.user("anna", "/");
            assert_eq!(reader.count_users(&store::query::UserFilter::default())?, 0);
            Ok(())
        })
        .unwrap();
}

#[test]
fn readers_are_shared_and_come_back_after_a_panic() {
    let place = Place::of_this_run();
    let options = StoreOptions {
        readers: 1,
        ..place.options()
    };
    let (store, _writer) = Store::open(&options).unwrap();
    let panicking = store.clone();
    let result = std::thread::spawn(move || {
        panicking.read(|_| -> Result<(), StoreError> { panic!("on purpose") })
    })
    .join();
    assert!(result.is_err());
    assert_eq!(store.read(|reader| reader.setting("x")).unwrap(), None);
}

#[test]
fn kept_outcomes_are_found_by_actor_and_key_until_purged() {
    let mut world = World::new();
    let at = world.now;
    let mut transaction = world.writer.begin().unwrap();
    transaction.keep("k", "anna", &[1; 32], "{}", at).unwrap();
    transaction.keep("k", "bob", &[3; 32], "[]", at).unwrap();
    transaction.commit().unwrap();
    let mut transaction = world.writer.begin().unwrap();
    // At the latest when it is committed.
    let again = transaction
        .keep("k", "anna", &[2; 32], "{}", at)
        .and_then(|()| transaction.commit());
    assert_eq!(again.unwrap_err().code(), "store_constraint");

    let mut transaction = world.writer.begin().unwrap();
    let kept = transaction.find_kept("anna", "k").unwrap().unwrap();
    assert_eq!(
        (kept.request_hash, kept.outcome_json.as_str()),
        ([1; 32], "{}")
    );
    assert_eq!(transaction.find_kept("cleo", "k").unwrap(), None);
    assert_eq!(transaction.purge_kept(at, 10).unwrap(), 0);
    let later = at.plus(domain::Millis::SECOND);
    assert_eq!(transaction.purge_kept(later, 1).unwrap(), 1);
    assert_eq!(transaction.purge_kept(later, 10).unwrap(), 1);
}

#[test]
fn a_crash_keeps_what_was_committed_and_nothing_else() {
    // S1: the files as a killed process leaves them, with a transaction in the middle.
    let mut world = World::embedded();
    let [license] = world.import(vec![terms("NW-1", Model::Dedicated)])[..] else {
        panic!("one license")
    };
    world.user("anna", "/");
    world.grant("anna", license);
    let mut transaction = world.writer.begin().unwrap();
    transaction.put_setting("company", "CUST-42").unwrap();
    let copy = tempfile::tempdir().unwrap();
    for file in ["seatkeeper.db", "seatkeeper.db-wal"] {
        std::fs::copy(world.place.path().join(file), copy.path().join(file)).unwrap();
    }
    transaction.commit().unwrap();

    let (store, _writer) = Store::open(&StoreOptions::new(copy.path())).unwrap();
    let found = store.read(|reader| reader.find_license(license)).unwrap();
    assert_eq!(found.unwrap().seats.occupied, 1);
    let setting = store.read(|reader| reader.setting("company")).unwrap();
    assert_eq!(setting, None);
    assert!(store.read(|reader| reader.check()).unwrap().is_empty());
}
