//! A clock that was set back (L11).

use jiff::Timestamp;
use serde_json::Value;

use crate::support::{Installation, alter_store, license};

/// 2300-01-01, in milliseconds: what the server saw before its clock was set back.
const SEEN_MS: i64 = 10_413_792_000_000;

fn house() -> Installation {
    let ended = license("floating", "old", 1) + "expires_at = \"2299-06-30\"\n";
    let mut house = Installation::with(&(ended + &license("floating", "esm", 1)));
    house.sign_in("anna", "old").is(201);
    let start = house.stop();
    let seen = format!("UPDATE meta SET number = {SEEN_MS} WHERE name = 'latest_time'");
    assert_eq!(alter_store(start.seen_at(), &seen), 1);
    house.start(start);
    house
}

fn year(moment: &Value) -> i32 {
    moment.as_str().unwrap()[..4].parse().unwrap()
}

#[test]
fn what_has_expired_once_stays_expired_when_the_clock_is_set_back() {
    let house = house();
    house
        .sign_in("boris", "old")
        .is_problem(403, "license_expired");
    assert_eq!(house.license("old")["state"], "expired");
}

#[test]
fn sessions_and_the_record_go_on_from_the_latest_time_seen() {
    let house = house();
    // What was held in the past has lapsed by now (H2).
    let session = house.sign_in("boris", "esm").is(201);
    assert_eq!(year(&session["expires_at"]), 2300);
    let events = house.admin().list("/v1/events");
    assert_eq!(year(&events[0]["at"]), 2300, "{}", events[0]);
    let mut moments: Vec<Timestamp> = events
        .iter()
        .filter_map(|event| event["at"].as_str()?.parse().ok())
        .collect();
    assert_eq!(moments.len(), events.len());
    let latest_first = moments.clone();
    moments.sort_by_key(|moment| std::cmp::Reverse(*moment));
    assert_eq!(
        moments, latest_first,
        "time never runs backwards in the record"
    );
}

#[test]
fn the_latest_time_seen_outlives_a_restart() {
    let mut house = house();
    let session = house.sign_in("boris", "esm").is(201);
    let start = house.stop();
    house.start(start);
    let again = house.sign_in("boris", "esm").is(201);
    assert!(year(&again["expires_at"]) >= year(&session["expires_at"]));
    house
        .sign_in("boris", "old")
        .is_problem(403, "license_expired");
}
