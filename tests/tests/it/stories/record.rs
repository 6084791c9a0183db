//! The record (R3): nobody alters it unseen, not even with the database in hand.

use serde_json::Value;

use crate::support::{Installation, Ran, Start, alter_store, license};

/// A house with a record that was sealed twice, stopped.
fn stopped() -> (Installation, Start) {
    let mut house = Installation::with(&license("floating", "esm", 3));
    house.sign_in("anna", "esm").is(201);
    let start = house.stop();
    house.start(start);
    house.sign_in("boris", "esm").is(201);
    let start = house.stop();
    (house, start)
}

/// What a check says after somebody had the database in hand.
fn verify_after(change: &str) -> (Value, Ran) {
    let (mut house, start) = stopped();
    assert_eq!(alter_store(start.seen_at(), change), 1, "{change}");
    house.start(start);
    let report = house.admin().get("/v1/audit/verify").is(200);
    let shown = Ran::of(&mut house.cli(["audit", "verify"]));
    (report, shown)
}

const MIDDLE: &str = "(SELECT seq FROM event ORDER BY seq LIMIT 1 OFFSET 3)";

#[test]
fn a_record_that_nobody_touched_is_whole() {
    let (mut house, start) = stopped();
    house.start(start);
    let report = house.admin().get("/v1/audit/verify").is(200);
    assert_eq!(report["ok"], true, "{report}");
    assert!(report["fault"].is_null());
    let events = house.admin().list("/v1/events").len();
    assert_eq!(report["events"], events);
    Ran::of(&mut house.cli(["audit", "verify"])).exits(0);
}

#[test]
fn an_altered_event_is_found() {
    let change = format!("UPDATE event SET actor = 'somebody else' WHERE seq = {MIDDLE}");
    let (report, shown) = verify_after(&change);
    assert_eq!(report["ok"], false, "{report}");
    assert!(report["fault"]["detail"].is_string(), "{report}");
    shown.exits(1);
}

#[test]
fn a_removed_event_is_found() {
    let (report, shown) = verify_after(&format!("DELETE FROM event WHERE seq = {MIDDLE}"));
    assert_eq!(report["ok"], false, "{report}");
    shown.exits(1);
}

#[test]
fn a_removed_seal_is_found() {
    let (report, shown) = verify_after("DELETE FROM seal WHERE block = 1");
    assert_eq!(report["ok"], false, "{report}");
    shown.exits(1);
}
