//! From a license file to a user at work, typed as the README has it.

use std::net::{SocketAddr, TcpListener};

use serde_json::{Value, json};

use super::readme;
use super::session_token::Jose;
use super::shell::Shell;
use crate::support::{Answer, Call, Connection, Ran, until};

const PEOPLE: &str = "username,name,email,folder,active\n\
    anna,Anna Berg,anna@example.org,/Sales/EMEA,true\n\
    boris,Boris Dahl,boris@example.org,/Sales,true\n\
    clara,Clara Ek,,,false\n";

/// Somebody who has typed all of it.
struct Typed {
    shell: Shell,
    server: SocketAddr,
    token: String,
    /// Each line, and what came of it.
    said: Vec<(&'static str, Ran)>,
}

impl Typed {
    fn all() -> Self {
        let mut shell = Shell::new();
        shell.writes("licenses.toml", &readme::specification());
        shell.writes("people.csv", PEOPLE);
        let server = free_address();
        let mut said: Vec<(&str, Ran)> = Vec::new();
        let mut token = String::new();
        for line in readme::walk_through() {
            // The port of the README may be taken on this machine.
            let typed = line.replace("127.0.0.1:7420", &server.to_string());
            if let Some(command) = typed.strip_suffix('&') {
                shell.starts(command.trim(), "serve.log");
            } else if let Some(variables) = typed.strip_prefix("export ") {
                let (_, made) = said.last().expect("a token was made before");
                token = made
                    .stdout
                    .split_whitespace()
                    .next_back()
                    .unwrap()
                    .to_owned();
                for variable in variables.split_whitespace() {
                    let (name, value) = variable.split_once('=').unwrap();
                    shell.exports(name, if value == "…" { &token } else { value });
                }
            } else {
                said.push((line, shell.types(&typed).exits(0)));
            }
        }
        Self {
            shell,
            server,
            token,
            said,
        }
    }

    /// What came of the line that begins so.
    #[track_caller]
    fn said(&self, line: &str) -> &str {
        let found = self.said.iter().find(|(typed, _)| typed.starts_with(line));
        &found
            .unwrap_or_else(|| panic!("the README has no {line}"))
            .1
            .stdout
    }

    fn caller(&self) -> Connection {
        Connection::new(self.server, Some(&self.token))
    }

