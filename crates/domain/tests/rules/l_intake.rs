//! L3 to L5 and I1: documents of licenses.

use domain::outcome::{ImportAnswer, ImportCode};
use domain::{EventKind, FolderId, Millis, Model, Source};

use crate::world::prelude::*;

fn codes(answers: &[ImportAnswer]) -> Vec<&str> {
    let code = |answer: &ImportAnswer| answer.code.code();
    answers.iter().map(code).collect()
}

/// The reason of each license; none: an empty text.
fn reasons(refusal: Refusal) -> Vec<String> {
    match refusal {
        Refusal::ImportRefused(answers) => {
            for answer in &answers {
                assert_eq!(answer.code == ImportCode::Refused, answer.detail.is_some());
            }
            let reasons = answers.into_iter().map(|answer| answer.refusal);
            reasons.map(Option::unwrap_or_default).collect()
        }
        other => panic!("refused otherwise: {other}"),
    }
}

#[test]
fn l3_a_document_is_taken_in_whole() {
    let mut world = world();
    let answers = world.import(&[
        dedicated("S-1").seats(3),
        floating("F-1").of("crm"),
        site("X-1"),
    ]);
    assert_eq!(codes(&answers), ["added"; 3]);
    for answer in &answers {
        let license = &world.rows.licenses[&answer.license.unwrap()];
        assert_eq!(license.terms.serial, answer.serial);
        assert_eq!(license.terms.reference.as_str(), answer.reference);
        assert_eq!(license.terms.seats, answer.seats);
    }
    assert_eq!(world.pools("S-1"), ["/ 0/3"]);
    assert!(world.pools("X-1").is_empty());
    assert_eq!(world.count_events(EventKind::LicenseAdded), 3);
    assert_eq!(world.count_events(EventKind::ProductAdded), 2);
}

#[test]
fn a_license_that_does_not_name_its_product_leaves_the_name_that_it_has() {
    let mut world = world().license(dedicated("S-1").product_named("Service Management"));
    let name = |world: &World| {
        let product = world.rows.products.values().next().unwrap();
        product.name.to_string()
    };
    // Whoever writes no name signs the code in its place.
    world.import(&[floating("F-1").product_named("esm")]);
    assert_eq!(name(&world), "Service Management");
    world.import(&[floating("F-2").product_named("Service Desk")]);
    assert_eq!(name(&world), "Service Desk");
}

#[test]
fn l3_one_bad_license_keeps_the_whole_document_out_i1() {
    let mut world = world().license(floating("F-1").revision(5));
    let before = world.rows.clone();
    let refusal = world.import_refused(&[
        dedicated("S-1"),
        floating("F-1").revision(4),
        floating("F-1").revision(6),
    ]);
    let sentence = refusal.to_string();
    assert!(
        sentence.starts_with("nothing was imported: F-1: "),
        "{sentence}"
    );
    let expected = ["", "older_revision", "duplicate"];
    assert_eq!(reasons(refusal), expected);
    assert_eq!(world.rows, before);
}

#[test]
fn l3_a_license_can_not_be_changed_by_another_issuer() {
    let mut world = world().license(floating("F-1"));
    let refusal = world.import_refused(&[floating("F-1").revision(2).issued_by("Southwind")]);
    assert_eq!(reasons(refusal), ["other_issuer"]);
    // The same issuer may sign with another key, and in other letters.
    world.import(&[floating("F-1").revision(2).issued_by("NORTHWIND software")]);
}

#[test]
fn l4_the_same_revision_again_is_no_change() {
    let mut world = world().license(floating("F-1").seats(3));
    world.wait_s(5);
    let before = world.rows.clone();
    assert_eq!(
        codes(&world.import(&[floating("F-1").seats(3)])),
        ["unchanged"]
    );
    assert_eq!(world.rows, before);
    // Where the issuer left the start open, it is the day of issue; that is no change.
    assert_eq!(
        codes(&world.import(&[floating("F-1").seats(3).starts(0)])),
        ["unchanged"]
    );
    assert_eq!(world.rows, before);
}

#[test]
fn l4_the_same_revision_with_other_terms_is_refused() {
    let mut world = world().license(floating("F-1").seats(3));
    let refusal = world.import_refused(&[floating("F-1").seats(300)]);
    assert_eq!(reasons(refusal), ["revision_reused"]);
}

#[test]
fn l4_a_lower_revision_is_refused() {
    let mut world = world().license(floating("F-1").revision(7));
    let refusal = world.import_refused(&[floating("F-1").revision(6).seats(300)]);
    assert_eq!(reasons(refusal), ["older_revision"]);
}

