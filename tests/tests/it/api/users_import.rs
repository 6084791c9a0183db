use std::fmt::Write as _;

use serde_json::json;

use super::World;
use crate::support::{Answer, Call};

fn import(world: &World, query: &str, file: &str) -> Answer {
    let call = Call::new("POST", format!("/v1/users/import{query}")).body("text/csv", file);
    world.admin().send(&call)
}

const FILE: &str = "username,name,email,folder,active\n\
                    anna,Anna Berg,anna@example.org,/Sales/EMEA,yes\n\
                    ben,,,,no\n";

#[test]
fn a_file_makes_users_and_folders_and_can_be_repeated() {
    let world = World::new();
    let dry = import(&world, "?dry_run=true", FILE).is(200);
    assert!(world.admin().list("/v1/users").is_empty());
    let first = import(&world, "", FILE).is(200);
    assert_eq!(dry, first);
    assert_eq!(
        (&first["created"], &first["failed"]),
        (&json!(2), &json!(0))
    );
    let users = world.admin().list("/v1/users");
    assert_eq!(
        (&users[0]["path"], &users[0]["name"]),
        (&json!("/Sales/EMEA"), &json!("Anna Berg"))
    );
    assert_eq!(
        (&users[1]["path"], &users[1]["active"]),
        (&json!("/"), &json!(false))
    );
    let before = world.changes();
    assert_eq!(import(&world, "", FILE).is(200)["unchanged"], 2);
    assert_eq!(world.changes(), before);
    let changed = import(&world, "", &FILE.replace("Anna Berg", "Anna Berger")).is(200);
    assert_eq!(
        (&changed["updated"], &changed["unchanged"]),
        (&json!(1), &json!(1))
    );
}

#[test]
fn a_file_with_a_malformed_row_is_refused_whole() {
    let world = World::new();
    let before = world.changes();
    let file = FILE.to_owned() + "carl,,nowhere,,\nANNA,,,,\n,,,,\n";
    let problem = import(&world, "", &file).is_problem(422, "invalid_csv");
    let rows: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["row"])
        .collect();
    assert_eq!(rows, [4, 5, 6]);
    import(&world, "", "username,mail\nanna,x\n").is_problem(422, "invalid_csv");
    import(&world, "", "").is_problem(422, "invalid_csv");
    let json = Call::new("POST", "/v1/users/import").body("application/json", "[]");
    world
        .admin()
        .send(&json)
        .is_problem(415, "unsupported_media_type");
    assert_eq!(world.changes(), before);
}

#[test]
fn a_column_that_is_left_out_changes_nothing() {
    let world = World::new();
    import(&world, "", FILE).is(200);
    let answer = import(&world, "", "username,name\nanna,Anna Falk\nben,\ncarl,\n").is(200);
    assert_eq!(
        [&answer["created"], &answer["updated"], &answer["unchanged"]],
        [1, 1, 1]
    );
    let users = world.admin().list("/v1/users");
    let of = |index: usize| {
        let user = &users[index];
        json!([user["name"], user["email"], user["path"], user["active"]])
    };
    assert_eq!(
        [of(0), of(1), of(2)],
        [
            json!(["Anna Falk", "anna@example.org", "/Sales/EMEA", true]),
            json!([null, null, "/", false]),
            json!([null, null, "/", true]),
        ]
    );
}

#[test]
fn an_empty_field_empties_but_an_empty_active_changes_nothing() {
    let world = World::new();
    import(&world, "", FILE).is(200);
    import(
        &world,
        "",
        "username,name,email,folder,active\nanna,,,,\nben,,,,\n",
    )
    .is(200);
    let users = world.admin().list("/v1/users");
    for (user, active) in users.iter().zip([true, false]) {
        assert_eq!(
            json!([user["name"], user["email"], user["path"], user["active"]]),
            json!([null, null, "/", active])
        );
    }
}

#[test]
fn a_large_file_is_taken_in_by_a_job() {
    let world = World::new();
    let mut file = "username;folder\n".to_owned();
    for number in 0..1_500 {
        writeln!(file, "user{number};/Team{}", number % 3).unwrap();
    }
    let job = world.finished(&import(&world, "", &file));
    assert_eq!(
        (&job["kind"], &job["state"]),
        (&json!("user_import"), &json!("done"))
    );
    assert_eq!(job["counts"], json!({"created": 1_500}));
    assert_eq!(world.admin().list("/v1/users").len(), 1_500);
    assert_eq!(world.admin().get("/v1/folders").is(200)["total"], 4);
}
