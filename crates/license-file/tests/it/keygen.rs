//! Keygen's license files: verified, opened and understood.

use license_file::document::{Access, CountedBy, Model, Modules};
use license_file::explain::{SignatureStatus, explain_any};
use license_file::intake::Keys;
use license_file::jws::SigningKey;
use license_file::keygen::{Given, LicenseKey};
use serde_json::{Value, json};

use crate::intake::{accounts, given, licenses, open_all, refused};
use crate::keygen_maker::{LICENSE_KEY, account, encrypted, file, plain, usual};
use crate::samples::{instant, trust};

/// The usual sample with some attributes of its license changed.
fn with(changes: Value) -> Value {
    let mut payload = usual();
    for (name, value) in changes.as_object().expect("an object") {
        payload["data"]["attributes"][name] = value.clone();
    }
    payload
}

fn opened(payload: &Value) -> license_file::document::LicenseTerms {
    licenses(plain(payload, &account()).as_bytes()).remove(0)
}

#[test]
fn i1_a_license_checked_out_of_keygen_becomes_terms() {
    for text in [
        plain(&usual(), &account()),
        encrypted(&usual(), &account(), LICENSE_KEY),
    ] {
        let part = open_all(text.as_bytes(), &given()).unwrap().remove(0);
        assert_eq!(part.opened.signer.name, "Northwind Software");
        let freshness = part.freshness.unwrap();
        assert_eq!(freshness.issued_at, instant("2026-01-01T00:00:00Z"));
        assert_eq!(freshness.good_until, Some(instant("2026-01-31T00:00:00Z")));
        let license = &part.opened.document.licenses[0];
        assert_eq!(license.id, "7bb84d91-0000-4000-8000-000000000001");
        assert_eq!(license.revision, 1_767_225_600_000);
        assert_eq!(license.serial, "A1B2C3-7bb84d91");
        assert_eq!(
            (license.product.as_str(), license.product_name.as_str()),
            ("drawing-board-3", "Drawing Board 3")
        );
        assert_eq!(
            (license.model, license.seats, license.counted_by),
            (Model::Floating, Some(3), Some(CountedBy::Session))
        );
        assert_eq!(license.access, Access::Write);
        assert_eq!(
            license.modules,
            Modules::Only(vec!["EXPORT_PDF".to_owned()])
        );
        assert_eq!(license.starts_at, instant("2025-06-23T02:20:01.368Z"));
        assert_eq!(license.expires_at, Some(instant("2030-01-01T00:00:00Z")));
    }
}

#[test]
fn i1_users_or_machines_are_seats() {
    let seats = |changes| {
        let license = opened(&with(changes));
        (license.model, license.seats)
    };
    assert_eq!(seats(json!({"maxUsers": 7})), (Model::Dedicated, Some(7)));
    assert_eq!(
        seats(json!({"floating": false, "maxMachines": 1})),
        (Model::Dedicated, Some(1))
    );
    assert_eq!(seats(json!({"maxMachines": null})), (Model::Site, None));
    let none = plain(&with(json!({"maxMachines": 0})), &account());
    assert_eq!(refused(none.as_bytes()), "invalid_terms");
}

#[test]
fn i1_the_product_is_the_one_given_or_the_one_that_the_file_suggests() {
    let text = plain(&usual(), &account());
    let given = Given {
        product: Some("cad".to_owned()),
        ..given()
    };
    let part = open_all(text.as_bytes(), &given).unwrap().remove(0);
    assert_eq!(part.opened.document.licenses[0].product, "cad");
    let bad = Given {
        product: Some("no code".to_owned()),
        ..Given::default()
    };
    let error = open_all(text.as_bytes(), &bad).unwrap_err();
    assert_eq!(error.code(), "invalid_terms");

    let mut coded = usual();
    coded["included"][0]["attributes"]["code"] = json!("cad-3");
    assert_eq!(opened(&coded).product, "cad-3");
    let mut bare = usual();
    bare["included"] = json!([]);
    bare["data"]["relationships"]["entitlements"] = json!({});
    let license = opened(&bare);
    assert_eq!(license.product, "6e0f1c52-0000-4000-8000-00000000000a");
    assert_eq!(license.product_name, "Northwind site");
    assert_eq!(license.modules, Modules::All);
    bare["data"]["relationships"] = json!({});
    assert_eq!(
        refused(plain(&bare, &account()).as_bytes()),
        "keygen_malformed"
    );
}

#[test]
fn l1_the_license_key_is_in_nothing_that_is_kept() {
    for (key, serial) in [
        (json!(LICENSE_KEY), "A1B2C3-7bb84d91"),
        (json!("short-key"), "KG-7bb84d91"),
        (
            json!("key/eyJhY2NvdW50Ijp7fX0=.c2lnbmF0dXJl"),
            "KG-7bb84d91",
        ),
        (Value::Null, "KG-7bb84d91"),
    ] {
        let text = plain(&with(json!({"key": key})), &account());
        let part = open_all(text.as_bytes(), &given()).unwrap().remove(0);
        assert_eq!(part.opened.document.licenses[0].serial, serial);
        if let Some(key) = key.as_str() {
            assert!(!format!("{part:?}").contains(key));
        }
    }
    assert!(!format!("{:?}", given()).contains(LICENSE_KEY));
}

#[test]
fn i1_entitlements_that_are_not_in_the_file_are_asked_for() {
    let mut payload = usual();
    payload["included"].as_array_mut().unwrap().pop();
    let error = open_all(plain(&payload, &account()).as_bytes(), &given()).unwrap_err();
    assert_eq!(error.code(), "keygen_malformed");
    assert!(
        error.to_string().contains("include=entitlements"),
        "{error}"
    );
}

