use serde_json::{Value, json};

use super::World;
use super::world::{DAY_MS, license};
use crate::support::Call;

fn serials(items: &[Value]) -> Vec<&str> {
    items
        .iter()
        .map(|item| item["serial"].as_str().unwrap())
        .collect()
}

fn three() -> String {
    license("floating", "esm", 3) + &license("dedicated", "crm", 5) + &license("site", "wiki", 0)
}

#[test]
fn licenses_are_listed_filtered_sorted_and_paged() {
    let world = World::with(&three());
    let mut admin = world.admin();
    assert_eq!(
        serials(&admin.list("/v1/licenses")),
        ["DEDICATED-crm", "FLOATING-esm", "SITE-wiki"]
    );
    assert_eq!(
        serials(&admin.list("/v1/licenses?sort=-serial")),
        ["SITE-wiki", "FLOATING-esm", "DEDICATED-crm"]
    );
    // What stands in no folder comes last.
    assert_eq!(
        serials(&admin.list("/v1/licenses?sort=-folder")),
        ["SITE-wiki", "FLOATING-esm", "DEDICATED-crm"]
    );
    assert_eq!(
        serials(&admin.list("/v1/licenses?model=site")),
        ["SITE-wiki"]
    );
    assert_eq!(
        serials(&admin.list("/v1/licenses?product=CRM")),
        ["DEDICATED-crm"]
    );
    assert_eq!(
        serials(&admin.list("/v1/licenses?q=Suite&state=active")).len(),
        3
    );
    assert!(admin.list("/v1/licenses?state=expired").is_empty());
    let first = admin.get("/v1/licenses?limit=2").is(200);
    assert_eq!(
        (
            first["total"].as_u64(),
            first["items"].as_array().unwrap().len()
        ),
        (Some(3), 2)
    );
    let after = first["next"].as_str().unwrap();
    let second = admin
        .get(&format!("/v1/licenses?limit=2&after={after}"))
        .is(200);
    assert_eq!(
        (
            serials(second["items"].as_array().unwrap()),
            &second["next"]
        ),
        (vec!["SITE-wiki"], &Value::Null)
    );
}

#[test]
fn a_license_shows_its_terms_and_exact_counts_r4() {
    let world = World::with(&license("floating", "esm", 3));
    let mut admin = world.admin();
    admin
        .post("/v1/sessions", &json!({"user": "anna", "product": "esm"}))
        .is(201);
    let id = world.license_id("FLOATING-esm");
    let answer = admin.get(&format!("/v1/licenses/{id}"));
    let shown = answer.is(200);
    assert_eq!(
        answer.header("etag"),
        Some(format!("\"{}\"", shown["version"]).as_str())
    );
    for (field, value) in [
        ("product", json!("esm")),
        ("model", json!("floating")),
        ("seats", json!(3)),
        ("occupied", json!(1)),
        ("free", json!(2)),
        ("state", json!("active")),
        ("usable", json!(true)),
        ("starts_at", json!("2026-01-01T00:00:00Z")),
        ("issuer", json!("Northwind Software")),
        ("counted_by", json!("user")),
    ] {
        assert_eq!(shown[field], value, "{field}: {shown}");
    }
    assert_eq!(shown["pools"][0]["path"], "/");
    // The session lapses without a heartbeat, and counts show it at once (H2).
    world.pass(3_600_000);
    assert_eq!(
        admin.get(&format!("/v1/licenses/{id}")).is(200)["occupied"],
        0
    );
    admin
        .get("/v1/licenses/019aab12-3c4d-7000-8000-00000000002a")
        .is_problem(404, "unknown_license");
}

#[test]
fn the_way_seats_are_given_is_changed_on_the_version_that_was_seen_s9() {
    let world = World::with(&license("dedicated", "esm", 3));
    let mut admin = world.admin();
    let path = format!("/v1/licenses/{}", world.license_id("DEDICATED-esm"));
    let tag = admin.get(&path).header("etag").unwrap().to_owned();
    let patch = Call::new("PATCH", &path)
        .json(&json!({"auto_assign": "off"}))
        .header("if-match", tag);
    let changed = admin.send(&patch);
    assert_eq!(changed.is(200)["auto_assign"], "off");
    assert_eq!(
        changed.header("etag"),
        Some(format!("\"{}\"", changed.json()["version"]).as_str())
    );
    admin.send(&patch).is_problem(412, "version_mismatch");
    let null = Call::new("PATCH", &path).json(&json!({"auto_assign": null}));
    admin.send(&null).is_problem(400, "invalid_request");
}

