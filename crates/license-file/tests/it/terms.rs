//! The rules of a sound document: each broken one is reported with license, field and reason (L1).

use license_file::document::{
    Agreement, CountedBy, Document, LicenseTerms, MAX_AGREEMENT, MAX_REPLACES, Model, Modules,
    Problems,
};
use license_file::open::{OpenError, Ours, open};

use crate::samples::{document, file_saying, full_terms, instant, key, terms, trust};

fn problems(change: impl FnOnce(&mut LicenseTerms)) -> Problems {
    let mut licenses = vec![terms(1), terms(2)];
    change(&mut licenses[1]);
    document(licenses).check().expect_err("a broken rule")
}

/// The one problem that the change brings, as a sentence.
fn problem(change: impl FnOnce(&mut LicenseTerms)) -> String {
    let problems = problems(change);
    assert_eq!(problems.total(), 1, "{problems}");
    problems.to_string()
}

fn accepted(change: impl FnOnce(&mut LicenseTerms)) {
    let mut license = terms(1);
    change(&mut license);
    assert_eq!(document(vec![license]).check(), Ok(()));
}

#[test]
fn l1_terms_survive_json_and_leave_defaults_out() {
    for license in [terms(1), full_terms(2)] {
        let json = serde_json::to_string(&license).unwrap();
        assert_eq!(
            serde_json::from_str::<LicenseTerms>(&json).unwrap(),
            license
        );
    }
    let json = serde_json::to_value(terms(1)).unwrap();
    let fields: Vec<&str> = json
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let written = [
        "expires_at",
        "id",
        "model",
        "product",
        "product_name",
        "seats",
        "serial",
        "starts_at",
    ];
    assert_eq!(fields, written);
}

#[test]
fn l1_a_product_is_named_once_and_each_license_gets_the_name() {
    let mut written = document(vec![terms(1), terms(2), terms(3)]);
    written.licenses[1].product_name = "Service Management (old)".to_owned();
    let json = serde_json::to_value(&written).unwrap();
    assert_eq!(
        json["products"],
        serde_json::json!({ "esm": "Service Management" })
    );
    let names: Vec<_> = (0..3)
        .map(|index| json["licenses"][index].get("product_name").is_some())
        .collect();
    assert_eq!(names, [false, true, false]);
    assert_eq!(
        serde_json::from_value::<Document>(json.clone()).unwrap(),
        written
    );

    let mut unnamed = json;
    unnamed["products"] = serde_json::json!({ "other": "Other" });
    let problems = serde_json::from_value::<Document>(unnamed)
        .unwrap()
        .check()
        .unwrap_err();
    assert_eq!(
        problems.listed()[0].to_string(),
        "license 1 (`NW-ESM-000001`): product_name must not be empty"
    );
}

#[test]
fn l1_defaults_are_all_modules_write_access_and_counting_by_user() {
    let json = r#"{"id":"a","serial":"S","product":"p","product_name":"P","model":"floating","seats":1,
        "starts_at":"2026-01-01T01:00:00+01:00"}"#;
    let license: LicenseTerms = serde_json::from_str(json).unwrap();
    assert_eq!(
        (license.revision, license.grace_days, license.assignable),
        (1, 0, true)
    );
    assert_eq!(
        (license.access.as_str(), license.removable.as_str()),
        ("write", "always")
    );
    assert_eq!(
        (license.modules.clone(), license.counting()),
        (Modules::All, CountedBy::User)
    );
    assert_eq!(
        (license.starts_at, license.expires_at),
        (instant("2026-01-01T00:00:00Z"), None)
    );
}

#[test]
fn l1_problems_name_license_field_and_reason() {
    let second = "license 2 (`NW-ESM-000002`): ";
    let zero = problem(|license| license.seats = Some(0));
    assert_eq!(zero, format!("{second}seats must be 1 to 10000000, not 0"));
    let site = problem(|license| license.model = Model::Site);
    assert_eq!(
        site,
        format!("{second}seats must be left out: a site license counts no seats")
    );
    let none = problem(|license| license.seats = None);
    assert_eq!(
        none,
        format!("{second}seats must be given for a dedicated license")
    );
    let reversed = problem(|license| license.expires_at = Some(instant("2025-12-31T00:00:00Z")));
    assert_eq!(
        reversed,
        format!(
            "{second}expires_at (2025-12-31T00:00:00Z) must be after starts_at (2026-01-01T00:00:00Z)"
        )
    );
}

