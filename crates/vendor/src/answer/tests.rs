use super::*;
use license_file::jws::Jwk;
use license_file::offline::FORMAT;
use license_file::open::TrustedKeys;

const INSTALLATION: &str = "0190a0f0-0000-7000-8000-00000000abcd";

fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

fn now() -> Timestamp {
    "2026-02-03T04:05:06Z".parse().unwrap()
}

fn owned(serial: &str, seats: u32) -> OwnedLicense {
    OwnedLicense {
        id: format!("id-of-{serial}"),
        revision: 3,
        serial: serial.to_owned(),
        product: "esm".to_owned(),
        model: license_file::document::Model::Dedicated,
        access: license_file::document::Access::Write,
        seats: Some(seats),
        used: 7,
        expires_at: Some("2026-12-31T00:00:00Z".parse().unwrap()),
        state: "active".to_owned(),
    }
}

fn request() -> Request {
    let installation = SigningKey::from_seed(&[9; 32]);
    Request {
        format: FORMAT,
        id: "0190a0f0-0000-7000-8000-000000000001".to_owned(),
        installation: INSTALLATION.to_owned(),
        key: Jwk::from(installation.verifying_key()),
        company: "CUST-42".to_owned(),
        version: "8.3.0".to_owned(),
        issuer: Some("Northwind Software".to_owned()),
        made_at: now(),
        licenses: vec![owned("NW-1", 25), owned("NW-2", 25), owned("NW-3", 25)],
    }
}

fn spec(toml: &str) -> Spec {
    let text = format!("issuer = \"Northwind Software\"\n{toml}");
    Spec::parse(&text).unwrap()
}

fn license(serial: &str, seats: u32) -> String {
    format!(
        "[[license]]\nserial = \"{serial}\"\nproduct = \"esm\"\nproduct_name = \"ESM\"\n\
         model = \"dedicated\"\nseats = {seats}\n"
    )
}

#[test]
fn i4_what_is_owned_is_extended_shrunk_or_withdrawn_and_the_rest_is_added() {
    let toml = "withdraw = [\"NW-3\"]\n".to_owned()
        + &license("NW-1", 50)
        + &license("NW-2", 10)
        + &license("NW-4", 5);
    let answered = answer(&request(), spec(&toml), &key(), now()).unwrap();
    let done: Vec<(&str, &str)> = answered
        .response
        .operations
        .iter()
        .map(|one| (one.word(), one.serial()))
        .collect();
    assert_eq!(
        done,
        [
            ("extend", "NW-1"),
            ("shrink", "NW-2"),
            ("add", "NW-4"),
            ("withdraw", "NW-3")
        ]
    );
    let terms = answered.response.operations[0].terms().unwrap();
    assert_eq!((terms.id.as_str(), terms.revision), ("id-of-NW-1", 4));
    let mut trust = TrustedKeys::new();
    trust.add("Northwind Software", key().verifying_key().clone());
    let (_, opened) = Response::open(answered.text.as_bytes(), &trust, INSTALLATION).unwrap();
    assert_eq!(opened, answered.response);
    assert_eq!(opened.request, request().id);
}

#[test]
fn i4_an_earlier_end_is_less() {
    let earlier = license("NW-1", 50) + "expires_at = \"2026-06-30\"\n";
    let answered = answer(&request(), spec(&earlier), &key(), now()).unwrap();
    assert_eq!(answered.response.operations[0].word(), "shrink");
}

#[test]
fn i4_a_request_is_not_answered_with_what_does_not_fit_it() {
    let code = |toml: &str| {
        answer(&request(), spec(toml), &key(), now())
            .unwrap_err()
            .code()
    };
    assert_eq!(code("customer = \"CUST-43\"\n"), "other_customer");
    assert_eq!(code("withdraw = [\"NW-9\"]\n"), "not_owned");
    assert_eq!(code(""), "nothing_to_answer");
    let both = "withdraw = [\"NW-1\"]\n".to_owned() + &license("NW-1", 50);
    assert_eq!(code(&both), "given_and_withdrawn");
    assert_eq!(code(&license("NW-5", 0)), "invalid_spec");
}

#[test]
fn i4_a_request_for_another_issuers_licenses_is_not_answered() {
    let request = Request {
        issuer: Some("Southwind".to_owned()),
        ..request()
    };
    let error = answer(&request, spec(&license("NW-9", 1)), &key(), now()).unwrap_err();
    assert_eq!(error.code(), "wrong_issuer");
    let text = error.to_string();
    assert!(
        text.contains("Southwind") && text.contains("Northwind Software"),
        "{text}"
    );
}