#[test]
fn l3_only_what_a_trusted_account_signed_is_read() {
    let stranger = SigningKey::from_seed(&[22; 32]);
    let cases = [
        (plain(&usual(), &stranger), "keygen_not_verified"),
        (
            encrypted(&usual(), &stranger, LICENSE_KEY),
            "keygen_not_verified",
        ),
        // Signed by the account, but as something else of Keygen's.
        (
            file("e30=".to_owned(), "base64+ed25519", &account(), "machine/"),
            "keygen_not_verified",
        ),
        (
            file(
                "e30=".to_owned(),
                "base64+rsa-sha256",
                &account(),
                "license/",
            ),
            "keygen_algorithm",
        ),
        (
            file("e30=".to_owned(), "base64+ed25519", &account(), "license/"),
            "keygen_malformed",
        ),
        (
            file(
                "a.b".to_owned(),
                "aes-256-gcm+ed25519",
                &account(),
                "license/",
            ),
            "keygen_malformed",
        ),
    ];
    for (text, code) in cases {
        assert_eq!(refused(text.as_bytes()), code, "{text}");
    }
    // A key that is trusted for our own documents is not trusted for Keygen's, and the other way round.
    let ours = plain(&usual(), &crate::samples::key());
    assert_eq!(refused(ours.as_bytes()), "keygen_not_verified");
    let theirs = crate::samples::document(vec![crate::samples::terms(1)])
        .sign(&account())
        .unwrap();
    assert_eq!(refused(theirs.as_bytes()), "unknown_key");
}

#[test]
fn l3_an_encrypted_file_needs_its_license_key() {
    let text = encrypted(&usual(), &account(), LICENSE_KEY);
    let code = |keys: &[&str]| {
        let given = Given {
            license_keys: keys.iter().map(|key| LicenseKey::new(key)).collect(),
            product: None,
        };
        open_all(text.as_bytes(), &given)
            .map_err(|error| error.code())
            .err()
    };
    assert_eq!(code(&[]), Some("license_key_needed"));
    assert_eq!(code(&["A1B2C3"]), Some("wrong_license_key"));
    assert_eq!(code(&["other", &format!(" {LICENSE_KEY}\n")]), None);
}

#[test]
fn i1_what_is_no_license_file_of_keygens_says_what_it_is() {
    let whole = plain(&usual(), &account());
    let machine = whole.replace("LICENSE FILE", "MACHINE FILE");
    assert_eq!(refused(machine.as_bytes()), "keygen_machine_file");
    assert_eq!(refused(&whole.as_bytes()[..whole.len() / 2]), "truncated");
    assert_eq!(refused(whole.repeat(2).as_bytes()), "keygen_malformed");
    let not_base64 = whole.replacen("FILE-----\n", "FILE-----\n!", 1);
    assert_eq!(refused(not_base64.as_bytes()), "keygen_malformed");
    let mut other = usual();
    other["data"]["type"] = json!("machines");
    assert_eq!(
        refused(plain(&other, &account()).as_bytes()),
        "keygen_malformed"
    );
}

#[test]
fn l2_a_suspended_license_is_refused() {
    for changes in [
        json!({"suspended": true}),
        json!({"status": "SUSPENDED"}),
        json!({"status": "BANNED"}),
    ] {
        let text = plain(&with(changes), &account());
        assert_eq!(refused(text.as_bytes()), "keygen_suspended");
    }
    assert_eq!(opened(&with(json!({"status": "EXPIRED"}))).seats, Some(3));
}

#[test]
fn i3_how_long_a_file_is_good_must_agree_with_itself() {
    let meta = |meta: Value| {
        let mut payload = usual();
        payload["meta"] = meta;
        let text = plain(&payload, &account());
        open_all(text.as_bytes(), &given())
            .map(|mut parts| parts.remove(0).freshness.unwrap().good_until)
            .map_err(|error| error.code())
    };
    let issued = "2026-01-01T00:00:00.000Z";
    assert_eq!(
        meta(json!({"issued": issued, "expiry": null, "ttl": null})),
        Ok(None)
    );
    let hour = Ok(Some(instant("2026-01-01T01:00:00Z")));
    assert_eq!(meta(json!({"issued": issued, "ttl": 3600})), hour);
    assert_eq!(
        meta(json!({"issued": issued, "expiry": "2026-01-01T01:00:00Z"})),
        hour
    );
    for wrong in [
        json!({"issued": issued, "expiry": "2027-01-01T01:00:00Z", "ttl": 3600}),
        json!({"issued": issued, "expiry": "2025-01-01T01:00:00Z"}),
        json!({"issued": issued, "ttl": 0}),
        json!({"issued": issued, "ttl": i64::MAX}),
        json!({"ttl": 3600}),
    ] {
        assert_eq!(meta(wrong.clone()), Err("keygen_malformed"), "{wrong}");
    }
}

#[test]
fn a_keygen_file_is_explained_with_and_without_what_it_takes() {
    let text = encrypted(&usual(), &account(), LICENSE_KEY);
    let (trusted, accounts, all, nothing) = (trust(), accounts(), given(), Given::default());
    let explained = |keygen, given| {
        let keys = Keys {
            trusted: &trusted,
            keygen,
            given,
        };
        explain_any(text.as_bytes(), keys).remove(0)
    };
    let shown = explained(&accounts, &all);
    assert!(shown.is_acceptable(), "{shown:?}");
    assert_eq!(shown.licenses.len(), 1);
    let locked = explained(&accounts, &nothing);
    assert_eq!(locked.problems[0].code, "license_key_needed");
    assert!(matches!(locked.signature, SignatureStatus::Valid { .. }));
    let unknown = explained(&[], &all);
    assert_eq!(unknown.problems[0].code, "keygen_no_account");
    assert_eq!(unknown.licenses.len(), 1);
}
