//! Opening a license file: accepted whole, or refused with its one code (L3, L5).

use license_file::armor;
use license_file::jws::{self, LICENSE_TYP, SESSION_TYP};
use license_file::open::{MAX_FILE, OpenError, Ours, TrustedKeys, open};

use crate::samples::{document, file, file_saying, full_terms, key, strangers_key, terms, trust};

const US: Ours<'static> = Ours {
    company: Some("CUST-42"),
    installation: Some("0190a0f0-0000-7000-8000-00000000abcd"),
};

fn refusal(bytes: &[u8]) -> OpenError {
    open(bytes, &trust(), &US).expect_err("refused")
}

#[test]
fn a_sound_file_opens_to_what_was_signed() {
    let written = document(vec![terms(1), full_terms(2)]);
    let opened = open(&file(&written), &trust(), &US).unwrap();
    assert_eq!(opened.document, written);
    assert_eq!(opened.signer.name, "Northwind Software");
    assert_eq!(opened.signer.key.kid(), key().kid());
}

#[test]
fn line_ends_marks_and_bare_texts_make_no_difference() {
    let written = document(vec![terms(1)]);
    let text = String::from_utf8(file(&written)).unwrap();
    let bare: String = text
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    for variant in [
        text.replace('\n', "\r\n"),
        format!("\u{FEFF}{text}"),
        format!("\n\n {text}\n\n"),
        bare,
    ] {
        assert_eq!(
            open(variant.as_bytes(), &trust(), &US).unwrap().document,
            written,
            "{variant}"
        );
    }
}

