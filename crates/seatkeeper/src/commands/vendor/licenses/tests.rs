//! What the commands on a license service say.

use super::*;
use vendor::service::model::Problem;

fn refused(status: u16, code: &str) -> Failure {
    failed(RemoteError::Refused(Box::new(Problem {
        type_uri: String::new(),
        title: String::new(),
        status,
        code: code.into(),
        detail: "no".into(),
    })))
}

#[test]
fn hints_name_the_vendors_side() {
    let hint = refused(404, "unknown_license").hint.clone().unwrap();
    assert!(hint.contains("seatkeeper vendor license list"), "{hint}");
    let hint = refused(401, "unauthorized").hint.clone().unwrap();
    assert!(hint.contains("SEATKEEPER_VENDOR_TOKEN"), "{hint}");
    assert_eq!(refused(409, "wrong_company").hint, None);
}

#[test]
fn what_was_revoked_and_is_issued_again_is_said() {
    let entry = |withdrawn: serde_json::Value| -> Entry {
        serde_json::from_value(serde_json::json!({
            "customer": null,
            "terms": {
                "id": "1", "revision": 2, "serial": "NW-1", "product": "esm",
                "product_name": "ESM", "model": "site", "access": "write", "modules": "all",
                "starts_at": "2026-01-01T00:00:00Z",
            },
            "key": "SK-AAAA",
            "installations": 1,
            "active": 0,
            "issued_at": "2026-01-01T00:00:00Z",
            "changed_at": "2026-01-01T00:00:00Z",
            "withdrawn_at": withdrawn,
            "withdrawn_why": "not paid",
        }))
        .unwrap()
    };
    let said = taken_back(&entry("2026-02-03T04:05:06Z".into())).unwrap();
    assert!(said.starts_with("NW-1 was revoked"), "{said}");
    assert!(said.ends_with("(not paid); it is issued again"), "{said}");
    assert_eq!(taken_back(&entry(serde_json::Value::Null)), None);
}

#[test]
fn a_service_that_is_away_comes_with_advice_for_its_reason() {
    use client::Unreachable;
    for (why, advice) in [
        (Unreachable::Refused, "vendor serve"),
        (
            Unreachable::UnknownHost,
            "the name in SEATKEEPER_VENDOR_URL",
        ),
        (Unreachable::TimedOut, "firewall"),
        (Unreachable::Tls("no".into()), "certificate"),
    ] {
        let url = "https://licenses.example.org".to_owned();
        let failure = failed(RemoteError::Unreachable { url, why });
        assert_eq!(
            (failure.code.as_str(), failure.exit_code()),
            ("unreachable", 3)
        );
        assert!(
            failure.detail.contains("licenses.example.org"),
            "{failure:?}"
        );
        assert!(
            failure.hint.as_ref().unwrap().contains(advice),
            "{failure:?}"
        );
    }
    let url = "x".to_owned();
    assert_eq!(failed(RemoteError::InvalidUrl { url }).exit_code(), 2);
}
