//! An application that uses the client of this house.

use client::{Client, Error, SessionState, SignInRequest};
use serde_json::json;
use wire::{DenialCode, EndReason};

use crate::support::{Installation, LIMIT, license, until};

fn asks(user: &str) -> SignInRequest {
    SignInRequest {
        user: user.to_owned(),
        product: "esm".to_owned(),
        client: Some("reception desk".to_owned()),
        ..SignInRequest::default()
    }
}

fn application(house: &Installation) -> Client {
    let token = house.server().quick_token("application");
    Client::new(&house.server().url(), &token).unwrap()
}

#[test]
fn an_application_signs_in_and_gives_the_seat_back_by_ending() {
    let house = Installation::with(&license("floating", "esm", 1));
    let client = application(&house);
    let session = client.sign_in(&asks("anna")).unwrap();
    assert!(matches!(session.state(), SessionState::Alive { .. }));
    assert_eq!(session.granted().username, "anna");
    assert_eq!(house.product("esm")["in_use"], 1);

    let Err(Error::Denied(denied)) = client.sign_in(&asks("boris")) else {
        panic!("the only seat is taken");
    };
    assert_eq!(denied.known_code(), Some(DenialCode::NoFreeSeat));
    assert!(!denied.user_message.is_empty() && !denied.admin_message.is_empty());

    drop(session);
    assert_eq!(house.product("esm")["in_use"], 0);
    client.sign_in(&asks("boris")).unwrap().sign_out().unwrap();
}

#[test]
fn an_application_learns_that_an_administrator_ended_its_session() {
    let house = Installation::with(&license("floating", "esm", 1));
    let client = application(&house);
    let session = client.start_session(&asks("anna")).unwrap();
    let path = format!("/v1/sessions/{}/end", session.id);
    house.admin().post(&path, &json!({})).is(204);
    let error = client.heartbeat(session.id).unwrap_err();
    assert_eq!(error.code(), EndReason::EndedByAdministrator.code());
}

#[test]
fn an_application_outlives_a_server_that_is_away_for_a_while() {
    let mut house = Installation::with(&license("floating", "esm", 1));
    house.change_policy(&[("session_timeout_s", json!(30))]);
    let client = application(&house);
    let session = client.sign_in(&asks("anna")).unwrap();
    let address = house.server().address();
    let start = house.kill();
    let mut state = session.state();
    until("the client to notice", || {
        state = session.wait_for_change(&state, LIMIT);
        matches!(state, SessionState::Unreachable { .. }).then_some(())
    });
    house.start(start.listen(address));
    until("the client to be back", || {
        state = session.wait_for_change(&state, LIMIT);
        matches!(state, SessionState::Alive { .. }).then_some(())
    });
    assert_eq!(house.product("esm")["in_use"], 1);
    session.sign_out().unwrap();
    assert_eq!(house.product("esm")["in_use"], 0);
}

#[test]
fn a_user_works_on_until_signing_out_when_the_seat_is_recalled() {
    // S4, S5: a release waits for the sign-out; `now` does not.
    let house = Installation::with(&license("dedicated", "esm", 1));
    house.add_users(["anna", "boris"]);
    let body = |user: &str| json!({"users": [user], "products": ["esm"]});
    let granted = house.admin().post("/v1/grant", &body("anna")).is(200);
    assert_eq!(granted["results"][0]["code"], "granted");
    let client = application(&house);
    let session = client.start_session(&asks("anna")).unwrap();

    let recalled = house.admin().post("/v1/recall", &body("anna")).is(200);
    assert_eq!(recalled["results"][0]["code"], "releasing");
    client.heartbeat(session.id).unwrap();
    let full = house.admin().post("/v1/grant", &body("boris")).is(200);
    assert_eq!(full["results"][0]["code"], "no_free_seat");

    client.sign_out(session.id).unwrap();
    let granted = house.admin().post("/v1/grant", &body("boris")).is(200);
    assert_eq!(granted["results"][0]["code"], "granted");
    let session = client.start_session(&asks("boris")).unwrap();
    let mut now = body("boris");
    now["now"] = json!(true);
    let recalled = house.admin().post("/v1/recall", &now).is(200);
    assert_eq!(recalled["results"][0]["code"], "released");
    let error = client.heartbeat(session.id).unwrap_err();
    assert_eq!(error.code(), EndReason::SeatRecalled.code());
}
