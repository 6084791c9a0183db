//! Sockets on which something else happens than requests and answers.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};

use serde_json::{Value, json};

use crate::support::{Answer, Call, Installation, LIMIT, assert_sound, license, read_answer};

fn connect(house: &Installation) -> TcpStream {
    let stream = TcpStream::connect(house.server().address()).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream
}

/// Everything that comes until the server closes; what it says after closing is its own affair.
fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A reset is an answer too.
    let _ = stream.read_to_end(&mut bytes);
    bytes
}

/// The server is as it should be.
#[track_caller]
fn is_well(house: &Installation) {
    house.server().anybody().get("/readyz").is(200);
    let answer = house.sign_in("well", "esm").is(201);
    let path = format!("/v1/sessions/{}", answer["id"].as_str().unwrap());
    house.application().delete(&path).is(204);
    let words = house.server().words();
    assert!(!words.contains("panicked"), "{words}");
}

fn house() -> Installation {
    Installation::with(&license("floating", "esm", 10))
}

fn sign_in_text(house: &Installation, user: &str) -> String {
    let body = json!({"user": user, "product": "esm"}).to_string();
    format!(
        "POST /v1/sessions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        house.admin_token(),
        body.len()
    )
}

#[test]
fn noise_is_turned_away() {
    let house = house();
    let noises: [&[u8]; 7] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\xff\xff\xff\xff",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\0\0\0\0\0\0\0\0\0\0\0\0\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
    ];
    for noise in noises {
        let mut stream = connect(&house);
        stream.write_all(noise).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let answer = rest(&mut stream);
        let is_refusal = answer.is_empty() || answer.starts_with(b"HTTP/1.1 4");
        assert!(
            is_refusal,
            "{noise:?}: {}",
            String::from_utf8_lossy(&answer)
        );
    }
    is_well(&house);
}

#[test]
fn two_lengths_for_one_body_are_refused() {
    // What one program takes for a body, another takes for the next request.
    let house = house();
    let token = house.admin_token();
    for lengths in [
        "content-length: 4\r\ncontent-length: 5\r\n",
        "content-length: 4\r\ntransfer-encoding: chunked, identity\r\n",
    ] {
        let mut stream = connect(&house);
        let head =
            format!("POST /v1/users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n");
        stream
            .write_all(format!("{head}{lengths}\r\nnull!").as_bytes())
            .unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let answer = rest(&mut stream);
        assert!(
            answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"),
            "{lengths}"
        );
    }
    is_well(&house);
}

#[test]
fn lines_without_end_are_cut_off() {
    let house = house();
    let long = "x".repeat(2 * 1024 * 1024);
    for request in [
        format!("GET /{long} HTTP/1.1\r\nhost: x\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nhost: x\r\nx-long: {long}\r\n\r\n"),
        format!(
            "GET / HTTP/1.1\r\nhost: x\r\n{}\r\n",
            "x-many: 1\r\n".repeat(100_000)
        ),
    ] {
        let mut stream = connect(&house);
        // It may be closed before all is sent.
        let _ = stream.write_all(request.as_bytes());
        let answer = rest(&mut stream);
        assert!(
            answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"),
            "{answer:?}"
        );
    }
    is_well(&house);
}

#[test]
fn a_body_that_is_too_large_is_refused_before_it_is_read() {
    let house = house();
    let mut stream = connect(&house);
    let head = format!(
        "POST /v1/sessions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: 99999999999\r\n\r\n{{",
        house.admin_token()
    );
    stream.write_all(head.as_bytes()).unwrap();
    read_answer(&mut stream)
        .unwrap()
        .is_problem(413, "too_large");
    is_well(&house);
}

#[test]
fn a_body_nested_without_end_is_no_json() {
    let house = house();
    let body = "[".repeat(50_000);
    let call = Call::new("POST", "/v1/users").body("application/json", body);
    house.admin().send(&call).is_problem(400, "invalid_json");
    is_well(&house);
}

