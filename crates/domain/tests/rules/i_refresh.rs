//! I3: what a license service's word may change, what it can't, and when it is asked.

use domain::names::{CompanyId, Title};
use domain::refresh::{
    Fault, ServiceUrl, Word, next_after_failure, next_after_success, not_held_against,
};
use domain::{EventKind, Millis, Model, State, Timestamp};

use crate::world::prelude::*;
use crate::world::refreshing::{current, renewed, silence, withdrawn};

const DAY: i64 = 86_400_000;

/// Anna and Boris hold seats of a license that is refreshed every 10 days and gives 20 days more.
fn house() -> World {
    let mut world = world()
        .users(&["anna", "boris"])
        .license(spec().revision(3));
    assert_eq!(world.grant("anna", "esm"), "granted D-1");
    assert_eq!(world.grant("boris", "esm"), "granted D-1");
    world
}

fn spec() -> LicenseSpec {
    dedicated("D-1").seats(2).revalidated(10, 20)
}

#[test]
fn i3_a_service_that_is_away_costs_nobody_access_before_the_offline_grace_is_over() {
    let mut world = house();
    let faults = [
        Fault::Unreachable,
        Fault::Busy,
        Fault::Garbage,
        Fault::BadSignature,
        Fault::WrongAnswer,
    ];
    for day in 1..30 {
        world.wait_days(1);
        let answer = world.refresh("D-1", silence(faults[day % 5]));
        assert_eq!(
            answer.days_until_stale,
            Some(30 - u32::try_from(day).unwrap())
        );
        assert_eq!(
            world.sign_in("anna", "esm"),
            "dedicated D-1",
            "on day {day}"
        );
        assert_eq!(world.holders("D-1"), ["anna", "boris"]);
    }
    world.wait(Millis::new(DAY - 1));
    assert_eq!(world.sign_in("anna", "esm"), "dedicated D-1");
    world.wait(Millis::new(1));
    assert_eq!(world.state("D-1"), State::Stale);
    assert_eq!(world.sign_in("anna", "esm"), "license_stale");
    assert_eq!(world.holders("D-1"), ["anna", "boris"], "seats are kept");
    assert_eq!(world.refresh_code("D-1", current(3)), "confirmed");
    assert_eq!(world.sign_in("anna", "esm"), "dedicated D-1");
}

#[test]
fn i3_administrators_are_told_once_and_not_at_each_attempt() {
    let mut world = house();
    let told = |world: &World| world.count_events(EventKind::LicenseRefreshFailed);
    for _ in 0..100 {
        world.wait_s(600);
        world.refresh("D-1", silence(Fault::Unreachable));
        world.refresh("D-1", silence(Fault::Busy));
    }
    assert_eq!(told(&world), 1);
    assert_eq!(
        world.refresh_row("D-1").trouble.as_ref().unwrap().attempts,
        200
    );
    // Waiting does not help against a service that lies: that is news, once.
    for _ in 0..100 {
        world.refresh("D-1", silence(Fault::BadSignature));
        world.refresh("D-1", silence(Fault::Unreachable));
        world.refresh("D-1", silence(Fault::Garbage));
    }
    assert_eq!(told(&world), 2);
    assert_eq!(world.refresh_code("D-1", current(3)), "confirmed");
    assert_eq!(
        world.last_events(2),
        ["license.confirmed", "license.refresh_recovered"]
    );
    assert_eq!(world.refresh_row("D-1").trouble, None);
    world.refresh("D-1", current(3));
    assert_eq!(world.count_events(EventKind::LicenseRefreshRecovered), 1);
    world.refresh("D-1", silence(Fault::Unreachable));
    assert_eq!(told(&world), 3, "another outage is told again");
}

#[test]
fn i3_a_lying_service_changes_nothing() {
    let spec = spec().revision(3);
    let other_company = |world: &mut World| {
        world.change_policy(|policy| policy.company = Some(CompanyId::parse("CUST-1").unwrap()));
        Word::Renewed {
            license: Box::new(spec.clone().revision(4).build()),
            customer: Some(CompanyId::parse("CUST-2").unwrap()),
        }
    };
    let lies: [(&str, Word); 8] = [
        ("older_revision", current(2)),
        ("service_wrong_answer", current(4)),
        ("older_revision", withdrawn(2)),
        (
            "older_revision",
            renewed(&spec.clone().revision(2).seats(99)),
        ),
        ("unacceptable_license", renewed(&spec.clone().seats(99))),
        (
            "unacceptable_license",
            renewed(&spec.clone().revision(4).model(Model::Floating)),
        ),
        (
            "unacceptable_license",
            renewed(&spec.clone().revision(4).issued_by("Contoso")),
        ),
        (
            "service_wrong_answer",
            renewed(&dedicated("D-2").revision(4)),
        ),
    ];
    let check = |world: &mut World, fault: &str, word: Word| {
        let before = world.rows.licenses.clone();
        assert_eq!(world.refresh_code("D-1", word.clone()), fault, "{word:?}");
        assert_eq!(world.rows.licenses, before, "{word:?}");
        assert_eq!(world.sign_in("anna", "esm"), "dedicated D-1");
        assert_eq!(world.sign_in("boris", "esm"), "dedicated D-1");
    };
    let mut world = house();
    for (fault, lie) in lies {
        check(&mut world, fault, lie);
    }
    let lie = other_company(&mut world);
    check(&mut world, "unacceptable_license", lie);
}

