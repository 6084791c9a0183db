//! Requests to a license service and its answers (I2, I3): what was altered, or was meant for somebody else, is nothing.

use license_file::document::LicenseTerms;
use license_file::exchange::{
    ANSWER_TYP, Answer, AnswerError, Answered, FORMAT, Held, REQUEST_TYP, Request, RequestError,
    Wish, fingerprint, open_answer, open_request,
};
use license_file::jws::{SigningKey, sign};
use license_file::license_key::LicenseKey;
use license_file::open::{Ours, TrustedKeys, open};

fn installation() -> SigningKey {
    SigningKey::from_seed(&[1; 32])
}

fn issuer() -> SigningKey {
    SigningKey::from_seed(&[2; 32])
}

fn trust() -> TrustedKeys {
    let mut trust = TrustedKeys::new();
    trust.add("Northwind Software", issuer().verifying_key().clone());
    trust
}

fn request(wish: Wish) -> Request {
    Request {
        installation: "house-1".into(),
        company: Some("CUST-42".into()),
        at: "2026-01-01T00:00:00Z".parse().expect("a time"),
        wish,
    }
}

fn refresh() -> Wish {
    Wish::Refresh(vec![Held {
        id: "NW-1".into(),
        revision: 3,
    }])
}

fn terms() -> LicenseTerms {
    serde_json::from_value(serde_json::json!({
        "id": "NW-1", "serial": "NW-1", "product": "esm", "product_name": "ESM",
        "model": "dedicated", "seats": 5, "starts_at": "2026-01-01T00:00:00Z",
    }))
    .expect("terms")
}

fn answer(request: &str, licenses: Vec<Answered>) -> Answer {
    Answer {
        format: FORMAT,
        request: fingerprint(request),
        installation: "house-1".into(),
        at: "2026-01-01T00:00:01Z".parse().expect("a time"),
        licenses,
    }
}

fn every_kind() -> Vec<Answered> {
    vec![
        Answered::Offered {
            terms: Box::new(terms()),
        },
        Answered::Issued {
            document: "a document".into(),
        },
        Answered::Current {
            id: "NW-1".into(),
            revision: 3,
        },
        Answered::Withdrawn {
            id: "NW-1".into(),
            revision: 3,
            why: Some("not paid".into()),
        },
        Answered::Unknown { id: "NW-1".into() },
    ]
}

#[test]
fn i2_a_request_proves_whose_it_is_and_no_two_are_the_same() {
    let key = LicenseKey::from_random(&[3; 13]);
    for wish in [Wish::Preview(key.clone()), Wish::Activate(key), refresh()] {
        let text = request(wish.clone()).sign(&installation(), &[1; 16]);
        let opened = open_request(&text).unwrap();
        assert_eq!(opened.request, request(wish.clone()));
        assert_eq!(opened.signer, *installation().verifying_key());
        let again = request(wish).sign(&installation(), &[2; 16]);
        assert_ne!(opened.fingerprint, fingerprint(&again));
    }
}

