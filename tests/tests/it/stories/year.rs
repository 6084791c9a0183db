//! A year with a license service: bought, activated, extended, out of reach, shrunk, replaced, withdrawn, answered by
//! file, signed with another key. A service and three installations in processes of their own, on a clock that the test
//! moves. Nobody loses a seat or access before its time.

mod house;

use std::path::Path;

use jiff::ToSpan as _;
use serde_json::json;
use tempfile::TempDir;

use crate::support::LicenseService;
use house::{Calendar, House};

#[test]
#[ignore = "slow: a year, in four processes"]
fn nobody_loses_a_seat_or_access_before_its_time_in_a_year_i2_i3() {
    let folder: TempDir = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir(path("vendor")).unwrap();
    let mut calendar = Calendar::new(folder.path());
    let clock = calendar.file.clone();
    let mut office = LicenseService::start(&path("vendor"), &clock);
    let house = |office: &LicenseService, name: &str, product, people: &[&'static str]| {
        House::new(office, &clock, &path(name), product, people)
    };
    let alpha = house(&office, "alpha", "esm", &["anna", "boris", "clara"]);
    let beta = house(&office, "beta", "crm", &["dora", "emil"]);
    let gamma = house(&office, "gamma", "erp", &["fritz", "gerda"]);
    let start = alpha.now();
    let day = |after: i64| {
        let day = start.checked_add((24 * after).hours()).unwrap();
        day.to_string()[..10].to_owned()
    };

    // Purchase, and activation by key: one license for each, refreshed every 7 days, with 28 more to spare.
    let terms = "revalidate_days = 7\noffline_grace_days = 28\n";
    let dedicated = |serial: &str, product: &str, seats: u32| {
        format!(
            "serial = \"{serial}\"\nproduct = \"{product}\"\nmodel = \"dedicated\"\nseats = {seats}\n{terms}"
        )
    };
    let key = office.sells(&format!(
        "{}expires_at = \"{}\"\n",
        dedicated("ESM-1", "esm", 3),
        day(60)
    ));
    alpha.adds(&key, 3);
    alpha.grants();
    let taken = beta.types(&["license", "add", &key, "--yes"]).exits(1);
    assert!(
        taken.stderr.contains("already_activated"),
        "{}",
        taken.stderr
    );
    let floating = dedicated("CRM-1", "crm", 2).replace("dedicated", "floating");
    beta.adds(&office.sells(&floating), 2);
    gamma.adds(&office.sells(&dedicated("ERP-1", "erp", 2)), 2);
    gamma.grants();
    let everyone = [(&alpha, "ESM-1"), (&beta, "CRM-1"), (&gamma, "ERP-1")];
    let nothing_is_lost = || {
        for (house, _) in everyone {
            house.nothing_is_lost();
        }
    };
    nothing_is_lost();

    // Weeks go by, and every license is refreshed by itself.
    for _ in 0..2 {
        let before = everyone.map(|(house, serial)| house.license(serial));
        calendar.pass(8, 0);
        for ((house, serial), before) in everyone.iter().zip(&before) {
            house.is_refreshed(serial, before);
        }
        nothing_is_lost();
    }
    assert_eq!(alpha.events("license.refresh_failed"), 0);

    // Extension: more seats and a later end, fetched by hand.
    office.reissues("ESM-1", &["--seats", "5", "--expires", &day(300)]);
    let renewed = alpha.refreshes("ESM-1");
    assert_eq!(
        (&renewed["code"], &renewed["seats"]),
        (&json!("updated"), &json!(5))
    );
    nothing_is_lost();

    // The service is away, past half of the offline grace. People work, and administrators are told once.
    office.down();
    for _ in 0..3 {
        let before = everyone.map(|(house, serial)| house.license(serial));
        calendar.pass(8, 0);
        for ((house, serial), before) in everyone.iter().zip(&before) {
            house.is_tried(serial, before);
        }
        nothing_is_lost();
    }
    for (house, serial) in everyone {
        let license = house.license(serial);
        assert_eq!(
            license["refresh"]["trouble"]["fault"],
            "service_unreachable"
        );
        let left = license["days_until_stale"].as_u64().unwrap();
        assert!((1..28 / 2).contains(&left), "{left} days are left");
        assert_eq!(license["usable"], true);
        assert_eq!(house.events("license.refresh_failed"), 1);
    }

    // It is back, and found again without anybody's doing.
    office.up();
    let before = everyone.map(|(house, serial)| house.license(serial));
    calendar.pass(0, 7);
    for ((house, serial), before) in everyone.iter().zip(&before) {
        house.is_refreshed(serial, before);
        assert!(house.license(serial)["refresh"]["trouble"].is_null());
        assert_eq!(house.events("license.refresh_recovered"), 1);
    }
    nothing_is_lost();

    // Shrink: the latest assigned is named, the others stay; and back.
    office.reissues("ESM-1", &["--seats", "2"]);
    let shrunk = alpha.refreshes("ESM-1");
    let displaced = shrunk["displaced"].as_array().unwrap();
    assert_eq!(displaced.len(), 1, "{shrunk}");
    let loser = displaced[0]["username"].as_str().unwrap().to_owned();
    for person in &alpha.people {
        let expected = (*person == loser).then(|| "over_allocated".to_owned());
        assert_eq!(alpha.denial(person), expected, "{person}");
    }
    let counts = alpha.counts();
    assert_eq!(
        (&counts["assigned"], &counts["unbacked"]),
        (&json!(3), &json!(1)),
        "{counts}"
    );
    beta.nothing_is_lost();
    gamma.nothing_is_lost();
    office.reissues("ESM-1", &["--seats", "3"]);
    assert_eq!(alpha.refreshes("ESM-1")["code"], "updated");
    nothing_is_lost();

    // Replacement: another license takes all holders over.
    let ends = day(330);
    let successor = format!("{}expires_at = \"{ends}\"\n", dedicated("ESM-2", "esm", 4));
    alpha.adds(&office.sells(&successor), 4);
    let replaced = alpha
        .types(&["license", "replace", "ESM-1", "--with", "ESM-2"])
        .exits(0)
        .json();
    assert_eq!(replaced["moved"], 3);
    nothing_is_lost();
    assert_eq!(alpha.license("ESM-2")["occupied"], 3);

    // By file: gamma asks for more seats. The answer is nothing for another installation, which it leaves as it was; on
    // the right one it is taken, and not a second time.
    let request = gamma.requests("8.3.0");
    let spec = format!(
        "issuer = \"Northwind Software\"\n[[license]]\n{}",
        dedicated("ERP-2", "erp", 9)
    );
    let response = office.answers(&request, &spec);
    let before = beta.holdings();
    beta.imports(&response)
        .is_problem(422, "response_for_another_installation");
    assert_eq!(beta.holdings(), before);
    nothing_is_lost();
    let taken = gamma.imports(&response).is(200);
    assert_eq!(taken["licenses"][0]["code"], "added", "{taken}");
    assert_eq!(gamma.counts()["owned"], 11);
    let before = gamma.holdings();
    gamma
        .imports(&response)
        .is_problem(409, "response_replayed");
    assert_eq!(gamma.holdings(), before);
    nothing_is_lost();

    // A license file for one installation is nothing for another, either.
    let id = alpha.server.caller(&alpha.admin).get("/v1/me").is(200)["installation"].clone();
    let table = dedicated("ESM-3", "esm", 9) + &format!("installation = {id}\n");
    let bound = office.issues_file(&table);
    beta.imports(&bound).is_problem(422, "wrong_installation");
    nothing_is_lost();

    // Revocation takes one license from one installation, at once and with its reason; re-issued, it is back.
    let started = beta
        .server
        .caller(&beta.application)
        .post("/v1/sessions", &json!({"user": "dora", "product": "crm"}));
    let session = started.is(201)["id"].as_str().unwrap().to_owned();
    office
        .types(&["license", "revoke", "CRM-1", "--why", "not paid"])
        .exits(0);
    nothing_is_lost();
    assert_eq!(beta.refreshes("CRM-1")["code"], "withdrawn");
    let beat = format!("/v1/sessions/{session}/heartbeat");
    let ended = beta
        .server
        .caller(&beta.application)
        .post(&beat, &json!({}));
    ended.is_problem(410, "license_revoked");
    assert!(beta.denial("dora").is_some() && beta.denial("emil").is_some());
    alpha.nothing_is_lost();
    gamma.nothing_is_lost();
    office.reissues("CRM-1", &["--seats", "3"]);
    assert_eq!(beta.refreshes("CRM-1")["code"], "updated");
    nothing_is_lost();

    // The vendor signs with another key: nobody loses anything meanwhile, and administrators are told. They trust it once
    // the old key has introduced it; what introduces itself is nothing.
    office.down();
    let introduction = office.changes_keys("vendor-2");
    office.up();
    let refreshed = gamma.refreshes("ERP-1");
    assert_eq!(refreshed["fault"], "service_unknown_key", "{refreshed}");
    nothing_is_lost();
    let stranger = office.introduces_itself("stranger");
    let introduce =
        |house: &House, file: &Path| house.types(&["issuer", "introduce", file.to_str().unwrap()]);
    for (house, _) in everyone {
        let refused = introduce(house, &stranger).exits(1);
        assert!(refused.stderr.contains("unknown_key"), "{}", refused.stderr);
        introduce(house, &introduction).exits(0);
        house.nothing_is_lost();
    }
    for (house, serial) in [(&alpha, "ESM-2"), (&beta, "CRM-1"), (&gamma, "ERP-1")] {
        let refreshed = house.refreshes(serial);
        assert_eq!(refreshed["code"], "confirmed", "{refreshed}");
    }
    nothing_is_lost();

    // The rest of the year, until the end of what was bought, and no day longer.
    let everyone = [(&alpha, "ESM-2"), (&beta, "CRM-1"), (&gamma, "ERP-1")];
    while calendar.day < 320 {
        let before = everyone.map(|(house, serial)| house.license(serial));
        calendar.pass(20.min(329 - calendar.day), 7);
        for ((house, serial), before) in everyone.iter().zip(&before) {
            house.is_refreshed(serial, before);
        }
        nothing_is_lost();
    }
    for _ in 0..2 {
        let before = everyone.map(|(house, serial)| house.license(serial));
        calendar.pass(22, 7);
        for ((house, serial), before) in everyone.iter().zip(&before).skip(1) {
            house.is_refreshed(serial, before);
            house.nothing_is_lost();
        }
        assert_eq!(alpha.denial("anna").as_deref(), Some("license_expired"));
    }
    for (house, _) in everyone {
        assert!(house.events("license.refresh_failed") <= 3, "told seldom");
        house.types(&["audit", "verify"]).exits(0);
    }
}
