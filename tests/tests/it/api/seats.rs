use serde_json::{Value, json};

use super::World;
use super::world::license;
use crate::support::Call;

fn codes(answer: &Value) -> Vec<&str> {
    answer["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| result["code"].as_str().unwrap())
        .collect()
}

#[test]
fn a_grant_says_per_user_what_happened_s2_s7() {
    let world = World::with(&license("dedicated", "esm", 2));
    world.users(&["anna", "ben", "carl"]);
    let mut admin = world.admin();
    let request = json!({"users": ["anna", "ben", "carl", "nobody"], "products": ["esm"]});
    let before = world.changes();
    let dry = admin.post("/v1/grant?dry_run=true", &request).is(200);
    assert_eq!(world.changes(), before);
    let done = admin.post("/v1/grant", &request).is(200);
    assert_eq!(
        codes(&done),
        ["granted", "granted", "no_free_seat", "unknown_user"]
    );
    assert_eq!(codes(&dry), codes(&done));
    assert_eq!(
        done["counts"],
        json!({"granted": 2, "no_free_seat": 1, "unknown_user": 1})
    );
    assert_eq!(done["results"][0]["serial"], "DEDICATED-esm");
    assert_eq!(done["results"][3]["username"], "nobody");
    assert_eq!(
        codes(&admin.post("/v1/grant", &request).is(200))[..2],
        ["already_held", "already_held"]
    );
}

#[test]
fn a_recall_takes_seats_now_or_at_sign_out_s4() {
    let world = World::with(&license("dedicated", "esm", 2));
    let ids = world.users(&["anna", "ben"]);
    let mut admin = world.admin();
    admin
        .post("/v1/grant", &json!({"users": ids, "products": ["esm"]}))
        .is(200);
    let session = admin
        .post("/v1/sessions", &json!({"user": "anna", "product": "esm"}))
        .is(201);
    let request = json!({"users": ["anna", "ben"], "products": ["esm"]});
    let recalled = admin.post("/v1/recall", &request).is(200);
    assert_eq!(codes(&recalled), ["releasing", "released"]);

    let license = world.license_id("DEDICATED-esm");
    let holders = admin.list(&format!("/v1/licenses/{license}/seats"));
    assert!(holders[0]["releasing_since"].is_string(), "{holders:?}");
    let cancel = format!("/v1/licenses/{license}/cancel-release");
    assert_eq!(
        admin.post(&cancel, &json!({"user": "anna"})).is(200)["cancelled"],
        true
    );
    assert_eq!(
        admin.post(&cancel, &json!({"user": "anna"})).is(200)["cancelled"],
        false
    );

    let now = json!({"users": ["anna"], "licenses": [license], "now": true});
    assert_eq!(codes(&admin.post("/v1/recall", &now).is(200)), ["released"]);
    let beat = format!("/v1/sessions/{}/heartbeat", session["id"].as_str().unwrap());
    admin
        .send(&Call::new("POST", beat))
        .is_problem(410, "seat_recalled");
    assert_eq!(codes(&admin.post("/v1/recall", &now).is(200)), ["not_held"]);
}

#[test]
fn one_source_of_an_assignment_is_taken_away_s11() {
    let world = World::with(&license("dedicated", "esm", 2));
    let mut admin = world.admin();
    admin
        .post("/v1/sessions", &json!({"user": "anna", "product": "esm"}))
        .is(201);
    admin
        .post(
            "/v1/grant",
            &json!({"users": ["anna"], "products": ["esm"]}),
        )
        .is(200);
    let request = json!({"users": ["anna"], "products": ["esm"], "source": "sign_in"});
    let recalled = admin.post("/v1/recall", &request).is(200);
    assert_eq!(codes(&recalled), ["still_held"]);
    assert_eq!(recalled["results"][0]["left"], json!(["hand"]));
}

#[test]
fn a_license_is_assigned_to_all_to_those_missing_and_cleared_s7_s10() {
    let other = license("dedicated", "esm", 5).replace("DEDICATED-esm", "OTHER");
    let world = World::with(&(license("dedicated", "esm", 5) + &other));
    world.users(&["anna", "ben", "carl"]);
    let mut admin = world.admin();
    let path =
        |serial: &str, what: &str| format!("/v1/licenses/{}/{what}", world.license_id(serial));
    admin
        .post(
            "/v1/grant",
            &json!({"users": ["anna"], "licenses": [world.license_id("OTHER")]}),
        )
        .is(200);

    let missing = admin
        .post(&path("DEDICATED-esm", "assign-missing"), &json!({}))
        .is(200);
    assert_eq!(missing["counts"], json!({"granted": 2}));
    let all = admin
        .post(
            &path("DEDICATED-esm", "assign-all"),
            &json!({"everyone": {"active": true}}),
        )
        .is(200);
    assert_eq!(all["counts"], json!({"granted": 1, "already_held": 2}));

    let some = json!({"everyone": {"q": "ben"}});
    let cleared = admin
        .post(&path("DEDICATED-esm", "clear-all"), &some)
        .is(200);
    assert_eq!(cleared["counts"]["released"], 1);
    let before = world.changes();
    let dry = format!("{}?dry_run=true", path("DEDICATED-esm", "clear-all"));
    assert_eq!(
        admin.post(&dry, &json!({})).is(200)["counts"]["released"],
        2
    );
    assert_eq!(world.changes(), before);
    admin
        .post(&path("DEDICATED-esm", "clear-all"), &json!({"now": true}))
        .is(200);
    assert!(admin.list(&path("DEDICATED-esm", "seats")).is_empty());
    assert_eq!(admin.list(&path("OTHER", "seats")).len(), 1);
}

#[test]
fn seats_move_to_folders_p1_p2() {
    let world = World::with(&license("dedicated", "esm", 5));
    world.users(&["anna"]);
    let mut admin = world.admin();
    admin
        .post("/v1/folders", &json!({"path": "/Sales"}))
        .is(201);
    admin
        .post(
            "/v1/grant",
            &json!({"users": ["anna"], "products": ["esm"]}),
        )
        .is(200);
    let id = world.license_id("DEDICATED-esm");
    let path = format!("/v1/licenses/{id}/move");
    admin
        .post(&path, &json!({"from": "/", "to": "/Sales", "count": 3}))
        .is(204);
    admin
        .post(&path, &json!({"user": "anna", "to": "/Sales"}))
        .is(204);
    let pools = admin.get(&format!("/v1/licenses/{id}")).is(200)["pools"].clone();
    let pool = |at: usize| {
        (
            pools[at]["path"].clone(),
            pools[at]["size"].clone(),
            pools[at]["occupied"].clone(),
        )
    };
    assert_eq!(pool(0), (json!("/"), json!(1), json!(0)));
    assert_eq!(pool(1), (json!("/Sales"), json!(4), json!(1)));
    admin
        .post(&path, &json!({"from": "/", "to": "/Sales", "count": 3}))
        .is_problem(409, "not_enough_free_seats");
    admin
        .post(&path, &json!({"from": "/", "to": "/Sales", "count": 0}))
        .is_problem(400, "nothing_to_move");
    admin
        .post(&path, &json!({"from": "/", "to": "/Nowhere", "count": 1}))
        .is_problem(404, "unknown_folder");
    admin
        .post(&path, &json!({"to": "/Sales"}))
        .is_problem(400, "invalid_request");
}

#[test]
fn much_work_is_a_job_that_can_be_watched_s7() {
    let world = World::with(&license("dedicated", "esm", 5));
    world.users(&["anna", "ben"]);
    let mut admin = world.admin();
    let request = json!({"everyone": {}, "products": ["esm"]});
    let started = admin.post("/v1/grant?async=true", &request);
    let job = world.finished(&started);
    let location = started.header("location").unwrap();
    assert_eq!(
        location,
        format!("/v1/jobs/{}", job["id"].as_str().unwrap())
    );
    assert_eq!(
        (&job["state"], &job["kind"]),
        (&json!("done"), &json!("grant"))
    );
    assert_eq!((&job["done"], &job["total"]), (&json!(2), &json!(2)));
    assert_eq!(job["counts"], json!({"granted": 2}));
    assert!(job["ended_at"].is_string());
    assert_eq!(admin.delete(location).is(200)["state"], "done");
    let nowhere = "/v1/jobs/019aab12-3c4d-7000-8000-00000000002a";
    admin.get(nowhere).is_problem(404, "unknown_job");
    admin.delete(nowhere).is_problem(404, "unknown_job");
}

#[test]
fn a_person_s_seats_and_sessions_are_seen_together_r6_s12() {
    let world = World::with(&(license("dedicated", "esm", 5) + &license("floating", "crm", 5)));
    let ids = world.users(&["anna", "anna.admin"]);
    let mut admin = world.admin();
    admin
        .post(
            "/v1/grant",
            &json!({"users": ["anna"], "products": ["esm"]}),
        )
        .is(200);
    admin
        .post(
            "/v1/sessions",
            &json!({"user": "anna.admin", "product": "crm"}),
        )
        .is(201);
    let link = format!("/v1/users/{}/link", ids[1]);
    admin.post(&link, &json!({"with": "anna"})).is(204);
    admin
        .post(&link, &json!({"with": "anna"}))
        .is_problem(409, "already_linked");
    let seats = admin.get(&format!("/v1/users/{}/seats", ids[0])).is(200);
    assert_eq!(seats["seats"][0]["serial"], "DEDICATED-esm");
    assert_eq!(seats["seats"][0]["sources"], json!(["hand"]));
    assert_eq!(seats["sessions"][0]["username"], "anna.admin");
    let unlink = Call::new("POST", format!("/v1/users/{}/unlink", ids[1]));
    admin.send(&unlink).is(204);
    admin.send(&unlink).is_problem(409, "not_linked");
}
