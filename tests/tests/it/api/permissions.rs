use domain::{Permission, Role};
use serde_json::Value;

use super::World;
use crate::support::{Answer, Call, Connection};

/// What anybody may ask for.
const OPEN: [&str; 6] = [
    "/docs",
    "/docs/style.css",
    "/healthz",
    "/readyz",
    "/openapi.json",
    "/.well-known/jwks.json",
];

struct Operation {
    method: String,
    path: String,
    /// Any one of these is enough; none: open to everybody.
    permissions: Option<Vec<Permission>>,
}

fn operations(world: &World) -> Vec<Operation> {
    let document = world.anybody().get("/openapi.json").is(200);
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            operations.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                permissions: permissions(&operation["security"]),
            });
        }
    }
    assert!(
        operations.len() > 50,
        "the description has lost its operations"
    );
    operations
}

fn permissions(security: &Value) -> Option<Vec<Permission>> {
    let mut permissions = Vec::new();
    for requirement in security.as_array().unwrap() {
        for permission in requirement.get("bearer")?.as_array().unwrap() {
            permissions.push(Permission::from_code(permission.as_str().unwrap()).unwrap());
        }
    }
    Some(permissions)
}

fn send(caller: &mut Connection, operation: &Operation) -> Answer {
    let path = operation
        .path
        .replace("{id}", "019aab12-3c4d-7000-8000-00000000002a")
        .replace("{code}", "esm")
        .replace("{kid}", "kid");
    let method = match operation.method.as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        other => panic!("{other}"),
    };
    caller.send(&Call::new(method, path))
}

#[test]
fn nothing_but_health_and_descriptions_is_open_r1() {
    let world = World::new();
    let mut anybody = world.anybody();
    for operation in operations(&world) {
        let name = format!("{} {}", operation.method, operation.path);
        let answer = send(&mut anybody, &operation);
        if operation.permissions.is_none() {
            assert!(OPEN.contains(&operation.path.as_str()), "{name} is open");
            assert_eq!(answer.status, 200, "{name}");
        } else {
            assert_eq!(answer.status, 401, "{name}");
            answer.is_problem(401, "unauthorized");
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{name}");
        }
    }
}

#[test]
fn a_role_can_do_what_the_description_says_and_nothing_else_r1() {
    let world = World::new();
    for role in Role::ALL {
        let mut caller = world.caller(*role);
        for operation in operations(&world) {
            let Some(permissions) = &operation.permissions else {
                continue;
            };
            let may = permissions.is_empty()
                || permissions.iter().any(|permission| role.may(*permission));
            let name = format!("{role}: {} {}", operation.method, operation.path);
            let answer = send(&mut caller, &operation);
            if may {
                assert!(
                    ![401, 403, 405].contains(&answer.status),
                    "{name}: {}",
                    answer.text()
                );
            } else {
                assert_eq!(answer.status, 403, "{name}: {}", answer.text());
                answer.is_problem(403, "forbidden");
            }
        }
    }
}

#[test]
fn a_wrong_token_is_nobodys() {
    let world = World::new();
    for token in [
        "",
        "x",
        "sk_short",
        &format!("sk_{}", "A".repeat(43)),
        "a b",
    ] {
        let answer = world.bearer(token).get("/v1/me");
        answer.is_problem(401, "unauthorized");
    }
    let call = Call::get("/v1/me").header("authorization", "Basic YTpi");
    world.anybody().send(&call).is_problem(401, "unauthorized");
}

#[test]
fn a_revoked_token_stops_at_once() {
    let world = World::new();
    let mut admin = world.admin();
    let body = serde_json::json!({"name": "till", "role": "auditor"});
    let made = admin.post("/v1/tokens", &body).is(201);
    let mut auditor = world.bearer(made["token"].as_str().unwrap());
    auditor.get("/v1/me").is(200);
    let path = format!("/v1/tokens/{}", made["id"].as_str().unwrap());
    admin.delete(&path).is(204);
    auditor.get("/v1/me").is_problem(401, "unauthorized");
    admin
        .delete("/v1/tokens/019aab12-3c4d-7000-8000-00000000002a")
        .is_problem(404, "unknown_token");
}

#[test]
fn a_token_ends_with_its_time() {
    let world = World::new();
    let mut admin = world.admin();
    let body = serde_json::json!({"name": "short", "role": "auditor", "expires_at": "2026-06-02T00:00:00Z"});
    let made = admin.post("/v1/tokens", &body).is(201);
    let mut auditor = world.bearer(made["token"].as_str().unwrap());
    auditor.get("/v1/me").is(200);
    world.pass(super::world::DAY_MS);
    auditor.get("/v1/me").is_problem(401, "unauthorized");
}
