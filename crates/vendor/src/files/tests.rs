//! What is written, and what is left alone.

use super::*;
use crate::keys::keygen;

fn private() -> PrivateKeyFile {
    keygen("Northwind Software").unwrap().0
}

#[test]
fn a_key_pair_reads_back_from_the_files_it_was_written_to() {
    let folder = tempfile::tempdir().unwrap();
    let private = private();
    let (key, public) = write_key_pair(&folder.path().join("vendor.2026"), &private).unwrap();
    assert_eq!(key, folder.path().join("vendor.2026.key"));
    assert_eq!(public, folder.path().join("vendor.2026.pub"));
    assert_eq!(read_private_key(&key).unwrap().key.kid(), private.key.kid());
    assert_eq!(read_public_key(&public).unwrap(), private.public());
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_a_private_key() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let (key, public) = write_key_pair(&folder.path().join("vendor"), &private()).unwrap();
    assert_eq!(
        fs::metadata(key).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(
        fs::metadata(public).unwrap().permissions().mode() & 0o077 & !0o044,
        0
    );
}

#[test]
fn an_existing_key_is_never_overwritten_and_nothing_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let prefix = folder.path().join("vendor");
    for (taken, other) in [("vendor.key", "vendor.pub"), ("vendor.pub", "vendor.key")] {
        fs::write(folder.path().join(taken), "mine").unwrap();
        let error = write_key_pair(&prefix, &private()).unwrap_err();
        assert_eq!(error.code(), "file_exists");
        assert!(
            error.to_string().contains(taken) && error.to_string().contains("never overwritten"),
            "{error}"
        );
        assert_eq!(
            fs::read_to_string(folder.path().join(taken)).unwrap(),
            "mine"
        );
        assert!(!folder.path().join(other).exists());
        fs::remove_file(folder.path().join(taken)).unwrap();
    }
}

#[test]
fn errors_name_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.key");
    assert_eq!(
        read_private_key(&missing).unwrap_err().code(),
        "file_unreadable"
    );
    let nowhere = write_key_pair(&folder.path().join("no/folder"), &private()).unwrap_err();
    assert_eq!(nowhere.code(), "file_unwritable");
    let (key, public) = write_key_pair(&folder.path().join("vendor"), &private()).unwrap();
    let swapped = read_public_key(&key).unwrap_err();
    assert_eq!(swapped.code(), "private_key");
    assert!(swapped.to_string().contains("vendor.key"), "{swapped}");
    assert_eq!(read_private_key(&public).unwrap_err().code(), "public_key");
    let spec = folder.path().join("licenses.toml");
    fs::write(&spec, "issuer = 3\n").unwrap();
    let error = read_spec(&spec).unwrap_err();
    assert_eq!(error.code(), "invalid_spec");
    assert!(
        error.to_string().contains("licenses.toml: line 1: "),
        "{error}"
    );
}

#[test]
fn a_license_file_replaces_the_one_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("northwind.lic");
    let (old, new) = (of_kind(Kind::License, "old"), of_kind(Kind::License, "new"));
    let xml = format!("<?xml version=\"1.0\"?>\n<licenses xmlns=\"{NAMESPACE}\"/>");
    for text in [&old, &new, &xml, &new] {
        write_license(&path, text).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), **text);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
    let nowhere = write_license(&folder.path().join("no/northwind.lic"), &new).unwrap_err();
    assert_eq!(nowhere.code(), "file_unwritable");
}

/// A file that says by its first line what it is.
fn of_kind(kind: Kind, content: &str) -> String {
    format!("{}\n{content}\n{}\n", kind.begin(), kind.end())
}

#[test]
fn nothing_but_a_file_of_its_kind_is_ever_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("northwind.lic");
    let private = private();
    let introduction =
        "-----BEGIN SEATKEEPER KEY-----\neyJ.e30.c2ln\n-----END SEATKEEPER KEY-----\n";
    let precious = [
        private.to_text().to_string(),
        private.public().to_text(),
        introduction.to_owned(),
        "issuer = \"Northwind Software\"\n".to_owned(),
        "<licenses/>".to_owned(),
        of_kind(Kind::Request, "asked"),
        of_kind(Kind::Response, "answered"),
    ];
    for before in &precious {
        fs::write(&path, before).unwrap();
        let error = write_license(&path, &of_kind(Kind::License, "new")).unwrap_err();
        assert_eq!(error.code(), "file_exists", "{before}");
        assert!(error.to_string().contains("northwind.lic"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), *before);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
    let response = of_kind(Kind::Response, "answered again");
    write_license(&path, &response).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), response);
}

#[test]
fn an_introduction_that_is_there_keeps_a_successor_from_being_written() {
    let folder = tempfile::tempdir().unwrap();
    let prefix = folder.path().join("next");
    let taken = folder.path().join("next.introduction");
    fs::write(&taken, "mine").unwrap();
    let error = write_successor(&prefix, &private(), "new").unwrap_err();
    assert_eq!(error.code(), "file_exists");
    assert!(error.to_string().contains("next.introduction"), "{error}");
    assert_eq!(fs::read_to_string(&taken).unwrap(), "mine");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    fs::remove_file(&taken).unwrap();
    let (key, _, introduction) = write_successor(&prefix, &private(), "new").unwrap();
    assert!(key.exists());
    assert_eq!(fs::read_to_string(introduction).unwrap(), "new");
}
