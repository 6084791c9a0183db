//! Explaining a file: what it claims and how far that is proved, whatever is wrong with it.

use license_file::armor;
use license_file::explain::{Inspection, SignatureStatus, explain};
use license_file::jws::{self, SESSION_TYP};
use license_file::open::TrustedKeys;

use crate::samples::{document, file, file_saying, full_terms, key, terms, trust};

fn codes(inspection: &Inspection) -> Vec<&str> {
    inspection
        .problems
        .iter()
        .map(|finding| finding.code)
        .collect()
}

#[test]
fn a_sound_file_is_shown_whole() {
    let written = document(vec![terms(1), full_terms(2)]);
    let shown = explain(&file(&written), &trust());
    assert_eq!(
        shown.signature,
        SignatureStatus::Valid {
            signer: "Northwind Software".to_owned()
        }
    );
    assert_eq!(
        shown.header.as_ref().map(|header| header.kid.as_str()),
        Some(key().kid())
    );
    assert_eq!(shown.issuer.as_deref(), Some("Northwind Software"));
    assert_eq!(shown.customer.as_deref(), Some("CUST-42"));
    assert_eq!(
        (shown.format, shown.issued_at),
        (Some(1), Some(written.issued_at))
    );
    assert_eq!(shown.licenses, written.licenses);
    assert!(shown.is_acceptable());
}

#[test]
fn without_trust_the_claims_are_shown_and_the_key_is_unknown() {
    let shown = explain(&file(&document(vec![terms(1)])), &TrustedKeys::new());
    assert_eq!(shown.signature, SignatureStatus::UnknownKey);
    assert_eq!(shown.licenses, [terms(1)]);
    assert_eq!(codes(&shown), ["unknown_key"]);
}

#[test]
fn altered_content_is_shown_as_tampered() {
    let compact = armor::unwrap(&file(&document(vec![terms(1)]))).unwrap();
    let other = armor::unwrap(&file(&document(vec![terms(2)]))).unwrap();
    let (_, signature) = other.rsplit_once('.').unwrap();
    let (signed, _) = compact.rsplit_once('.').unwrap();
    let shown = explain(format!("{signed}.{signature}").as_bytes(), &trust());
    assert_eq!(shown.signature, SignatureStatus::Tampered);
    assert_eq!(codes(&shown), ["tampered"]);
    assert_eq!(shown.licenses, [terms(1)]);
    let cut = explain(
        format!("{signed}.{}", &signature[..20]).as_bytes(),
        &trust(),
    );
    assert_eq!(
        (cut.signature.clone(), codes(&cut)),
        (SignatureStatus::Malformed, vec!["bad_signature"])
    );
}

#[test]
fn broken_rules_are_listed_one_by_one() {
    let mut licenses = vec![terms(1), terms(2)];
    licenses[0].seats = Some(0);
    licenses[1].expires_at = Some(licenses[1].starts_at);
    let unsound = document(licenses.clone());
    let shown = explain(
        &file_saying(&serde_json::to_string(&unsound).unwrap()),
        &trust(),
    );
    assert_eq!(codes(&shown), ["invalid_terms", "invalid_terms"]);
    assert_eq!(shown.licenses, licenses);
    assert!(
        shown.problems[0].message.contains("seats must be"),
        "{:?}",
        shown.problems
    );
}

#[test]
fn other_files_are_explained_with_the_code_that_refuses_them() {
    assert_eq!(codes(&explain(b"", &trust())), ["not_a_license_file"]);
    assert_eq!(
        codes(&explain(b"PK\x03\x04", &trust())),
        ["not_a_license_file"]
    );
    assert_eq!(
        codes(&explain(b"-----BEGIN SEATKEEPER LICENSE-----\n", &trust())),
        ["truncated"]
    );
    assert_eq!(
        codes(&explain(&file_saying(r#"{"format":9}"#), &trust())),
        ["unsupported_version"]
    );
    let token = explain(jws::sign(&key(), SESSION_TYP, b"{}").as_bytes(), &trust());
    assert_eq!(codes(&token), ["wrong_document_type"]);
    assert_eq!(
        token.signature,
        SignatureStatus::Valid {
            signer: "Northwind Software".to_owned()
        }
    );
    assert_eq!(explain(b"", &trust()).signature, SignatureStatus::Unchecked);
}

#[test]
fn an_inspection_is_json_with_stable_words() {
    let json = serde_json::to_value(explain(&file(&document(vec![terms(1)])), &trust())).unwrap();
    assert_eq!(
        json["signature"],
        serde_json::json!({ "status": "valid", "signer": "Northwind Software" })
    );
    assert_eq!(json["licenses"][0]["serial"], "NW-ESM-000001");
    let unknown = serde_json::to_value(explain(b"x.y.z", &trust())).unwrap();
    assert_eq!(
        unknown["signature"],
        serde_json::json!({ "status": "unchecked" })
    );
    assert_eq!(unknown["problems"][0]["code"], "not_a_license_file");
}
