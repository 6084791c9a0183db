use domain::Role;
use serde_json::json;

use super::World;
use super::world::license;

#[test]
fn health_is_told_apart_from_readiness() {
    let world = World::new();
    let mut anybody = world.anybody();
    for path in ["/healthz", "/readyz"] {
        let health = anybody.get(path).is(200);
        assert_eq!(
            (&health["status"], health["version"].is_string()),
            (&json!("ok"), true)
        );
    }
}

#[test]
fn numbers_name_routes_and_codes_and_nobody() {
    let world = World::with(&license("floating", "esm", 1));
    let mut application = world.caller(Role::Application);
    application
        .post("/v1/sessions", &json!({"user": "anna", "product": "esm"}))
        .is(201);
    application
        .post("/v1/sessions", &json!({"user": "ben", "product": "esm"}))
        .is_problem(403, "no_free_seat");
    let answer = world.caller(Role::Auditor).get("/metrics");
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .header("content-type")
            .unwrap()
            .starts_with("text/plain; version=0.0.4")
    );
    let text = answer.text();
    for line in [
        "seatkeeper_sign_ins_total{result=\"granted\",code=\"floating\"} 1",
        "seatkeeper_sign_ins_total{result=\"denied\",code=\"no_free_seat\"} 1",
        "seatkeeper_http_requests_total{route=\"/v1/sessions\",method=\"POST\",status=\"201\"} 1",
        "seatkeeper_http_requests_total{route=\"/v1/sessions\",method=\"POST\",status=\"403\"} 1",
        "seatkeeper_ready 1",
    ] {
        assert!(
            text.lines().any(|found| found == line),
            "{line} is not in\n{text}"
        );
    }
    assert!(!text.contains("anna"), "{text}");
}

#[test]
fn the_docs_bring_nothing_from_elsewhere_and_run_nothing() {
    let world = World::new();
    let mut anybody = world.anybody();
    let page = anybody.get("/docs");
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'self'"),
        "{policy}"
    );
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(page.header("x-frame-options"), Some("DENY"));
    let text = page.text();
    for foreign in [
        "<script",
        "style=\"",
        "onclick",
        "src=\"http",
        "href=\"http",
    ] {
        assert!(!text.contains(foreign), "the page has {foreign}");
    }
    let style = anybody.get("/docs/style.css");
    assert_eq!(
        style.header("content-type"),
        Some("text/css; charset=utf-8")
    );
    assert!(!style.text().contains("http"));
}

#[test]
fn every_operation_and_schema_is_on_the_page() {
    let world = World::new();
    let mut anybody = world.anybody();
    let document = anybody.get("/openapi.json").is(200);
    let page = anybody.get("/docs").text();
    for methods in document["paths"].as_object().unwrap().values() {
        for operation in methods.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(
                page.contains(&format!("<article id=\"{id}\">")),
                "{id} is not on the page"
            );
        }
    }
    for name in document["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
    {
        assert!(
            page.contains(&format!("id=\"schema-{name}\"")),
            "{name} is not on the page"
        );
    }
    for link in page.split("href=\"#").skip(1) {
        let target = link.split('"').next().unwrap();
        assert!(
            page.contains(&format!("id=\"{target}\"")),
            "#{target} leads nowhere"
        );
    }
}