    fn signs_in(&self, user: &str) -> Answer {
        let body = json!({"user": user, "product": "esm"});
        self.caller().post("/v1/sessions", &body)
    }
}

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

#[track_caller]
fn has(said: &str, words: &[&str]) {
    for word in words {
        assert!(said.contains(word), "no {word:?} in:\n{said}");
    }
}

#[test]
fn every_line_of_the_readme_does_what_it_says() {
    let typed = Typed::all();
    has(
        typed.said("seatkeeper license inspect"),
        &["NW-ESM-001", "Northwind Software", "CUST-42", "esm", "25"],
    );
    has(
        typed.said("seatkeeper license import"),
        &["NW-ESM-001", "added"],
    );
    has(typed.said("seatkeeper user import"), &["3"]);
    has(
        typed.said("seatkeeper grant"),
        &["anna", "granted", "NW-ESM-001"],
    );
    has(
        typed.said("seatkeeper access check"),
        &["granted", "dedicated"],
    );

    let key = std::fs::metadata(typed.shell.path("vendor.key")).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::mode(&key.permissions());
    assert_eq!(mode & 0o777, 0o600, "a private key is for its owner alone");

    let mut caller = typed.caller();
    let folders = caller.list("/v1/folders");
    let paths: Vec<&str> = folders.iter().filter_map(|f| f["path"].as_str()).collect();
    assert!(
        paths.contains(&"/Sales/EMEA"),
        "folders are made on demand: {paths:?}"
    );
    let policy = caller.get("/v1/policy").is(200);
    assert_eq!(
        policy["company"], "CUST-42",
        "L5: the first file sets the company id"
    );
    let product = caller.get("/v1/products/esm").is(200);
    assert_eq!(
        (&product["owned"], &product["assigned"]),
        (&json!(25), &json!(1))
    );
}

#[test]
fn a_session_goes_from_sign_in_to_sign_out_and_the_record_tells_all_of_it() {
    let typed = Typed::all();
    let mut caller = typed.caller();
    let granted = typed.signs_in("anna").is(201);
    for field in [
        "id",
        "user",
        "product",
        "via",
        "license",
        "expires_at",
        "heartbeat_after_s",
        "token",
    ] {
        assert!(!granted[field].is_null(), "no {field}: {granted}");
    }
    assert_eq!(
        (&granted["product"], &granted["via"]),
        (&json!("esm"), &json!("dedicated"))
    );
    assert_eq!(granted["license"]["serial"], "NW-ESM-001");
    assert!(granted["license"]["id"].is_string(), "{granted}");

    let claims = Jose::fetch(&mut caller)
        .check(granted["token"].as_str().unwrap())
        .unwrap();
    assert_eq!(claims["sid"], granted["id"]);

    let session = granted["id"].as_str().unwrap();
    let heartbeat = Call::new("POST", format!("/v1/sessions/{session}/heartbeat"));
    let beaten = caller.send(&heartbeat).is(200);
    assert!(beaten["expires_at"].is_string() && beaten["heartbeat_after_s"].is_u64());
    caller.delete(&format!("/v1/sessions/{session}")).is(204);
    // H3: an ended session says why; signing out twice is harmless.
    caller.send(&heartbeat).is_problem(410, "signed_out");
    caller.delete(&format!("/v1/sessions/{session}")).is(204);

    let events = caller.list("/v1/events");
    let kinds: Vec<&str> = events
        .iter()
        .rev()
        .filter_map(|e| e["kind"].as_str())
        .collect();
    // Whichever of the two has the data folder first.
    assert!(kinds.contains(&"issuer.trusted") && kinds.contains(&"token.created"));
    let mut rest = kinds.iter();
    for kind in [
        "license.added",
        "user.created",
        "seat.assigned",
        "session.started",
        "session.ended",
    ] {
        assert!(
            rest.any(|found| *found == kind),
            "no {kind} where it belongs: {kinds:?}"
        );
    }
    let of_seat = events
        .iter()
        .find(|event| event["kind"] == "seat.assigned")
        .unwrap();
    assert_eq!(of_seat["actor"], "me", "R3: who: {of_seat}");
    has(
        &typed.shell.types("seatkeeper audit verify").good(),
        &["whole"],
    );
}

#[test]
fn whoever_may_not_work_reads_why_and_so_does_the_administrator() {
    let typed = Typed::all();
    let refused = typed.signs_in("clara").is_problem(403, "user_inactive");
    for field in [
        "type",
        "title",
        "status",
        "code",
        "detail",
        "user_message",
        "admin_message",
    ] {
        assert!(!refused[field].is_null(), "no {field}: {refused}");
    }
    assert_eq!(refused["status"], 403);
    assert_eq!(refused["type"], "urn:seatkeeper:problem:user_inactive");
    assert_ne!(refused["user_message"], refused["admin_message"]);

    let checked = typed
        .shell
        .types("seatkeeper access check --user clara --product esm")
        .exits(1);
    has(&checked.stdout, &["user_inactive"]);
    let denials = typed
        .shell
        .types("seatkeeper --json denial list")
        .exits(0)
        .json();
    let items = denials.as_array().or(denials["items"].as_array()).unwrap();
    assert_eq!(items.len(), 1, "a check is no denial (A10): {denials}");
    assert_eq!(
        (&items[0]["username"], &items[0]["count"]),
        (&json!("clara"), &json!(1))
    );
}

#[test]
fn what_runs_in_the_background_ends_when_asked_and_starts_again_with_everything() {
    let typed = Typed::all();
    let before: Value = typed.caller().get("/v1/products/esm").is(200);
    let line = "kill -TERM $(sed 's/.*\"process\":\\([0-9]*\\).*/\\1/' data/server.json)";
    typed.shell.types(line).exits(0);
    until("the server to be gone", || {
        (!typed.shell.path("data/server.json").exists()).then_some(())
    });
    let mut shell = typed.shell;
    let serve = format!("seatkeeper serve --data ./data --listen {}", typed.server);
    shell.starts(&serve, "again.log");
    let mut caller = Connection::new(typed.server, Some(&typed.token));
    let after = until("the server to be back", || {
        caller.try_send(&Call::get("/v1/products/esm")).ok()
    });
    assert_eq!(after.is(200), before);
}

#[test]
fn every_optional_key_that_the_readme_names_is_understood() {
    let keys = readme::optional_keys();
    assert!(keys.len() >= 11, "{keys:?}");
    for key in keys {
        let value = match key {
            "id" => "\"0198c0de-0000-7000-8000-000000000001\"",
            "revision" => "2",
            "grace_days" => "14",
            "assignable" => "false",
            "removable" => "\"after_expiry\"",
            "counted_by" => "\"session\"",
            "revalidate_days" => "30",
            "offline_grace_days" => "10",
            "agreement" => "\"Be kind.\"",
            "installation" => "\"0198c0de-0000-7000-8000-000000000002\"",
            "replaces" => "[\"0198c0de-0000-7000-8000-000000000003\"]",
            unknown => panic!("the README names {unknown}"),
        };
        let mut text = readme::specification();
        if key == "counted_by" {
            text = text.replace("\"dedicated\"", "\"floating\"");
        }
        if key == "offline_grace_days" {
            text.push_str("revalidate_days = 30\n");
        }
        text = text + key + " = " + value + "\n";
        let shell = Shell::new();
        shell.writes("licenses.toml", &text);
        shell
            .types("seatkeeper vendor keygen --name 'Northwind Software' --out vendor")
            .exits(0);
        let issue = "seatkeeper vendor issue --key vendor.key --spec licenses.toml --out a.lic";
        shell.types(issue).exits(0);
        let inspect = "seatkeeper license inspect a.lic --trust vendor.pub";
        shell.types(inspect).exits(0);
    }
}
