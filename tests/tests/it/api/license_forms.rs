//! What can be imported, beside one `.lic` file: `license.xml`, several files at once, Keygen's license files; and the
//! keys by which all of it is believed (I1, L3).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use license_file::introduction::Introduction;
use license_file::jws::SigningKey;
use serde_json::{Value, json};
use vendor::issue::{Format, issue_as};

use super::World;
use super::world::{NOW_MS, license};
use crate::support::{Answer, Call};

fn now() -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(NOW_MS).unwrap()
}

/// A form with these files, and with fields beside them.
fn form(files: &[(&str, &str)], fields: &[(&str, &str)]) -> String {
    let mut body = String::new();
    let mut field = |disposition: &str, content: &str| {
        for part in [
            "--b\r\ncontent-disposition: form-data; ",
            disposition,
            "\r\n\r\n",
            content,
            "\r\n",
        ] {
            body.push_str(part);
        }
    };
    for (name, content) in files {
        field(&format!("name=\"file\"; filename=\"{name}\""), content);
    }
    for (name, content) in fields {
        field(&format!("name=\"{name}\""), content);
    }
    body + "--b--\r\n"
}

fn send(world: &World, query: &str, body: &str) -> Answer {
    let call = Call::new("POST", format!("/v1/licenses/import{query}"));
    world
        .admin()
        .send(&call.body("multipart/form-data; boundary=b", body))
}

fn xml(world: &World, tables: &str) -> String {
    let text = format!("issuer = \"Northwind Software\"\n{tables}");
    let spec = vendor::spec::Spec::parse(&text).unwrap();
    issue_as(spec, &world.vendor().key, now(), Format::Xml).unwrap()
}

/// A Keygen account's key.
fn account() -> SigningKey {
    SigningKey::from_seed(&[21; 32])
}

/// A license file of Keygen's for three machines, issued now and good for so many seconds.
fn keygen_file(ttl_s: i64) -> String {
    let payload = json!({
        "data": {
            "id": "7bb84d91-0000-4000-8000-000000000001", "type": "licenses",
            "attributes": { "key": "A1B2C3-D4E5F6-071829-3A4B5C-6D7E8F-V3", "expiry": null,
                "floating": true, "maxMachines": 3, "created": "2020-01-01T00:00:00Z" },
            "relationships": { "product": { "data": { "type": "products", "id": "p-1" } } },
        },
        "included": [{ "id": "p-1", "type": "products", "attributes": { "name": "Drawing Board" } }],
        "meta": { "issued": now().to_string(), "ttl": ttl_s },
    });
    let enc = STANDARD.encode(payload.to_string());
    let sig = STANDARD.encode(account().sign(format!("license/{enc}").as_bytes()));
    let file = json!({ "enc": enc, "sig": sig, "alg": "base64+ed25519" }).to_string();
    format!(
        "-----BEGIN LICENSE FILE-----\n{}\n-----END LICENSE FILE-----\n",
        STANDARD.encode(file)
    )
}

/// The file and the code of each license.
fn codes(answer: &Value) -> Vec<(&str, &str)> {
    let licenses = answer["licenses"].as_array().unwrap();
    let file = licenses.iter().map(|license| license["file"].as_str());
    let code = licenses.iter().map(|license| license["code"].as_str());
    file.zip(code)
        .map(|(file, code)| (file.unwrap_or_default(), code.unwrap_or_default()))
        .collect()
}

#[test]
fn several_files_come_in_together_or_not_at_all_i1() {
    let world = World::new();
    let lic = world.file(&license("floating", "esm", 5));
    let xml = xml(&world, &license("dedicated", "crm", 7));
    let both = [("a.lic", lic.as_str()), ("license.xml", xml.as_str())];
    let broken = xml.replace("seats=\"7\"", "seats=\"700\"");
    let before = world.changes();
    let refused = send(
        &world,
        "",
        &form(&[("a.lic", &lic), ("license.xml", &broken)], &[]),
    );
    let problem = refused.is_problem(422, "xml_mismatch");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.starts_with("license.xml: "), "{detail}");
    assert_eq!(world.changes(), before);

    let dry = send(&world, "?dry_run=true", &form(&both, &[])).is(200);
    assert_eq!(codes(&dry), [("a.lic", "added"), ("license.xml", "added")]);
    assert_eq!(world.changes(), before);
    let real = send(&world, "", &form(&both, &[])).is(200);
    assert_eq!(codes(&real), codes(&dry));
    // The same again, pasted.
    let pasted = world.import(&xml).is(200);
    assert_eq!(codes(&pasted), [("", "unchanged")]);
}

