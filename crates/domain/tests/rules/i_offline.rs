//! I4: requests to issuers, and their responses.

use domain::command::Withdrawal;
use domain::names::{CompanyId, Title};
use domain::{LicenseRef, LicenseRequest, ProductCode, ProductVersion, RequestId, Serial};

use crate::world::prelude::*;

fn asking(company: Option<&str>, issuer: Option<&str>) -> Command {
    Command::RequestLicenses {
        company: company.map(|id| CompanyId::parse(id).unwrap()),
        version: ProductVersion::parse("8.3.0").unwrap(),
        issuer: issuer.map(|name| Title::parse(name).unwrap()),
    }
}

fn ask(world: &mut World) -> LicenseRequest {
    match world.run(&asking(Some("CUST-42"), None)) {
        Outcome::Requested(request) => request,
        other => panic!("no request: {other:?}"),
    }
}

fn withdrawal(serial: &str) -> Withdrawal {
    Withdrawal {
        reference: LicenseRef::parse(serial).unwrap(),
        serial: Serial::parse(serial).unwrap(),
        product: ProductCode::parse("esm").unwrap(),
        reason: Some("replaced".into()),
    }
}

fn response(request: RequestId, given: &[LicenseSpec], withdrawn: &[&str]) -> Command {
    Command::TakeResponse {
        request,
        issuer: Title::parse("Northwind Software").unwrap(),
        key: "key-1".into(),
        company: CompanyId::parse("CUST-42").unwrap(),
        licenses: given.iter().map(LicenseSpec::build).collect(),
        withdrawn: withdrawn.iter().map(|one| withdrawal(one)).collect(),
        folder: domain::FolderId::ROOT,
    }
}

/// `SERIAL: CODE`, in the order of the response.
fn take(world: &mut World, command: &Command) -> Vec<String> {
    match world.run(command) {
        Outcome::Imported(answers) => {
            let words = answers
                .iter()
                .map(|one| format!("{}: {}", one.serial, one.code));
            words.collect()
        }
        other => panic!("no answer to a response: {other:?}"),
    }
}

#[test]
fn i4_the_company_id_is_remembered_and_left_out_from_then_on() {
    let mut world = world();
    let nameless = asking(None, None);
    assert_eq!(world.refused(&nameless).code(), "company_missing");
    let request = ask(&mut world);
    assert_eq!(request.version.to_string(), "8.3.0");
    assert_eq!(world.rows.policy.company, Some(request.company.clone()));
    let Outcome::Requested(again) = world.run(&nameless) else {
        panic!("no request")
    };
    assert_eq!(again.company, request.company);
    assert_ne!(again.id, request.id);
    let other = asking(Some("CUST-43"), None);
    assert_eq!(world.refused(&other).code(), "other_company");
}

#[test]
fn i4_a_request_tells_of_one_issuer_only() {
    let mut world = world();
    assert_eq!(ask(&mut world).issuer, None);
    let mut world = world.license(dedicated("N-1"));
    let northwind = Title::parse("Northwind Software").unwrap();
    assert_eq!(ask(&mut world).issuer, Some(northwind.clone()));
    let mut world = world.license(dedicated("S-1").issued_by("Southwind"));
    let refusal = world.refused(&asking(None, None));
    assert_eq!(refusal.code(), "issuer_ambiguous");
    assert!(
        refusal
            .to_string()
            .contains("Northwind Software, Southwind")
    );
    let Outcome::Requested(named) = world.run(&asking(None, Some("northwind SOFTWARE"))) else {
        panic!("no request")
    };
    assert_eq!(named.issuer, Some(northwind));
}

#[test]
fn i4_a_response_adds_extends_shrinks_and_withdraws_in_one_step() {
    let mut world = world()
        .users(&["anna", "bob"])
        .license(dedicated("MORE").seats(2))
        .license(dedicated("LESS").seats(2))
        .license(dedicated("TEXT").seats(2))
        .license(dedicated("GONE").seats(2));
    world.grant_license("anna", "GONE");
    let request = ask(&mut world).id;
    let command = response(
        request,
        &[
            dedicated("MORE").seats(5).revision(2),
            dedicated("LESS").seats(1).revision(2),
            dedicated("TEXT").seats(2).revision(2).agreement("new"),
            dedicated("NEW").seats(3),
        ],
        &["GONE", "UNHEARD-OF"],
    );
    assert_eq!(
        take(&mut world, &command),
        [
            "MORE: extended",
            "LESS: shrunk",
            "TEXT: updated",
            "NEW: added",
            "GONE: withdrawn",
            "UNHEARD-OF: unchanged"
        ]
    );
    assert_eq!(world.state("GONE"), domain::State::Revoked);
    // What came in the same step gives refuge (L9).
    assert!(world.holders("GONE").is_empty());
    assert_eq!(world.seats_of("anna").len(), 1);
    let event = world.rows.events.last().unwrap();
    assert_eq!(event.kind, domain::EventKind::ResponseTaken);
}