#[test]
fn a_removal_says_first_who_would_lose_and_then_does_it_l7_l9_s13() {
    let world = World::with(&license("dedicated", "esm", 3));
    world.users(&["anna"]);
    let mut admin = world.admin();
    admin
        .post(
            "/v1/grant",
            &json!({"users": ["anna"], "products": ["esm"]}),
        )
        .is(200);
    let id = world.license_id("DEDICATED-esm");
    let path = format!("/v1/licenses/{id}");
    let before = world.changes();
    let seen = admin.delete(&format!("{path}?dry_run=true")).is(200);
    assert_eq!(seen["removed"], json!([id]));
    assert_eq!(seen["displaced"][0]["username"], "anna");
    assert_eq!(seen["displaced"][0]["fate"], "unbacked");
    assert_eq!(world.changes(), before);
    let done = admin.delete(&path).is(200);
    assert_eq!(done, seen);
    assert_eq!(admin.get(&path).is(200)["state"], "removed");
    assert!(admin.list("/v1/licenses").is_empty());
    assert_eq!(admin.list("/v1/licenses?removed=true").len(), 1);
}

#[test]
fn what_may_be_removed_only_once_expired_stays_l6() {
    let world = World::with(&(license("floating", "esm", 3) + "removable = \"after_expiry\"\n"));
    let mut admin = world.admin();
    let path = format!("/v1/licenses/{}", world.license_id("FLOATING-esm"));
    admin.delete(&path).is_problem(409, "not_removable");
    assert_eq!(
        admin
            .send(&Call::new("POST", "/v1/licenses/remove-expired"))
            .is(200)["removed"],
        json!([])
    );
    world.pass(700 * DAY_MS);
    let removed = admin
        .send(&Call::new("POST", "/v1/licenses/remove-expired"))
        .is(200);
    assert_eq!(removed["removed"].as_array().unwrap().len(), 1);
}

#[test]
fn everything_goes_only_with_the_sentence_typed_l7() {
    let world = World::with(&three());
    let mut admin = world.admin();
    admin
        .post("/v1/sessions", &json!({"user": "anna", "product": "esm"}))
        .is(201);
    let path = "/v1/licenses/delete-all";
    let problem = admin
        .post(path, &json!({"confirmation": "yes"}))
        .is_problem(422, "confirmation_mismatch");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("delete all licenses"),
        "{problem}"
    );
    assert_eq!(admin.list("/v1/licenses").len(), 3);
    let gone = admin
        .post(path, &json!({"confirmation": "delete all licenses"}))
        .is(200);
    assert_eq!(
        (&gone["licenses"], &gone["sessions"]),
        (&json!(3), &json!(1))
    );
    assert!(admin.list("/v1/licenses").is_empty());
    assert!(admin.list("/v1/sessions").is_empty());
}

#[test]
fn an_agreement_is_accepted_by_name_l8() {
    let table = license("floating", "esm", 3) + "agreement = \"Be kind.\"\n";
    let world = World::with(&table);
    let mut admin = world.admin();
    let path = format!("/v1/licenses/{}", world.license_id("FLOATING-esm"));
    let waiting = admin.get(&path).is(200);
    assert_eq!(
        (&waiting["state"], &waiting["agreement"]["text"]),
        (&json!("awaiting_agreement"), &json!("Be kind."))
    );
    assert_eq!(admin.list("/v1/licenses")[0]["agreement"].get("text"), None);
    admin
        .send(&Call::new("POST", format!("{path}/accept-agreement")))
        .is(204);
    let accepted = admin.get(&path).is(200);
    assert_eq!(
        (&accepted["state"], &accepted["agreement"]["accepted_by"]),
        (&json!("active"), &json!("administrator"))
    );
    let other = World::with(&license("floating", "esm", 3));
    let path = format!(
        "/v1/licenses/{}/accept-agreement",
        other.license_id("FLOATING-esm")
    );
    other
        .admin()
        .send(&Call::new("POST", path))
        .is_problem(409, "no_agreement");
}

