//! Many users moved, deactivated and activated at once (P4, S8), and jobs that are undone (S7).

use serde_json::{Value, json};

use super::World;
use super::world::license;
use crate::support::{Answer, Connection};

fn codes(answer: &Value) -> Vec<&str> {
    let results = answer["results"].as_array().unwrap().iter();
    results
        .map(|result| result["code"].as_str().unwrap())
        .collect()
}

fn undo(admin: &mut Connection, job: &Value, query: &str) -> Answer {
    let id = job["id"].as_str().unwrap();
    admin.post(&format!("/v1/jobs/{id}/undo{query}"), &json!({}))
}

#[test]
fn users_move_together_and_each_says_what_happened_p4() {
    let world = World::with(&license("dedicated", "esm", 2));
    world.users(&["anna", "ben"]);
    let mut admin = world.admin();
    admin
        .post("/v1/folders", &json!({"path": "/Sales/EMEA"}))
        .is(201);
    let request = json!({"users": ["anna", "nobody", "ANNA"], "to": "/Sales/EMEA"});
    let before = world.changes();
    let dry = admin.post("/v1/users/move?dry_run=true", &request).is(200);
    assert_eq!(world.changes(), before);
    let done = admin.post("/v1/users/move", &request).is(200);
    assert_eq!(codes(&done), ["updated", "unknown_user", "unchanged"]);
    assert_eq!(codes(&dry), codes(&done));
    assert_eq!(done["results"][1]["detail"], "there is no such user");
    assert_eq!(admin.list("/v1/users?folder=/Sales&below=true").len(), 1);

    let nowhere = json!({"users": ["anna"], "to": "/Nowhere"});
    admin
        .post("/v1/users/move", &nowhere)
        .is_problem(404, "unknown_folder");
    let nobody = json!({"users": [], "to": "/"});
    admin
        .post("/v1/users/move", &nobody)
        .is_problem(400, "invalid_request");
}

#[test]
fn users_are_deactivated_and_activated_together_s8() {
    let world = World::with(&license("dedicated", "esm", 2));
    world.users(&["anna", "ben"]);
    let mut admin = world.admin();
    let all = json!({"everyone": {}});
    admin
        .post("/v1/grant", &json!({"everyone": {}, "products": ["esm"]}))
        .is(200);
    let off = admin.post("/v1/users/deactivate", &all).is(200);
    assert_eq!(off["counts"], json!({"updated": 2}));
    assert_eq!(admin.get("/v1/products/esm").is(200)["free"], 2);
    let off = admin.post("/v1/users/deactivate", &all).is(200);
    assert_eq!(off["counts"], json!({"unchanged": 2}));
    let started = admin.post("/v1/users/activate?async=true", &all);
    let job = world.finished(&started);
    assert_eq!(
        (&job["kind"], &job["counts"]),
        (&json!("user_activate"), &json!({"updated": 2}))
    );
}

#[test]
fn a_job_is_undone_once_and_both_say_so_s7() {
    let world = World::with(&license("dedicated", "esm", 3));
    world.users(&["anna", "ben", "carl"]);
    let mut admin = world.admin();
    let grant = |users: Value| json!({"users": users, "products": ["esm"]});
    admin.post("/v1/grant", &grant(json!(["anna"]))).is(200);
    let all = grant(json!(["anna", "ben", "carl"]));
    let job = world.finished(&admin.post("/v1/grant?async=true", &all));
    assert_eq!(job["counts"], json!({"already_held": 1, "granted": 2}));

    let dry = world.finished(&undo(&mut admin, &job, "?dry_run=true"));
    assert_eq!(
        (&dry["dry_run"], &dry["counts"]),
        (&json!(true), &json!({"released": 2}))
    );
    let undone = world.finished(&undo(&mut admin, &job, ""));
    assert_eq!(
        (&undone["kind"], &undone["counts"], &undone["undoes"]),
        (&json!("undo"), &json!({"released": 2}), &job["id"])
    );
    let id = job["id"].as_str().unwrap();
    let shown = admin.get(&format!("/v1/jobs/{id}")).is(200);
    assert_eq!(shown["undone_by"], undone["id"]);
    // All began at the same moment of the test's clock, so that they come in any order.
    let latest = admin.get("/v1/jobs?limit=2").is(200);
    let next = latest["next"].as_str().unwrap();
    let older = admin.get(&format!("/v1/jobs?after={next}")).is(200);
    let pages = [&latest, &older].map(|page| page["items"].as_array().unwrap());
    assert_eq!(pages.map(Vec::len), [2, 1]);
    let listed: Vec<&Value> = pages.into_iter().flatten().collect();
    for made in [&shown, &dry, &undone] {
        assert!(listed.contains(&made), "{made}");
    }
    assert_eq!(admin.get("/v1/products/esm").is(200)["free"], 2);

    let again = undo(&mut admin, &job, "").is_problem(409, "job_undone");
    let detail = again["detail"].as_str().unwrap();
    assert!(detail.contains(undone["id"].as_str().unwrap()), "{detail}");
    undo(&mut admin, &undone, "").is_problem(409, "job_not_undoable");
    undo(&mut admin, &dry, "").is_problem(409, "nothing_to_undo");
    let nowhere = json!({"id": "019aab12-3c4d-7000-8000-00000000002a"});
    undo(&mut admin, &nowhere, "").is_problem(404, "unknown_job");
}

#[test]
fn an_undone_move_names_whoever_stays_and_why_s7() {
    let world = World::with(&license("dedicated", "esm", 1));
    world.users(&["anna", "ben"]);
    let mut admin = world.admin();
    for path in ["/Sales", "/Away"] {
        admin.post("/v1/folders", &json!({ "path": path })).is(201);
    }
    let to = |users: Value, to: &str| json!({"users": users, "to": to});
    let all = to(json!(["anna", "ben"]), "/Sales");
    let job = world.finished(&admin.post("/v1/users/move?async=true", &all));
    assert_eq!(job["subject"], "/Sales");
    admin
        .post("/v1/users/move", &to(json!(["ben"]), "/Away"))
        .is(200);
    let undone = world.finished(&undo(&mut admin, &job, ""));
    assert_eq!(undone["counts"], json!({"moved_back": 1, "moved_since": 1}));
    assert_eq!(undone["errors"][0]["username"], "ben");
    assert!(
        undone["errors"][0]["detail"]
            .as_str()
            .unwrap()
            .contains("moved since")
    );
}