#[test]
fn a_body_in_pieces_is_a_body() {
    let house = house();
    let mut stream = connect(&house);
    let head = format!(
        "POST /v1/sessions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
        house.admin_token()
    );
    stream.write_all(head.as_bytes()).unwrap();
    for piece in ["{\"user\":\"anna\"", ",\"product\":", "\"esm\"}"] {
        stream
            .write_all(format!("{:x}\r\n{piece}\r\n", piece.len()).as_bytes())
            .unwrap();
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    read_answer(&mut stream).unwrap().is(201);
}

#[test]
fn whoever_sends_slowly_is_answered_in_the_end_and_holds_nobody_up() {
    let house = house();
    let request = sign_in_text(&house, "anna").into_bytes();
    let mut slow = connect(&house);
    for (number, byte) in request.iter().enumerate() {
        slow.write_all(&[*byte]).unwrap();
        if number % 40 == 0 {
            is_well(&house);
        }
    }
    assert_eq!(read_answer(&mut slow).unwrap().is(201)["username"], "anna");
}

#[test]
fn three_hundred_idle_callers_disturb_nobody_and_are_served_when_they_speak() {
    let house = house();
    let mut idle: Vec<TcpStream> = (0..300).map(|_| connect(&house)).collect();
    is_well(&house);
    for stream in &mut idle {
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
            .unwrap();
    }
    for stream in &mut idle {
        read_answer(stream).unwrap().is(200);
    }
}

#[test]
fn half_a_request_holds_nobody_up() {
    let house = house();
    let text = sign_in_text(&house, "anna");
    let half: Vec<TcpStream> = (0..100)
        .map(|number| {
            let mut stream = connect(&house);
            stream.write_all(&text.as_bytes()[..20 + number]).unwrap();
            stream
        })
        .collect();
    is_well(&house);
    assert!(
        house.admin().list("/v1/sessions").is_empty(),
        "half a request does nothing"
    );
    drop(half);
    is_well(&house);
}

#[test]
fn requests_sent_at_once_are_answered_in_their_order() {
    let house = house();
    let mut stream = connect(&house);
    let both = sign_in_text(&house, "anna") + &sign_in_text(&house, "boris");
    stream.write_all(both.as_bytes()).unwrap();
    // One read may take more than one answer, so that both are taken apart here.
    let mut bytes = Vec::new();
    while bytes
        .windows(10)
        .filter(|part| part == b"\"username\"")
        .count()
        < 2
    {
        let mut part = [0; 4096];
        let count = stream.read(&mut part).unwrap();
        assert_ne!(count, 0, "{}", String::from_utf8_lossy(&bytes));
        bytes.extend_from_slice(&part[..count]);
    }
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.find("\"anna\"") < text.find("\"boris\""), "{text}");
}

#[test]
fn a_caller_who_vanishes_leaves_nothing_broken() {
    let mut house = house();
    let text = sign_in_text(&house, "anna");
    for number in 0..60 {
        let mut stream = connect(&house);
        let end = text.len() - (number % 3) * 20;
        stream.write_all(&text.as_bytes()[..end]).unwrap();
        drop(stream);
    }
    is_well(&house);
    let product: Value = house.product("esm");
    assert!(
        product["in_use"] == 0 || product["in_use"] == 1,
        "one user: {product}"
    );
    let sessions = house.admin().list("/v1/sessions");
    assert!(sessions.iter().all(|session| session["username"] == "anna"));
    let start = house.stop();
    assert_sound(start.seen_at());
}

#[test]
fn whoever_asks_and_never_reads_holds_nobody_up() {
    let house = house();
    let mut deaf: Vec<TcpStream> = (0..20).map(|_| connect(&house)).collect();
    for stream in &mut deaf {
        // The largest document there is, many times over.
        let request = "GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(50);
        stream.write_all(request.as_bytes()).unwrap();
    }
    is_well(&house);
    let whole: Answer = house.server().anybody().get("/openapi.json");
    assert!(whole.is(200)["paths"].is_object());
}