#[test]
fn l4_a_higher_revision_replaces_the_terms_and_keeps_every_holder() {
    let mut world = world().users(&["anna", "bob"]).license_auto(
        dedicated("S-1").seats(2).expires(1),
        domain::AutoAssign::Off,
    );
    world.grant_from("anna", "S-1", Source::Hand);
    world.grant_from("bob", "S-1", Source::Rule);
    let seats = world.rows.seats.clone();
    let session = world.sign_in("anna", "esm").session();
    world.wait_days(1);
    let spec = dedicated("S-1")
        .seats(5)
        .expires(10)
        .revision(2)
        .read_only();
    let answers = world.import(std::slice::from_ref(&spec));
    assert_eq!(codes(&answers), ["updated"]);
    assert_eq!(world.rows.seats, seats);
    let license = world.license_row("S-1");
    assert_eq!(*license.terms, *spec.terms());
    assert_eq!(license.validated_at, world.now);
    assert_eq!(license.imported_at, BEGINNING);
    assert_eq!(license.auto_assign, domain::AutoAssign::Off);
    assert_eq!(world.pools("S-1"), ["/ 2/5"]);
    assert_eq!(world.heartbeat(session), "timed_out");
    assert_eq!(world.sign_in("anna", "esm"), "dedicated S-1");
    assert_eq!(world.last_events(3)[0], "license.updated");
}

#[test]
fn l4_a_revision_can_not_change_product_or_model() {
    let mut world = world().license(floating("F-1"));
    for spec in [
        floating("F-1").of("crm"),
        floating("F-1").model(Model::Dedicated),
    ] {
        let refusal = world.import_refused(&[spec.revision(2)]);
        assert_eq!(reasons(refusal), ["other_license"]);
    }
}

#[test]
fn l4_references_are_compared_without_case() {
    let mut world = world().license(floating("F-1").reference("northwind/1"));
    let answers = world.import(&[floating("F-1").reference("Northwind/1").revision(2)]);
    assert_eq!(codes(&answers), ["updated"]);
}

#[test]
fn l4_another_way_of_counting_counts_anew_s6() {
    let mut world = world()
        .folder("/Sales")
        .license(floating("F-1").seats(4).per_session());
    world.move_seats("F-1", "/", "/Sales", 1);
    let mut world = world.user_in("anna", "/Sales");
    let sessions: Vec<_> = (0..3)
        .map(|_| world.sign_in("anna", "esm").session())
        .collect();
    assert_eq!(world.pools("F-1"), ["/ 2/3", "/Sales 1/1"]);
    world.revise(floating("F-1").seats(4).revision(2));
    assert_eq!(world.pools("F-1"), ["/ 0/3", "/Sales 1/1"]);
    for session in sessions {
        assert_eq!(world.heartbeat(session), "alive");
        world.sign_out(session);
    }
    assert_eq!(world.pools("F-1"), ["/ 0/3", "/Sales 0/1"]);

    for _ in 0..3 {
        world.sign_in("anna", "esm");
    }
    assert_eq!(world.pools("F-1"), ["/ 0/3", "/Sales 1/1"]);
    world.revise(floating("F-1").seats(4).per_session().revision(3));
    assert_eq!(world.pools("F-1"), ["/ 0/3", "/Sales 3/1"]);
}

#[test]
fn l5_the_first_document_says_which_company_this_is() {
    let mut world = world();
    let command = world.importing(&[floating("F-1")], Some("CUST-42"), "/");
    world.run(&command);
    assert_eq!(
        world.rows.policy.company.as_ref().unwrap().as_str(),
        "CUST-42"
    );
    assert_eq!(world.count_events(EventKind::PolicyChanged), 1);
    let command = world.importing(&[floating("F-2")], Some("cust-42"), "/");
    world.run(&command);
    let command = world.importing(&[floating("F-3")], Some("CUST-43"), "/");
    let before = world.rows.clone();
    let refusal = world.refused(&command);
    assert_eq!(refusal.code(), "wrong_company");
    assert_eq!(world.rows, before);
    // A document that names nobody is for everybody.
    world.import(&[floating("F-4")]);
}

#[test]
fn l5_a_refused_document_does_not_say_which_company_this_is() {
    let mut world = world().license(floating("F-1").revision(2));
    let command = world.importing(&[floating("F-1")], Some("CUST-42"), "/");
    world.refused(&command);
    assert_eq!(world.rows.policy.company, None);
}

#[test]
fn i1_a_document_can_be_taken_into_a_folder() {
    let mut world = world().license_in("/Sales", dedicated("S-1").seats(2));
    assert_eq!(world.pools("S-1"), ["/Sales 0/2"]);
    let mut command = world.importing(&[dedicated("S-2")], None, "/");
    if let Command::ImportLicenses { folder, .. } = &mut command {
        *folder = FolderId(uuid::Uuid::from_u128(1));
    }
    assert_eq!(world.refused(&command), Refusal::UnknownFolder);
}

#[test]
fn i1_a_license_twice_in_a_document_is_refused() {
    let mut world = world();
    let refusal = world.import_refused(&[floating("F-1"), floating("F-2").reference("f-1")]);
    assert_eq!(reasons(refusal), ["", "duplicate"]);
}

