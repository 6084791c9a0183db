use client::{Client, TokenVerifier};
use domain::Role;
use serde_json::{Value, json};
use wire::Time;

use super::World;
use super::world::{DAY_MS, license};
use crate::support::Call;

/// Two floating seats that can be borrowed for two weeks, and Anna at work.
fn lending() -> (World, String) {
    let world = World::with(&license("floating", "esm", 2));
    let mut admin = world.admin();
    let mut policy = admin.get("/v1/policy").is(200);
    policy["borrow_days"] = json!(14);
    policy["borrow_at_most"] = json!(1);
    admin
        .send(&Call::new("PUT", "/v1/policy").json(&policy))
        .is(200);
    let session = sign_in(&world, "anna").is(201);
    let id = session["id"].as_str().unwrap().to_owned();
    (world, id)
}

fn sign_in(world: &World, user: &str) -> crate::support::Answer {
    world
        .caller(Role::Application)
        .post("/v1/sessions", &json!({"user": user, "product": "esm"}))
}

/// The moment so many days from now, by the clock of the world.
fn in_days(world: &World, days: i64) -> Value {
    let now = world.now_ms();
    serde_json::to_value(Time::from_millis(now + days * DAY_MS)).unwrap()
}

#[test]
fn a_borrowed_seat_is_proved_offline_and_comes_back_h5() {
    let (world, id) = lending();
    let mut application = world.caller(Role::Application);
    let until = in_days(&world, 7);
    let path = format!("/v1/sessions/{id}/borrow");
    let borrowed = application.post(&path, &json!({"until": until})).is(200);
    assert_eq!(borrowed["borrowed_until"], until);

    let keys = world.anybody().get("/.well-known/jwks.json").is(200);
    let verifier = TokenVerifier::from_jwks(&keys.to_string()).unwrap();
    let token = borrowed["token"].as_str().unwrap();
    let at = |days: i64| Time::from_millis(world.now_ms() + days * DAY_MS);
    let verified = verifier.verify_borrowed(token, "esm", at(6)).unwrap();
    assert_eq!(verified.username(), "anna");
    assert_eq!(
        verifier
            .verify_borrowed(token, "esm", at(7))
            .unwrap_err()
            .code(),
        "token_expired"
    );
    assert_eq!(
        verifier.verify(token, "esm", at(0)).unwrap_err().code(),
        "wrong_document_type"
    );

    // Nobody's heartbeat and nobody's end frees it before.
    world.pass(DAY_MS);
    let listed = world.admin().list("/v1/sessions");
    assert_eq!(listed[0]["borrowed_until"], until);
    let held = world
        .admin()
        .post(&format!("/v1/sessions/{id}/end"), &json!({}))
        .is(202);
    assert_eq!(held["held_until"], until);
    assert!(held["why"].as_str().unwrap().contains("offline"), "{held}");
    let listed = world.admin().list("/v1/sessions");
    assert_eq!(listed[0]["close_reason"], "ended_by_administrator");
    sign_in(&world, "bob").is(201);
    sign_in(&world, "carl").is_problem(403, "no_free_seat");

    let back = format!("/v1/sessions/{id}/return");
    assert_eq!(
        application.post(&back, &json!({})).is(200)["returned"],
        true
    );
    assert_eq!(
        application.post(&back, &json!({})).is(200)["returned"],
        false
    );
    sign_in(&world, "carl").is(201);
}

#[test]
fn a_lost_devices_seat_comes_back_when_the_loan_ends_h5() {
    let (world, id) = lending();
    let until = in_days(&world, 2);
    let path = format!("/v1/sessions/{id}/borrow");
    let mut application = world.caller(Role::Application);
    application.post(&path, &json!({"until": until})).is(200);
    let too_long = json!({"until": in_days(&world, 15)});
    application
        .post(&path, &too_long)
        .is_problem(409, "borrow_too_long");
    let other = sign_in(&world, "bob").is(201);
    let other = format!("/v1/sessions/{}/borrow", other["id"].as_str().unwrap());
    application
        .post(&other, &json!({"until": until}))
        .is_problem(409, "too_many_borrowed");
    world.pass(2 * DAY_MS);
    for user in ["bob", "carl"] {
        sign_in(&world, user).is(201);
    }
    application
        .post(&format!("/v1/sessions/{id}/heartbeat"), &json!({}))
        .is_problem(410, "borrow_ended");
}

#[test]
fn the_client_borrows_and_goes_without_signing_out_h5() {
    let (world, _) = lending();
    let client = Client::new(
        &format!("http://{}", world.address()),
        &world.token(Role::Application),
    )
    .unwrap();
    let request = client::SignInRequest {
        user: "dora".into(),
        product: "esm".into(),
        ..Default::default()
    };
    let session = client.sign_in(&request).unwrap();
    let id = session.id();
    let until = Time::from_millis(world.now_ms() + DAY_MS);
    let borrowed = session.borrow(until).unwrap();
    assert_eq!(borrowed.borrowed_until, until);
    drop(session);
    assert!(
        client.get_session(id).is_err(),
        "an application may not look"
    );
    let listed = world.admin().get(&format!("/v1/sessions/{id}")).is(200);
    assert_eq!(listed["ended_at"], Value::Null);
    assert!(client.return_session(id).unwrap());
}
