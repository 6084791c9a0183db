//! Requests and responses (I4): what was signed opens, and nothing else does.

use license_file::document::{Access, Model};
use license_file::explain::SignatureStatus;
use license_file::jws::{self, Jwk, SigningKey};
use license_file::offline::{
    FORMAT, Kind, OfflineError, Operation, OwnedLicense, Request, Response, Withdrawn,
    explain_request, explain_response,
};
use license_file::open::TrustedKeys;

use crate::mutations::{Dice, ROUNDS, mutate};
use crate::samples::{document, file, full_terms, instant, key, strangers_key, terms, trust};

const US: &str = "0190a0f0-0000-7000-8000-00000000abcd";
const REQUEST: &str = "0190a0f0-0000-7000-8000-000000000001";

/// The installation's key.
fn ours() -> SigningKey {
    SigningKey::from_seed(&[9; 32])
}

fn request() -> Request {
    Request {
        format: FORMAT,
        id: REQUEST.to_owned(),
        installation: US.to_owned(),
        key: Jwk::from(ours().verifying_key()),
        company: "CUST-42".to_owned(),
        version: "8.3.0".to_owned(),
        issuer: Some("Northwind Software".to_owned()),
        made_at: instant("2026-02-03T04:05:06Z"),
        licenses: vec![OwnedLicense {
            id: terms(1).id,
            revision: 1,
            serial: terms(1).serial,
            product: "esm".to_owned(),
            model: Model::Dedicated,
            access: Access::Write,
            seats: Some(25),
            used: 19,
            expires_at: None,
            state: "active".to_owned(),
        }],
    }
}

fn response() -> Response {
    let mut response = Response::to(
        &request(),
        "Northwind Software",
        instant("2026-02-04T00:00:00Z"),
    );
    response.operations = vec![
        Operation::Extend(Box::new(terms(1))),
        Operation::Add(Box::new(full_terms(2))),
        Operation::Withdraw(Withdrawn {
            id: terms(3).id,
            serial: terms(3).serial,
            product: "esm".to_owned(),
            reason: Some("replaced".to_owned()),
        }),
    ];
    response
}

fn open_response(file: &[u8]) -> Result<Response, OfflineError> {
    Response::open(file, &trust(), US).map(|(_, response)| response)
}

#[test]
fn i4_a_request_opens_with_the_key_that_it_brings() {
    let text = request().sign(&ours()).unwrap();
    assert!(text.starts_with("-----BEGIN SEATKEEPER LICENSE REQUEST-----\n"));
    let opened = Request::open(text.as_bytes()).unwrap();
    assert_eq!(opened, request());
    assert_eq!(opened.kid().unwrap(), ours().kid());
    let shown = explain_request(text.as_bytes());
    assert_eq!(shown.request, Some(request()));
    assert!(shown.problems.is_empty());
}

#[test]
fn i4_a_request_signed_by_another_key_than_it_brings_is_refused() {
    let text = request().sign(&strangers_key()).unwrap();
    let error = Request::open(text.as_bytes()).unwrap_err();
    assert_eq!(error.code(), "tampered");
    let json = serde_json::to_vec(&request()).unwrap();
    let forged = jws::sign(&strangers_key(), jws::REQUEST_TYP, &json);
    let error = Request::open(forged.as_bytes()).unwrap_err();
    assert_eq!(error.code(), "request_key_missing");
}

#[test]
fn i4_a_response_is_for_the_installation_that_asked_alone() {
    let text = response().sign(&key()).unwrap();
    assert_eq!(open_response(text.as_bytes()).unwrap(), response());
    let elsewhere = "0190a0f0-0000-7000-8000-00000000ffff";
    let error = Response::open(text.as_bytes(), &trust(), elsewhere).unwrap_err();
    assert_eq!(error.code(), "response_for_another_installation");
    assert!(error.to_string().contains(US) && error.to_string().contains(elsewhere));
    let stranger = response().sign(&strangers_key()).unwrap();
    assert_eq!(
        open_response(stranger.as_bytes()).unwrap_err().code(),
        "unknown_key"
    );
}

#[test]
fn l5_a_license_bound_elsewhere_can_not_come_in_a_response() {
    let mut bound = response();
    let mut elsewhere = full_terms(2);
    elsewhere.installation = Some("another".to_owned());
    bound.operations[1] = Operation::Add(Box::new(elsewhere));
    let error = open_response(bound.sign(&key()).unwrap().as_bytes()).unwrap_err();
    assert_eq!(error.code(), "wrong_installation");
}

#[test]
fn one_kind_of_file_is_never_taken_for_another() {
    let license = file(&document(vec![terms(1)]));
    let request = request().sign(&ours()).unwrap().into_bytes();
    let response = response().sign(&key()).unwrap().into_bytes();
    assert_eq!(Kind::of(&license), Some(Kind::License));
    assert_eq!(Kind::of(&request), Some(Kind::Request));
    assert_eq!(Kind::of(&response), Some(Kind::Response));
    assert_eq!(Kind::of(b"Dear customer"), None);
    assert_eq!(
        open_response(&license).unwrap_err().code(),
        "not_a_response"
    );
    assert_eq!(
        Request::open(&response).unwrap_err().code(),
        "not_a_request"
    );
    let open = |file: &[u8]| {
        let ours = license_file::open::Ours::default();
        license_file::open::open(file, &trust(), &ours)
            .unwrap_err()
            .code()
    };
    assert_eq!(open(&request), "not_a_license_file");
    assert_eq!(open(&response), "not_a_license_file");
    // Also where the lines around it are left away, or those of another kind.
    let bare = |file: &[u8]| -> Vec<u8> {
        let text = std::str::from_utf8(file).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with("-----"));
        lines.collect::<String>().into_bytes()
    };
    assert_eq!(Kind::of(&bare(&request)), Some(Kind::Request));
    assert_eq!(Request::open(&bare(&request)).unwrap(), self::request());
    assert_eq!(open(&bare(&response)), "wrong_document_type");
    assert_eq!(
        open_response(&bare(&license)).unwrap_err().code(),
        "wrong_document_type"
    );
}

