//! A license over the years: renewed, shrunk, replaced, removed.

use serde_json::{Value, json};

use crate::support::{Call, Installation, license};

fn issue(house: &Installation, revision: u32, seats: u32) -> String {
    let table = license("dedicated", "esm", seats);
    house
        .vendor()
        .license_file(&format!("{table}revision = {revision}\n"))
}

fn import(house: &Installation, file: &str, query: &str) -> crate::support::Answer {
    let call = Call::new("POST", format!("/v1/licenses/import{query}"));
    house.admin().send(&call.body("text/plain", file))
}

fn grant_all(house: &Installation, users: &[&str]) {
    house.add_users(users.iter().copied());
    let granted = house
        .admin()
        .post("/v1/grant", &json!({"users": users, "products": ["esm"]}))
        .is(200);
    assert_eq!(granted["counts"]["granted"], users.len());
}

fn holders(house: &Installation) -> Vec<Value> {
    let id = house.license("esm")["id"].as_str().unwrap().to_owned();
    house.admin().list(&format!("/v1/licenses/{id}/seats"))
}

#[test]
fn a_renewal_keeps_every_holder_and_is_taken_once() {
    // L4: a higher revision replaces the terms, the same one is a no-op, a lower one is refused.
    let house = Installation::with("");
    import(&house, &issue(&house, 1, 2), "").is(200);
    grant_all(&house, &["anna", "boris"]);
    let before = holders(&house);

    let second = issue(&house, 2, 5);
    let renewed = import(&house, &second, "").is(200);
    assert_eq!(renewed["licenses"][0]["code"], "updated");
    assert_eq!(holders(&house), before);
    assert_eq!(house.license("esm")["free"], 3);

    assert_eq!(
        import(&house, &second, "").is(200)["licenses"][0]["code"],
        "unchanged"
    );
    let version = house.license("esm")["version"].clone();
    let refused = import(&house, &issue(&house, 1, 9), "");
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert_eq!(house.license("esm")["version"], version);
}

#[test]
fn whoever_shrinks_a_license_sees_first_who_will_lose_what() {
    // S13, L9: the latest assigned lose first; the preview changes nothing.
    let house = Installation::with("");
    import(&house, &issue(&house, 1, 3), "").is(200);
    for user in ["anna", "boris", "clara"] {
        grant_all(&house, &[user]);
    }
    let smaller = issue(&house, 2, 1);
    let preview = import(&house, &smaller, "?dry_run=true").is(200);
    let names = |answer: &Value| -> Vec<String> {
        let displaced = answer["licenses"][0]["displaced"]
            .as_array()
            .unwrap()
            .clone();
        let name = |d: Value| d["username"].as_str().unwrap().to_owned();
        displaced.into_iter().map(name).collect()
    };
    let mut losing = names(&preview);
    assert_eq!(
        house.license("esm")["seats"],
        3,
        "a preview changes nothing"
    );
    let done = import(&house, &smaller, "").is(200);
    assert_eq!(names(&done), losing, "the preview said what happened");
    losing.sort();
    assert_eq!(losing, ["boris", "clara"]);
    let unbacked: Vec<Value> = holders(&house)
        .into_iter()
        .filter(|holder| holder["unbacked"] == true)
        .map(|holder| holder["username"].clone())
        .collect();
    assert_eq!(unbacked.len(), 2, "{unbacked:?}");

    house.sign_in("anna", "esm").is(201);
    house
        .sign_in("clara", "esm")
        .is_problem(403, "over_allocated");
    // I5: the cure is possible while over-allocated.
    import(&house, &issue(&house, 3, 3), "").is(200);
    house.sign_in("clara", "esm").is(201);
}

#[test]
fn a_successor_takes_all_holders_over_or_none() {
    // L10
    let house = Installation::with(&license("dedicated", "esm", 3));
    grant_all(&house, &["anna", "boris"]);
    let old = house.license("esm")["id"].as_str().unwrap().to_owned();
    let successor = |serial: &str, seats: u32| {
        let table = license("dedicated", "esm", seats).replace("DEDICATED-esm", serial);
        house.import(&table).is(200)["licenses"][0]["id"].clone()
    };
    let small = successor("SMALL", 1);
    let path = format!("/v1/licenses/{old}/replace");
    let before = house.product("esm");
    house
        .admin()
        .post(&path, &json!({"with": small}))
        .is_problem(409, "too_few_seats");
    assert_eq!(house.product("esm"), before);

    let large = successor("LARGE", 5);
    let replaced = house.admin().post(&path, &json!({"with": large})).is(200);
    assert_eq!(replaced["moved"], 2);
    let granted = house.sign_in("anna", "esm").is(201);
    assert_eq!(granted["license"]["serial"], "LARGE");
}

#[test]
fn everything_is_removed_only_for_somebody_who_types_it_out() {
    // L7
    let house = Installation::with(&license("floating", "esm", 3));
    house.sign_in("anna", "esm").is(201);
    let path = "/v1/licenses/delete-all";
    let refused = house.admin().post(path, &json!({"confirmation": "yes"}));
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert_eq!(house.product("esm")["in_use"], 1);
    let words = json!({"confirmation": "delete all licenses"});
    let gone = house.admin().post(path, &words).is(200);
    assert_eq!(
        (&gone["licenses"], &gone["sessions"]),
        (&json!(1), &json!(1))
    );
    assert!(house.admin().list("/v1/sessions").is_empty());
    house.sign_in("anna", "esm").is_problem(403, "not_licensed");
}