#[test]
fn l1_every_limit_is_kept_on_both_sides() {
    let long = |length: usize| "x".repeat(length);
    let listed = |count: usize| {
        (0..count)
            .map(|index| format!("m{index}"))
            .collect::<Vec<_>>()
    };

    accepted(|license| license.seats = Some(10_000_000));
    assert!(problem(|license| license.seats = Some(10_000_001)).contains("seats must be"));
    accepted(|license| license.id = long(128));
    assert!(problem(|license| license.id = long(129)).contains("id is 129 characters long"));
    assert!(problem(|license| license.id = String::new()).contains("id must not be empty"));
    accepted(|license| license.serial = "ü".repeat(64));
    assert!(problem(|license| license.serial = long(65)).contains("serial is 65 characters long"));
    accepted(|license| license.product = format!("A.b_c-9{}", long(57)));
    assert!(problem(|license| license.product = long(65)).contains("product is 65"));
    assert!(
        problem(|license| license.product = "service desk".to_owned())
            .contains("product has the character ' '")
    );
    accepted(|license| license.product_name = long(200));
    assert!(problem(|license| license.product_name = long(201)).contains("product_name is 201"));
    accepted(|license| license.modules = Modules::Only(listed(10_000)));
    assert!(
        problem(|license| license.modules = Modules::Only(listed(10_001)))
            .contains("modules lists 10001")
    );
    assert!(
        problem(|license| license.modules = Modules::Only(vec![])).contains("at least one module")
    );
    assert!(
        problem(|license| license.modules = Modules::Only(vec![long(65)]))
            .contains("is 65 characters")
    );
    let twice = || Modules::Only(vec!["a".to_owned(), "b".to_owned(), "a".to_owned()]);
    assert!(problem(|license| license.modules = twice()).contains("modules lists `a` twice"));
    accepted(|license| license.grace_days = 366);
    assert!(problem(|license| license.grace_days = 367).contains("grace_days must be 0 to 366"));
    assert!(problem(|license| license.revision = 0).contains("revision must be 1 to"));
    assert!(problem(|license| license.revision = 1 << 53).contains("revision must be 1 to"));
    accepted(|license| license.revalidate_days = Some(1));
    assert!(
        problem(|license| license.revalidate_days = Some(0))
            .contains("revalidate_days must be 1 to 366")
    );
    assert!(
        problem(|license| license.installation = Some(long(129))).contains("installation is 129")
    );
    assert!(
        problem(|license| license.replaces = listed(MAX_REPLACES + 1))
            .contains("replaces lists 1001")
    );
}

#[test]
fn l1_fields_that_need_each_other_are_checked_together() {
    let offline = problem(|license| license.offline_grace_days = Some(3));
    assert!(
        offline.ends_with("offline_grace_days needs revalidate_days, which is not there"),
        "{offline}"
    );
    let counted = problem(|license| license.counted_by = Some(CountedBy::User));
    assert!(
        counted.ends_with("counted_by is for floating licenses, and this one is dedicated"),
        "{counted}"
    );
    let itself = problem(|license| license.replaces = vec![license.id.clone()]);
    assert!(
        itself.ends_with("replaces must not list the license itself"),
        "{itself}"
    );
    let twice = problem(|license| license.replaces = vec!["a".to_owned(), "a".to_owned()]);
    assert!(twice.ends_with("replaces lists `a` twice"), "{twice}");
    let instant_long = problem(|license| license.expires_at = Some(license.starts_at));
    assert!(
        instant_long.contains("must be after starts_at"),
        "{instant_long}"
    );
}

#[test]
fn l1_names_are_one_visible_line() {
    for (text, reason) in [
        ("a\nb", "control character (\\u{a}) at position 2"),
        ("a\u{202E}b", "control character (\\u{202e}) at position 2"),
        ("\0", "control character (\\u{0}) at position 1"),
        (" a", "white space"),
        ("a\u{3000}", "white space"),
    ] {
        let message = problem(|license| license.product_name = text.to_owned());
        assert!(message.contains(reason), "{text:?}: {message}");
    }
}

