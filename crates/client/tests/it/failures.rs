//! What comes back when something goes wrong.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use client::{Builder, Client, Error, SignInRequest, Unreachable};
use uuid::Uuid;
use wire::DenialCode;
use wire::folder::NewFolder;
use wire::license::MoveSeatsRequest;
use wire::token::NewToken;

use crate::server::{Reply, Server, problem};

fn cause(error: Error) -> Unreachable {
    match error {
        Error::Unreachable { cause, .. } => cause,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_denial_comes_with_both_messages() {
    let server = Server::start(|_, _| {
        Reply::Json(
            403,
            r#"{"type":"urn:seatkeeper:problem:no_free_seat","title":"Denied","status":403,
            "code":"no_free_seat","detail":"d","request_id":"r1",
            "user_message":"All seats are taken.","admin_message":"Buy more."}"#
                .into(),
        )
    });
    let error = server
        .client()
        .start_session(&SignInRequest::default())
        .unwrap_err();
    let Error::Denied(denied) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(denied.known_code(), Some(DenialCode::NoFreeSeat));
    assert_eq!(denied.user_message, "All seats are taken.");
    assert_eq!(denied.request_id.as_deref(), Some("r1"));
    assert_eq!(
        (error.code(), error.to_string().as_str()),
        ("no_free_seat", "Buy more.")
    );
}

#[test]
fn a_problem_keeps_its_code_and_sentence() {
    let server = Server::start(|_, _| problem(412, "version_mismatch"));
    let error = server.client().get_policy().unwrap_err();
    assert_eq!(
        (error.code(), error.to_string().as_str()),
        ("version_mismatch", "A sentence.")
    );
    assert_eq!(error.problem().unwrap().status, 412);
    assert!(!error.is_temporary());
}

#[test]
fn what_is_no_seatkeeper_is_said_to_be_none() {
    for reply in [
        || Reply::Text(502, "Bad gateway"),
        || Reply::Text(200, "<html>"),
        || Reply::Json(200, "{}".into()),
        || Reply::Json(404, "{}".into()),
        || Reply::Text(301, ""),
    ] {
        let server = Server::start(move |_, _| reply());
        let error = server.client().get_me().unwrap_err();
        assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
    }
}

#[test]
fn a_closed_port_and_an_unknown_host_are_told_apart() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let client = Client::new(&format!("http://{closed}"), "t").unwrap();
    assert_eq!(cause(client.get_me().unwrap_err()), Unreachable::Refused);
    let client = Client::new("http://nowhere.invalid:7420", "t").unwrap();
    assert_eq!(
        cause(client.get_me().unwrap_err()),
        Unreachable::UnknownHost
    );
}

#[test]
fn a_silent_server_is_not_waited_for_forever() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let client = Builder::default()
        .timeout(Duration::from_millis(50))
        .build(&url, None)
        .unwrap();
    let error = client.get_readiness().unwrap_err();
    assert!(error.is_temporary());
    assert_eq!(cause(error), Unreachable::TimedOut);
}

#[test]
fn a_plain_server_behind_https_is_a_fault_of_encryption() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        connection
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .unwrap();
        connection.read_to_end(&mut Vec::new())
    });
    let client = Client::new(&url, "t").unwrap();
    let cause = cause(client.get_me().unwrap_err());
    assert!(matches!(cause, Unreachable::Tls(_)), "{cause:?}");
}

#[test]
fn a_sign_in_is_repeated_under_the_same_key_when_the_connection_breaks() {
    let server = Server::start(|_, before| match before {
        0 => Reply::HangUp,
        _ => problem(403, "forbidden"),
    });
    let error = server
        .client()
        .start_session(&SignInRequest::default())
        .unwrap_err();
    assert_eq!(error.code(), "forbidden");
    let asked = server.asked();
    let keys: Vec<_> = asked
        .iter()
        .map(|one| one.header("idempotency-key"))
        .collect();
    assert_eq!(keys.len(), 2);
    assert!(keys[0].is_some() && keys[0] == keys[1], "{keys:?}");
    assert_eq!(asked[0].body, asked[1].body);
}

#[test]
fn each_creation_has_a_key_of_its_own() {
    let server = Server::start(|_, _| problem(409, "folder_name_taken"));
    let client = server.client();
    for _ in 0..2 {
        client.create_folder(&NewFolder::default()).unwrap_err();
    }
    let asked = server.asked();
    assert_ne!(
        asked[0].header("idempotency-key"),
        asked[1].header("idempotency-key")
    );
}

#[test]
fn what_could_do_harm_twice_is_sent_once() {
    let server = Server::start(|_, _| Reply::HangUp);
    let client = server.client();
    let token = NewToken {
        name: "me".into(),
        role: wire::Role::Auditor,
        folder: None,
        expires_at: None,
    };
    assert_eq!(
        cause(client.create_token(&token).unwrap_err()),
        Unreachable::Lost
    );
    let seats = MoveSeatsRequest::default();
    assert_eq!(
        cause(client.move_seats(Uuid::nil(), &seats).unwrap_err()),
        Unreachable::Lost
    );
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn a_broken_connection_is_tried_twice_and_not_more() {
    let server = Server::start(|_, _| Reply::HangUp);
    assert_eq!(
        cause(server.client().get_me().unwrap_err()),
        Unreachable::Lost
    );
    assert_eq!(server.asked().len(), 2);
}