#[test]
fn l3_other_files_are_not_license_files_and_say_what_they_are() {
    let cases: [(&[u8], &str); 8] = [
        (b"", "empty"),
        (b"PK\x03\x04...", "ZIP"),
        (b"<?xml version='1.0'?><licenses/>", "XML"),
        (
            b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n",
            "`CERTIFICATE`",
        ),
        (b"{\"kty\":\"OKP\"}", "key file"),
        (b"\xff\xfe-\0-\0", "UTF-16"),
        (b"hello", "not a signed license"),
        (b"one.two.three", "header"),
    ];
    for (bytes, expected) in cases {
        let error = refusal(bytes);
        assert_eq!(error.code(), "not_a_license_file");
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn l3_a_file_without_its_end_is_truncated() {
    let whole = file(&document(vec![terms(1)]));
    for length in [40, whole.len() / 2, whole.len() - 10] {
        let error = refusal(&whole[..length]);
        assert_eq!(error.code(), "truncated");
        assert!(error.to_string().contains("truncated"), "{error}");
    }
}

#[test]
fn l3_files_above_the_limit_are_too_large_and_not_looked_at() {
    let mut bytes = file(&document(vec![terms(1)]));
    bytes.resize(MAX_FILE, b'\n');
    assert!(
        open(&bytes, &trust(), &US).is_ok(),
        "exactly the limit is allowed"
    );
    bytes.push(b'\n');
    assert_eq!(
        refusal(&bytes),
        OpenError::TooLarge {
            bytes: MAX_FILE + 1
        }
    );
}

#[test]
fn l3_a_document_too_large_to_be_read_is_not_written() {
    use license_file::document::Agreement;
    let text = "x".repeat(license_file::document::MAX_AGREEMENT);
    let mut licenses: Vec<_> = (0..140).map(terms).collect();
    for license in &mut licenses {
        license.agreement = Some(Agreement {
            title: None,
            text: text.clone(),
        });
    }
    let problems = document(licenses).sign(&key()).unwrap_err();
    assert!(
        problems.to_string().contains("bytes, at most"),
        "{problems}"
    );
}

#[test]
fn l3_a_key_that_is_not_trusted_is_unknown_and_named() {
    let text = document(vec![terms(1)]).sign(&strangers_key()).unwrap();
    let error = refusal(text.as_bytes());
    assert_eq!(error.code(), "unknown_key");
    assert!(error.to_string().contains(strangers_key().kid()), "{error}");
    let nobody = open(&file(&document(vec![terms(1)])), &TrustedKeys::new(), &US).unwrap_err();
    assert_eq!(nobody.code(), "unknown_key");
}

#[test]
fn l3_altered_content_is_tampered_and_a_damaged_signature_is_bad() {
    let compact = armor::unwrap(&file(&document(vec![terms(1)]))).unwrap();
    let parts: Vec<&str> = compact.split('.').collect();
    let other = armor::unwrap(&file(&document(vec![terms(2)]))).unwrap();
    let other: Vec<&str> = other.split('.').collect();

    let swapped = [parts[0], other[1], parts[2]].join(".");
    assert_eq!(refusal(swapped.as_bytes()).code(), "tampered");
    let borrowed = [parts[0], parts[1], other[2]].join(".");
    assert_eq!(refusal(borrowed.as_bytes()).code(), "tampered");
    for damaged in [&parts[2][..80], "", "AAAA"] {
        let text = [parts[0], parts[1], damaged].join(".");
        assert_eq!(refusal(text.as_bytes()).code(), "bad_signature");
    }
}

#[test]
fn l3_a_strangers_signature_under_our_keys_name_is_tampered() {
    let header = jws::EncodedHeader::new(key().kid(), LICENSE_TYP);
    let input = jws::signing_input(
        &header,
        &serde_json::to_vec(&document(vec![terms(1)])).unwrap(),
    );
    let signature = strangers_key().sign(input.as_bytes());
    let error = refusal(jws::assemble(input, &signature).as_bytes());
    assert_eq!(
        error,
        OpenError::Tampered {
            signer: "Northwind Software".to_owned()
        }
    );
}

#[test]
fn l3_other_algorithms_and_other_kinds_of_document_are_refused() {
    use base64::Engine as _;
    let encode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    let header = format!(
        r#"{{"alg":"HS256","kid":"{}","typ":"{LICENSE_TYP}"}}"#,
        key().kid()
    );
    let error = refusal(format!("{}.{}.AAAA", encode(&header), encode("{}")).as_bytes());
    assert_eq!(error.code(), "unsupported_algorithm");
    assert!(error.to_string().contains("`HS256`"), "{error}");

    let token = jws::sign(
        &key(),
        SESSION_TYP,
        &serde_json::to_vec(&document(vec![terms(1)])).unwrap(),
    );
    let error = refusal(token.as_bytes());
    assert_eq!(error.code(), "wrong_document_type");
    assert!(error.to_string().contains(SESSION_TYP), "{error}");
}

#[test]
fn l3_a_later_format_is_named_even_when_it_has_unknown_fields() {
    for payload in [
        r#"{"format":2,"bundles":[]}"#,
        r#"{"format":2,"issuer":"N","issued_at":"2026-01-01T00:00:00Z","licenses":[]}"#,
    ] {
        let error = refusal(&file_saying(payload));
        assert_eq!(error, OpenError::UnsupportedVersion(2));
        assert!(error.to_string().contains("format 2"), "{error}");
    }
}

#[test]
fn l5_a_document_for_another_company_is_refused() {
    let bytes = file(&document(vec![terms(1)]));
    let other = Ours {
        company: Some("CUST-43"),
        ..US
    };
    let error = open(&bytes, &trust(), &other).unwrap_err();
    assert_eq!(
        error,
        OpenError::WrongCompany {
            theirs: "CUST-42".to_owned(),
            ours: "CUST-43".to_owned()
        }
    );
    assert!(
        open(
            &bytes,
            &trust(),
            &Ours {
                company: None,
                ..US
            }
        )
        .is_ok(),
        "no company id is set yet"
    );

    let mut for_anyone = document(vec![terms(1)]);
    for_anyone.customer = None;
    assert!(open(&file(&for_anyone), &trust(), &other).is_ok());
}

#[test]
fn l5_a_license_for_another_installation_refuses_the_whole_file() {
    let bytes = file(&document(vec![terms(1), full_terms(2)]));
    let elsewhere = Ours {
        installation: Some("0190a0f0-0000-7000-8000-000000000001"),
        ..US
    };
    let error = open(&bytes, &trust(), &elsewhere).unwrap_err();
    assert_eq!(error.code(), "wrong_installation");
    assert!(
        error
            .to_string()
            .starts_with("License 2 (`NW-ESM-000002`) is bound to the installation"),
        "{error}"
    );
    let nowhere = open(
        &bytes,
        &trust(),
        &Ours {
            installation: None,
            ..US
        },
    )
    .unwrap_err();
    assert_eq!(nowhere.code(), "wrong_installation");
    let upper = US.installation.unwrap().to_uppercase();
    assert!(
        open(
            &bytes,
            &trust(),
            &Ours {
                installation: Some(&upper),
                ..US
            }
        )
        .is_ok()
    );
}

#[test]
fn a_hundred_thousand_usual_licenses_fit_and_open() {
    let written = document((0..100_000).map(terms).collect());
    let bytes = file(&written);
    assert!(bytes.len() <= MAX_FILE, "{} bytes", bytes.len());
    assert!(open(&bytes, &trust(), &US).unwrap().document == written);
}
