use serde_json::json;

use super::World;
use crate::support::{Answer, Call};

#[test]
fn an_address_that_is_none_and_a_method_that_is_not_known_are_problems() {
    let world = World::new();
    let mut anybody = world.anybody();
    anybody.get("/v1/nowhere").is_problem(404, "not_found");
    anybody.get("/v1/users/").is_problem(404, "not_found");
    let answer = anybody.send(&Call::new("PUT", "/v1/users"));
    answer.is_problem(405, "method_not_allowed");
    let allowed = answer.header("allow").unwrap();
    assert!(
        allowed.contains("GET") && allowed.contains("POST"),
        "{allowed}"
    );
    let problem = world
        .admin()
        .get("/v1/users/anna")
        .is_problem(400, "invalid_request");
    assert!(
        problem["detail"].as_str().unwrap().contains("\"anna\""),
        "{problem}"
    );
}

#[test]
fn a_wrong_parameter_is_named() {
    let world = World::new();
    let mut admin = world.admin();
    for (query, pointer) in [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=many", "limit"),
        ("limit=-1", "limit"),
        ("limt=1", "limt"),
        ("limit=1&limit=2", "limit"),
        ("after=nonsense", "after"),
        ("active=perhaps", "active"),
        ("below=true", "below"),
        ("username=anna&q=a", "username"),
        ("folder=Sales", "folder"),
    ] {
        let problem = admin
            .get(&format!("/v1/users?{query}"))
            .is_problem(400, "invalid_request");
        assert_eq!(
            problem["errors"][0]["pointer"], pointer,
            "{query}: {problem}"
        );
    }
    admin
        .get("/v1/users?folder=/Nowhere")
        .is_problem(404, "unknown_folder");
    admin
        .get("/v1/users?product=crm")
        .is_problem(404, "unknown_product");
    admin
        .get("/v1/licenses?state=usable")
        .is_problem(400, "invalid_request");
    admin
        .get("/v1/events?since=yesterday")
        .is_problem(400, "invalid_request");
    admin
        .get("/v1/events?kind=license.eaten")
        .is_problem(400, "invalid_request");
}

#[test]
fn a_refusal_repeats_little_of_what_was_given_and_nothing_that_steers_a_terminal() {
    let world = World::new();
    let mut admin = world.admin();
    let long = "x".repeat(20_000);
    let post = |body: &str| Call::new("POST", "/v1/users").body("application/json", body);
    for call in [
        post(&format!(r#"{{"username":"anna","folder":"{long}"}}"#)),
        post(&format!(r#"{{"username":"anna","folder":"/{long}"}}"#)),
        post(&format!(r#"{{"username":"anna","{long}":1}}"#)),
        post(&format!(r#"{{"username":"anna","active":"{long}"}}"#)),
        post("{\"username\":\"anna\",\"\\u001b[2J\":1}"),
        Call::get(format!("/v1/users/{long}")),
        Call::get(format!("/v1/users?{long}=1")),
        Call::get(format!("/v1/users?after={long}")),
        Call::new("PATCH", "/v1/users/019aab12-3c4d-7000-8000-00000000002a")
            .json(&json!({}))
            .header("if-match", &long),
    ] {
        let answer = admin.send(&call);
        answer.is_problem(400, "invalid_request");
        let text = answer.text();
        assert!(text.len() < 1_000, "{} bytes: {:.300}", text.len(), text);
        assert!(
            !text.contains("u001b") && !text.contains('\u{1b}'),
            "{text}"
        );
    }
    admin
        .delete(&format!("/v1/issuers/{long}"))
        .is_problem(404, "unknown_issuer");
}

#[test]
fn every_answer_has_a_request_id() {
    let world = World::new();
    let mut anybody = world.anybody();
    let id = |answer: &Answer| answer.header("x-request-id").unwrap().to_owned();
    let first = anybody.get("/healthz");
    let second = anybody.get("/v1/me");
    assert_ne!(id(&first), id(&second));
    assert_eq!(second.json()["request_id"], id(&second));
    let traced = anybody.send(&Call::get("/v1/nowhere").header("x-request-id", "trace-7"));
    assert_eq!(id(&traced), "trace-7");
    let nonsense = anybody.send(&Call::get("/healthz").header("x-request-id", "a b"));
    assert_ne!(id(&nonsense), "a b");
}

#[test]
fn an_idempotency_key_that_cannot_be_kept_is_refused() {
    let world = World::new();
    let mut admin = world.admin();
    let call = |key: String| Call::post("/v1/users", &json!({"username": "anna"})).key(key);
    let problem = admin
        .send(&call("x".repeat(256)))
        .is_problem(400, "invalid_request");
    assert_eq!(problem["errors"][0]["pointer"], "idempotency-key");
    admin
        .send(&call("ä".into()))
        .is_problem(400, "invalid_request");
}
