//! R1: a token that is limited to a folder sees and changes nothing outside of it.

mod company;

use serde_json::{Value, json};

use super::World;
use crate::support::Call;
use company::{company, licenses};

fn reads(world: &World) -> Vec<String> {
    let document = world.anybody().get("/openapi.json").is(200);
    let paths = document["paths"].as_object().unwrap().iter();
    let reads = paths.filter(|(path, methods)| {
        // The description itself, and the server's state, know nothing of anybody.
        methods.get("get").is_some() && path.starts_with("/v1/")
    });
    reads.map(|(path, _)| path.clone()).collect()
}

#[test]
fn a_limited_token_reads_nothing_from_outside_on_any_address_r1() {
    let mut company = company();
    let reads = reads(&company.world);
    assert!(reads.len() > 20, "{reads:?}");
    for path in &reads {
        if !path.contains('{') {
            let mut next = Some(path.clone());
            while let Some(address) = next.take() {
                let answer = company.limited.get(&address);
                let text = answer.text();
                // No user has the name of this token.
                let nobody = path == "/v1/me/licenses" && answer.status == 404;
                let fine = nobody || [200, 403].contains(&answer.status);
                assert!(fine, "{address}: {text}");
                company.shows_nothing_outside(&address, &text);
                if answer.status == 200 && answer.json()["next"].is_string() {
                    let after = answer.json()["next"].as_str().unwrap().to_owned();
                    next = Some(format!("{path}?after={after}"));
                }
            }
            continue;
        }
        for id in company.outside.clone() {
            let address = path.replace("{id}", &id).replace("{code}", "outproduct");
            let address = address.replace("{kid}", "kid");
            let answer = company.limited.get(&address);
            assert!(
                [403, 404].contains(&answer.status),
                "{address}: {}",
                answer.text()
            );
        }
    }
}

#[test]
fn a_limited_token_reads_what_is_inside_with_counts_of_that_r1() {
    let mut company = company();
    let limited = &mut company.limited;
    let names = |items: &[Value], field: &str| -> Vec<String> {
        let names = items
            .iter()
            .map(|item| item[field].as_str().unwrap_or("").to_owned());
        names.collect()
    };
    assert_eq!(
        names(&limited.list("/v1/users"), "username"),
        ["insider", "insider-two"]
    );
    let licenses = limited.list("/v1/licenses");
    assert_eq!(names(&licenses, "serial"), ["IN-1", "IN-2"]);
    assert_eq!(
        (&licenses[0]["occupied"], &licenses[0]["seats"]),
        (&json!(1), &json!(5))
    );
    let folders = limited.list("/v1/folders");
    assert_eq!(names(&folders, "path"), ["/Sales", "/Sales/EMEA"]);
    let products = limited.list("/v1/products");
    assert_eq!(names(&products, "code"), ["esm"]);
    assert_eq!(
        (&products[0]["owned"], &products[0]["assigned"]),
        (&json!(10), &json!(1))
    );
    let mut sessions = names(&limited.list("/v1/sessions"), "username");
    sessions.sort();
    assert_eq!(sessions, ["insider", "insider-two"]);
    assert_eq!(names(&limited.list("/v1/denials"), "username"), ["insider"]);
    let kinds = names(&limited.list("/v1/events"), "kind");
    assert!(kinds.contains(&"seat.assigned".to_owned()), "{kinds:?}");
    assert!(!kinds.contains(&"token.created".to_owned()), "{kinds:?}");
    let me = limited.get("/v1/me").is(200);
    assert_eq!(me["folder"], "/Sales");
}

#[test]
fn everyone_who_matches_is_everyone_inside_r1_s7() {
    let mut company = company();
    let license = company.world.license_id("IN-1");
    let everyone = json!({"everyone": {}, "licenses": [license]});
    for (address, body) in [
        ("/v1/grant?dry_run=true".to_owned(), everyone.clone()),
        ("/v1/recall?dry_run=true".to_owned(), everyone.clone()),
        (
            format!("/v1/licenses/{license}/assign-all?dry_run=true"),
            json!({}),
        ),
        (
            format!("/v1/licenses/{license}/assign-missing?dry_run=true"),
            json!({}),
        ),
        (
            format!("/v1/licenses/{license}/clear-all?dry_run=true"),
            json!({}),
        ),
    ] {
        let answer = company.limited.post(&address, &body);
        answer.is(200);
        company.shows_nothing_outside(&address, &answer.text());
    }
    let granted = company.limited.post("/v1/grant", &everyone).is(200);
    assert_eq!(granted["counts"], json!({"already_held": 1, "granted": 1}));
    let started = company
        .limited
        .post("/v1/grant?async=true", &everyone)
        .is(202);
    let job = format!("/v1/jobs/{}", started["job"].as_str().unwrap());
    company.limited.get(&job).is(200);
}

#[test]
fn one_seat_out_of_reach_takes_nothing_from_the_answer_about_the_others_r1_s7() {
    let mut company = company();
    let license = company.world.license_id("IN-1");
    // A seat in the root, which is what a user of /Sales/EMEA is given.
    let to_the_root = json!({"from": "/Sales", "to": "/", "count": 1});
    let address = format!("/v1/licenses/{license}/move");
    company.admin.post(&address, &to_the_root).is(204);
    let both = json!({"users": ["insider", "insider-two"], "licenses": [license]});
    company.admin.post("/v1/grant", &both).is(200);

    // Somebody is at work on the other seat.
    let counts = json!({"outside_your_folder": 1, "releasing": 1});
    for address in ["/v1/recall?dry_run=true", "/v1/recall"] {
        let recalled = company.limited.post(address, &both).is(200);
        assert_eq!(recalled["counts"], counts, "{address}: {recalled}");
        assert_eq!(recalled["results"][1]["code"], "outside_your_folder");
    }
}