#[test]
fn a_keygen_account_is_trusted_and_its_files_come_in_for_their_time_i1_i3() {
    let world = World::new();
    let file = keygen_file(3600);
    let one = form(&[("license.lic", &file)], &[("license_key", "not needed")]);
    send(&world, "", &one).is_problem(422, "keygen_no_account");
    let bytes = account().verifying_key().as_bytes().to_owned();
    let hex = bytes.map(|byte| format!("{byte:02x}")).concat();
    let key =
        json!({ "name": "Southwind", "kty": "OKP", "crv": "Ed25519", "x": hex, "kind": "keygen" });
    let trusted = world.admin().post("/v1/issuers", &key).is(201);
    assert_eq!(trusted["kind"], "keygen");
    let taken = send(&world, "?product=cad", &one).is(200);
    assert_eq!(taken["licenses"][0]["serial"], "A1B2C3-7bb84d91");
    let license = world.admin().list("/v1/licenses").remove(0);
    assert_eq!(
        (
            &license["product"],
            &license["product_name"],
            &license["seats"]
        ),
        (&json!("cad"), &json!("Drawing Board"), &json!(3))
    );
    let ask = json!({"user": "anna", "product": "cad"});
    world.admin().post("/v1/sessions", &ask).is(201);
    // The file's own time ends, and with it the license, until a new one is checked out.
    world.pass(3_600_000);
    let denied = world.admin().post("/v1/sessions", &ask);
    denied.is_problem(403, "license_stale");
    let late = send(&world, "?product=cad", &one).is_problem(422, "import_refused");
    assert_eq!(late["licenses"][0]["refusal"], "document_expired");
}

#[test]
fn a_vendor_changes_keys_and_a_stolen_one_is_taken_back_l3() {
    let world = World::with(&license("floating", "esm", 5));
    let old = world.vendor();
    let new = vendor::keys::succeed(old).unwrap();
    let introduction = |old_until| Introduction {
        issued_at: now(),
        key: new.key.verifying_key().clone(),
        valid_from: None,
        valid_until: None,
        old_until,
    };
    let tell = |text: String| {
        let body = json!({ "document": text });
        world.admin().post("/v1/issuers/introduce", &body)
    };
    tell(introduction(None).sign(&new.key)).is_problem(422, "unknown_key");
    tell("hello".into()).is_problem(422, "not_an_introduction");
    let told = tell(introduction(None).sign(&old.key)).is(200);
    assert_eq!(
        (&told["name"], &told["introduced_by"]),
        (&json!("Northwind Software"), &json!(old.key.kid()))
    );
    // The successor revises what its predecessor signed.
    let tables = license("floating", "esm", 9).replace("serial", "revision = 2\nserial");
    let text = format!("issuer = \"Northwind Software\"\n{tables}");
    let spec = vendor::spec::Spec::parse(&text).unwrap();
    let renewed = vendor::issue::issue(spec, &new.key, now()).unwrap();
    let answer = world.import(&renewed).is(200);
    assert_eq!(answer["licenses"][0]["code"], "updated");

    let address = format!("/v1/issuers/{}", new.key.kid());
    let before = world.changes();
    let mut admin = world.admin();
    let would = admin.delete(&format!("{address}?withdraw=true&dry_run=true"));
    assert_eq!(would.is(200)["withdrawn"].as_array().unwrap().len(), 1);
    assert_eq!(world.changes(), before);
    admin.delete(&format!("{address}?withdraw=true")).is(200);
    let state = |world: &World| world.admin().list("/v1/licenses")[0]["state"].clone();
    assert_eq!(state(&world), "revoked");
    // No document brings the key back; a person does, and the license with it.
    tell(introduction(None).sign(&old.key)).is_problem(409, "key_distrusted");
    world.import(&renewed).is_problem(422, "unknown_key");
    let public: Value = serde_json::from_str(&new.public().to_text()).unwrap();
    admin.post("/v1/issuers", &public).is(201);
    assert_eq!(state(&world), "active");
}
