use std::io::Write as _;
use std::net::TcpStream;

use domain::Role;
use license_file::armor;
use license_file::jws::{LICENSE_TYP, SigningKey, sign};
use serde_json::{Value, json};

use super::World;
use super::world::license;
use crate::support::{Answer, Call, read_answer};

fn import(world: &World, query: &str, kind: &str, body: impl Into<Vec<u8>>) -> Answer {
    let call = Call::new("POST", format!("/v1/licenses/import{query}")).body(kind, body);
    world.admin().send(&call)
}

/// The payload of a sound file, to be spoiled and signed rightly all the same.
fn payload(file: &str) -> Value {
    let compact: String = file
        .lines()
        .filter(|line| !line.starts_with("--"))
        .collect();
    let encoded = compact.split('.').nth(1).unwrap();
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, encoded);
    serde_json::from_slice(&bytes.unwrap()).unwrap()
}

fn signed(key: &SigningKey, payload: &Value) -> String {
    armor::wrap(&sign(key, LICENSE_TYP, payload.to_string().as_bytes()))
}

#[test]
fn a_file_says_per_license_what_became_of_it_i1_l4() {
    let world = World::new();
    let tables = license("floating", "esm", 5) + &license("dedicated", "crm", 7);
    let first = world.import(&world.file(&tables)).is(200);
    assert_eq!(
        (&first["added"], &first["updated"], &first["unchanged"]),
        (&json!(2), &json!(0), &json!(0))
    );
    let codes = |answer: &Value| -> Vec<Value> {
        answer["licenses"]
            .as_array()
            .unwrap()
            .iter()
            .map(|license| license["code"].clone())
            .collect()
    };
    assert_eq!(codes(&first), ["added", "added"]);
    assert_eq!(first["licenses"][0]["serial"], "FLOATING-esm");
    assert_eq!(first["licenses"][0]["seats"], 5);
    assert_eq!(
        codes(&world.import(&world.file(&tables)).is(200)),
        ["unchanged", "unchanged"]
    );

    let higher = tables
        .replace(
            "[[license]]\nserial = \"FLOATING",
            "[[license]]\nrevision = 2\nserial = \"FLOATING",
        )
        .replace("seats = 5", "seats = 6");
    let second = world.import(&world.file(&higher)).is(200);
    assert_eq!(codes(&second), ["updated", "unchanged"]);
    assert_eq!(second["licenses"][0]["seats"], 6);

    let before = world.changes();
    let problem = world
        .import(&world.file(&tables))
        .is_problem(422, "import_refused");
    assert_eq!(problem["errors"][0]["index"], 0);
    assert_eq!(problem["licenses"][0]["code"], "refused");
    assert_eq!(world.changes(), before);
}

#[test]
fn a_dry_run_answers_the_same_and_changes_nothing_s13() {
    let world = World::new();
    let file = world.file(&license("floating", "esm", 5));
    let before = world.changes();
    let seen = import(&world, "?dry_run=true", "text/plain", file.clone()).is(200);
    assert_eq!(
        (&seen["added"], &seen["licenses"][0]["code"]),
        (&json!(1), &json!("added"))
    );
    assert_eq!(world.changes(), before);
    assert!(world.admin().list("/v1/licenses").is_empty());
}

#[test]
fn a_file_comes_raw_or_in_a_form_and_into_a_folder() {
    let world = World::new();
    let raw = world.file(&license("floating", "esm", 5));
    import(&world, "?folder=/Sales/EMEA", "text/plain", raw.clone())
        .is_problem(404, "unknown_folder");
    world
        .admin()
        .post("/v1/folders", &json!({"path": "/Sales/EMEA"}))
        .is(201);
    import(
        &world,
        "?folder=/Sales/EMEA",
        "application/octet-stream",
        raw,
    )
    .is(200);
    let id = world.license_id("FLOATING-esm");
    let detail = world.admin().get(&format!("/v1/licenses/{id}")).is(200);
    assert_eq!(detail["pools"][0]["path"], "/Sales/EMEA");

    let form = |name: &str, file: &str| {
        format!(
            "--b\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"x.lic\"\r\n\
             content-type: application/octet-stream\r\n\r\n{file}\r\n--b--\r\n"
        )
    };
    let kind = "multipart/form-data; boundary=b";
    let file = world.file(&license("dedicated", "crm", 5));
    import(&world, "", kind, form("file", &file)).is(200);
    let problem =
        import(&world, "", kind, form("license", &file)).is_problem(400, "invalid_request");
    assert_eq!(problem["errors"][0]["pointer"], "/license");
    import(&world, "", kind, "--b--\r\n").is_problem(400, "invalid_request");
    import(&world, "", "multipart/form-data", "x").is_problem(400, "invalid_request");
    import(&world, "", "application/json", "{}").is_problem(415, "unsupported_media_type");
}

