use std::io::Write as _;
use std::net::TcpStream;

use domain::Role;

use super::World;
use super::world::license;
use crate::support::{Answer, Call, read_answer};

fn post(path: &str, body: impl Into<Vec<u8>>) -> Call {
    Call::new("POST", path).body("application/json", body)
}

/// Sends each body and checks its code, the place it names and a word of its sentence; then that
/// nothing was changed by any of them.
fn refused(path: &str, cases: &[(&str, u16, &str, &str, &str)]) {
    let world = World::with(&license("floating", "esm", 3));
    world.users(&["anna"]);
    let before = world.changes();
    let mut admin = world.admin();
    for (body, status, code, pointer, says) in cases {
        let answer = admin.send(&post(path, *body));
        let problem = answer.is_problem(*status, code);
        if !pointer.is_empty() {
            assert_eq!(
                problem["errors"][0]["pointer"], *pointer,
                "{body}: {problem}"
            );
        }
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(says), "{body}: {detail}");
    }
    assert_eq!(world.changes(), before, "something was changed");
}

#[test]
fn a_wrong_sign_in_names_what_is_wrong() {
    refused(
        "/v1/sessions",
        &[
            (
                "{\"user\":\"anna\",",
                400,
                "invalid_json",
                "",
                "ends too early",
            ),
            ("{user:1}", 400, "invalid_json", "", "line 1 column 2"),
            ("", 400, "invalid_json", "", "empty"),
            ("[]", 400, "invalid_request", "", "an object is expected"),
            (
                "null",
                400,
                "invalid_request",
                "",
                "the body is null; an object",
            ),
            (
                "7",
                400,
                "invalid_request",
                "",
                "the body is a number; an object",
            ),
            (
                r#"{"user":7,"product":"esm"}"#,
                400,
                "invalid_request",
                "/user",
                "expected a string",
            ),
            (
                r#"{"user":"anna"}"#,
                400,
                "invalid_request",
                "/product",
                "missing field",
            ),
            (
                r#"{"user":"anna","product":"esm","seat":1}"#,
                400,
                "invalid_request",
                "/seat",
                "unknown field",
            ),
            (
                r#"{"user":"anna","product":"esm","access":"own"}"#,
                400,
                "invalid_request",
                "/access",
                "unknown variant",
            ),
            (
                r#"{"user":"anna","product":"esm","modules":["a",1]}"#,
                400,
                "invalid_request",
                "/modules/1",
                "expected a string",
            ),
            (
                r#"{"user":"anna","product":"e s m"}"#,
                400,
                "invalid_request",
                "/product",
                "' ' at position 2",
            ),
            (
                r#"{"user":"an\u0007na","product":"esm"}"#,
                400,
                "invalid_request",
                "/user",
                "position 3",
            ),
            (
                r#"{"user":" anna","product":"esm"}"#,
                400,
                "invalid_request",
                "/user",
                "white space",
            ),
            (
                r#"{"user":"","product":"esm"}"#,
                400,
                "invalid_request",
                "/user",
                "empty",
            ),
            (
                r#"{"user":"anna","product":"esm","client":"\u202e"}"#,
                400,
                "invalid_request",
                "/client",
                "position 1",
            ),
        ],
    );
}

