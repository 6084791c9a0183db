use domain::Role;
use license_file::key_file::PrivateKeyFile;
use serde_json::{Value, json};

use super::World;
use super::world::license;
use crate::support::Call;

fn put(policy: &Value) -> Call {
    Call::new("PUT", "/v1/policy").json(policy)
}

#[test]
fn the_policy_is_read_changed_and_written_back_whole() {
    let world = World::new();
    let mut admin = world.admin();
    let read = admin.get("/v1/policy");
    let mut policy = read.is(200);
    assert_eq!(
        read.header("etag"),
        Some(format!("\"{}\"", policy["version"]).as_str())
    );
    policy["session_timeout_s"] = json!(120);
    policy["auto_allocation"] = json!([{"model": "floating", "place": "root"}]);
    let written = admin.send(&put(&policy)).is(200);
    assert_eq!(written["session_timeout_s"], 120);
    assert_ne!(written["version"], policy["version"]);
    admin
        .send(&put(&policy))
        .is_problem(412, "version_mismatch");

    let mut wrong = written.clone();
    wrong["session_timeout_s"] = json!(5);
    let problem = admin.send(&put(&wrong)).is_problem(422, "invalid_policy");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("session_timeout_s"),
        "{problem}"
    );
    wrong["session_timeout_s"] = json!("long");
    let problem = admin.send(&put(&wrong)).is_problem(400, "invalid_request");
    assert_eq!(problem["errors"][0]["pointer"], "/session_timeout_s");
    wrong = written.clone();
    wrong["auto_allocation"][0]["place"] = json!("moon");
    let problem = admin.send(&put(&wrong)).is_problem(400, "invalid_request");
    assert_eq!(problem["errors"][0]["pointer"], "/auto_allocation/0/place");
    assert_eq!(admin.get("/v1/policy").is(200), written);
}

#[test]
fn only_trusted_issuers_licenses_are_taken_l3() {
    let world = World::new();
    let mut admin = world.admin();
    let file = world.file(&license("floating", "esm", 3));
    let kid = world.vendor().key.kid().to_owned();
    let issuers = admin.list("/v1/issuers");
    assert_eq!(
        (issuers.len(), &issuers[0]["name"]),
        (1, &json!("Northwind Software"))
    );
    admin.delete(&format!("/v1/issuers/{kid}")).is(200);
    admin
        .delete(&format!("/v1/issuers/{kid}"))
        .is_problem(404, "unknown_issuer");
    world.import(&file).is_problem(422, "unknown_key");

    let public: Value = serde_json::from_str(&world.vendor().public().to_text()).unwrap();
    let trusted = admin.post("/v1/issuers", &public);
    assert_eq!(trusted.is(201)["kid"], kid.as_str());
    world.import(&file).is(200);
}

#[test]
fn what_is_no_public_key_is_not_trusted() {
    let world = World::new();
    let mut admin = world.admin();
    let public: Value = serde_json::from_str(&world.vendor().public().to_text()).unwrap();
    let private: Value = serde_json::from_str(&PrivateKeyFile::to_text(world.vendor())).unwrap();
    let before = world.changes();
    admin
        .post("/v1/issuers", &private)
        .is_problem(400, "invalid_request");
    for (field, value) in [
        ("x", json!("AAAA")),
        ("crv", json!("P-256")),
        ("kid", json!("other")),
        ("name", json!("")),
    ] {
        let mut wrong = public.clone();
        wrong[field] = value;
        let problem = admin
            .post("/v1/issuers", &wrong)
            .is_problem(400, "invalid_request");
        assert!(!problem["detail"].as_str().unwrap().is_empty(), "{problem}");
    }
    assert_eq!(world.changes(), before);
}

#[test]
fn a_token_shows_its_secret_once() {
    let world = World::new();
    let mut admin = world.admin();
    let made = admin.post(
        "/v1/tokens",
        &json!({"name": "till 7", "role": "application"}),
    );
    let token = made.is(201);
    let secret = token["token"].as_str().unwrap();
    let me = world.bearer(secret).get("/v1/me").is(200);
    assert_eq!(
        (&me["name"], &me["role"]),
        (&json!("till 7"), &json!("application"))
    );
    assert_eq!(me["permissions"], json!(["use_access"]));
    assert!(me["installation"].is_string());
    let listed = admin.list("/v1/tokens");
    let listed = listed
        .iter()
        .find(|item| item["id"] == token["id"])
        .unwrap();
    assert_eq!(listed.get("token"), None);
    for wrong in [
        json!({"name": "", "role": "auditor"}),
        json!({"name": "x", "role": "root"}),
        json!({"name": "x", "role": "auditor", "expires_at": "2020-01-01T00:00:00Z"}),
        json!({"name": "x", "role": "auditor", "expires_at": "soon"}),
    ] {
        admin
            .post("/v1/tokens", &wrong)
            .is_problem(400, "invalid_request");
    }
    world
        .caller(Role::Manager)
        .get("/v1/tokens")
        .is_problem(403, "forbidden");
}