#[test]
fn what_is_not_sound_is_never_signed() {
    let unsound = |change: &dyn Fn(&mut Request)| {
        let mut request = request();
        change(&mut request);
        request.sign(&ours()).unwrap_err().to_string()
    };
    assert_eq!(
        unsound(&|request| request.version = "8.3".to_owned()),
        "version must be three numbers with dots between, as in 8.3.0"
    );
    assert!(unsound(&|request| request.company.clear()).starts_with("company must not be empty"));
    assert!(unsound(&|request| request.id = "7".to_owned()).starts_with("id must be a UUID"));
    let unsound = |change: &dyn Fn(&mut Response)| {
        let mut response = response();
        change(&mut response);
        response.sign(&key()).unwrap_err().to_string()
    };
    assert!(unsound(&|response| response.operations.clear()).contains("at least one"));
    let twice = |response: &mut Response| {
        response.operations[0] = Operation::Add(Box::new(terms(3)));
    };
    assert!(unsound(&twice).contains("twice"));
}

#[test]
fn other_formats_and_fields_are_told() {
    let signed = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut json = serde_json::to_value(response()).unwrap();
        change(&mut json);
        let text = jws::sign(&key(), jws::RESPONSE_TYP, json.to_string().as_bytes());
        open_response(text.as_bytes()).unwrap_err()
    };
    assert_eq!(
        signed(&|json| json["format"] = 2.into()).code(),
        "unsupported_version"
    );
    assert_eq!(
        signed(&|json| json["extra"] = 1.into()).code(),
        "invalid_response"
    );
    let unknown = |json: &mut serde_json::Value| json["operations"][0]["do"] = "steal".into();
    assert_eq!(signed(&unknown).code(), "invalid_response");
    let few = |json: &mut serde_json::Value| json["operations"][0]["license"]["seats"] = 0.into();
    assert!(signed(&few).to_string().contains("seats must be"));
}

#[test]
fn a_response_is_explained_whoever_signed_it() {
    let text = response().sign(&key()).unwrap();
    let shown = explain_response(text.as_bytes(), &TrustedKeys::new());
    assert_eq!(shown.signature, SignatureStatus::UnknownKey);
    assert_eq!(shown.response, Some(response()));
    let shown = explain_response(text.as_bytes(), &trust());
    assert!(matches!(shown.signature, SignatureStatus::Valid { .. }));
    assert!(shown.problems.is_empty());
    let shown = explain_response(b"-----BEGIN SEATKEEPER LICENSE RESPONSE-----", &trust());
    assert_eq!(shown.problems[0].code, "truncated");
}

#[test]
fn i4_no_mutation_of_a_request_or_a_response_is_accepted_as_something_else() {
    let mut dice = Dice(0x5ea7_4ee9_e400_0005);
    let mut refused = std::collections::BTreeSet::new();
    let request_text = request().sign(&ours()).unwrap();
    let response_text = response().sign(&key()).unwrap();
    for _ in 0..2 * ROUNDS {
        let mutated = mutate(request_text.as_bytes(), &mut dice);
        let shown = explain_request(&mutated);
        match Request::open(&mutated) {
            // Only white space around and between the lines may differ.
            Ok(opened) => assert_eq!(opened, request()),
            Err(error) => {
                assert_eq!(shown.problems[0].code, error.code());
                refused.insert(error.code());
            }
        }
        let mutated = mutate(response_text.as_bytes(), &mut dice);
        let shown = explain_response(&mutated, &trust());
        match open_response(&mutated) {
            Ok(opened) => assert_eq!(opened, response()),
            Err(error) => {
                let told = shown.problems.iter().any(|one| one.code == error.code());
                assert!(told, "{error}: {:?}", shown.problems);
                refused.insert(error.code());
            }
        }
    }
    for code in [
        "not_a_request",
        "not_a_response",
        "truncated",
        "bad_signature",
        "tampered",
    ] {
        assert!(refused.contains(code), "{code} in {refused:?}");
    }
}

#[test]
fn i4_signed_nonsense_is_refused_or_sound() {
    // The trusted key itself signs damaged JSON: what opens must keep every rule.
    let mut dice = Dice(0x5ea7_4ee9_e400_0006);
    let requests = serde_json::to_vec(&request()).unwrap();
    let responses = serde_json::to_vec(&response()).unwrap();
    let (mut opened, mut codes) = (0, std::collections::BTreeSet::new());
    for _ in 0..ROUNDS {
        let text = jws::sign(&ours(), jws::REQUEST_TYP, &mutate(&requests, &mut dice));
        match Request::open(text.as_bytes()) {
            Ok(sound) => {
                assert_eq!(sound.check(), Ok(()));
                opened += 1;
            }
            Err(error) => drop(codes.insert(error.code())),
        }
        let text = jws::sign(&key(), jws::RESPONSE_TYP, &mutate(&responses, &mut dice));
        match open_response(text.as_bytes()) {
            Ok(sound) => {
                assert_eq!(sound.check(), Ok(()));
                opened += 1;
            }
            Err(error) => drop(codes.insert(error.code())),
        }
    }
    assert!(opened > 0, "some damage leaves a sound document");
    for code in &codes {
        let expected = [
            "invalid_license_request",
            "invalid_response",
            "unsupported_version",
            "request_key_missing",
            "response_for_another_installation",
            "wrong_installation",
            "tampered",
        ];
        assert!(expected.contains(code), "{code}");
    }
}
