//! Backups: made beside a writer, looked at, and brought back only when they are sound.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use domain::license::Model;
use store::backup::{BackupError, Made, Restoring};
use store::{Store, StoreFile, StoreOptions};

use super::world::{World, terms};

/// A world in which somebody is at work, and its backup.
fn backed_up() -> (World, tempfile::TempDir, Made) {
    let mut world = World::embedded();
    world.import(vec![terms("NW-F", Model::Floating)]);
    world.user("anna", "/Sales");
    world.sign_in("anna", "esm");
    let place = tempfile::tempdir().unwrap();
    let made = back_up(world.place.path(), &place.path().join("a.backup")).unwrap();
    (world, place, made)
}

fn back_up(from: &Path, to: &Path) -> Result<Made, BackupError> {
    let notes = [("made_at", "7".to_owned())];
    StoreFile::open(from)?.back_up(to, &notes, &mut |_, _| {})
}

fn prepare(file: &Path, dir: &Path) -> Result<Restoring, BackupError> {
    Restoring::prepare(file, dir, &mut |_, _| {})
}

fn names(dir: &Path) -> Vec<String> {
    let names = std::fs::read_dir(dir).unwrap();
    let mut names: Vec<String> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_backup_is_one_private_file_that_holds_the_store_of_its_moment() {
    let (mut world, place, made) = backed_up();
    let known = world.read(|reader| reader.verify_audit()).events;
    world.user("bob", "/");
    assert_eq!(names(place.path()), ["a.backup"]);
    let metadata = made.path.metadata().unwrap();
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    assert_eq!(metadata.len(), made.bytes);

    let file = StoreFile::open(&made.path).unwrap();
    let (found, events) = file
        .read(|reader| Ok((reader.check()?, reader.verify_audit()?.events)))
        .unwrap();
    assert_eq!((found, events), (Vec::new(), known));
    let has = |name| file.read(|reader| reader.find_username(name)).unwrap();
    assert!(has("anna").is_some() && has("bob").is_none());
    assert_eq!(names(place.path()), ["a.backup"]);
}

#[test]
fn a_backup_goes_on_beside_a_writer_that_never_rests() {
    let (mut world, place, _) = backed_up();
    let mut filling = world.writer.begin().unwrap();
    for number in 0..4_000 {
        let (key, outcome) = (format!("k{number}"), "x".repeat(2_000));
        filling
            .keep(&key, "anna", &[0; 32], &outcome, world.now)
            .unwrap();
    }
    filling.commit().unwrap();
    let file = StoreFile::open(world.place.path()).unwrap();
    let mut reports = 0;
    let made = file
        .back_up(&place.path().join("b.backup"), &[], &mut |done, total| {
            assert!(done <= total && total > 1_024);
            reports += 1;
            // Between any two pieces something is committed.
            world.user(&format!("u{reports}"), "/");
        })
        .unwrap();
    assert!((2..10).contains(&reports), "{reports} reports");
    let copy = StoreFile::open(&made.path).unwrap();
    let found = copy.read(|reader| reader.check()).unwrap();
    assert_eq!(found, []);
    let late = copy.read(|reader| reader.find_username("u1")).unwrap();
    assert_eq!(late, None);
}

#[test]
fn a_backup_replaces_no_file() {
    let (world, place, made) = backed_up();
    let before = std::fs::read(&made.path).unwrap();
    let error = back_up(world.place.path(), &made.path).unwrap_err();
    assert_eq!(error.code(), "file_exists");
    assert_eq!(std::fs::read(&made.path).unwrap(), before);
    let nowhere = place.path().join("none/b.backup");
    let error = back_up(world.place.path(), &nowhere).unwrap_err();
    assert_eq!(error.code(), "file_io");
    assert!(error.to_string().contains("none/b.backup"), "{error}");
    assert_eq!(names(place.path()), ["a.backup"]);
}

#[test]
fn a_restored_backup_is_the_store_of_its_moment() {
    let (mut world, place, made) = backed_up();
    world.user("bob", "/");
    let dir = place.path().join("data");
    let restoring = prepare(&made.path, &dir).unwrap();
    assert_eq!(restoring.violations(), []);
    assert_eq!(restoring.note("made_at"), Some("7"));
    assert_eq!(restoring.note("other"), None);
    restoring.place(false).unwrap();
    assert_eq!(names(&dir), ["seatkeeper.db", "seatkeeper.lock"]);
    let mode = dir.join("seatkeeper.db").metadata().unwrap().permissions();
    assert_eq!(mode.mode() & 0o777, 0o600);

    let (store, _writer) = Store::open(&StoreOptions::new(&dir)).unwrap();
    assert!(store.read(|reader| reader.check()).unwrap().is_empty());
    let find = |name| store.read(|reader| reader.find_username(name)).unwrap();
    assert!(find("anna").is_some() && find("bob").is_none());
    let note = store.read(|reader| reader.setting("backup.made_at"));
    assert_eq!(note.unwrap(), None);
}

#[test]
fn a_restore_replaces_no_store_and_wants_no_server_there() {
    let (world, place, made) = backed_up();
    let error = prepare(&made.path, world.place.path()).unwrap_err();
    assert_eq!(error.code(), "store_exists");
    // What a crashed server left counts as a store too.
    let crashed = place.path().join("crashed");
    std::fs::create_dir(&crashed).unwrap();
    std::fs::write(crashed.join("seatkeeper.db-wal"), "x").unwrap();
    let error = prepare(&made.path, &crashed).unwrap_err();
    assert_eq!(error.code(), "store_exists");

    let dir = place.path().join("data");
    let first = prepare(&made.path, &dir).unwrap();
    let second = prepare(&made.path, &dir).unwrap_err();
    assert_eq!(second.code(), "already_open");
    let server = Store::open(&StoreOptions::new(&dir)).map(drop).unwrap_err();
    assert_eq!(server.code(), "already_open");
    drop(first);
    assert_eq!(names(&dir), ["seatkeeper.lock"]);
}

#[test]
fn a_backup_that_breaks_a_rule_is_restored_only_on_demand() {
    let (world, place, _) = backed_up();
    world.tamper("UPDATE pool SET occupied = 5");
    world.tamper("DELETE FROM event WHERE seq = 1");
    let bad = place.path().join("bad.backup");
    back_up(world.place.path(), &bad).unwrap();
    let dir = place.path().join("data");
    let error = prepare(&bad, &dir).unwrap().place(false).unwrap_err();
    assert_eq!(error.code(), "unsound_backup");
    let BackupError::Unsound { violations, .. } = &error else {
        panic!("{error}")
    };
    let mut rules: Vec<&str> = violations.iter().map(|found| found.rule).collect();
    rules.sort_unstable();
    assert_eq!(rules, ["R3", "S1"]);
    assert!(error.to_string().contains("bad.backup"), "{error}");
    assert_eq!(names(&dir), ["seatkeeper.lock"]);

    prepare(&bad, &dir).unwrap().place(true).unwrap();
    assert!(dir.join("seatkeeper.db").exists());
}

#[test]
fn what_is_no_backup_or_a_damaged_one_is_refused() {
    let (mut world, place, made) = backed_up();
    for number in 0..300 {
        world.user(&format!("user{number}"), "/");
    }
    let whole = place.path().join("whole.backup");
    back_up(world.place.path(), &whole).unwrap();
    let bytes = std::fs::read(&whole).unwrap();
    let mut torn = bytes.clone();
    let middle = torn.len() / 2;
    torn[middle..middle + 4096].fill(0x5a);
    let mut newer = bytes.clone();
    // The header's `user_version`.
    newer[60..64].copy_from_slice(&999_u32.to_be_bytes());
    for (name, content, codes) in [
        ("text", b"no database at all".to_vec(), &["not_a_store"][..]),
        ("empty", Vec::new(), &["not_a_store"]),
        ("newer", newer, &["newer_schema"]),
        ("torn", torn, &["unsound_backup", "store_damaged"]),
        (
            "short",
            bytes[..bytes.len() / 2].to_vec(),
            &["unsound_backup", "store_damaged", "store_io", "not_a_store"],
        ),
    ] {
        let file = place.path().join(name);
        std::fs::write(&file, content).unwrap();
        let dir = place.path().join(format!("{name}-data"));
        let refused = prepare(&file, &dir).and_then(|restoring| restoring.place(false));
        let error = refused.unwrap_err();
        assert!(codes.contains(&error.code()), "{name}: {error}");
        assert!(!dir.join("seatkeeper.db").exists(), "{name}");
    }
    let missing = prepare(&place.path().join("none"), &place.path().join("data"));
    assert_eq!(missing.unwrap_err().code(), "no_store");
    assert_eq!(made.path.metadata().unwrap().len(), made.bytes);
}
