//! A year with a license service: bought, activated, extended, out of reach, shrunk, replaced, withdrawn, signed with
//! another key. A service and three installations in processes of their own, on a clock that the test moves. Nobody
//! loses a seat or access before its time.

use std::path::{Path, PathBuf};

use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Call, LicenseService, Ran, Server, Start, until};

const DAY_S: i64 = 86_400;

/// The clock of all: so many days from now.
struct Calendar {
    file: PathBuf,
    day: i64,
}

impl Calendar {
    fn new(folder: &Path) -> Self {
        let calendar = Self {
            file: folder.join("clock"),
            day: 0,
        };
        calendar.write(0);
        calendar
    }

    /// It gets later, by whole days and some hours.
    fn pass(&mut self, days: i64, hours: i64) {
        self.day += days;
        self.write(self.day * DAY_S + hours * 3600);
    }

    fn write(&self, seconds: i64) {
        // In one step, so that nobody reads half of it.
        let fresh = self.file.with_extension("new");
        std::fs::write(&fresh, seconds.to_string()).unwrap();
        std::fs::rename(&fresh, &self.file).unwrap();
    }
}

/// An installation, and who works there.
struct House {
    server: Server,
    admin: String,
    application: String,
    product: &'static str,
    people: Vec<&'static str>,
}

impl House {
    fn new(
        office: &LicenseService,
        clock: &Path,
        data: &Path,
        product: &'static str,
        people: &[&'static str],
    ) -> Self {
        let moved = format!("SEATKEEPER_REHEARSAL_CLOCK={}", clock.display());
        let server = Start::on(data)
            .through(vec!["env".into(), moved.into()], data.to_owned())
            .ready();
        let house = Self {
            admin: server.quick_token("administrator"),
            application: server.quick_token("application"),
            server,
            product,
            people: people.to_vec(),
        };
        let public = office.public_key();
        let trust = [
            "issuer",
            "trust",
            public.to_str().unwrap(),
            "--service",
            &office.url(),
        ];
        house.types(&trust).exits(0);
        for name in people {
            house.types(&["user", "add", name]).exits(0);
        }
        house
    }

    fn types(&self, line: &[&str]) -> Ran {
        let line = ["--json"].iter().chain(line);
        Ran::of(&mut self.server.cli(&self.admin, line))
    }

    /// Adds a license by its key, after looking what it brings.
    fn adds(&self, key: &str, seats: u32) {
        let typed = key.to_lowercase().replace('-', " ");
        let shown = self.types(&["license", "add", &typed]).exits(0).json();
        assert_eq!(
            (&shown["confirmed"], &shown["license"]["seats"]),
            (&json!(false), &json!(seats))
        );
        let added = self
            .types(&["license", "add", &typed, "--yes"])
            .exits(0)
            .json();
        assert_eq!(added["license"]["code"], "added");
    }

    fn grants(&self) {
        let body = json!({"users": self.people, "products": [self.product]});
        let granted = self
            .server
            .caller(&self.admin)
            .post("/v1/grant", &body)
            .is(200);
        assert_eq!(granted["counts"]["granted"], self.people.len());
    }

    /// The code of the denial, or nothing when they get in.
    fn denial(&self, person: &str) -> Option<String> {
        let body = json!({"user": person, "product": self.product});
        let answer = self
            .server
            .caller(&self.application)
            .post("/v1/sessions", &body);
        match answer.status {
            201 => None,
            403 => Some(answer.json()["code"].as_str().unwrap().to_owned()),
            other => panic!("{other}: {}", answer.text()),
        }
    }

    #[track_caller]
    fn all_get_in(&self) {
        for person in &self.people {
            assert_eq!(self.denial(person), None, "{person} on {}", self.product);
        }
    }

    fn license(&self, serial: &str) -> Value {
        let page = format!("/v1/licenses?serial={serial}");
        self.server.caller(&self.admin).list(&page).remove(0)
    }

    /// What a refresh by hand came to.
    fn refreshes(&self, serial: &str) -> Value {
        let ran = self.types(&["license", "refresh", serial]);
        ran.json()["licenses"][0].clone()
    }

    fn events(&self, kind: &str) -> usize {
        let page = format!("/v1/events?kind={kind}");
        self.server.caller(&self.admin).list(&page).len()
    }

    fn now(&self) -> Timestamp {
        let made = self.server.caller(&self.admin).list("/v1/events");
        made[0]["at"].as_str().unwrap().parse().unwrap()
    }

    /// Waits until this license was refreshed by itself since the last time that was looked at.
    #[track_caller]
    fn is_refreshed(&self, serial: &str, before: &Value) {
        until("a refresh", || {
            let refresh = self.license(serial)["refresh"].clone();
            (refresh["succeeded_at"] != before["refresh"]["succeeded_at"]).then_some(())
        });
    }

    /// Waits until it was tried again, and failed.
    #[track_caller]
    fn is_tried(&self, serial: &str, before: &Value) {
        until("an attempt", || {
            let refresh = self.license(serial)["refresh"].clone();
            (refresh["attempted_at"] != before["refresh"]["attempted_at"]).then_some(())
        });
    }
}

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
    let all_get_in = || everyone.iter().for_each(|(house, _)| house.all_get_in());
    all_get_in();

