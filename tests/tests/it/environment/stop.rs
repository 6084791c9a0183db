//! Being asked to end.

use std::io::Write as _;
use std::net::TcpStream;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::json;

use crate::support::{Installation, Ran, assert_sound, license, until};

#[test]
fn whoever_is_answered_while_the_server_ends_is_not_forgotten() {
    let mut house = Installation::with(&license("floating", "esm", 100_000));
    let answered = AtomicUsize::new(0);
    let ids = thread::scope(|scope| {
        let clients: Vec<_> = (0..16)
            .map(|client| {
                let (mut connection, answered) = (house.application(), &answered);
                scope.spawn(move || {
                    let mut ids = Vec::new();
                    for number in 0.. {
                        let user = format!("u{client}.{number}");
                        let body = json!({"user": user, "product": "esm"});
                        let call = crate::support::Call::post("/v1/sessions", &body);
                        let Ok(answer) = connection.try_send(&call) else {
                            break;
                        };
                        ids.push(answer.is(201)["id"].as_str().unwrap().to_owned());
                        answered.fetch_add(1, Ordering::Relaxed);
                    }
                    ids
                })
            })
            .collect();
        until("some load", || {
            (answered.load(Ordering::Relaxed) > 100).then_some(())
        });
        house.server().ask_to_end();
        let ids = clients
            .into_iter()
            .flat_map(|client| client.join().unwrap());
        ids.collect::<Vec<String>>()
    });
    let start = house.stop();
    assert_sound(start.seen_at());
    house.start(start);
    let listed = house.admin().list("/v1/sessions");
    let live: std::collections::BTreeSet<&str> = listed
        .iter()
        .filter_map(|session| session["id"].as_str())
        .collect();
    for id in &ids {
        assert!(live.contains(id.as_str()), "{id} was granted and is lost");
    }
}

#[test]
fn an_interrupt_ends_the_server_as_well() {
    let mut house = Installation::with("");
    let pid = house.server().pid().to_string();
    Ran::of(Command::new("kill").args(["-INT", &pid])).good();
    let start = house.stop();
    assert!(
        !start.seen_at().join("server.json").exists(),
        "the door is closed"
    );
}

#[test]
#[ignore = "slow: whoever has begun to ask gets some seconds to finish"]
fn callers_who_never_finish_do_not_keep_the_server_from_ending() {
    let mut house = Installation::with("");
    let address = house.server().address();
    let idle: Vec<TcpStream> = (0..20)
        .map(|_| TcpStream::connect(address).unwrap())
        .collect();
    let begun: Vec<TcpStream> = (0..20)
        .map(|_| {
            let mut stream = TcpStream::connect(address).unwrap();
            stream
                .write_all(b"POST /v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-le")
                .unwrap();
            stream
        })
        .collect();
    let slow: Vec<TcpStream> = (0..20)
        .map(|_| {
            let mut stream = TcpStream::connect(address).unwrap();
            let head = "POST /v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                authorization: Bearer ";
            let rest = "\r\ncontent-length: 100\r\n\r\n{\"user\":";
            let request = [head, house.admin_token(), rest].concat();
            stream.write_all(request.as_bytes()).unwrap();
            stream
        })
        .collect();
    // All of them have arrived once a later one is answered.
    house.admin().get("/v1/me").is(200);
    house.stop();
    drop((idle, begun, slow));
}
