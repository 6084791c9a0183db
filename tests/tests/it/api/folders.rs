use serde_json::{Value, json};

use super::World;
use crate::support::Call;

const ROOT: &str = "00000000-0000-0000-0000-000000000000";

fn id(folder: &Value) -> &str {
    folder["id"].as_str().unwrap()
}

#[test]
fn folders_are_made_by_path_or_name_and_listed_by_path() {
    let world = World::new();
    let mut admin = world.admin();
    let emea = admin
        .post("/v1/folders", &json!({"path": "/Sales/EMEA"}))
        .is(201);
    assert_eq!(
        (&emea["path"], &emea["name"]),
        (&json!("/Sales/EMEA"), &json!("EMEA"))
    );
    assert_eq!(
        admin
            .post("/v1/folders", &json!({"path": "/sales/emea"}))
            .is(200)["id"],
        emea["id"]
    );
    let apac = admin
        .post("/v1/folders", &json!({"name": "APAC", "parent": "/Sales"}))
        .is(201);
    admin
        .post(
            "/v1/folders",
            &json!({"name": "apac", "parent": emea["parent"]}),
        )
        .is_problem(409, "folder_name_taken");
    admin.post("/v1/folders", &json!({"name": "HR"})).is(201);
    let paths: Vec<_> = admin
        .list("/v1/folders")
        .iter()
        .map(|folder| folder["path"].clone())
        .collect();
    assert_eq!(paths, ["/", "/HR", "/Sales", "/Sales/APAC", "/Sales/EMEA"]);
    assert_eq!(
        admin.get(&format!("/v1/folders/{}", id(&apac))).is(200),
        apac
    );
    assert_eq!(
        admin.get(&format!("/v1/folders/{ROOT}")).is(200)["path"],
        "/"
    );
    admin
        .post("/v1/folders", &json!({"name": "X", "parent": "/Nowhere"}))
        .is_problem(404, "unknown_folder");
    for wrong in [
        json!({}),
        json!({"name": "a", "path": "/a"}),
        json!({"path": "a"}),
        json!({"name": "a/b"}),
    ] {
        admin
            .post("/v1/folders", &wrong)
            .is_problem(400, "invalid_request");
    }
}

#[test]
fn a_path_is_made_whole_or_not_at_all_and_once_per_key_p3() {
    let world = World::new();
    let mut admin = world.admin();
    let before = world.changes();
    let deep = json!({"path": "/x".repeat(33)});
    admin
        .post("/v1/folders", &deep)
        .is_problem(409, "folder_too_deep");
    assert_eq!(world.changes(), before);
    let call = Call::post("/v1/folders", &json!({"path": "/Sales/EMEA"})).key("once");
    let first = admin.send(&call).is(201);
    assert_eq!(admin.send(&call).is(201), first);
    let other = Call::post("/v1/folders", &json!({"path": "/Sales"})).key("once");
    admin.send(&other).is_problem(422, "idempotency_mismatch");
    admin
        .post("/v1/folders", &json!({"path": "/sales/emea"}))
        .is(200);
    for dots in ["/Sales/..", "/."] {
        let problem = admin
            .post("/v1/folders", &json!({"path": dots}))
            .is_problem(400, "invalid_request");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("another folder"), "{detail}");
    }
}

#[test]
fn a_folder_moves_with_all_below_and_never_below_itself_p3() {
    let world = World::new();
    let mut admin = world.admin();
    let emea = admin
        .post("/v1/folders", &json!({"path": "/Sales/EMEA"}))
        .is(201);
    admin
        .post("/v1/folders", &json!({"path": "/World"}))
        .is(201);
    let sales = emea["parent"].as_str().unwrap();
    let path = format!("/v1/folders/{sales}");
    let patch = |body: Value| Call::new("PATCH", &path).json(&body);
    let before = world.changes();
    admin
        .send(&patch(json!({"parent": "/Sales/EMEA"})))
        .is_problem(409, "folder_cycle");
    admin
        .send(&patch(json!({"parent": sales})))
        .is_problem(409, "folder_cycle");
    admin
        .send(&patch(json!({"name": "World"})))
        .is_problem(409, "folder_name_taken");
    let root = Call::new("PATCH", format!("/v1/folders/{ROOT}")).json(&json!({"name": "x"}));
    admin.send(&root).is_problem(409, "root_folder");
    assert_eq!(world.changes(), before);

    let tag = admin.get(&path).header("etag").unwrap().to_owned();
    let moving = patch(json!({"parent": "/World", "name": "Selling"})).header("if-match", &tag);
    assert_eq!(admin.send(&moving).is(200)["path"], "/World/Selling");
    admin
        .send(&patch(json!({"name": "y"})).header("if-match", &tag))
        .is_problem(412, "version_mismatch");
    assert_eq!(
        admin.get(&format!("/v1/folders/{}", id(&emea))).is(200)["path"],
        "/World/Selling/EMEA"
    );
}

#[test]
fn only_an_empty_folder_is_deleted_p3() {
    let world = World::new();
    let mut admin = world.admin();
    let user = admin
        .post(
            "/v1/users",
            &json!({"username": "anna", "folder": "/Sales"}),
        )
        .is(201);
    let path = format!("/v1/folders/{}", user["folder"].as_str().unwrap());
    assert_eq!(admin.get(&path).is(200)["users"], 1);
    let problem = admin.delete(&path).is_problem(409, "folder_not_empty");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("1 user is in it"),
        "{problem}"
    );
    admin
        .delete(&format!("/v1/users/{}", user["id"].as_str().unwrap()))
        .is(204);
    admin.delete(&path).is(204);
    admin.delete(&path).is_problem(404, "unknown_folder");
    admin
        .delete(&format!("/v1/folders/{ROOT}"))
        .is_problem(409, "root_folder");
}