    // Weeks go by, and every license is refreshed by itself.
    for _ in 0..2 {
        let before = everyone.map(|(house, serial)| house.license(serial));
        calendar.pass(8, 0);
        for ((house, serial), before) in everyone.iter().zip(&before) {
            house.is_refreshed(serial, before);
        }
        all_get_in();
    }
    assert_eq!(alpha.events("license.refresh_failed"), 0);

    // Extension: more seats and a later end, fetched by hand.
    office.reissues("ESM-1", &["--seats", "5", "--expires", &day(300)]);
    let renewed = alpha.refreshes("ESM-1");
    assert_eq!(
        (&renewed["code"], &renewed["seats"]),
        (&json!("updated"), &json!(5))
    );
    alpha.all_get_in();

    // The service is away, past half of the offline grace. People work, and administrators are told once.
    office.down();
    for _ in 0..3 {
        let before = everyone.map(|(house, serial)| house.license(serial));
        calendar.pass(8, 0);
        for ((house, serial), before) in everyone.iter().zip(&before) {
            house.is_tried(serial, before);
        }
        all_get_in();
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
    all_get_in();

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
    office.reissues("ESM-1", &["--seats", "3"]);
    assert_eq!(alpha.refreshes("ESM-1")["code"], "updated");
    all_get_in();

    // Replacement: another license takes all holders over.
    let ends = day(330);
    let successor = format!("{}expires_at = \"{ends}\"\n", dedicated("ESM-2", "esm", 4));
    alpha.adds(&office.sells(&successor), 4);
    let replaced = alpha
        .types(&["license", "replace", "ESM-1", "--with", "ESM-2"])
        .exits(0)
        .json();
    assert_eq!(replaced["moved"], 3);
    all_get_in();
    assert_eq!(alpha.license("ESM-2")["occupied"], 3);

    // A document for one installation is nothing for another, whoever brings it.
    let id = alpha.server.caller(&alpha.admin).get("/v1/me").is(200)["installation"].clone();
    let table = dedicated("ESM-3", "esm", 9) + &format!("installation = {id}\n");
    let spec = format!("issuer = \"Northwind Software\"\n[[license]]\n{table}");
    std::fs::write(office.folder().join("bound.toml"), spec).unwrap();
    let line = [
        "issue",
        "--key",
        "vendor.key",
        "--spec",
        "bound.toml",
        "--out",
        "bound.lic",
    ];
    office.types(&line).exits(0);
    let bound = std::fs::read(office.folder().join("bound.lic")).unwrap();
    let import = Call::new("POST", "/v1/licenses/import").body("text/plain", bound);
    let refused = beta.server.caller(&beta.admin).send(&import);
    refused.is_problem(422, "wrong_installation");
    beta.all_get_in();

    // Revocation takes one license from one installation, at once and with its reason; re-issued, it is back.
    let started = beta
        .server
        .caller(&beta.application)
        .post("/v1/sessions", &json!({"user": "dora", "product": "crm"}));
    let session = started.is(201)["id"].as_str().unwrap().to_owned();
    office
        .types(&["license", "revoke", "CRM-1", "--why", "not paid"])
        .exits(0);
    beta.all_get_in();
    assert_eq!(beta.refreshes("CRM-1")["code"], "withdrawn");
    let beat = format!("/v1/sessions/{session}/heartbeat");
    let ended = beta
        .server
        .caller(&beta.application)
        .post(&beat, &json!({}));
    ended.is_problem(410, "license_revoked");
    assert!(beta.denial("dora").is_some() && beta.denial("emil").is_some());
    alpha.all_get_in();
    gamma.all_get_in();
    office.reissues("CRM-1", &["--seats", "3"]);
    assert_eq!(beta.refreshes("CRM-1")["code"], "updated");
    all_get_in();

    // The vendor signs with another key: nobody loses anything meanwhile, and administrators are told.
    office.down();
    let public = office.makes_key("vendor-2");
    office.up();
    let refreshed = gamma.refreshes("ERP-1");
    assert_eq!(refreshed["fault"], "service_unknown_key", "{refreshed}");
    all_get_in();
    for (house, _) in everyone {
        house
            .types(&["issuer", "trust", public.to_str().unwrap()])
            .exits(0);
    }
    assert_eq!(gamma.refreshes("ERP-1")["code"], "confirmed");
    all_get_in();

    // The rest of the year, until the end of what was bought, and no day longer.
    let everyone = [(&alpha, "ESM-2"), (&beta, "CRM-1"), (&gamma, "ERP-1")];
    while calendar.day < 320 {
        let before = everyone.map(|(house, serial)| house.license(serial));
        calendar.pass(20.min(329 - calendar.day), 7);
        for ((house, serial), before) in everyone.iter().zip(&before) {
            house.is_refreshed(serial, before);
        }
        all_get_in();
    }
    for _ in 0..2 {
        let before = everyone.map(|(house, serial)| house.license(serial));
        calendar.pass(22, 7);
        for ((house, serial), before) in everyone.iter().zip(&before).skip(1) {
            house.is_refreshed(serial, before);
            house.all_get_in();
        }
        assert_eq!(alpha.denial("anna").as_deref(), Some("license_expired"));
    }
    for (house, _) in everyone {
        assert!(house.events("license.refresh_failed") <= 3, "told seldom");
        house.types(&["audit", "verify"]).exits(0);
    }
}