#[test]
fn i3_new_terms_replace_the_old_ones_and_keep_every_holder_l4() {
    let mut world = house();
    world.wait_days(25);
    let longer = spec().revision(4).seats(5).expires(400);
    let answer = world.refresh("D-1", renewed(&longer));
    assert_eq!((answer.code.code(), answer.seats), ("updated", 5));
    assert_eq!(answer.days_until_stale, Some(30));
    assert_eq!(world.holders("D-1"), ["anna", "boris"]);
    assert_eq!(world.pools("D-1"), ["/ 2/5"]);
    assert_eq!(world.last_events(1), ["license.updated"]);
    // The same again is as good as a confirmation.
    assert_eq!(world.refresh_code("D-1", renewed(&longer)), "confirmed");
}

#[test]
fn i3_fewer_seats_take_from_the_latest_assigned_and_say_so_l9() {
    let mut world = house();
    let answer = world.refresh("D-1", renewed(&spec().revision(4).seats(1)));
    assert_eq!(world.in_words(&answer.displaced), ["boris: unbacked"]);
    assert_eq!(world.sign_in("anna", "esm"), "dedicated D-1");
    assert_eq!(world.sign_in("boris", "esm"), "over_allocated");
}

#[test]
fn i3_only_the_issuers_own_word_withdraws_and_only_a_higher_revision_brings_back() {
    let mut world = house();
    let session = world.sign_in("anna", "esm").session();
    let answer = world.refresh("D-1", withdrawn(3));
    assert_eq!(answer.code.code(), "withdrawn");
    assert_eq!(answer.next_at, None, "there is nothing to ask for any more");
    assert_eq!(world.state("D-1"), State::Revoked);
    let mut events = world.rows.events.iter();
    let event = events
        .find(|event| event.kind == EventKind::LicenseRevoked)
        .unwrap();
    assert_eq!(event.why.as_deref(), Some("not paid"));
    assert_eq!(world.heartbeat(session), "license_revoked");

    assert_eq!(world.refresh_code("D-1", withdrawn(3)), "withdrawn");
    assert_eq!(world.refresh_code("D-1", current(3)), "older_revision");
    assert_eq!(
        world.refresh_code("D-1", renewed(&spec().revision(3))),
        "older_revision"
    );
    assert_eq!(world.state("D-1"), State::Revoked);
    assert_eq!(
        world.refresh_code("D-1", renewed(&spec().revision(4))),
        "updated"
    );
    assert_eq!(world.state("D-1"), State::Active);
    assert_eq!(world.sign_in("anna", "esm"), "dedicated D-1");
    assert!(world.refresh_row("D-1").next_at.is_some());
}

#[test]
fn i3_the_next_refresh_is_planned_at_intake_and_moves_with_each_success() {
    let mut world = house();
    let planned = |world: &World| world.refresh_row("D-1").next_at.unwrap();
    let from = BEGINNING.plus(Millis::days(9));
    assert!((from..=BEGINNING.plus(Millis::days(10))).contains(&planned(&world)));
    let first = planned(&world);
    world.wait_days(4);
    world.refresh("D-1", current(3));
    assert_eq!(planned(&world), first.plus(Millis::days(4)));
    // A file is as good as a refresh.
    world.refresh("D-1", silence(Fault::Unreachable));
    world.wait_days(2);
    world.revise(spec().revision(5));
    assert_eq!(planned(&world), first.plus(Millis::days(6)));
    assert_eq!(world.refresh_row("D-1").trouble, None);
    world.revise(dedicated("D-1").seats(2).revision(6));
    assert_eq!(
        world.refresh_row("D-1").next_at,
        None,
        "it need not be refreshed any more"
    );
}

#[test]
fn i3_a_license_that_need_not_be_refreshed_is_never_asked_for_by_itself() {
    let mut world = world().license(dedicated("D-1"));
    assert!(world.rows.refreshes.is_empty());
    // By hand it can be.
    assert_eq!(
        world.refresh_code("D-1", silence(Fault::Unreachable)),
        "service_unreachable"
    );
    assert_eq!(world.refresh_row("D-1").next_at, None);
    assert_eq!(world.refresh_code("D-1", current(1)), "confirmed");
    assert_eq!(world.refresh_row("D-1").next_at, None);
}