#[test]
fn a_wrong_user_names_what_is_wrong() {
    let long = format!(r#"{{"username":"{}"}}"#, "x".repeat(129));
    refused(
        "/v1/users",
        &[
            (
                &long,
                400,
                "invalid_request",
                "/username",
                "129 characters; at most 128",
            ),
            (r#"{"username":"ANNA"}"#, 409, "username_taken", "", "ANNA"),
            (
                r#"{"username":"\uff41nna"}"#,
                409,
                "username_taken",
                "",
                "taken",
            ),
            (
                r#"{"username":"ben","email":"ben"}"#,
                400,
                "invalid_request",
                "/email",
                "name@domain",
            ),
            (
                r#"{"username":"ben","name":"B\u0000"}"#,
                400,
                "invalid_request",
                "/name",
                "position 2",
            ),
            (
                r#"{"username":"ben","folder":"Sales"}"#,
                400,
                "invalid_request",
                "/folder",
                "begins with /",
            ),
            (
                r#"{"username":"ben","folder":"/Sales//EMEA"}"#,
                400,
                "invalid_request",
                "/folder",
                "is empty",
            ),
            (
                r#"{"username":"ben","folder":"019aab12-3c4d-7000-8000-00000000002a"}"#,
                404,
                "unknown_folder",
                "",
                "no such folder",
            ),
            (
                r#"{"username":"ben","active":"yes"}"#,
                400,
                "invalid_request",
                "/active",
                "expected a boolean",
            ),
            (
                r#"{"username":"ben","mail":"a@b"}"#,
                400,
                "invalid_request",
                "/mail",
                "unknown field `mail`",
            ),
        ],
    );
}

#[test]
fn a_wrong_grant_names_what_is_wrong() {
    refused(
        "/v1/grant",
        &[
            (
                r#"{"users":["anna"]}"#,
                400,
                "invalid_request",
                "/products",
                "either",
            ),
            (
                r#"{"users":["anna"],"everyone":{},"products":["esm"]}"#,
                400,
                "invalid_request",
                "/users",
                "either",
            ),
            (
                r#"{"users":[],"products":["esm"]}"#,
                400,
                "invalid_request",
                "/users",
                "empty",
            ),
            (
                r#"{"users":["anna"],"products":[]}"#,
                400,
                "invalid_request",
                "/products",
                "empty",
            ),
            (
                r#"{"users":["anna","b\n"],"products":["esm"]}"#,
                400,
                "invalid_request",
                "/users/1",
                "position 2",
            ),
            (
                r#"{"users":["anna"],"products":["esm",{"code":"a b"}]}"#,
                400,
                "invalid_request",
                "/products/1/code",
                "position 2",
            ),
            (
                r#"{"users":["anna"],"products":[7]}"#,
                400,
                "invalid_request",
                "/products/0",
                "a product code",
            ),
            (
                r#"{"users":["anna"],"products":["crm"]}"#,
                404,
                "unknown_product",
                "",
                "crm",
            ),
            (
                r#"{"users":["anna"],"licenses":["019aab12-3c4d-7000-8000-00000000002a"]}"#,
                404,
                "unknown_license",
                "",
                "no such license",
            ),
            (
                r#"{"everyone":{"below":true},"products":["esm"]}"#,
                400,
                "invalid_request",
                "/everyone/below",
                "without `folder`",
            ),
        ],
    );
}

#[test]
fn a_body_must_be_json_in_utf8_and_small() {
    let world = World::new();
    let mut admin = world.admin();
    let text = Call::new("POST", "/v1/users").body("text/plain", r#"{"username":"anna"}"#);
    admin.send(&text).is_problem(415, "unsupported_media_type");
    let none = Call::new("POST", "/v1/users");
    admin.send(&none).is_problem(415, "unsupported_media_type");
    let latin = post("/v1/users", b"{\"username\":\"\xe4nna\"}".as_slice());
    let problem = admin.send(&latin).is_problem(400, "invalid_json");
    assert!(
        problem["detail"].as_str().unwrap().contains("byte 14"),
        "{problem}"
    );
    let large = post(
        "/v1/users",
        format!("{{\"username\":\"{}\"}}", "x".repeat(70_000)),
    );
    let problem = world.admin().send(&large).is_problem(413, "too_large");
    assert!(
        problem["detail"].as_str().unwrap().contains("64 KiB"),
        "{problem}"
    );
}

/// A request whose body comes in pieces of unknown number.
fn chunked(world: &World, pieces: &[&str]) -> Answer {
    let mut stream = TcpStream::connect(world.address()).unwrap();
    let token = world.token(Role::Manager);
    write!(
        stream,
        "POST /v1/users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
    )
    .unwrap();
    for piece in pieces {
        // Once it is too much, the server does not listen any more.
        if write!(stream, "{:x}\r\n{piece}\r\n", piece.len()).is_err() {
            break;
        }
    }
    let _ = stream.write_all(b"0\r\n\r\n");
    read_answer(&mut stream).unwrap()
}

#[test]
fn a_body_in_pieces_is_read_whole_and_measured_as_a_whole() {
    let world = World::new();
    let made = chunked(&world, &["{\"username\":", "\"an", "na\"}"]).is(201);
    assert_eq!(made["username"], "anna");
    let padding = " ".repeat(30_000);
    let pieces = ["{\"username\":", &padding, &padding, &padding, "\"ben\"}"];
    chunked(&world, &pieces).is_problem(413, "too_large");
    chunked(&world, &["{\"username\":"]).is_problem(400, "invalid_json");
}
