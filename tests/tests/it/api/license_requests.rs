//! What was asked of issuers by files (I4).

use domain::Role;
use license_file::offline::Request;
use serde_json::{Value, json};
use vendor::spec::Spec;

use super::World;
use super::world::{DAY_MS, license};

fn ids(items: &[Value]) -> Vec<&str> {
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap())
        .collect()
}

#[test]
fn requests_are_listed_with_who_made_them_when_and_whether_they_are_answered_i4() {
    let world = World::with(&license("dedicated", "esm", 2));
    let ask = |version: &str| {
        let body = json!({"company": "CUST-42", "version": version});
        let answer = world.admin().post("/v1/licenses/request", &body);
        assert_eq!(answer.status, 200, "{}", answer.text());
        Request::open(&answer.body).unwrap()
    };
    let first = ask("8.3.0");
    world.pass(DAY_MS);
    let second = ask("8.4.0");

    let spec = format!(
        "issuer = \"Northwind Software\"\n{}",
        license("dedicated", "esm", 9)
    );
    let at = jiff::Timestamp::from_millisecond(world.now_ms()).unwrap();
    let spec = Spec::parse(&spec).unwrap();
    let answer = vendor::answer::answer(&first, spec, &world.vendor().key, at).unwrap();
    world.import(&answer.text).is(200);

    // Whoever may look at licenses may look at these.
    let mut auditor = world.caller(Role::Auditor);
    let all = auditor.list("/v1/license-requests");
    assert_eq!(ids(&all), [&second.id, &first.id], "latest first");
    let open = &all[0];
    assert_eq!(
        (
            &open["company"],
            &open["version"],
            &open["issuer"],
            &open["by"]
        ),
        (
            &json!("CUST-42"),
            &json!("8.4.0"),
            &json!("Northwind Software"),
            &json!("administrator")
        )
    );
    assert!(open["answered_at"].is_null() && open["answered_by"].is_null());
    assert_eq!(all[1]["answered_at"], open["at"]);
    assert_eq!(all[1]["answered_by"], world.vendor().key.kid());

    let of = |caller: &mut crate::support::Connection, query: &str| {
        let items = caller.list(&format!("/v1/license-requests?{query}"));
        ids(&items).concat()
    };
    assert_eq!(of(&mut auditor, "answered=false"), second.id);
    assert_eq!(of(&mut auditor, "answered=true"), first.id);
    let page = auditor.get("/v1/license-requests?limit=1").is(200);
    let after = page["next"].as_str().unwrap();
    let rest = auditor
        .get(&format!("/v1/license-requests?limit=1&after={after}"))
        .is(200);
    assert_eq!(rest["items"][0]["id"], first.id);
    assert!(rest["next"].is_null());
}