#[test]
fn l8_an_agreement_has_text_and_a_hash() {
    let agreement = |text: &str| {
        Some(Agreement {
            title: None,
            text: text.to_owned(),
        })
    };
    accepted(|license| license.agreement = agreement("One.\r\n\tTwo."));
    assert!(
        problem(|license| license.agreement = agreement(" \n"))
            .contains("agreement text must not be empty")
    );
    assert!(
        problem(|license| license.agreement = agreement("\u{1b}[2J")).contains("control character")
    );
    let long = "x".repeat(MAX_AGREEMENT + 1);
    assert!(
        problem(|license| license.agreement = agreement(&long)).contains("agreement is 200001")
    );
    let hash = agreement("abc").unwrap().text_hash();
    assert_eq!(
        hash,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}

#[test]
fn l1_ids_and_serials_are_unique_within_a_file() {
    let same_id = problem(|license| license.id = terms(1).id);
    assert!(
        same_id.ends_with("is already that of license 1"),
        "{same_id}"
    );
    let same_serial = problem(|license| license.serial = terms(1).serial);
    assert_eq!(
        same_serial,
        "license 2 (`NW-ESM-000001`): serial is already that of license 1"
    );
}

#[test]
fn a_document_as_a_whole_is_checked_too() {
    let reason = |change: fn(&mut Document)| {
        let mut document = document(vec![terms(1)]);
        change(&mut document);
        document.check().expect_err("a broken rule").to_string()
    };
    assert_eq!(
        reason(|document| document.licenses.clear()),
        "licenses must list at least one license"
    );
    assert_eq!(
        reason(|document| document.issuer.clear()),
        "issuer must not be empty"
    );
    assert_eq!(
        reason(|document| document.format = 2),
        "format must be 1, not 2"
    );
    assert!(
        reason(|document| document.customer = Some("x".repeat(129))).starts_with("customer is 129")
    );
}

#[test]
fn a_long_list_of_problems_is_cut_and_counted() {
    let licenses = (0..150)
        .map(|number| LicenseTerms {
            seats: Some(0),
            ..terms(number)
        })
        .collect();
    let problems = document(licenses).check().unwrap_err();
    assert_eq!(
        (problems.listed().len(), problems.total()),
        (Problems::LISTED, 150)
    );
    assert!(problems.to_string().ends_with("; and 50 more"));
}

#[test]
fn an_unsound_document_is_never_signed() {
    let unsound = document(vec![LicenseTerms {
        seats: Some(0),
        ..terms(1)
    }]);
    assert!(unsound.sign(&key()).is_err());
}

#[test]
fn l3_signed_json_of_another_shape_is_invalid_and_names_the_license() {
    let refused = |licenses: &str| {
        let payload = format!(
            r#"{{"format":1,"issuer":"N","issued_at":"2026-01-01T00:00:00Z","licenses":{licenses}}}"#
        );
        let error = open(&file_saying(&payload), &trust(), &Ours::default()).unwrap_err();
        assert_eq!(error.code(), "invalid_terms");
        error.to_string()
    };
    let license = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut value = serde_json::to_value(terms(2)).unwrap();
        change(&mut value);
        refused(&format!(
            "[{},{value}]",
            serde_json::to_string(&terms(1)).unwrap()
        ))
    };
    let second = "license 2 (`NW-ESM-000002`): ";
    let unknown = license(&|value| value["seets"] = 3.into());
    assert!(
        unknown.contains(&format!("{second}unknown field `seets`")),
        "{unknown}"
    );
    let missing = license(&|value| drop(value.as_object_mut().unwrap().remove("model")));
    assert!(
        missing.contains(&format!("{second}missing field `model`")),
        "{missing}"
    );
    let wrong = license(&|value| value["seats"] = "25".into());
    assert!(
        wrong.contains(&format!("{second}field `seats`: invalid type")),
        "{wrong}"
    );
    let negative = license(&|value| value["seats"] = (-1).into());
    assert!(
        negative.contains(&format!("{second}field `seats`: invalid value")),
        "{negative}"
    );
    let module = license(&|value| value["modules"] = "some".into());
    assert!(
        module.contains("\"all\" or a list of module codes"),
        "{module}"
    );
    let model = license(&|value| value["model"] = "shared".into());
    assert!(
        model.contains("field `model`: unknown variant `shared`"),
        "{model}"
    );
    assert!(refused("[7]").contains("license 1: "));
    assert!(refused("[]").contains("licenses must list at least one license"));
    assert!(refused("{}").contains("can't be read"));
}

#[test]
fn l3_signed_bytes_that_are_not_a_document_are_invalid() {
    for payload in [
        "",
        "null",
        "[]",
        "{",
        "\u{0}",
        r#"{"format":1}"#,
        r#"{"format":1,"format":1}"#,
        r#"{"format":"1"}"#,
    ] {
        let error = open(&file_saying(payload), &trust(), &Ours::default()).unwrap_err();
        assert!(
            matches!(error, OpenError::InvalidTerms(_)),
            "{payload}: {error}"
        );
    }
}
