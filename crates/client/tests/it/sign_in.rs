//! A session that is kept alive as long as the value lives.

use std::time::Duration;

use client::{Error, SessionState, SignInRequest};
use uuid::Uuid;
use wire::EndReason;

use crate::server::{Asked, Reply, Server, nothing, problem};

const ID: Uuid = Uuid::from_u128(7);
const PATIENCE: Duration = Duration::from_secs(20);

fn granted() -> Reply {
    Reply::Json(
        201,
        format!(
            r#"{{"id":"{ID}","user":"{ID}","username":"anna","product":"esm","via":"dedicated",
            "license":{{"id":"{ID}","serial":"NW-ESM-001"}},"access":"write","modules":"all",
            "expires_at":"2026-01-31T12:00:00Z","heartbeat_after_s":1,"token":"a.b.c"}}"#
        ),
    )
}

fn alive() -> Reply {
    Reply::Json(
        200,
        r#"{"expires_at":"2026-01-31T12:10:00Z","heartbeat_after_s":1}"#.into(),
    )
}

/// A server that grants, and answers heartbeats as told.
fn server(beat: impl Fn(usize) -> Reply + Send + Sync + 'static) -> Server {
    Server::start(move |asked, before| match asked.line.as_str() {
        "POST /v1/sessions" => granted(),
        line if line.starts_with("DELETE") => nothing(),
        _ => beat(before),
    })
}

fn anna() -> SignInRequest {
    SignInRequest {
        user: "anna".into(),
        product: "esm".into(),
        ..SignInRequest::default()
    }
}

fn sign_outs(asked: &[Asked]) -> usize {
    let line = format!("DELETE /v1/sessions/{ID}");
    asked.iter().filter(|one| one.line == line).count()
}

#[test]
fn heartbeats_go_out_by_themselves_and_move_the_end() {
    let server = server(|_| alive());
    let session = server.client().sign_in(&anna()).unwrap();
    let first = session.state();
    let next = session.wait_for_change(&first, PATIENCE);
    let SessionState::Alive { expires_at } = next else {
        panic!("{next:?}");
    };
    assert_eq!(expires_at.to_string(), "2026-01-31T12:10:00Z");
    assert_eq!(
        server.asked_times(3)[2].line,
        format!("POST /v1/sessions/{ID}/heartbeat")
    );
}

#[test]
fn dropping_signs_out_once() {
    let server = server(|_| alive());
    drop(server.client().sign_in(&anna()).unwrap());
    assert_eq!(sign_outs(&server.asked()), 1);
}

#[test]
fn signing_out_is_not_repeated_by_the_drop() {
    let server = server(|_| alive());
    server
        .client()
        .sign_in(&anna())
        .unwrap()
        .sign_out()
        .unwrap();
    assert_eq!(sign_outs(&server.asked()), 1);
}

#[test]
fn a_session_that_ended_says_why_and_is_left_alone() {
    let server = server(|_| problem(410, "ended_by_administrator"));
    let session = server.client().sign_in(&anna()).unwrap();
    let state = session.wait_for_change(&session.state(), PATIENCE);
    let SessionState::Lost(lost) = state else {
        panic!("{state:?}");
    };
    assert_eq!(lost.reason(), Some(EndReason::EndedByAdministrator));
    drop(session);
    let asked = server.asked();
    assert_eq!(sign_outs(&asked), 0);
    assert_eq!(asked.len(), 2, "no heartbeat after the end: {asked:?}");
}

#[test]
fn an_outage_shows_and_passes() {
    let server = server(|before| match before {
        1 => problem(503, "busy"),
        _ => alive(),
    });
    let session = server.client().sign_in(&anna()).unwrap();
    let state = session.wait_for_change(&session.state(), PATIENCE);
    let SessionState::Unreachable {
        expires_at, error, ..
    } = &state
    else {
        panic!("{state:?}");
    };
    assert_eq!(expires_at.to_string(), "2026-01-31T12:00:00Z");
    assert_eq!(error, "A sentence.");
    let state = session.wait_for_change(&state, PATIENCE);
    assert!(matches!(state, SessionState::Alive { .. }), "{state:?}");
}

#[test]
fn a_denied_user_gets_no_session() {
    let server = Server::start(|_, _| {
        let mut problem = wire::Problem::new(403, "user_inactive", "Denied", "d");
        problem.user_message = Some("u".into());
        problem.admin_message = Some("a".into());
        Reply::Json(403, serde_json::to_string(&problem).unwrap())
    });
    let error = server.client().sign_in(&anna()).unwrap_err();
    assert!(matches!(error, Error::Denied(_)), "{error:?}");
    assert_eq!(server.asked().len(), 1);
}