#[test]
fn a_replacement_carries_everyone_over_or_refuses_l10() {
    let world = World::with(&license("dedicated", "esm", 3));
    world.users(&["anna", "ben"]);
    let mut admin = world.admin();
    admin
        .post("/v1/grant", &json!({"everyone": {}, "products": ["esm"]}))
        .is(200);
    let small = license("dedicated", "esm", 1).replace("DEDICATED-esm", "SMALL");
    let large = license("dedicated", "esm", 9).replace("DEDICATED-esm", "LARGE");
    world.import(&world.file(&(small + &large))).is(200);
    let path = format!("/v1/licenses/{}/replace", world.license_id("DEDICATED-esm"));
    let with = |serial: &str| json!({"with": world.license_id(serial)});
    let before = world.changes();
    admin
        .post(&path, &with("SMALL"))
        .is_problem(409, "too_few_seats");
    admin
        .post(&format!("{path}?dry_run=true"), &with("LARGE"))
        .is(200);
    assert_eq!(world.changes(), before);
    let replaced = admin.post(&path, &with("LARGE")).is(200);
    assert_eq!(replaced["moved"], 2);
    let new = format!("/v1/licenses/{}/seats", world.license_id("LARGE"));
    assert_eq!(admin.list(&new).len(), 2);

    let id = replaced["replacement"].as_str().unwrap();
    let listed = admin.list("/v1/replacements");
    assert_eq!(
        (&listed[0]["id"], &listed[0]["moved"]),
        (&json!(id), &json!(2))
    );
    let undo = format!("/v1/replacements/{id}/undo");
    let preview = admin
        .post(&format!("{undo}?dry_run=true"), &json!({}))
        .is(200);
    assert_eq!(preview["restored"], 2);
    assert_eq!(admin.list(&new).len(), 2);
    assert_eq!(admin.post(&undo, &json!({})).is(200), preview);
    assert!(admin.list(&new).is_empty());
    admin
        .post(&undo, &json!({}))
        .is_problem(409, "already_undone");
}

#[test]
fn several_licenses_are_replaced_by_several_l10() {
    let world = World::with(&license("dedicated", "esm", 2));
    world.users(&["anna", "boris"]);
    let mut admin = world.admin();
    admin
        .post("/v1/grant", &json!({"everyone": {}, "products": ["esm"]}))
        .is(200);
    let with = |serial: &str, seats: u32| {
        license("dedicated", "esm", seats).replace("DEDICATED-esm", serial)
    };
    let file = with("A-2", 1) + &with("B-2", 1) + &with("C-2", 1);
    world.import(&world.file(&file)).is(200);
    let id = |serial: &str| world.license_id(serial);
    let few = json!({"old": [id("DEDICATED-esm")], "with": [id("A-2")]});
    let refused = admin.post("/v1/licenses/replace", &few);
    let problem = refused.is_problem(409, "too_few_seats");
    assert_eq!(problem["errors"][0]["code"], "left_out");
    let enough = json!({"old": [id("DEDICATED-esm")], "with": [id("A-2"), id("B-2")]});
    let replaced = admin.post("/v1/licenses/replace", &enough).is(200);
    let fates: Vec<_> = replaced["holders"].as_array().unwrap().iter().collect();
    assert_eq!(fates.len(), 2);
    assert_eq!(fates[1]["to"], json!(id("B-2")));
    let nothing = json!({"with": [id("C-2")]});
    admin
        .post("/v1/licenses/replace", &nothing)
        .is_problem(409, "nothing_to_replace");
}

#[test]
fn a_license_shows_its_seats_and_a_product_those_in_force_r4() {
    let scheduled = license("floating", "esm", 7)
        .replace("FLOATING-esm", "LATER")
        .replace("starts_at = \"2026", "starts_at = \"2027");
    let world = World::with(&(license("floating", "esm", 3) + &scheduled));
    let mut admin = world.admin();
    let of = |serial: &str| format!("/v1/licenses/{}", world.license_id(serial));
    let later = admin.get(&of("LATER")).is(200);
    assert_eq!(
        (&later["seats"], &later["free"], &later["usable"]),
        (&json!(7), &json!(7), &json!(false))
    );
    let esm = admin.get("/v1/products/esm").is(200);
    assert_eq!((&esm["owned"], &esm["free"]), (&json!(3), &json!(3)));
}

#[test]
fn products_show_exact_counts_r4() {
    let world = World::with(&three());
    world.users(&["anna"]);
    let mut admin = world.admin();
    admin
        .post(
            "/v1/grant",
            &json!({"users": ["anna"], "products": ["crm"]}),
        )
        .is(200);
    admin
        .post("/v1/sessions", &json!({"user": "anna", "product": "esm"}))
        .is(201);
    let crm = admin.get("/v1/products/CRM").is(200);
    assert_eq!(
        (&crm["owned"], &crm["assigned"], &crm["free"]),
        (&json!(5), &json!(1), &json!(4))
    );
    let esm = admin.get("/v1/products/esm").is(200);
    assert_eq!(
        (&esm["in_use"], &esm["free"], &esm["over_allocated"]),
        (&json!(1), &json!(2), &json!(false))
    );
    assert_eq!(admin.get("/v1/products/wiki").is(200)["site"], true);
    assert_eq!(admin.get("/v1/products?q=crm").is(200)["total"], 1);
    admin
        .get("/v1/products/nothing")
        .is_problem(404, "unknown_product");
    admin
        .get("/v1/products/a%20b")
        .is_problem(400, "invalid_request");
}