#[test]
fn what_is_no_sound_license_file_is_refused_with_its_own_code_l3() {
    let world = World::with(&license("floating", "esm", 5));
    let file = world.file(&license("dedicated", "crm", 5));
    let key = &world.vendor().key;
    let sound = payload(&file);
    let spoiled = |path: &str, value: Value| {
        let mut payload = sound.clone();
        *payload.pointer_mut(path).unwrap() = value;
        signed(key, &payload)
    };
    let stranger = SigningKey::from_seed(&[9; 32]);
    let cut = &file[..file.len() / 2];
    let mut tampered = file.clone().into_bytes();
    let middle = file.find("..").map_or(file.len() / 2, |at| at);
    tampered[middle] = if tampered[middle] == b'A' { b'B' } else { b'A' };
    let cases: Vec<(&str, Vec<u8>, &[&str])> = vec![
        ("nothing", Vec::new(), &["not_a_license_file"]),
        (
            "a zip",
            b"PK\x03\x04rest of a zip".to_vec(),
            &["zip_damaged"],
        ),
        (
            "a text",
            b"no license at all".to_vec(),
            &["not_a_license_file"],
        ),
        ("half of it", cut.as_bytes().to_vec(), &["truncated"]),
        (
            "a changed byte",
            tampered,
            &["tampered", "bad_signature", "not_a_license_file"],
        ),
        (
            "a stranger's",
            signed(&stranger, &sound).into_bytes(),
            &["unknown_key"],
        ),
        (
            "zero seats",
            spoiled("/licenses/0/seats", json!(0)).into_bytes(),
            &["invalid_terms"],
        ),
        (
            "reversed dates",
            spoiled("/licenses/0/expires_at", json!("2020-01-01T00:00:00Z")).into_bytes(),
            &["invalid_terms"],
        ),
        (
            "a later format",
            spoiled("/format", json!(99)).into_bytes(),
            &["unsupported_version"],
        ),
    ];
    let before = world.changes();
    for (what, body, codes) in cases {
        let answer = import(&world, "", "application/octet-stream", body);
        assert_eq!(answer.status, 422, "{what}: {}", answer.text());
        let problem = answer.json();
        assert!(
            codes.contains(&problem["code"].as_str().unwrap()),
            "{what}: {problem}"
        );
        assert!(
            problem["detail"]
                .as_str()
                .is_some_and(|detail| detail.len() > 10),
            "{what}: {problem}"
        );
    }
    assert_eq!(world.changes(), before, "something was changed");
    assert_eq!(world.admin().list("/v1/licenses").len(), 1);
}

#[test]
fn a_license_for_somebody_else_is_refused_l5() {
    let world = World::new();
    let bound =
        license("floating", "esm", 5) + "installation = \"019aab12-3c4d-7000-8000-00000000002a\"\n";
    let problem = world.import(&world.file(&bound));
    problem.is_problem(422, "wrong_installation");
    let mut admin = world.admin();
    let mut policy = admin.get("/v1/policy").is(200);
    policy["company"] = json!("CUST-1");
    admin
        .send(&Call::new("PUT", "/v1/policy").json(&policy))
        .is(200);
    let spec = format!("customer = \"CUST-42\"\n{}", license("floating", "esm", 5));
    world
        .import(&world.file(&spec))
        .is_problem(422, "wrong_company");
}

#[test]
fn a_file_that_is_too_large_is_refused_before_it_is_read() {
    let world = World::new();
    let mut stream = TcpStream::connect(world.address()).unwrap();
    let token = world.token(Role::Manager);
    write!(
        stream,
        "POST /v1/licenses/import HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
         content-type: text/plain\r\ncontent-length: 40000000\r\n\r\nabc"
    )
    .unwrap();
    let problem = read_answer(&mut stream)
        .unwrap()
        .is_problem(413, "too_large");
    assert!(
        problem["detail"].as_str().unwrap().contains("34 MiB"),
        "{problem}"
    );
}
