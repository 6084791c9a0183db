//! Two folders with people and what they have, and a token that is limited to one of them.

use serde_json::{Value, json};

use crate::api::World;
use crate::support::Connection;

/// What only things outside have in their names, ids aside.
pub(super) const MARKS: [&str; 5] = [
    "outsider",
    "OUT-",
    "Engineering",
    "outproduct",
    "Outside Product",
];

pub(super) fn licenses() -> String {
    let of = |serial: &str, product: &str, name: &str, model: &str| {
        format!(
            "[[license]]\nserial = \"{serial}\"\nproduct = \"{product}\"\nproduct_name = \"{name}\"\n\
             model = \"{model}\"\nseats = 5\nstarts_at = \"2026-01-01\"\nexpires_at = \"2027-12-31\"\n"
        )
    };
    [
        of("IN-1", "esm", "Service Management", "dedicated"),
        of("IN-2", "esm", "Service Management", "floating"),
        of("OUT-1", "esm", "Service Management", "dedicated"),
        of("OUT-2", "esm", "Service Management", "floating"),
        of("OUT-3", "outproduct", "Outside Product", "dedicated"),
    ]
    .concat()
}

/// Two folders with people, seats, sessions, denials and a record, and a token limited to Sales.
pub(super) struct Company {
    pub(super) world: World,
    pub(super) limited: Connection,
    pub(super) admin: Connection,
    /// Ids of what is outside: users, licenses, folders, sessions, jobs.
    pub(super) outside: Vec<String>,
}

pub(super) fn company() -> Company {
    let world = World::with(&licenses());
    let mut admin = world.admin();
    let mut outside = Vec::new();
    let folder = |admin: &mut Connection, path: &str| {
        admin.post("/v1/folders", &json!({ "path": path })).is(201)["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    folder(&mut admin, "/Sales/EMEA");
    outside.push(folder(&mut admin, "/Engineering"));
    for (name, folder) in [
        ("insider", "/Sales"),
        ("insider-two", "/Sales/EMEA"),
        ("outsider", "/Engineering"),
        ("outsider-in-the-root", "/"),
    ] {
        let user =
            json!({"username": name, "email": format!("{name}@example.org"), "folder": folder});
        let made = admin.post("/v1/users", &user).is(201);
        if name.starts_with("out") {
            outside.push(made["id"].as_str().unwrap().to_owned());
        }
    }
    for serial in ["IN-1", "IN-2", "OUT-1", "OUT-2", "OUT-3"] {
        let id = world.license_id(serial);
        let inside = serial.starts_with("IN");
        let to = if inside { "/Sales" } else { "/Engineering" };
        let count = if serial == "OUT-3" { 3 } else { 5 };
        let call = format!("/v1/licenses/{id}/move");
        admin
            .post(&call, &json!({"from": "/", "to": to, "count": count}))
            .is(204);
        if !inside {
            outside.push(id);
        }
    }
    let floating = format!("/v1/licenses/{}/move", world.license_id("IN-2"));
    admin
        .post(
            &floating,
            &json!({"from": "/Sales", "to": "/Sales/EMEA", "count": 1}),
        )
        .is(204);
    let grant = |admin: &mut Connection, user: &str, serial: &str| {
        let license = world.license_id(serial);
        admin
            .post(
                "/v1/grant",
                &json!({"users": [user], "licenses": [license]}),
            )
            .is(200);
    };
    grant(&mut admin, "insider", "IN-1");
    grant(&mut admin, "outsider", "OUT-1");
    grant(&mut admin, "outsider-in-the-root", "OUT-3");
    for (user, product) in [
        ("insider", "esm"),
        ("insider-two", "esm"),
        ("outsider", "esm"),
    ] {
        let session = admin.post("/v1/sessions", &json!({"user": user, "product": product}));
        let session = session.is(201);
        if user == "outsider" {
            outside.push(session["id"].as_str().unwrap().to_owned());
        }
    }
    for (user, product) in [("insider", "unheard-of"), ("outsider", "outproduct-two")] {
        admin
            .post("/v1/sessions", &json!({"user": user, "product": product}))
            .is_problem(403, "not_licensed");
    }
    let job = json!({"users": ["outsider"], "products": ["outproduct"]});
    let started = admin.post("/v1/grant?async=true", &job);
    let job = started.is(202);
    world.finished(&started);
    outside.push(job["job"].as_str().unwrap().to_owned());
    let token = json!({"name": "sales", "role": "manager", "folder": "/Sales"});
    let made = admin.post("/v1/tokens", &token).is(201);
    assert_eq!(made["path"], "/Sales");
    let limited = world.bearer(made["token"].as_str().unwrap());
    Company {
        world,
        limited,
        admin,
        outside,
    }
}

impl Company {
    #[track_caller]
    pub(super) fn shows_nothing_outside(&self, what: &str, text: &str) {
        for mark in MARKS
            .iter()
            .copied()
            .chain(self.outside.iter().map(String::as_str))
        {
            assert!(!text.contains(mark), "{what} shows {mark}: {text}");
        }
    }

    /// What is outside, as an administrator sees it.
    pub(super) fn state_outside(&mut self) -> Vec<Value> {
        let mut found = Vec::new();
        for list in [
            "/v1/users?folder=/Engineering&below=true",
            "/v1/licenses?folder=/Engineering",
            "/v1/sessions?user=outsider",
            "/v1/folders",
            "/v1/policy",
            "/v1/issuers",
            "/v1/accounts",
            "/v1/users?username=outsider-in-the-root",
        ] {
            found.push(self.admin.get(list).is(200)["items"].clone());
        }
        for user in ["outsider", "outsider-in-the-root"] {
            let page = self
                .admin
                .get(&format!("/v1/users?username={user}"))
                .is(200);
            let id = page["items"][0]["id"].as_str().unwrap();
            found.push(self.admin.get(&format!("/v1/users/{id}/seats")).is(200));
        }
        found
    }
}
