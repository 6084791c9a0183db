//! Further keys of an issuer, made known by one that is trusted.

use license_file::introduction::{Introduction, IntroductionError};
use license_file::jws::{self, KEY_TYP, LICENSE_TYP};

use crate::mutations::{Dice, mutate};
use crate::samples::{document, file, instant, key, strangers_key, terms};

fn introduction() -> Introduction {
    Introduction {
        issued_at: instant("2026-01-01T00:00:00Z"),
        key: strangers_key().verifying_key().clone(),
        valid_from: Some(instant("2026-02-01T00:00:00Z")),
        valid_until: None,
        old_until: Some(instant("2026-03-01T00:00:00Z")),
    }
}

fn open(text: &str) -> Result<Introduction, IntroductionError> {
    Introduction::open(text, Some(key().verifying_key()))
}

#[test]
fn l3_a_key_introduces_another() {
    let text = introduction().sign(&key());
    assert!(
        text.starts_with("-----BEGIN SEATKEEPER KEY-----\n"),
        "{text}"
    );
    assert_eq!(Introduction::header(&text).unwrap().kid, key().kid());
    assert_eq!(open(&text), Ok(introduction()));
    assert_eq!(open(&text.replace('\n', "\r\n")), Ok(introduction()));
}

#[test]
fn l3_only_the_trusted_key_introduces_and_only_keys() {
    let code = |text: &str| open(text).unwrap_err().code();
    assert_eq!(code(&introduction().sign(&strangers_key())), "unknown_key");
    let text = introduction().sign(&key());
    assert_eq!(
        Introduction::open(&text, None).unwrap_err().code(),
        "unknown_key"
    );
    // A license is no introduction, and an introduction no license.
    let license = String::from_utf8(file(&document(vec![terms(1)]))).unwrap();
    assert_eq!(code(&license), "not_an_introduction");
    let bare = license_file::armor::unwrap(license.as_bytes()).unwrap();
    assert_eq!(code(&bare), "wrong_document_type");
    assert_eq!(
        crate::intake::refused(text.as_bytes()),
        "not_a_license_file"
    );
    let relabeled = text.replace("SEATKEEPER KEY", "SEATKEEPER LICENSE");
    assert_eq!(
        crate::intake::refused(relabeled.as_bytes()),
        "wrong_document_type"
    );
    for (typ, payload, expected) in [
        (KEY_TYP, "{}", "invalid_introduction"),
        (
            KEY_TYP,
            r#"{"format":2,"issued_at":"2026-01-01T00:00:00Z","x":""}"#,
            "invalid_introduction",
        ),
        (
            KEY_TYP,
            r#"{"format":1,"issued_at":"2026-01-01T00:00:00Z","x":"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#,
            "invalid_introduction",
        ),
        (LICENSE_TYP, "{}", "wrong_document_type"),
    ] {
        assert_eq!(code(&jws::sign(&key(), typ, payload.as_bytes())), expected);
    }
}

#[test]
fn l3_no_mutation_of_an_introduction_introduces_another_key() {
    let text = introduction().sign(&key());
    let mut dice = Dice(0x5ea7_4ee9_e400_0009);
    for _ in 0..1_500 {
        let mutated = mutate(text.as_bytes(), &mut dice);
        if let Ok(opened) = open(&String::from_utf8_lossy(&mutated)) {
            assert_eq!(opened, introduction());
        }
    }
}
