//! H4: a session token is checked without the network.

use client::{TokenError, TokenVerifier, Verified};
use license_file::jws::{self, Jwks, SigningKey};
use serde_json::json;
use uuid::Uuid;
use wire::session::TOKEN_TYP;
use wire::{Time, Via};

use crate::server::{Reply, Server};

const NOW_S: i64 = 1_770_000_000;

fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

fn keys(of: &[&SigningKey]) -> String {
    let set: Jwks = of.iter().map(|key| key.verifying_key()).collect();
    serde_json::to_string(&set).unwrap()
}

fn claims() -> serde_json::Value {
    json!({
        "iss": Uuid::from_u128(1), "sub": Uuid::from_u128(2), "aud": "esm", "sid": Uuid::from_u128(3),
        "username": "anna", "via": "floating", "lic": "NW-ESM-001", "access": "read",
        "modules": ["cmdb"], "iat": NOW_S, "nbf": NOW_S, "exp": NOW_S + 600,
    })
}

fn token(typ: &str, claims: &serde_json::Value) -> String {
    jws::sign(&key(), typ, claims.to_string().as_bytes())
}

fn verify_at(token: &str, product: &str, now_s: i64) -> Result<Verified, TokenError> {
    let verifier = TokenVerifier::from_jwks(&keys(&[&key()])).unwrap();
    verifier.verify(token, product, Time::from_millis(now_s * 1000))
}

fn code(token: &str, product: &str, now_s: i64) -> &'static str {
    verify_at(token, product, now_s).unwrap_err().code()
}

#[test]
fn a_good_token_says_who_may_do_what() {
    let verified = verify_at(&token(TOKEN_TYP, &claims()), "ESM", NOW_S).unwrap();
    assert_eq!(verified.username(), "anna");
    assert_eq!(verified.session(), Uuid::from_u128(3));
    assert_eq!(verified.claims.via, Via::Floating);
    assert!(!verified.may_write());
    assert!(verified.may_use("cmdb") && !verified.may_use("itsm"));
    assert_eq!(
        verified.expires_at(),
        Time::from_millis((NOW_S + 600) * 1000)
    );
}

#[test]
fn the_kind_of_the_license_file_crate_is_ours() {
    assert_eq!(jws::SESSION_TYP, TOKEN_TYP);
}

#[test]
fn another_kind_of_document_is_no_session_token() {
    let token = token(jws::LICENSE_TYP, &claims());
    assert_eq!(code(&token, "esm", NOW_S), "wrong_document_type");
}

#[test]
fn a_token_for_another_product_is_refused() {
    assert_eq!(
        code(&token(TOKEN_TYP, &claims()), "crm", NOW_S),
        "wrong_product"
    );
}

#[test]
fn a_changed_token_is_refused() {
    let mut parts: Vec<String> = token(TOKEN_TYP, &claims())
        .split('.')
        .map(str::to_owned)
        .collect();
    let mut other = claims();
    other["access"] = json!("write");
    parts[1] = token(TOKEN_TYP, &other)
        .split('.')
        .nth(1)
        .unwrap()
        .to_owned();
    assert_eq!(code(&parts.join("."), "esm", NOW_S), "tampered");
}

#[test]
fn a_token_of_an_unknown_key_is_refused() {
    let stranger = SigningKey::from_seed(&[8; 32]);
    let token = jws::sign(&stranger, TOKEN_TYP, claims().to_string().as_bytes());
    assert_eq!(code(&token, "esm", NOW_S), "unknown_key");
    let both = TokenVerifier::from_jwks(&keys(&[&key(), &stranger])).unwrap();
    assert!(
        both.verify(&token, "esm", Time::from_millis(NOW_S * 1000))
            .is_ok()
    );
}

#[test]
fn time_is_judged_with_a_small_leeway() {
    let token = token(TOKEN_TYP, &claims());
    assert!(verify_at(&token, "esm", NOW_S - 30).is_ok());
    assert_eq!(code(&token, "esm", NOW_S - 31), "token_not_yet_valid");
    assert!(verify_at(&token, "esm", NOW_S + 629).is_ok());
    assert_eq!(code(&token, "esm", NOW_S + 630), "token_expired");
    let strict = TokenVerifier::from_jwks(&keys(&[&key()]))
        .unwrap()
        .leeway_s(0);
    let at = |s| strict.verify(&token, "esm", Time::from_millis((NOW_S + s) * 1000));
    assert!(at(599).is_ok() && at(600).is_err() && at(0).is_ok() && at(-1).is_err());
}

#[test]
fn a_token_of_another_installation_is_refused_where_one_is_named() {
    let verifier = TokenVerifier::from_jwks(&keys(&[&key()])).unwrap();
    let token = token(TOKEN_TYP, &claims());
    let now = Time::from_millis(NOW_S * 1000);
    let ours = verifier.clone().installation(Uuid::from_u128(1));
    assert!(ours.verify(&token, "esm", now).is_ok());
    let error = verifier
        .installation(Uuid::from_u128(9))
        .verify(&token, "esm", now);
    assert_eq!(error.unwrap_err().code(), "wrong_installation");
}

#[test]
fn signed_nonsense_and_unsigned_sense_are_refused() {
    assert_eq!(
        code(&token(TOKEN_TYP, &json!({"aud": "esm"})), "esm", NOW_S),
        "invalid_claims"
    );
    assert_eq!(code("", "esm", NOW_S), "not_a_jws");
    for set in ["", "{}", r#"{"keys":[]}"#, r#"{"keys":[{"kty":"RSA"}]}"#] {
        assert_eq!(
            TokenVerifier::from_jwks(set).unwrap_err().code(),
            "invalid_jwks",
            "{set}"
        );
    }
}

#[test]
fn the_keys_come_from_the_server_once() {
    let set = keys(&[&key()]);
    let server = Server::start(move |_, _| Reply::Json(200, set.clone()));
    let verifier = server.client().fetch_jwks().unwrap();
    let token = token(TOKEN_TYP, &claims());
    assert!(
        verifier
            .verify(&token, "esm", Time::from_millis(NOW_S * 1000))
            .is_ok()
    );
    assert_eq!(server.asked().len(), 1);
}