#[test]
fn i3_a_removed_license_is_asked_for_no_more() {
    let mut world = house();
    world.remove("D-1");
    let license = world.license_id("D-1");
    let word = current(3);
    let answer = world.run(&Command::TakeRefresh { license, word });
    assert!(!done(&answer));
    assert_eq!(world.refresh_row("D-1").next_at, None);
    assert_eq!(world.state("D-1"), State::Removed);
}

#[test]
fn i3_whoever_is_over_needs_no_further_attempt_l7_l9() {
    for end in [World::remove, World::revoke] {
        let mut world = house();
        assert!(next_after_failure(world.license_row("D-1"), 1, world.now).is_some());
        end(&mut world, "D-1");
        let license = world.license_row("D-1");
        assert_eq!(next_after_failure(license, 1, world.now), None);
    }
}

#[test]
fn i3_refreshes_are_spread_and_never_late() {
    let mut world = world();
    let specs: Vec<_> = (0..200)
        .map(|n| floating(&format!("F-{n}")).revalidated(10, 5))
        .collect();
    world.import(&specs);
    let mut plans: Vec<Timestamp> = Vec::new();
    for license in world.rows.licenses.values() {
        let next = next_after_success(license).unwrap();
        assert!(
            next <= BEGINNING.plus(Millis::days(10)) && next >= BEGINNING.plus(Millis::days(9))
        );
        plans.push(next);
    }
    plans.sort();
    plans.dedup();
    assert!(plans.len() > 100, "only {} moments", plans.len());
    let spread = plans[plans.len() - 1].since(plans[0]);
    assert!(spread > Millis::new(DAY / 2), "{spread:?}");
}

#[test]
fn i3_failed_attempts_back_off_and_still_fit_in_before_anything_is_lost() {
    for (every, grace) in [(1, 0), (1, 1), (7, 14), (30, 30), (366, 366)] {
        let world = world().license(floating("F-1").revalidated(every, grace));
        let license = world.license_row("F-1");
        let mut now = next_after_success(license).unwrap();
        let (mut attempts, mut pauses) = (0, Vec::new());
        while now < license.stale_at() {
            attempts += 1;
            let next = next_after_failure(license, attempts, now).unwrap();
            pauses.push(next.since(now).get());
            now = next;
        }
        assert!(
            attempts >= 5,
            "{attempts} attempts with {every} and {grace} days"
        );
        assert!(pauses[0] <= 60_000 && pauses[0] >= 54_000);
        let longest = pauses.iter().max().unwrap();
        assert!(*longest <= 6 * 3_600_000, "{longest}");
        let grows = pauses[..4].windows(2).all(|pair| pair[1] > pair[0]);
        assert!(grows, "{pauses:?}");
    }
}

#[test]
fn i2_a_service_belongs_to_an_issuer_and_its_changes_are_recorded() {
    let mut world = world();
    let set = |world: &mut World, url: Option<&str>| {
        let command = Command::SetLicenseService {
            issuer: Title::parse("Northwind Software").unwrap(),
            url: url.map(|url| ServiceUrl::parse(url).unwrap()),
        };
        done(&world.run(&command))
    };
    assert!(set(&mut world, Some("https://one.example.org")));
    assert!(!set(&mut world, Some("https://one.example.org")));
    assert!(set(&mut world, Some("https://two.example.org")));
    let service = &world.rows.license_services["northwind software"];
    assert_eq!(service.url.as_str(), "https://two.example.org");
    assert!(set(&mut world, None));
    assert!(!set(&mut world, None));
    assert!(world.rows.license_services.is_empty());
    assert_eq!(world.count_events(EventKind::IssuerServiceChanged), 3);
    world.act_as(domain::Role::Manager);
    let command = Command::SetLicenseService {
        issuer: Title::parse("Northwind Software").unwrap(),
        url: None,
    };
    assert_eq!(world.refused(&command).code(), "forbidden");
}

#[test]
fn i3_nothing_is_held_against_licenses_that_no_service_has_to_know() {
    let mut world = world()
        .license(spec().revision(3))
        .license(dedicated("F-1"));
    let fault = |world: &World, serial: &str, word: Word| {
        let pardon = not_held_against(world.license_row(serial), &word);
        pardon.map(|(fault, _)| fault)
    };
    let unknown = || silence(Fault::NotKnown);
    assert_eq!(fault(&world, "F-1", unknown()), Some(Fault::NotKnown));
    assert_eq!(fault(&world, "F-1", silence(Fault::Unreachable)), None);
    assert_eq!(fault(&world, "D-1", unknown()), None);
    world.revoke("D-1");
    assert_eq!(fault(&world, "D-1", unknown()), Some(Fault::NotKnown));
    assert_eq!(fault(&world, "D-1", current(3)), Some(Fault::OlderRevision));
    assert_eq!(fault(&world, "D-1", current(4)), None);
}
