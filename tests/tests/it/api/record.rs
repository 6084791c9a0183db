use domain::Role;
use serde_json::json;

use super::World;
use super::world::license;

#[test]
fn every_change_is_in_the_record_with_who_and_what_r3() {
    let world = World::with(&license("dedicated", "esm", 3));
    let id = world.users(&["anna"]).remove(0);
    let mut admin = world.admin();
    admin
        .post(
            "/v1/grant",
            &json!({"users": ["anna"], "products": ["esm"]}),
        )
        .is(200);
    let mut auditor = world.caller(Role::Auditor);
    let kinds = |items: &[serde_json::Value]| -> Vec<String> {
        items
            .iter()
            .map(|item| item["kind"].as_str().unwrap().to_owned())
            .collect()
    };
    let about = auditor.list(&format!("/v1/events?user={id}"));
    assert_eq!(kinds(&about), ["seat.assigned", "user.created"]);
    assert_eq!(about[1]["actor"], "administrator");
    assert_eq!(about[1]["at"], "2026-06-01T00:00:00Z");
    assert_eq!(about[1]["after"]["username"], "anna");
    assert!(about[0]["seq"].as_i64() > about[1]["seq"].as_i64());
    assert_eq!(
        auditor
            .list("/v1/events?kind=license.added&product=esm")
            .len(),
        1
    );
    assert!(auditor.list("/v1/events?actor=nobody").is_empty());
    assert!(
        auditor
            .list("/v1/events?until=2026-06-01T00:00:00Z")
            .is_empty()
    );
    let first = auditor.get("/v1/events?limit=1").is(200);
    let next = format!(
        "/v1/events?limit=1&after={}",
        first["next"].as_str().unwrap()
    );
    assert_ne!(auditor.get(&next).is(200)["items"], first["items"]);
    assert!(
        auditor
            .list("/v1/events?user=019aab12-3c4d-7000-8000-00000000002a")
            .is_empty()
    );
}

#[test]
fn the_record_is_found_whole_r3() {
    let world = World::with(&license("dedicated", "esm", 3));
    world.users(&["anna", "ben"]);
    let report = world.caller(Role::Auditor).get("/v1/audit/verify").is(200);
    assert_eq!(report["ok"], true);
    let count = |field: &str| report[field].as_u64().unwrap();
    assert!(count("events") > 0);
    assert_eq!(count("sealed") + count("unsealed"), count("events"));
}
