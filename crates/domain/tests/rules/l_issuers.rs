//! L3: whose signatures are believed, when, and what goes when one is not any more.

use domain::command::Introduction;
use domain::{EventKind, IssuerKind, Millis, Period};

use crate::world::prelude::*;

fn trust(key: &str, name: &str, period: Option<Period>) -> Command {
    Command::TrustIssuer {
        key: key.into(),
        name: domain::names::Title::parse(name).unwrap(),
        kind: IssuerKind::Seatkeeper,
        public_key: "abc".into(),
        period,
    }
}

fn distrust(key: &str, withdraw: bool) -> Command {
    let key = key.into();
    Command::DistrustIssuer { key, withdraw }
}

/// By key-1, at the beginning.
fn introducing(key: &str) -> Introduction {
    Introduction {
        by: "key-1".into(),
        issued_at: BEGINNING,
        key: key.into(),
        public_key: "def".into(),
        period: Period::ALWAYS,
        old_until: None,
    }
}

fn until(days: i64) -> Period {
    Period {
        from: None,
        until: Some(BEGINNING.plus(Millis::days(days))),
    }
}

fn reason(refusal: Refusal) -> String {
    match refusal {
        Refusal::ImportRefused(answers) => answers[0].refusal.clone().unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn l3_keys_are_trusted_and_distrusted() {
    let mut world = world();
    let trusting = trust("key-3", "Northwind Software", None);
    assert!(done(&world.run(&trusting)));
    assert!(!done(&world.run(&trusting)));
    assert_eq!(world.rows.issuers["key-3"].trusted_at, world.now);
    world.run(&distrust("key-3", false));
    // It is remembered, so that no document brings it back.
    assert_eq!(world.rows.issuers["key-3"].distrusted_at, Some(world.now));
    let unknown = Refusal::UnknownIssuer("key-3".into());
    assert_eq!(world.refused(&distrust("key-3", true)), unknown);
    assert!(done(&world.run(&trusting)));
    assert!(world.rows.issuers["key-3"].is_trusted());
}

#[test]
fn l3_a_key_is_believed_within_its_period_only() {
    let mut world = world();
    let period = Period {
        from: Some(BEGINNING.plus(Millis::days(10))),
        until: Some(BEGINNING.plus(Millis::days(20))),
    };
    world.run(&trust("key-1", "Northwind Software", Some(period)));
    let at = |world: &World| floating("F-1").issued(world.now);
    let code = |world: &mut World, spec| reason(world.import_refused(&[spec]));
    let early = at(&world);
    assert_eq!(code(&mut world, early), "key_not_in_force");
    world.wait_days(15);
    assert_eq!(
        code(&mut world, floating("F-1")),
        "key_not_in_force",
        "signed too early"
    );
    let spec = at(&world);
    world.import(&[spec]);
    // To be trusted again, as with each start of a server, leaves the period as it is.
    world.run(&trust("key-1", "Northwind", None));
    assert_eq!(world.rows.issuers["key-1"].period, period);
    world.wait_days(5);
    let late = floating("F-2").issued(BEGINNING.plus(Millis::days(15)));
    assert_eq!(
        code(&mut world, late),
        "key_not_in_force",
        "the key's time is over"
    );
    // What it signed in its time stays.
    let mut world = world.user("anna");
    assert_eq!(world.sign_in("anna", "esm"), "floating F-1");
    let empty = Period {
        from: Some(BEGINNING),
        until: Some(BEGINNING),
    };
    let refused = world.refused(&trust("key-1", "Northwind", Some(empty)));
    assert_eq!(refused, Refusal::EmptyPeriod);
}

#[test]
fn l3_what_an_untrusted_key_signed_is_refused_also_at_the_last_moment() {
    let mut world = world();
    world.run(&distrust("key-1", false));
    assert_eq!(
        reason(world.import_refused(&[floating("F-1")])),
        "unknown_key"
    );
    let stranger = floating("F-1").signed_with("key-9");
    assert_eq!(reason(world.import_refused(&[stranger])), "unknown_key");
}

#[test]
fn l3_a_key_introduces_its_successor_and_can_shorten_its_own_time() {
    let mut world = world();
    let told = Introduction {
        old_until: until(30).until,
        ..introducing("key-3")
    };
    assert!(done(&world.run(&Command::IntroduceIssuer(told.clone()))));
    let introduced = &world.rows.issuers["key-3"];
    assert_eq!(introduced.name.as_str(), "Northwind Software");
    assert_eq!(introduced.introduced_by.as_deref(), Some("key-1"));
    assert_eq!(world.rows.issuers["key-1"].period, until(30));
    assert_eq!(world.count_events(EventKind::IssuerIntroduced), 1);
    assert_eq!(world.count_events(EventKind::IssuerPeriodChanged), 1);
    // Twice is once, and a time that was shortened is not lengthened again.
    assert!(!done(&world.run(&Command::IntroduceIssuer(told.clone()))));
    let longer = Introduction {
        old_until: until(300).until,
        ..told
    };
    assert!(!done(&world.run(&Command::IntroduceIssuer(longer))));
    assert_eq!(world.rows.issuers["key-1"].period, until(30));
    // A license that the old key signed is renewed with the new one.
    world.import(&[floating("F-1")]);
    world.wait_days(40);
    let renewed = floating("F-1")
        .revision(2)
        .signed_with("key-3")
        .issued(world.now);
    world.import(&[renewed]);
    assert_eq!(world.license_row("F-1").key, "key-3");
}

#[test]
fn l3_no_document_introduces_more_than_its_key_may() {
    let mut world = world();
    let mut refused = |change: &dyn Fn(&mut Introduction)| {
        let mut told = introducing("key-3");
        change(&mut told);
        world.refused(&Command::IntroduceIssuer(told)).code()
    };
    assert_eq!(refused(&|told| told.by = "key-9".into()), "unknown_issuer");
    assert_eq!(
        refused(&|told| told.key = "key-1".into()),
        "cannot_introduce"
    );
    assert_eq!(
        refused(&|told| told.period = Period {
            from: Some(BEGINNING),
            until: Some(BEGINNING),
        }),
        "empty_period"
    );
    // Another issuer's key does not change hands.
    world.run(&trust("key-4", "Southwind", None));
    let told = Command::IntroduceIssuer(introducing("key-4"));
    assert_eq!(world.refused(&told).code(), "cannot_introduce");
    // A key that was distrusted here is not brought back by an older one.
    world.run(&trust("key-5", "Northwind Software", None));
    world.run(&distrust("key-5", false));
    let told = Command::IntroduceIssuer(introducing("key-5"));
    assert_eq!(world.refused(&told).code(), "key_distrusted");
    // A key past its time introduces nobody, whatever date it writes.
    world.run(&trust("key-1", "Northwind Software", Some(until(5))));
    world.wait_days(6);
    let told = Command::IntroduceIssuer(introducing("key-6"));
    assert_eq!(world.refused(&told).code(), "key_not_in_force");
    let keygen = domain::Issuer {
        kind: IssuerKind::Keygen,
        ..northwinds("key-2")
    };
    world.rows.issuers.insert("key-2".into(), keygen);
    let told = Introduction {
        by: "key-2".into(),
        ..introducing("key-7")
    };
    assert_eq!(
        world.refused(&Command::IntroduceIssuer(told)).code(),
        "cannot_introduce"
    );
}

#[test]
fn l3_distrust_says_first_what_it_takes_away_and_trust_gives_it_back_s13() {
    let mut world = world()
        .users(&["anna", "bob", "carl"])
        .license(dedicated("S-1").seats(2))
        .license(dedicated("S-2").seats(1).signed_with("key-2").of("esm"));
    for name in ["anna", "bob"] {
        world.grant_from(name, "S-1", domain::Source::Hand);
        world.wait_s(1);
    }
    let seats = world.rows.seats.clone();
    let before = world.rows.clone();
    let command = distrust("key-1", true);
    let (dry, _) = world.dry_run(&command);
    assert_eq!(world.rows, before);
    let Ok(Outcome::Removed {
        licenses,
        displaced,
    }) = &dry
    else {
        panic!("{dry:?}")
    };
    assert_eq!(licenses.len(), 1);
    // The longest-held first: there is one free seat of the same issuer's other key.
    assert_eq!(
        world.in_words(displaced),
        ["anna: moved to S-2", "bob: unbacked"]
    );
    assert_eq!(world.answer(&command), dry);
    assert_eq!(world.license_row("S-1").revoked_at, Some(world.now));
    assert_eq!(world.sign_in("anna", "esm"), "dedicated S-2");
    assert_eq!(world.sign_in("bob", "esm"), "over_allocated");

    world.wait_days(1);
    world.run(&trust("key-1", "Northwind Software", None));
    assert_eq!(world.license_row("S-1").revoked_at, None);
    assert_eq!(world.pools("S-1"), ["/ 1/2"]);
    assert_eq!(world.sign_in("bob", "esm"), "dedicated S-1");
    assert_eq!(world.rows.seats.len(), seats.len());
}

#[test]
fn l3_trust_gives_back_nothing_that_the_issuer_withdrew() {
    let mut world = world().license(floating("F-1")).license(floating("F-2"));
    let withdrawn = world.license_id("F-1");
    world.run(&Command::RevokeLicense(withdrawn));
    world.wait_s(1);
    world.run(&distrust("key-1", true));
    assert!(world.license_row("F-2").revoked_at.is_some());
    world.wait_s(1);
    world.run(&trust("key-1", "Northwind Software", None));
    assert!(world.license_row("F-1").revoked_at.is_some());
    assert_eq!(world.license_row("F-2").revoked_at, None);
}

#[test]
fn l3_a_license_that_went_with_its_key_comes_back_under_another() {
    let mut world = world().user("anna").license(dedicated("S-1"));
    world.grant_from("anna", "S-1", domain::Source::Hand);
    world.run(&distrust("key-1", true));
    assert_eq!(world.sign_in("anna", "esm"), "over_allocated");
    let again = dedicated("S-1").signed_with("key-2");
    let answers = world.import(std::slice::from_ref(&again));
    assert_eq!(answers[0].code, domain::outcome::ImportCode::Updated);
    assert_eq!(world.sign_in("anna", "esm"), "dedicated S-1");
    // What its issuer withdrew does not come back that way.
    let id = world.license_id("S-1");
    world.run(&Command::RevokeLicense(id));
    let answers = world.import(&[again]);
    assert_eq!(answers[0].code, domain::outcome::ImportCode::Unchanged);
    assert!(world.license_row("S-1").revoked_at.is_some());
}

#[test]
fn l3_distrust_can_leave_the_licenses() {
    let mut world = world().user("anna").license(floating("F-1"));
    world.run(&distrust("key-1", false));
    assert_eq!(world.sign_in("anna", "esm"), "floating F-1");
}

#[test]
fn i5_the_first_license_comes_in_and_everything_that_cures_works_without_any() {
    // With no license at all, with an expired one, and while over-allocated.
    let bare = world().users(&["anna", "bob"]);
    let expired = bare.clone().license(dedicated("S-0").expires(0));
    let mut over = bare.clone().license(dedicated("S-0").seats(2));
    over.grant("anna", "esm");
    over.grant("bob", "esm");
    over.revise(dedicated("S-0").seats(1).revision(2));
    over.change_policy(|policy| {
        policy.over_allocation = domain::policy::OverAllocation::LockProduct;
    });
    for (what, mut world) in [("none", bare), ("expired", expired), ("over", over)] {
        let told = Command::IntroduceIssuer(introducing("key-3"));
        assert!(done(&world.run(&told)), "{what}");
        let spec = dedicated("S-1").seats(5).signed_with("key-3");
        let command = world.importing(std::slice::from_ref(&spec), Some("CUST-42"), "/");
        let (dry, _) = world.dry_run(&command);
        assert!(dry.is_ok(), "{what}: {dry:?}");
        world.run(&command);
        if what != "none" {
            let (old, new) = (world.license_id("S-0"), world.license_id("S-1"));
            let partly = false;
            world.run(&Command::ReplaceLicense { old, new, partly });
            world.run(&Command::RemoveLicense(old));
            world.run(&Command::RemoveExpired);
        }
        assert_eq!(world.sign_in("anna", "esm"), "dedicated S-1", "{what}");
        assert_eq!(world.sign_in("bob", "esm"), "dedicated S-1", "{what}");
    }
}
