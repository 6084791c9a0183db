//! The clock that all processes of the year go by, and an installation with the people who work there.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::support::{Answer, Call, LicenseService, Ran, Server, Start, until};

const DAY_S: i64 = 86_400;

/// The clock of all: so many days from now.
pub(super) struct Calendar {
    pub(super) file: PathBuf,
    pub(super) day: i64,
}

impl Calendar {
    pub(super) fn new(folder: &Path) -> Self {
        let calendar = Self {
            file: folder.join("clock"),
            day: 0,
        };
        calendar.write(0);
        calendar
    }

    /// It gets later, by whole days and some hours.
    pub(super) fn pass(&mut self, days: i64, hours: i64) {
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
pub(super) struct House {
    pub(super) server: Server,
    pub(super) admin: String,
    pub(super) application: String,
    folder: PathBuf,
    product: &'static str,
    pub(super) people: Vec<&'static str>,
}

impl House {
    pub(super) fn new(
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
            folder: data.to_owned(),
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

    pub(super) fn types(&self, line: &[&str]) -> Ran {
        let line = ["--json"].iter().chain(line);
        Ran::of(&mut self.server.cli(&self.admin, line))
    }

    /// Adds a license by its key, after looking what it brings.
    pub(super) fn adds(&self, key: &str, seats: u32) {
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

    pub(super) fn grants(&self) {
        let body = json!({"users": self.people, "products": [self.product]});
        let granted = self
            .server
            .caller(&self.admin)
            .post("/v1/grant", &body)
            .is(200);
        assert_eq!(granted["counts"]["granted"], self.people.len());
    }

    /// The code of the denial, or nothing when they get in.
    pub(super) fn denial(&self, person: &str) -> Option<String> {
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
    pub(super) fn all_get_in(&self) {
        for person in &self.people {
            assert_eq!(self.denial(person), None, "{person} on {}", self.product);
        }
    }

    /// Everybody gets in, and every dedicated seat that was given is held, and backed by a license. Seats that wait for
    /// their last session, as after a replacement, do not count.
    #[track_caller]
    pub(super) fn nothing_is_lost(&self) {
        self.all_get_in();
        let product = self.counts();
        let number = |name: &str| product[name].as_u64().unwrap();
        let given = if self.is_floating() {
            0
        } else {
            self.people.len() as u64
        };
        let held = number("assigned") - number("releasing");
        assert_eq!((held, number("unbacked")), (given, 0), "{product}");
    }

    /// Whether people share seats here.
    fn is_floating(&self) -> bool {
        self.product == "crm"
    }

    /// The product's counts.
    pub(super) fn counts(&self) -> Value {
        let page = format!("/v1/products/{}", self.product);
        self.server.caller(&self.admin).get(&page).is(200)
    }

    /// All that an import could change: licenses and seats, as lists show them.
    pub(super) fn holdings(&self) -> Vec<Value> {
        let mut admin = self.server.caller(&self.admin);
        let mut all = admin.list("/v1/licenses");
        all.push(self.counts());
        all
    }

    /// Imports a file.
    pub(super) fn imports(&self, file: &Path) -> Answer {
        let file = std::fs::read(file).unwrap();
        let import = Call::new("POST", "/v1/licenses/import").body("text/plain", file);
        self.server.caller(&self.admin).send(&import)
    }

    /// Makes a request for this version; where it is.
    pub(super) fn requests(&self, version: &str) -> PathBuf {
        let file = self.folder.with_extension(format!("{version}.tlr"));
        let out = file.to_str().unwrap();
        let line = [
            "license",
            "request",
            "--company",
            "CUST-42",
            "--version",
            version,
            "--out",
            out,
        ];
        self.types(&line).exits(0);
        file
    }

    pub(super) fn license(&self, serial: &str) -> Value {
        let page = format!("/v1/licenses?serial={serial}");
        self.server.caller(&self.admin).list(&page).remove(0)
    }

    /// What a refresh by hand came to.
    pub(super) fn refreshes(&self, serial: &str) -> Value {
        let ran = self.types(&["license", "refresh", serial]);
        ran.json()["licenses"][0].clone()
    }

    pub(super) fn events(&self, kind: &str) -> usize {
        let page = format!("/v1/events?kind={kind}");
        self.server.caller(&self.admin).list(&page).len()
    }

    pub(super) fn now(&self) -> Timestamp {
        let made = self.server.caller(&self.admin).list("/v1/events");
        made[0]["at"].as_str().unwrap().parse().unwrap()
    }

    /// Waits until this license was refreshed by itself since the last time that was looked at.
    #[track_caller]
    pub(super) fn is_refreshed(&self, serial: &str, before: &Value) {
        until("a refresh", || {
            let refresh = self.license(serial)["refresh"].clone();
            (refresh["succeeded_at"] != before["refresh"]["succeeded_at"]).then_some(())
        });
    }

    /// Waits until it was tried again, and failed.
    #[track_caller]
    pub(super) fn is_tried(&self, serial: &str, before: &Value) {
        until("an attempt", || {
            let refresh = self.license(serial)["refresh"].clone();
            (refresh["attempted_at"] != before["refresh"]["attempted_at"]).then_some(())
        });
    }
}
