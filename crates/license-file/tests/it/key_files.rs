//! Key files: what is written reads back, and each kind of damage has its own answer.

use license_file::key_file::{KeyFileError, PrivateKeyFile, PublicKeyFile};

use crate::samples::{document, file, key, strangers_key, terms};

#[test]
fn a_successor_keeps_the_lineage_in_its_private_file_alone() {
    let first = key().kid().to_owned();
    let successor = PrivateKeyFile {
        name: "Northwind Software".to_owned(),
        key: crate::samples::strangers_key().succeeding(&first),
    };
    let read = PrivateKeyFile::parse(&successor.to_text()).unwrap();
    assert_eq!(read.key.lineage(), first);
    assert!(!successor.public().to_text().contains(&first));
    // A key is its own beginning.
    assert_eq!(key().succeeding(&first).lineage(), first);
    assert!(!private().to_text().contains("lineage"));
}

fn private() -> PrivateKeyFile {
    PrivateKeyFile {
        name: "Northwind \"Software\"".to_owned(),
        key: key(),
    }
}

/// The private file's JSON with one member changed, or removed by `null`.
fn with(member: &str, value: impl Into<serde_json::Value>) -> String {
    let mut json: serde_json::Value = serde_json::from_str(&private().to_text()).expect("JSON");
    json[member] = value.into();
    let object = json.as_object_mut().expect("an object");
    object.retain(|_, value| !value.is_null());
    json.to_string()
}

#[test]
fn both_halves_read_back() {
    let read = PrivateKeyFile::parse(&private().to_text()).unwrap();
    assert_eq!(
        (read.name.as_str(), read.key.kid()),
        ("Northwind \"Software\"", key().kid())
    );
    assert_eq!(*read.key.seed(), *key().seed());
    let public = PublicKeyFile::parse(&private().public().to_text()).unwrap();
    assert_eq!(public, private().public());
}

#[test]
fn a_key_file_is_a_jwk_with_a_name() {
    let json: serde_json::Value = serde_json::from_str(&private().public().to_text()).unwrap();
    let expected = serde_json::json!({
        "name": "Northwind \"Software\"", "kty": "OKP", "crv": "Ed25519",
        "kid": key().kid(), "x": key().verifying_key().to_base64url(),
    });
    assert_eq!(json, expected);
}

#[test]
fn the_halves_are_not_taken_for_each_other() {
    let error = PublicKeyFile::parse(&private().to_text()).unwrap_err();
    assert_eq!(
        (error.clone(), error.code()),
        (KeyFileError::PrivateKey, "private_key")
    );
    let error = PrivateKeyFile::parse(&private().public().to_text()).unwrap_err();
    assert_eq!(
        (error.clone(), error.code()),
        (KeyFileError::PublicKey, "public_key")
    );
}

#[test]
fn damage_is_named() {
    let parse = |text: &str| PrivateKeyFile::parse(text).expect_err("refused");
    assert_eq!(parse(&with("d", "AAAA")), KeyFileError::Private);
    let others = strangers_key().verifying_key().to_base64url();
    assert_eq!(parse(&with("kid", "abc")), KeyFileError::Kid);
    let mut json: serde_json::Value =
        serde_json::from_str(&with("kid", serde_json::Value::Null)).unwrap();
    json["x"] = others.into();
    assert_eq!(parse(&json.to_string()), KeyFileError::Halves);
    assert!(matches!(parse(&with("x", "AAAA")), KeyFileError::Public(_)));
    assert_eq!(
        parse(&with("kty", "RSA")),
        KeyFileError::Kind("RSA".to_owned())
    );
    assert_eq!(
        parse(&with("crv", "X25519")),
        KeyFileError::Kind("OKP X25519".to_owned())
    );
    for name in ["", " x", "a\nb"] {
        assert_eq!(parse(&with("name", name)), KeyFileError::Name);
    }
    assert!(matches!(
        parse(&with("name", serde_json::Value::Null)),
        KeyFileError::NotAKeyFile(_)
    ));
    assert!(matches!(parse(""), KeyFileError::NotAKeyFile(_)));
    assert_eq!(
        parse("-----BEGIN PRIVATE KEY-----\nAA\n"),
        KeyFileError::Pem
    );
    let license = String::from_utf8(file(&document(vec![terms(1)]))).unwrap();
    assert_eq!(parse(&license), KeyFileError::License);
}

#[test]
fn a_private_key_file_never_prints_its_secret() {
    let secret =
        serde_json::from_str::<serde_json::Value>(&private().to_text()).unwrap()["d"].clone();
    let shown = format!(
        "{:?} {:?}",
        private(),
        PrivateKeyFile::parse(&with("kid", "abc"))
    );
    assert!(!shown.contains(secret.as_str().unwrap()), "{shown}");
}