#[test]
fn i1_a_dry_run_tells_who_would_lose_and_changes_nothing_s13() {
    let mut world = world()
        .users(&["anna", "bob"])
        .license(dedicated("S-1").seats(2));
    world.grant("anna", "esm");
    world.wait_s(1);
    world.grant("bob", "esm");
    let command = world.importing(&[dedicated("S-1").revision(2)], None, "/");
    let before = world.rows.clone();
    let (dry, _) = world.dry_run(&command);
    assert_eq!(world.rows, before);
    assert_eq!(dry, world.answer(&command));
    let Ok(Outcome::Imported(answers)) = dry else {
        panic!("{dry:?}")
    };
    assert_eq!(world.in_words(&answers[0].displaced), ["bob: unbacked"]);
}

#[test]
fn i5_intake_works_while_everything_is_over_and_over_allocated() {
    let mut world = world()
        .user("anna")
        .license(dedicated("S-1").seats(1).expires(1));
    world.grant("anna", "esm");
    world.wait_days(2);
    world.revise(dedicated("S-1").seats(0).expires(1).revision(2));
    assert_eq!(world.sign_in("anna", "esm"), "over_allocated");
    world.revise(dedicated("S-1").expires(9).revision(3));
    assert_eq!(world.sign_in("anna", "esm"), "dedicated S-1");
}

#[test]
fn i1_the_same_license_in_two_files_is_taken_in_once() {
    let mut world = world();
    let command = world.importing_files(&[
        ("a.lic", floating("F-1").seats(3)),
        ("a.zip/license.xml", floating("F-1").seats(3)),
    ]);
    let Outcome::Imported(answers) = world.run(&command) else {
        panic!("no import")
    };
    assert_eq!(codes(&answers), ["added", "unchanged"]);
    assert_eq!(answers[0].license, answers[1].license);
    assert_eq!(answers[1].file.as_deref(), Some("a.zip/license.xml"));
    assert_eq!(world.pools("F-1"), ["/ 0/3"]);
    let command = world.importing_files(&[
        ("a.lic", floating("F-2").seats(3)),
        ("b.lic", floating("F-2").seats(4)),
    ]);
    let refusal = world.refused(&command);
    assert!(
        refusal
            .to_string()
            .contains("in a.lic and, with other terms, in b.lic"),
        "{refusal}"
    );
    assert_eq!(reasons(refusal), ["", "duplicate"]);
}

#[test]
fn l5_documents_for_two_companies_do_not_come_in_together() {
    let mut world = world();
    let mut command = world.importing(&[floating("F-1"), floating("F-2")], Some("CUST-42"), "/");
    if let Command::ImportLicenses { customers, .. } = &mut command {
        customers.push(domain::names::CompanyId::parse("CUST-43").unwrap());
    }
    assert_eq!(world.refused(&command).code(), "wrong_company");
    assert_eq!(world.rows.policy.company, None);
}

#[test]
fn i3_what_is_good_for_a_time_is_confirmed_when_it_was_issued() {
    let good_for = Millis::days(30);
    let spec = floating("F-1")
        .revalidated(30, 0)
        .good_for(BEGINNING, good_for);
    let mut world = world();
    world.wait_days(10);
    let command = world.importing(std::slice::from_ref(&spec), None, "/");
    world.run(&command);
    let license = world.license_row("F-1").clone();
    assert_eq!(license.validated_at, BEGINNING);
    assert!(license.is_usable(BEGINNING.plus(Millis::days(29))));
    assert_eq!(
        license.state(BEGINNING.plus(good_for), Millis::ZERO),
        domain::State::Stale
    );
    // The next checkout is a higher revision, and counts from its own issue.
    world.wait_days(15);
    let renewed = spec.revision(2).good_for(world.now, good_for);
    assert_eq!(codes(&world.import(&[renewed])), ["updated"]);
    assert_eq!(world.license_row("F-1").validated_at, world.now);
}

#[test]
fn i3_what_is_not_good_any_more_or_not_yet_is_refused() {
    let mut world = world();
    world.wait_days(100);
    let good_for = |at| floating("F-1").good_for(at, Millis::days(30));
    let late = world.import_refused(&[good_for(BEGINNING)]);
    assert!(
        late.to_string()
            .contains("30 days, which were over 70 days ago"),
        "{late}"
    );
    assert_eq!(reasons(late), ["document_expired"]);
    let early = world.import_refused(&[good_for(world.now.plus(Millis::days(3)))]);
    assert!(early.to_string().contains("3 days from now"), "{early}");
    assert_eq!(reasons(early), ["issued_in_future"]);
    // Clocks differ a little.
    let now = world.now;
    world.import(&[good_for(now.plus(Millis::seconds(60)))]);
    assert_eq!(world.license_row("F-1").validated_at, now);
}
