//! Specifications as issuers write them, and as they get them wrong.

use super::*;

const WALK_THROUGH: &str = r#"issuer = "Northwind Software"
customer = "CUST-42"                 # company id
[[license]]
serial = "NW-ESM-001"
product = "esm"
product_name = "Service Management"
model = "dedicated"                  # dedicated | floating | site
access = "write"                     # write | read
modules = "all"                      # or ["cmdb", "it-processes"]
seats = 25
starts_at = "2026-01-01"
expires_at = "2027-12-31"            # leave out: perpetual
"#;

/// The walk-through's specification with a second license of these lines, the first of which is line 14.
fn second(lines: &str) -> String {
    format!("{WALK_THROUGH}[[license]]\n{lines}\n")
}

const SHORT: &str = "serial = \"S-2\"\nproduct = \"p\"\nmodel = \"floating\"\nseats = 1";

fn refused(text: &str) -> String {
    spec(text).expect_err("refused").to_string()
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

#[test]
fn the_usual_keys_are_read() {
    let spec = spec(WALK_THROUGH).unwrap();
    assert_eq!(
        (spec.issuer.as_str(), spec.customer.as_deref()),
        ("Northwind Software", Some("CUST-42"))
    );
    let expected = LicenseSpec {
        starts_at: Some(at("2026-01-01T00:00:00Z")),
        expires_at: Some(at("2028-01-01T00:00:00Z")),
        line: Some(3),
        ..LicenseSpec::dedicated("NW-ESM-001", "esm", "Service Management", 25)
    };
    assert_eq!(spec.licenses, [expected]);
}

#[test]
fn every_optional_key_is_read() {
    let text = second(
        r#"serial = "S-2"
product = "p"
model = "floating"
access = "read"
modules = ["cmdb", "it-processes"]
seats = 3
id = "id-2"
revision = 4
grace_days = 14
assignable = false
removable = "after_expiry"
counted_by = "session"
revalidate_days = 30
offline_grace_days = 7
agreement = "Be kind."
installation = "i-1"
replaces = ["id-1"]
starts_at = 2026-02-01
expires_at = 2026-03-01T12:00:00Z"#,
    );
    let expected = LicenseSpec {
        access: Access::Read,
        modules: Modules::Only(vec!["cmdb".to_owned(), "it-processes".to_owned()]),
        id: Some("id-2".to_owned()),
        revision: 4,
        grace_days: 14,
        assignable: false,
        removable: Removable::AfterExpiry,
        counted_by: Some(CountedBy::Session),
        revalidate_days: Some(30),
        offline_grace_days: Some(7),
        agreement: Some(Agreement {
            title: None,
            text: "Be kind.".to_owned(),
        }),
        installation: Some("i-1".to_owned()),
        replaces: vec!["id-1".to_owned()],
        starts_at: Some(at("2026-02-01T00:00:00Z")),
        expires_at: Some(at("2026-03-01T12:00:00Z")),
        line: Some(13),
        ..LicenseSpec::floating("S-2", "p", "p", 3)
    };
    assert_eq!(spec(&text).unwrap().licenses[1], expected);
}

#[test]
fn an_agreement_may_have_a_title() {
    let text = second(&format!(
        "{SHORT}\nagreement = {{ title = \"Terms\", text = \"Be kind.\" }}"
    ));
    let agreement = Agreement {
        title: Some("Terms".to_owned()),
        text: "Be kind.".to_owned(),
    };
    assert_eq!(spec(&text).unwrap().licenses[1].agreement, Some(agreement));
    let wrong = refused(&second(&format!("{SHORT}\nagreement = 3")));
    assert_eq!(
        wrong,
        "line 18: license 2 (`S-2`): agreement: must be a text, or a table with `title` and `text`"
    );
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_license() {
    let message = refused(&second(&format!("{SHORT}\nseets = 2")));
    assert!(
        message
            .starts_with("line 18: license 2 (`S-2`): unknown key `seets`, expected one of `id`"),
        "{message}"
    );
    let first = refused(&WALK_THROUGH.replace("seats = 25", "seats = 25\nseets = 26"));
    assert!(
        first.starts_with("line 11: license 1 (`NW-ESM-001`): unknown key `seets`"),
        "{first}"
    );
    let top = refused(&format!("isuer = \"x\"\n{WALK_THROUGH}"));
    assert!(
        top.starts_with("line 1: unknown key `isuer`, expected one of `issuer`"),
        "{top}"
    );
}

#[test]
fn a_missing_key_is_named_with_its_license() {
    let message = refused(&second("serial = \"S-2\"\nproduct = \"p\""));
    assert_eq!(message, "line 13: license 2 (`S-2`): missing key `model`");
    let unnamed = refused(&second("product = \"p\"\nmodel = \"site\""));
    assert_eq!(unnamed, "line 13: license 2: missing key `serial`");
    assert!(refused("customer = \"x\"").ends_with("missing key `issuer`"));
}

#[test]
fn a_wrong_value_is_told_with_its_line_license_and_key() {
    let cases = [
        (
            "seats = 1",
            "seats = -1",
            "line 17: license 2 (`S-2`): seats: invalid value: integer `-1`",
        ),
        (
            "seats = 1",
            "seats = \"1\"",
            "line 17: license 2 (`S-2`): seats: invalid type: string \"1\"",
        ),
        (
            "model = \"floating\"",
            "model = \"shared\"",
            "line 16: license 2 (`S-2`): model: unknown variant `shared`",
        ),
        (
            "seats = 1",
            "seats = 1\nmodules = \"some\"",
            "line 18: license 2 (`S-2`): modules: invalid value",
        ),
        (
            "seats = 1",
            "seats = 1\nmodules = [1]",
            "line 18: license 2 (`S-2`): modules: invalid type: integer `1`",
        ),
        (
            "seats = 1",
            "seats = 1\nexpires_at = \"soon\"",
            "line 18: license 2 (`S-2`): expires_at `soon` is neither",
        ),
        (
            "seats = 1",
            "seats = 1\nstarts_at = 2026",
            "line 18: license 2 (`S-2`): starts_at must be a date, not integer",
        ),
        (
            "seats = 1",
            "seats = 1\ngrace_days = 70000",
            "line 18: license 2 (`S-2`): grace_days: invalid value",
        ),
    ];
    for (right, wrong, expected) in cases {
        let message = refused(&second(&SHORT.replace(right, wrong)));
        assert!(message.starts_with(expected), "{message}");
    }
}

#[test]
fn a_number_out_of_range_is_told_with_the_limits_of_its_key() {
    let huge = "12345678901234567890123";
    for (key, value, limits) in [
        ("seats", "-5", "from 1 to 10000000"),
        ("seats", huge, "from 1 to 10000000"),
        ("grace_days", "70000", "from 0 to 366"),
        ("revalidate_days", "-1", "from 1 to 366"),
        ("revision", huge, "from 1 to"),
    ] {
        let line = format!("{key} = {value}");
        let short = SHORT.replace("seats = 1", &line);
        let message = refused(&second(&short));
        assert!(message.contains(limits), "{message}");
        assert!(!message.contains("i128"), "{message}");
    }
}

#[test]
fn text_that_is_not_toml_is_told_with_its_line() {
    let message = refused(&format!("{WALK_THROUGH}this is not toml\n"));
    assert!(message.starts_with("line 13: "), "{message}");
    let twice = refused(&second(&format!("{SHORT}\nseats = 2")));
    assert!(
        twice.starts_with("line 18: ") && twice.contains("duplicate key"),
        "{twice}"
    );
    let open = refused("issuer = \"x\n");
    assert!(open.starts_with("line 1: "), "{open}");
}

#[test]
fn a_mark_and_other_line_ends_make_no_difference() {
    let windows = format!("\u{FEFF}{}", WALK_THROUGH.replace('\n', "\r\n"));
    assert_eq!(spec(&windows), spec(WALK_THROUGH));
}
