use domain::Role;
use license_file::jws;
use serde_json::{Value, json};

use super::World;
use super::world::license;
use crate::support::Call;

fn ask(user: &str) -> Value {
    json!({"user": user, "product": "esm"})
}

#[test]
fn a_granted_sign_in_says_everything_and_is_signed_h4() {
    let world = World::with(&license("floating", "esm", 3));
    let mut application = world.caller(Role::Application);
    let granted = application.post("/v1/sessions", &ask("Anna")).is(201);
    for field in ["id", "user"] {
        assert!(granted[field].is_string(), "{granted}");
    }
    assert_eq!(granted["username"], "Anna");
    assert_eq!(granted["product"], "esm");
    assert_eq!(granted["via"], "floating");
    assert_eq!(granted["license"]["serial"], "FLOATING-esm");
    assert_eq!(granted["access"], "write");
    assert_eq!(granted["modules"], "all");
    assert!(granted["heartbeat_after_s"].as_u64().unwrap() > 0);

    let keys: jws::Jwks =
        serde_json::from_value(world.anybody().get("/.well-known/jwks.json").is(200)).unwrap();
    let keys = keys.verifying_keys().unwrap();
    let token = granted["token"].as_str().unwrap();
    let claims = jws::verify(token, jws::SESSION_TYP, |kid| {
        keys.iter().find(|key| key.kid() == kid).cloned()
    });
    let claims: Value = serde_json::from_slice(&claims.unwrap()).unwrap();
    assert_eq!(
        (&claims["sid"], &claims["aud"]),
        (&granted["id"], &json!("esm"))
    );
}

#[test]
fn a_denied_sign_in_says_why_to_both_and_is_counted_a9() {
    let world = World::with(&license("floating", "esm", 1));
    let mut application = world.caller(Role::Application);
    application.post("/v1/sessions", &ask("anna")).is(201);
    for _ in 0..2 {
        let denied = application
            .post("/v1/sessions", &ask("ben"))
            .is_problem(403, "no_free_seat");
        for field in [
            "type",
            "title",
            "detail",
            "user_message",
            "admin_message",
            "request_id",
        ] {
            assert!(
                denied[field].as_str().is_some_and(|text| !text.is_empty()),
                "{field}: {denied}"
            );
        }
        assert_eq!(denied["status"], 403);
        assert_eq!(denied["type"], "urn:seatkeeper:problem:no_free_seat");
    }
    let denials = world
        .admin()
        .list("/v1/denials?user=BEN&product=esm&code=no_free_seat");
    assert_eq!(denials.len(), 1);
    assert_eq!(denials[0]["count"], 2);
    assert_eq!(denials[0]["day"], "2026-06-01");
    assert!(world.admin().list("/v1/denials?user=anna").is_empty());
    assert!(
        world
            .admin()
            .list("/v1/denials?since=2026-06-02T00:00:00Z")
            .is_empty()
    );
}

#[test]
fn a_check_answers_as_the_sign_in_would_and_changes_nothing_a10() {
    let world = World::with(&license("floating", "esm", 1));
    let mut application = world.caller(Role::Application);
    let before = world.changes();
    let free = application.post("/v1/access/check", &ask("anna")).is(200);
    assert_eq!(free["granted"], true);
    assert_eq!(free["via"], "floating");
    assert!(!free["explain"].as_array().unwrap().is_empty());
    assert_eq!(world.changes(), before);
    assert!(
        world.admin().list("/v1/users").is_empty(),
        "a check added somebody"
    );

    application.post("/v1/sessions", &ask("anna")).is(201);
    let full = application.post("/v1/access/check", &ask("ben")).is(200);
    assert_eq!(
        (&full["granted"], &full["code"]),
        (&json!(false), &json!("no_free_seat"))
    );
    assert!(full["user_message"].is_string() && full["admin_message"].is_string());
}

#[test]
fn a_session_lives_by_its_heartbeats_and_ends_once_h1_h2_h3() {
    let world = World::with(&license("floating", "esm", 1));
    let mut application = world.caller(Role::Application);
    let session = application.post("/v1/sessions", &ask("anna")).is(201);
    let path = format!("/v1/sessions/{}", session["id"].as_str().unwrap());
    let beat = Call::new("POST", format!("{path}/heartbeat"));
    world.pass(400_000);
    let alive = application.send(&beat).is(200);
    assert!(alive["expires_at"].as_str() > session["expires_at"].as_str());
    let mut admin = world.admin();
    assert_eq!(admin.list("/v1/sessions?user=anna&product=esm").len(), 1);

    world.pass(3_600_000);
    application.send(&beat).is_problem(410, "timed_out");
    let seen = admin.get(&path).is(200);
    assert_eq!(seen["end_reason"], "timed_out");
    assert!(admin.list("/v1/sessions").is_empty());
    assert_eq!(admin.list("/v1/sessions?live=false").len(), 1);
    application.post("/v1/sessions", &ask("ben")).is(201);
}

#[test]
fn signing_out_frees_the_seat_and_is_harmless_twice_s6_h3() {
    let world = World::with(&license("floating", "esm", 1));
    let mut application = world.caller(Role::Application);
    let session = application.post("/v1/sessions", &ask("anna")).is(201);
    let path = format!("/v1/sessions/{}", session["id"].as_str().unwrap());
    for _ in 0..2 {
        application.delete(&path).is(204);
    }
    application
        .delete("/v1/sessions/019aab12-3c4d-7000-8000-00000000002a")
        .is(204);
    application
        .send(&Call::new("POST", format!("{path}/heartbeat")))
        .is_problem(410, "signed_out");
    let nowhere = "/v1/sessions/019aab12-3c4d-7000-8000-00000000002a/heartbeat";
    application
        .send(&Call::new("POST", nowhere))
        .is_problem(404, "unknown_session");
    application.post("/v1/sessions", &ask("ben")).is(201);
}

#[test]
fn an_administrator_ends_a_session_h1() {
    let world = World::with(&license("floating", "esm", 1));
    let mut application = world.caller(Role::Application);
    let session = application.post("/v1/sessions", &ask("anna")).is(201);
    let path = format!("/v1/sessions/{}", session["id"].as_str().unwrap());
    let mut manager = world.caller(Role::Manager);
    manager
        .send(&Call::new("POST", format!("{path}/end")))
        .is(204);
    application
        .send(&Call::new("POST", format!("{path}/heartbeat")))
        .is_problem(410, "ended_by_administrator");
}

#[test]
fn a_repeated_request_with_its_key_gets_the_same_session() {
    let world = World::with(&license("floating", "esm", 2));
    let mut application = world.caller(Role::Application);
    let call = Call::post("/v1/sessions", &ask("anna")).key("order 66");
    let first = application.send(&call).is(201);
    let second = application.send(&call).is(201);
    assert_eq!(first["id"], second["id"]);
    let other = Call::post("/v1/sessions", &ask("ben")).key("order 66");
    application
        .send(&other)
        .is_problem(422, "idempotency_mismatch");
    // Somebody else's key of the same text is another key.
    let elsewhere = world.admin().send(&call).is(201);
    assert_ne!(first["id"], elsewhere["id"]);
}