#[test]
fn a_limited_token_changes_nothing_outside_on_any_address_r1() {
    let mut company = company();
    let before = company.state_outside();
    let document = company.world.anybody().get("/openapi.json").is(200);
    let inside = company.world.license_id("IN-1");
    let bodies = [
        json!({}),
        json!({"users": ["outsider", "outsider-in-the-root"], "products": ["esm", "outproduct"]}),
        json!({"username": "new", "folder": "/Engineering"}),
        json!({"folder": "/Engineering"}),
        json!({"folder": "/Sales", "active": false}),
        json!({"parent": "/Engineering", "name": "Mine"}),
        json!({"path": "/Engineering/Mine"}),
        json!({"name": "Renamed"}),
        json!({"confirmation": "delete all licenses"}),
        json!({"from": "/Engineering", "to": "/Sales", "count": 1}),
        json!({"user": "outsider", "to": "/Sales"}),
        json!({"user": "outsider", "product": "esm"}),
        json!({"user": "outsider"}),
        json!({"with": inside}),
        json!({"auto_assign": "off"}),
        json!({"name": "t", "role": "administrator"}),
    ];
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in ["post", "put", "patch", "delete"] {
            if methods.get(method).is_none() {
                continue;
            }
            let verb = match method {
                "post" => "POST",
                "put" => "PUT",
                "patch" => "PATCH",
                _ => "DELETE",
            };
            for id in company.outside.clone() {
                let address = path.replace("{id}", &id).replace("{kid}", "kid");
                for body in &bodies {
                    let answer = company.limited.send(&Call::new(verb, &address).json(body));
                    assert!(answer.status < 500, "{verb} {address}: {}", answer.text());
                }
                if !path.contains("{id}") {
                    break;
                }
            }
        }
    }
    let after = company.state_outside();
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before, after);
    }
}

#[test]
fn a_refusal_names_the_folder_r1() {
    let mut company = company();
    let body = json!({"username": "new", "folder": "/Engineering"});
    let problem = company.limited.post("/v1/users", &body);
    let problem = problem.is_problem(403, "outside_your_folder");
    assert!(
        problem["detail"].as_str().unwrap().contains("/Sales"),
        "{problem}"
    );
    company
        .limited
        .get("/v1/audit/verify")
        .is_problem(403, "outside_your_folder");
    // Whether there is such a folder is not told.
    for folder in ["/", "/Engineering", "/Nowhere", "/Salesmen"] {
        let body = json!({"users": ["insider"], "to": folder});
        company
            .limited
            .post("/v1/users/move", &body)
            .is_problem(403, "outside_your_folder");
    }
    let below = json!({"users": ["insider"], "to": "/sales/nowhere"});
    company
        .limited
        .post("/v1/users/move", &below)
        .is_problem(404, "unknown_folder");
    let check = json!({"user": "outsider", "product": "esm"});
    company
        .limited
        .post("/v1/access/check", &check)
        .is_problem(403, "outside_your_folder");
    let check = json!({"user": "insider", "product": "esm"});
    assert_eq!(
        company.limited.post("/v1/access/check", &check).is(200)["granted"],
        true
    );
    let sales = company.admin.list("/v1/folders?q=Sales");
    let sales = sales[0]["id"].as_str().unwrap();
    let address = format!("/v1/folders/{sales}");
    company
        .limited
        .delete(&address)
        .is_problem(403, "outside_your_folder");
    let new = json!({"name": "eyes", "role": "auditor", "folder": "/Sales"});
    company
        .admin
        .post("/v1/tokens", &new)
        .is_problem(422, "not_limitable");
}

#[test]
fn a_file_without_a_folder_goes_into_the_managers_own_r1() {
    let mut company = company();
    let more = licenses().replace("IN-1", "IN-9").replace("OUT-", "IN-1");
    let only = more.split("[[license]]").nth(1).unwrap();
    let file = company.world.file(&format!("[[license]]{only}"));
    let call = Call::new("POST", "/v1/licenses/import").body("text/plain", file);
    company.limited.send(&call).is(200);
    let id = company.world.license_id("IN-9");
    let found = company.limited.get(&format!("/v1/licenses/{id}")).is(200);
    assert_eq!(found["pools"][0]["path"], "/Sales");
}

#[test]
fn a_user_reads_their_own_licenses_and_nothing_else_r1() {
    let mut company = company();
    let mut user = |name: &str| {
        let token = json!({"name": name, "role": "user"});
        let made = company.admin.post("/v1/tokens", &token).is(201);
        company.world.bearer(made["token"].as_str().unwrap())
    };
    let (mut insider, mut stranger) = (user("Insider"), user("stranger"));
    let mine = insider.get("/v1/me/licenses").is(200);
    assert_eq!(mine["seats"][0]["serial"], "IN-1");
    assert_eq!(mine["sessions"].as_array().unwrap().len(), 1);
    stranger
        .get("/v1/me/licenses")
        .is_problem(404, "unknown_user");
    for path in reads(&company.world) {
        let address = path
            .replace("{id}", &company.outside[0])
            .replace("{code}", "esm");
        if !address.starts_with("/v1/me") {
            insider.get(&address).is_problem(403, "forbidden");
        }
    }
}