#[test]
fn i4_what_is_gone_already_is_not_withdrawn_again_l7_l9() {
    for end in [World::remove, World::revoke] {
        let mut world = world().license(dedicated("GONE").seats(2));
        end(&mut world, "GONE");
        let request = ask(&mut world).id;
        let command = response(request, &[], &["GONE"]);
        assert_eq!(take(&mut world, &command), ["GONE: unchanged"]);
    }
}

#[test]
fn i4_less_of_one_thing_is_shrunk_whatever_else_grows() {
    let mut world = world().license(dedicated("S-1").seats(2).expires(30));
    let request = ask(&mut world).id;
    let command = response(
        request,
        &[dedicated("S-1").seats(9).expires(20).revision(2)],
        &[],
    );
    assert_eq!(take(&mut world, &command), ["S-1: shrunk"]);
}

#[test]
fn i4_a_response_is_taken_once() {
    let mut world = world();
    let request = ask(&mut world).id;
    let command = response(request, &[dedicated("NEW")], &[]);
    let (preview, _) = world.dry_run(&command);
    assert!(preview.is_ok());
    assert_eq!(take(&mut world, &command), ["NEW: added"]);
    let before = world.rows.clone();
    assert_eq!(world.refused(&command).code(), "response_replayed");
    assert_eq!(world.rows, before);
}

#[test]
fn i4_a_response_to_a_request_that_was_not_made_here_is_refused() {
    let mut world = world();
    let elsewhere = RequestId(uuid::Uuid::from_u128(7));
    let command = response(elsewhere, &[dedicated("NEW")], &[]);
    assert_eq!(world.refused(&command).code(), "unknown_request");
}

#[test]
fn i4_whoever_was_not_asked_does_not_answer() {
    let mut world = world().license(dedicated("S-1").issued_by("Southwind"));
    let request = ask(&mut world).id;
    let command = response(request, &[dedicated("NEW")], &[]);
    assert_eq!(world.refused(&command).code(), "another_issuer");
}

#[test]
fn i4_a_response_is_taken_whole_or_not_at_all_i1() {
    let mut world = world()
        .license(dedicated("N-1").seats(2).revision(3))
        .license(dedicated("N-2").seats(2));
    let request = ask(&mut world).id;
    // Another issuer's license comes between the request and the response.
    let mut world = world.license(dedicated("S-1").issued_by("Southwind"));
    let before = world.rows.clone();
    let stale = response(request, &[dedicated("N-1").seats(9).revision(2)], &["N-2"]);
    assert_eq!(world.refused(&stale).code(), "import_refused");
    let foreign = response(request, &[dedicated("NEW")], &["S-1"]);
    let refusal = world.refused(&foreign);
    assert!(refusal.to_string().contains("Southwind"), "{refusal}");
    assert_eq!(world.rows, before);
    // The request is still open.
    let good = response(request, &[dedicated("NEW")], &[]);
    assert_eq!(take(&mut world, &good), ["NEW: added"]);
}

#[test]
fn i5_a_response_is_taken_while_everything_is_over_allocated_and_expired() {
    let mut world = world()
        .users(&["anna", "bob"])
        .license(dedicated("S-1").seats(2).expires(1));
    world.grant_license("anna", "S-1");
    world.grant_license("bob", "S-1");
    world.revise(dedicated("S-1").seats(1).expires(1).revision(2));
    world.wait_days(2);
    let request = ask(&mut world).id;
    let command = response(request, &[dedicated("S-1").seats(2).revision(3)], &[]);
    assert_eq!(take(&mut world, &command), ["S-1: extended"]);
    assert_eq!(world.sign_in("bob", "esm"), "dedicated S-1");
}

#[test]
fn i4_whoever_may_not_manage_licenses_asks_nobody_r1() {
    let mut world = world();
    world.act_as(domain::Role::Auditor);
    assert_eq!(world.refused(&asking(Some("C"), None)).code(), "forbidden");
}
