//! Session tokens (H4), checked by a product that has never heard of our libraries: a JOSE
//! check of its own, from the key set and the RFCs alone. And by the client of this house.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use client::{Client, TokenError};
use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::Value;

use crate::support::{Connection, Installation, license};

/// A product's own check of session tokens (RFC 7515, 7517, 8037).
pub(super) struct Jose(Value);

impl Jose {
    /// With the key set that the server publishes to anybody.
    pub(super) fn fetch(caller: &mut Connection) -> Self {
        Self(caller.get("/.well-known/jwks.json").is(200))
    }

    /// The claims of a token that holds, or why it does not.
    pub(super) fn check(&self, token: &str) -> Result<Value, &'static str> {
        let parts: Vec<&str> = token.split('.').collect();
        let [header, payload, signature] = parts[..] else {
            return Err("not compact");
        };
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| "not base64url");
        let json = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).map_err(|_| "not JSON");
        let head = json(&decode(header)?)?;
        if head["alg"] != "EdDSA" || head["typ"] != "seatkeeper-session+jwt" {
            return Err("another kind of token");
        }
        let keys = self.0["keys"].as_array().ok_or("no keys")?;
        let key = keys.iter().find(|key| key["kid"] == head["kid"]);
        let key = key.ok_or("another key")?;
        if (&key["kty"], &key["crv"], &key["use"], &key["alg"])
            != (
                &"OKP".into(),
                &"Ed25519".into(),
                &"sig".into(),
                &"EdDSA".into(),
            )
        {
            return Err("another kind of key");
        }
        let x = decode(key["x"].as_str().ok_or("no x")?)?;
        let x = x.try_into().map_err(|_| "a key has 32 bytes")?;
        let key = VerifyingKey::from_bytes(&x).map_err(|_| "no point of the curve")?;
        let bytes = decode(signature)?
            .try_into()
            .map_err(|_| "a signature has 64 bytes")?;
        let signed = format!("{header}.{payload}");
        key.verify_strict(signed.as_bytes(), &Signature::from_bytes(&bytes))
            .map_err(|_| "bad signature")?;
        json(&decode(payload)?)
    }
}

/// The moment of a claim.
fn at(claims: &Value, claim: &str) -> wire::Time {
    let seconds = claims[claim]
        .as_i64()
        .unwrap_or_else(|| panic!("no {claim}: {claims}"));
    wire::Time::from_millis(seconds * 1000)
}

#[test]
fn any_jose_library_can_check_a_session_token() {
    let house = Installation::with(&license("floating", "esm", 1));
    let granted = house.sign_in("Anna", "ESM").is(201);
    let token = granted["token"].as_str().unwrap();
    let jose = Jose::fetch(&mut house.server().anybody());
    let claims = jose.check(token).unwrap();
    assert_eq!(claims["sub"], granted["user"]);
    assert_eq!(claims["sid"], granted["id"]);
    assert_eq!(claims["aud"], granted["product"]);
    assert_eq!(claims["username"], granted["username"]);
    assert_eq!(claims["via"], "floating");
    assert_eq!(claims["lic"], granted["license"]["serial"]);
    assert_eq!(claims["access"], "write");
    assert_eq!(claims["modules"], "all");
    let me = house.admin().get("/v1/me").is(200);
    assert_eq!(claims["iss"], me["installation"]);
    assert!(at(&claims, "iat") < at(&claims, "exp"));
}

#[test]
fn a_token_that_was_touched_anywhere_does_not_hold() {
    let house = Installation::with(&license("floating", "esm", 1));
    let token = house.sign_in("anna", "esm").is(201)["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let text = house
        .server()
        .anybody()
        .get("/.well-known/jwks.json")
        .text();
    let jose = Jose(serde_json::from_str(&text).unwrap());
    let verifier = client::TokenVerifier::from_jwks(&text).unwrap();
    let now = at(&jose.check(&token).unwrap(), "iat");
    assert!(verifier.verify(&token, "esm", now).is_ok());
    for place in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        let touched = String::from_utf8(bytes).unwrap();
        assert!(verifier.verify(&touched, "esm", now).is_err(), "{place}");
        assert!(jose.check(&touched).is_err(), "{place}");
    }
}

#[test]
fn the_client_checks_tokens_without_the_server() {
    let mut house = Installation::with(&license("floating", "esm", 1));
    let token = house.sign_in("anna", "esm").is(201)["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let client = Client::new(&house.server().url(), house.admin_token()).unwrap();
    let verifier = client.fetch_jwks().unwrap();
    let claims = Jose::fetch(&mut house.server().anybody())
        .check(&token)
        .unwrap();
    house.stop();

    let verified = verifier.verify(&token, "esm", at(&claims, "iat")).unwrap();
    assert_eq!((verified.username(), verified.may_write()), ("anna", true));
    assert!(verified.may_use("anything"));
    let late = wire::Time::from_millis(at(&claims, "exp").as_millis() + 60_000);
    assert!(matches!(
        verifier.verify(&token, "esm", late),
        Err(TokenError::Expired(_))
    ));
    let other = verifier.verify(&token, "crm", at(&claims, "iat"));
    assert!(matches!(other, Err(TokenError::WrongProduct { .. })));
}

#[test]
fn the_keys_survive_a_restart_and_another_installation_has_others() {
    let mut house = Installation::with(&license("floating", "esm", 1));
    let token = house.sign_in("anna", "esm").is(201)["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let start = house.stop();
    house.start(start);
    assert!(
        Jose::fetch(&mut house.server().anybody())
            .check(&token)
            .is_ok()
    );
    let neighbor = Installation::with("");
    let theirs = Jose::fetch(&mut neighbor.server().anybody());
    assert_eq!(theirs.check(&token), Err("another key"));
}
