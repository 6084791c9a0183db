//! Files of the data folder, and files that are given, that are not what they should be.

use std::path::Path;

use super::contents::Contents;
use crate::support::{Installation, Ran, Start, Vendor, alter_store, license};

/// A stopped server's data folder with something in it.
fn stopped() -> (Installation, Start) {
    let mut house = Installation::with(&license("floating", "esm", 1));
    let start = house.stop();
    (house, start)
}

/// A start that must fail, without changing anything in the data folder.
#[track_caller]
fn refused(start: &Start) -> Ran {
    let before = Contents::of(start.seen_at());
    let ran = start.ends();
    assert_ne!(ran.code, Some(0), "{ran:?}");
    Contents::of(start.seen_at()).assert_same(&before);
    ran
}

/// Does something to the bytes of the database; nothing of it lies elsewhere.
fn damage(start: &Start, change: impl FnOnce(&mut Vec<u8>)) {
    // Brings what lies beside the file into it.
    alter_store(start.seen_at(), "UPDATE meta SET number = number");
    let file = start.seen_at().join("seatkeeper.db");
    assert!(!file.with_extension("db-wal").exists());
    let mut bytes = std::fs::read(&file).unwrap();
    change(&mut bytes);
    std::fs::write(&file, bytes).unwrap();
}

#[test]
fn a_store_of_a_newer_version_is_left_alone() {
    let (_house, start) = stopped();
    alter_store(start.seen_at(), "PRAGMA user_version = 999");
    refused(&start).complains(&["999", "newer"]);
}

#[test]
fn a_damaged_database_is_named_and_left_alone() {
    let (_house, start) = stopped();
    damage(&start, |bytes| {
        *bytes = "This was a database once. ".repeat(1000).into();
    });
    refused(&start).complains(&["seatkeeper.db", "not a Seatkeeper store"]);
}

#[test]
fn a_database_that_was_cut_off_is_not_served() {
    let (_house, start) = stopped();
    damage(&start, |bytes| bytes.truncate(bytes.len() / 2));
    refused(&start).complains(&["seatkeeper.db"]);
}

#[test]
fn a_file_where_the_data_folder_should_be_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data");
    std::fs::write(&file, "precious").unwrap();
    let ran = Start::on(&file).ends();
    assert_ne!(ran.code, Some(0), "{ran:?}");
    ran.complains(&["data", "file where a folder should be"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "precious");
}

#[test]
fn a_damaged_installation_key_is_named_and_left_alone() {
    let (mut house, start) = stopped();
    let key = start.seen_at().join("installation.key");
    let text = std::fs::read_to_string(&key).unwrap();
    std::fs::write(&key, "damaged").unwrap();
    start.ends().exits(1).complains(&["installation.key"]);
    assert_eq!(std::fs::read_to_string(&key).unwrap(), "damaged");
    // Whoever has a copy goes on as if nothing had happened.
    std::fs::write(&key, text).unwrap();
    house.start(start);
    house.sign_in("anna", "esm").is(201);
}

#[test]
fn key_files_that_cannot_be_trusted_are_named_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("vendor");
    let mut keygen = crate::support::seatkeeper(["vendor", "keygen", "--name", "N", "--out"]);
    Ran::of(keygen.arg(&made)).good();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let license = Vendor::new().license_file(&license("site", "esm", 0));
    let cases: [(&Path, &[&str]); 5] = [
        (
            &folder.path().join("absent.pub"),
            &["absent.pub", "no such file"],
        ),
        (folder.path(), &["directory"]),
        (
            &write("noise.pub", "noise"),
            &["noise.pub", "not a key file"],
        ),
        (
            &write("license.pub", &license),
            &["license.pub", "license file"],
        ),
        (&made.with_extension("key"), &["vendor.key", "private key"]),
    ];
    for (path, words) in cases {
        let data = tempfile::tempdir().unwrap();
        let ran = Start::on(data.path().join("data")).trust(path).ends();
        assert_ne!(ran.code, Some(0), "{ran:?}");
        ran.complains(words);
        assert!(
            !data.path().join("data/seatkeeper.db").exists(),
            "nothing is made for {path:?}"
        );
    }
}

#[test]
fn what_is_secret_is_readable_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let house = Installation::with("");
    let data = house.folder().join("data");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    for name in ["seatkeeper.db", "installation.key", "server.json"] {
        assert_eq!(mode(&data.join(name)), 0o600, "{name}");
    }
    let token = house.admin_token();
    let clear = Contents::of(&data).with_text(token).join(", ");
    assert_eq!(clear, "", "a token lies there in clear");
    assert!(
        !house.server().words().contains(token),
        "the log has a token in clear"
    );
}
