//! Starting where somebody is already.

use std::net::TcpListener;

use crate::support::{Installation, Ran, Start, license, seatkeeper};

#[test]
fn a_port_in_use_is_said_with_what_to_do() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let data = tempfile::tempdir().unwrap();
    let ran = Start::on(data.path().join("data")).listen(address).ends();
    assert_ne!(ran.code, Some(0), "{ran:?}");
    ran.complains(&[&address.to_string(), "in use", "--listen"]);
    assert!(!data.path().join("data").exists(), "nothing is made");
}

#[test]
fn an_address_that_is_not_ours_is_said() {
    let data = tempfile::tempdir().unwrap();
    let ran = Start::on(data.path().join("data"))
        .listen("192.0.2.1:1")
        .ends();
    assert_ne!(ran.code, Some(0), "{ran:?}");
    ran.complains(&["192.0.2.1:1"]);
}

#[test]
fn a_second_server_on_the_same_data_folder_is_turned_away_and_the_first_goes_on() {
    let house = Installation::with(&license("floating", "esm", 1));
    let ran = Start::on(house.folder().join("data")).ends();
    assert_ne!(ran.code, Some(0), "{ran:?}");
    ran.complains(&["another server", "data"]);
    house.sign_in("anna", "esm").is(201);
    // The first one's door is still open.
    let token = house.server().make_token("late", "auditor");
    house.server().caller(&token).get("/v1/me").is(200);
}

#[test]
fn a_server_takes_over_where_another_was_killed() {
    let mut house = Installation::with(&license("floating", "esm", 1));
    let session = house.sign_in("anna", "esm").is(201);
    let start = house.kill();
    house.start(start);
    let listed = house.admin().list("/v1/sessions");
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["id"], session["id"]);
}

#[test]
fn a_token_is_made_on_a_data_folder_whether_a_server_runs_or_was_killed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let making = |name: &str| {
        let arguments = [
            "token", "create", "--name", name, "--role", "auditor", "--data",
        ];
        Ran::of(seatkeeper(arguments).arg(&data))
    };
    let make = |name: &str| {
        let printed = making(name).good();
        printed.split_whitespace().next_back().unwrap().to_owned()
    };
    // Where no server ever was, a name was mistyped.
    making("nowhere").exits(2).complains(&["no_store"]);
    assert!(!data.exists());
    let server = Start::on(&data).ready();
    let running = make("beside a server");
    let start = server.kill();
    let killed = make("after a kill");
    let server = start.ready();
    for token in [running, killed] {
        server.caller(&token).get("/v1/me").is(200);
    }
}