#[test]
fn i2_a_request_that_says_something_else_than_it_should_is_refused() {
    let signed = |payload: serde_json::Value| {
        let text = sign(&installation(), REQUEST_TYP, payload.to_string().as_bytes());
        open_request(&text)
    };
    let x = installation().verifying_key().to_base64url();
    let good = serde_json::json!({
        "format": 1, "action": "refresh", "installation": "house-1", "at": "2026-01-01T00:00:00Z",
        "x": x, "nonce": "n", "licenses": [{"id": "NW-1", "revision": 1}],
    });
    signed(good.clone()).unwrap();
    let with = |field: &str, value: serde_json::Value| {
        let mut payload = good.clone();
        payload[field] = value;
        signed(payload).unwrap_err()
    };
    for (field, value) in [
        ("format", serde_json::json!(2)),
        ("action", "preview".into()),
        ("action", "dance".into()),
        ("installation", "".into()),
        ("installation", "a\u{202e}b".into()),
        ("company", "x".repeat(129).into()),
        ("licenses", serde_json::json!([])),
        (
            "licenses",
            serde_json::json!(vec![serde_json::json!({"id": "N", "revision": 1}); 501]),
        ),
        ("more", 1.into()),
    ] {
        assert_eq!(
            with(field, value.clone()).code(),
            "unreadable_request",
            "{field}: {value}"
        );
    }
    let other = SigningKey::from_seed(&[9; 32])
        .verifying_key()
        .to_base64url();
    for x in [other.as_str(), "", &"A".repeat(43)] {
        assert_eq!(with("x", x.into()).code(), "bad_signature", "{x}");
    }
    let mut mistyped = good.clone();
    mistyped["action"] = "activate".into();
    mistyped["licenses"] = serde_json::json!([]);
    mistyped["key"] = "SK-AAAAA-AAAAA-AAAAA-AAAAA-AAAAA".into();
    assert_eq!(signed(mistyped).unwrap_err().code(), "invalid_license_key");
    let license = sign(&installation(), ANSWER_TYP, b"{}");
    assert!(matches!(
        open_request(&license),
        Err(RequestError::Envelope(_))
    ));
}

#[test]
fn i3_an_answer_is_taken_for_its_own_request_and_installation_only() {
    let asked = request(refresh()).sign(&installation(), &[1; 16]);
    let text = answer(&asked, every_kind()).sign(&issuer());
    let open = |text: &str, asked: &str, who| open_answer(text.as_bytes(), &trust(), asked, who);
    let (signer, opened) = open(&text, &asked, "HOUSE-1").unwrap();
    assert_eq!(
        (signer.name.as_str(), opened.licenses),
        ("Northwind Software", every_kind())
    );
    let later = request(refresh()).sign(&installation(), &[2; 16]);
    let code = |result: Result<_, AnswerError>| result.map(drop).unwrap_err().code();
    assert_eq!(code(open(&text, &later, "house-1")), "service_wrong_answer");
    assert_eq!(code(open(&text, &asked, "house-2")), "service_wrong_answer");
    let stranger = answer(&asked, every_kind()).sign(&SigningKey::from_seed(&[9; 32]));
    assert_eq!(
        code(open(&stranger, &asked, "house-1")),
        "service_unknown_key"
    );
    let license = sign(&issuer(), "seatkeeper-license+jws", b"{}");
    assert_eq!(code(open(&license, &asked, "house-1")), "service_garbage");
    let future = Answer {
        format: 2,
        ..answer(&asked, Vec::new())
    };
    assert_eq!(
        code(open(&future.sign(&issuer()), &asked, "house-1")),
        "service_garbage"
    );
}

#[test]
fn i3_an_answer_with_any_byte_altered_is_refused() {
    let asked = request(refresh()).sign(&installation(), &[1; 16]);
    let text = answer(&asked, every_kind()).sign(&issuer());
    for index in 0..text.len() {
        for wrong in [b'A', b'.', b'_', b'=', 0, 0xff] {
            let mut altered = text.clone().into_bytes();
            if altered[index] == wrong {
                continue;
            }
            altered[index] = wrong;
            let opened = open_answer(&altered, &trust(), &asked, "house-1");
            assert!(opened.is_err(), "byte {index} as {wrong}");
        }
        let cut = open_answer(&text.as_bytes()[..index], &trust(), &asked, "house-1");
        assert!(cut.is_err(), "cut at {index}");
    }
}

#[test]
fn i2_what_a_key_would_bring_is_no_license_l3() {
    let asked = request(refresh()).sign(&installation(), &[1; 16]);
    let text = answer(&asked, every_kind()).sign(&issuer());
    let refused = open(text.as_bytes(), &trust(), &Ours::default()).unwrap_err();
    assert_eq!(refused.code(), "wrong_document_type");
}
