use serde_json::{Value, json};

use super::World;
use super::world::license;
use crate::support::{Call, until};

fn names(items: &[Value]) -> Vec<&str> {
    items
        .iter()
        .map(|item| item["username"].as_str().unwrap())
        .collect()
}

#[test]
fn a_user_is_made_with_its_folder_and_found() {
    let world = World::new();
    let mut admin = world.admin();
    let body = json!({"username": "Anna", "name": "Anna Berg", "email": "anna@example.org", "folder": "/Sales/EMEA"});
    let made = admin.post("/v1/users", &body);
    let user = made.is(201);
    assert_eq!(
        (&user["path"], &user["active"]),
        (&json!("/Sales/EMEA"), &json!(true))
    );
    let path = format!("/v1/users/{}", user["id"].as_str().unwrap());
    assert_eq!(made.header("location"), Some(path.as_str()));
    assert_eq!(
        made.header("etag"),
        Some(format!("\"{}\"", user["version"]).as_str())
    );
    assert_eq!(admin.get(&path).is(200), user);
    assert_eq!(names(&admin.list("/v1/users?username=ANNA")), ["Anna"]);
    assert!(admin.list("/v1/users?username=ann").is_empty());
    admin
        .get("/v1/users/019aab12-3c4d-7000-8000-00000000002a")
        .is_problem(404, "unknown_user");
}

#[test]
fn users_are_listed_filtered_and_paged() {
    let world = World::with(&license("dedicated", "esm", 5));
    let mut admin = world.admin();
    for (name, folder, active) in [
        ("anna", "/Sales/EMEA", true),
        ("ben", "/Sales", true),
        ("carl", "/", false),
        ("dora", "/", true),
    ] {
        admin
            .post(
                "/v1/users",
                &json!({"username": name, "folder": folder, "active": active}),
            )
            .is(201);
    }
    admin
        .post(
            "/v1/grant",
            &json!({"users": ["anna"], "products": ["esm"]}),
        )
        .is(200);
    let mut list = |query: &str| names(&admin.list(&format!("/v1/users?{query}"))).join(" ");
    assert_eq!(list("q=a"), "anna carl dora");
    assert_eq!(list("folder=/Sales"), "ben");
    assert_eq!(list("folder=/Sales&below=true"), "anna ben");
    assert_eq!(list("active=false"), "carl");
    assert_eq!(list("product=esm"), "anna");
    assert_eq!(list("unlicensed=esm"), "ben carl dora");
    let page = admin.get("/v1/users?limit=3").is(200);
    assert_eq!(
        names(page["items"].as_array().unwrap()),
        ["anna", "ben", "carl"]
    );
    let next = format!("/v1/users?limit=3&after={}", page["next"].as_str().unwrap());
    assert_eq!(
        names(admin.get(&next).is(200)["items"].as_array().unwrap()),
        ["dora"]
    );
}

#[test]
fn users_are_listed_by_their_last_sign_in_which_is_written_down_soon() {
    let world = World::with(&license("floating", "esm", 5));
    world.users(&["anna", "ben", "carl"]);
    let mut admin = world.admin();
    for user in ["carl", "anna"] {
        world.pass(1_000);
        let asked = json!({"user": user, "product": "esm"});
        admin.post("/v1/sessions", &asked).is(201);
    }
    let latest = "/v1/users?sort=-last_active";
    let found = until("both sign-ins to be written down", || {
        let found = admin.list(latest);
        let known = found
            .iter()
            .filter(|user| user.get("last_active").is_some());
        (known.count() == 2).then_some(found)
    });
    assert_eq!(names(&found), ["anna", "carl", "ben"]);
    let path = format!("/v1/users/{}", found[0]["id"].as_str().unwrap());
    assert_eq!(admin.get(&path).is(200), found[0]);
    let longest = admin.get("/v1/users?sort=last_active&limit=2").is(200);
    assert_eq!(names(longest["items"].as_array().unwrap()), ["ben", "carl"]);
    let next = longest["next"].as_str().unwrap();
    let next = format!("/v1/users?sort=last_active&limit=2&after={next}");
    let rest = admin.get(&next).is(200);
    assert_eq!(names(rest["items"].as_array().unwrap()), ["anna"]);
}

#[test]
fn a_change_names_the_version_it_means() {
    let world = World::new();
    let id = world.users(&["anna"]).remove(0);
    let path = format!("/v1/users/{id}");
    let mut admin = world.admin();
    let patch = |body: Value, tag: &str| {
        Call::new("PATCH", &path)
            .json(&body)
            .header("if-match", tag)
    };
    let changed = admin.send(&patch(
        json!({"name": "Anna Berg", "email": "a@b"}),
        "\"1\"",
    ));
    assert_eq!(changed.is(200)["name"], "Anna Berg");
    let problem = admin
        .send(&patch(json!({"name": "Other"}), "\"1\""))
        .is_problem(412, "version_mismatch");
    assert!(
        problem["detail"].as_str().unwrap().contains("version 1"),
        "{problem}"
    );
    admin
        .send(&patch(json!({"name": "Other"}), "1"))
        .is_problem(400, "invalid_request");
    let emptied = admin.send(&patch(json!({"email": null}), "*")).is(200);
    assert_eq!(
        (&emptied["name"], emptied.get("email")),
        (&json!("Anna Berg"), None)
    );
    admin
        .send(&patch(json!({"username": null}), "*"))
        .is_problem(400, "invalid_request");
}

#[test]
fn deactivating_and_deleting_end_sessions_and_free_seats_s8() {
    let world = World::with(&license("dedicated", "esm", 1));
    let ids = world.users(&["anna", "ben"]);
    let mut admin = world.admin();
    let mut work = |name: &str| {
        let body = json!({"user": name, "product": "esm"});
        let id = admin.post("/v1/sessions", &body).is(201)["id"]
            .as_str()
            .unwrap()
            .to_owned();
        Call::new("POST", format!("/v1/sessions/{id}/heartbeat"))
    };
    let beat = work("anna");
    let off = Call::new("PATCH", format!("/v1/users/{}", ids[0])).json(&json!({"active": false}));
    world.admin().send(&off).is(200);
    world
        .admin()
        .send(&beat)
        .is_problem(410, "user_deactivated");
    let beat = work("ben");
    world
        .admin()
        .delete(&format!("/v1/users/{}", ids[1]))
        .is(204);
    world.admin().send(&beat).is_problem(410, "user_deleted");
    world
        .admin()
        .delete(&format!("/v1/users/{}", ids[1]))
        .is_problem(404, "unknown_user");
    let denied = world
        .admin()
        .post("/v1/sessions", &json!({"user": "anna", "product": "esm"}));
    denied.is_problem(403, "user_inactive");
}

#[test]
fn a_repeated_creation_with_its_key_makes_one_user() {
    let world = World::new();
    let mut admin = world.admin();
    let call = Call::post("/v1/users", &json!({"username": "anna"})).key("k1");
    let first = admin.send(&call).is(201);
    assert_eq!(admin.send(&call).is(201)["id"], first["id"]);
    let other = Call::post("/v1/users", &json!({"username": "ben"})).key("k1");
    admin.send(&other).is_problem(422, "idempotency_mismatch");
    assert_eq!(names(&admin.list("/v1/users")), ["anna"]);
}
