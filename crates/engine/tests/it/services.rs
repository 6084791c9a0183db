//! License services: keys become licenses (I2), licenses are refreshed (I3), and what lies changes nothing.

use domain::command::FolderRef;
use domain::event::EventKind;
use domain::names::Title;
use domain::outcome::{ImportCode, RefreshCode};
use domain::{Actor, Command, IssuerKind, Period, Policy, Role};
use engine::{KeyError, KeyLicense};
use license_file::document::Model;
use license_file::license_key::LicenseKey;

use crate::office::{House, Way, key};
use crate::world::{administrator, file, issuer, terms};

#[tokio::test]
async fn a_key_shows_what_it_brings_before_it_is_confirmed_i2() {
    let house = House::new().await;
    let shown = house
        .add(&key().reveal().to_lowercase(), false)
        .await
        .unwrap();
    assert_eq!(shown.issuer.as_str(), "Northwind Software");
    assert_eq!(
        (shown.terms.seats, shown.answer.code),
        (2, ImportCode::Added)
    );
    assert!(!shown.confirmed);
    let none = house
        .engine
        .read(|reader| reader.refreshable_licenses())
        .await
        .unwrap();
    assert!(none.is_empty(), "a look changes nothing");

    let added = house.add(&key().reveal(), true).await.unwrap();
    assert!(added.confirmed);
    let license = house.license().await;
    assert_eq!(
        license.terms.installation,
        Some(house.engine.installation().to_string())
    );
    let again = house.add(&key().reveal(), true).await.unwrap();
    assert_eq!(again.answer.code, ImportCode::Unchanged);
    let asked = house.office.asked.lock().unwrap();
    assert_eq!(asked[0], "https://licenses.example.org/v1/exchange/preview");
}

#[tokio::test]
async fn a_key_that_can_bring_nothing_says_why_i2() {
    let house = House::new().await;
    let code = |result: Result<KeyLicense, KeyError>| result.unwrap_err().code().to_owned();
    let mistyped = key().reveal().replace("SK-", "SK-Z");
    assert_eq!(
        code(house.add(&mistyped[..31], true).await),
        "invalid_license_key"
    );
    assert!(
        house.office.asked.lock().unwrap().is_empty(),
        "a typing error is told offline"
    );
    let other = LicenseKey::from_random(&[43; 13]);
    assert_eq!(
        code(house.add(&other.reveal(), true).await),
        "unknown_license_key"
    );
    for (way, expected) in [
        (Way::Away, "service_unreachable"),
        (Way::Busy, "service_busy"),
        (Way::Garbage, "service_garbage"),
        (Way::Stranger, "service_unknown_key"),
        (Way::Forged, "service_bad_signature"),
        (Way::Misdirected, "service_wrong_answer"),
    ] {
        house.office.answers(way);
        assert_eq!(code(house.add(&key().reveal(), true).await), expected);
    }
    house.office.answers(Way::Honest);
    let manager = Actor::new("app", Role::Application);
    let root = FolderRef::Path(Vec::new());
    let refused = house
        .engine
        .add_license(&manager, &key().reveal(), None, root, true)
        .await;
    assert_eq!(refused.unwrap_err().code(), "forbidden");

    house.knows("Contoso").await;
    assert_eq!(code(house.add(&key().reveal(), true).await), "which_issuer");
    let root = FolderRef::Path(Vec::new());
    let (theirs, admin, text) = (Some("contoso"), administrator(), key().reveal());
    // No key of Contoso's is trusted: Northwind can't speak for it.
    let refused = house.engine.add_license(&admin, &text, theirs, root, true);
    assert_eq!(refused.await.unwrap_err().code(), "service_unknown_key");
}

#[tokio::test]
async fn without_internet_only_files_work_and_the_message_says_so_i2() {
    let house = House::furnished().await;
    let policy = Policy {
        internet: false,
        ..house.engine.policy().as_ref().clone()
    };
    let version = None;
    house.run(Command::SetPolicy { policy, version }).await;
    let asked = house.office.asked.lock().unwrap().len();
    let error = house.add(&key().reveal(), false).await.unwrap_err();
    assert_eq!(error.code(), "internet_off");
    assert!(error.to_string().contains("license file"), "{error}");
    let answer = house.refresh().await;
    assert_eq!(answer.fault.map(|fault| fault.code()), Some("internet_off"));
    assert!(answer.detail.unwrap().contains("license file"));
    assert_eq!(
        house.office.asked.lock().unwrap().len(),
        asked,
        "nobody was asked"
    );
    assert!(house.anna_gets_in().await);
}

#[tokio::test]
async fn whatever_a_service_says_wrongly_changes_nothing_i3() {
    let house = House::furnished().await;
    house.refresh().await;
    house.wait_days(1);
    for (way, fault) in [
        (Way::Away, "service_unreachable"),
        (Way::Busy, "service_busy"),
        (Way::Garbage, "service_garbage"),
        (Way::Stranger, "service_unknown_key"),
        (Way::Forged, "service_bad_signature"),
        (Way::Replay, "service_wrong_answer"),
        (Way::Misdirected, "service_wrong_answer"),
        (Way::OtherLicense, "service_wrong_answer"),
        (Way::Nothing, "service_wrong_answer"),
        (Way::Old, "older_revision"),
    ] {
        let before = house.license().await;
        house.office.answers(way);
        let answer = house.refresh().await;
        assert_eq!(answer.code, RefreshCode::Failed, "{way:?}");
        assert_eq!(
            answer.fault.map(|fault| fault.code()),
            Some(fault),
            "{way:?}"
        );
        assert_eq!(house.license().await, before, "{way:?}");
        assert!(house.anna_gets_in().await, "{way:?}");
    }
    // The outage, and once that waiting does not help.
    assert_eq!(house.events(EventKind::LicenseRefreshFailed).await, 2);
    house.office.answers(Way::Honest);
    assert_eq!(house.refresh().await.code, RefreshCode::Confirmed);
    assert_eq!(house.events(EventKind::LicenseRefreshRecovered).await, 1);
}

#[tokio::test]
async fn a_service_with_a_key_that_is_over_is_not_called_a_stranger_i3() {
    let house = House::furnished().await;
    let key = issuer().verifying_key().clone();
    let ended = Period {
        from: None,
        until: Some(house.engine.now()),
    };
    house
        .run(Command::TrustIssuer {
            key: key.kid().to_owned(),
            name: Title::parse("Northwind Software").unwrap(),
            kind: IssuerKind::Seatkeeper,
            public_key: key.to_base64url(),
            period: Some(ended),
        })
        .await;
    let detail = house.refresh().await.detail.unwrap();
    assert!(
        detail.contains("is trusted here, but is not in force any more"),
        "{detail}"
    );
}

#[tokio::test]
async fn a_replayed_confirmation_does_not_keep_a_license_alive_i3() {
    let house = House::furnished().await;
    house.refresh().await;
    house.office.answers(Way::Replay);
    house.wait_days(29);
    house.refresh().await;
    assert!(house.anna_gets_in().await);
    house.wait_days(1);
    house.refresh().await;
    assert!(
        !house.anna_gets_in().await,
        "nobody confirmed it for 30 days"
    );
    house.office.answers(Way::Honest);
    house.refresh().await;
    assert!(house.anna_gets_in().await);
}

#[tokio::test]
async fn more_seats_new_dates_and_withdrawal_arrive_i3() {
    let house = House::furnished().await;
    house.office.reissues(|terms| {
        terms.seats = Some(50);
        terms.expires_at = Some("2030-01-01T00:00:00Z".parse().unwrap());
    });
    let answer = house.refresh().await;
    assert_eq!((answer.code, answer.seats), (RefreshCode::Updated, 50));
    *house.office.withdrawn.lock().unwrap() = true;
    assert_eq!(house.refresh().await.code, RefreshCode::Withdrawn);
    assert!(!house.anna_gets_in().await);
    *house.office.withdrawn.lock().unwrap() = false;
    house.office.reissues(|_| {});
    assert_eq!(house.refresh().await.code, RefreshCode::Updated);
    assert!(house.anna_gets_in().await);
}

#[tokio::test]
async fn a_license_that_need_not_be_refreshed_is_in_no_trouble_i3() {
    let house = House::furnished().await;
    let root = FolderRef::Path(Vec::new());
    let bytes = file(vec![terms("NW-9", Model::Dedicated, 5)]);
    let admin = administrator();
    let imported = house.engine.import(&admin, bytes, root, false, None);
    let license = imported.await.unwrap()[0].license.unwrap();
    // Not a word of it, and the one of the service is confirmed.
    assert_eq!(house.refresh().await.code, RefreshCode::Confirmed);
    let by_name = || async {
        let asked = house.engine.refresh(&administrator(), vec![license]).await;
        let [answer] = &asked.unwrap()[..] else {
            panic!("one was asked for");
        };
        assert_eq!(
            answer.fault.map(|fault| fault.code()),
            Some("unknown_to_service")
        );
    };
    let trouble = || async {
        let line = house
            .engine
            .read(move |reader| reader.find_refresh(license));
        line.await.unwrap().and_then(|line| line.trouble)
    };
    by_name().await;
    assert_eq!(trouble().await, None);
    house.run(Command::RevokeLicense(license)).await;
    assert_eq!(house.refresh().await.code, RefreshCode::Confirmed);
    by_name().await;
    assert_eq!(trouble().await, None);
    assert_eq!(house.events(EventKind::LicenseRefreshFailed).await, 0);
}

#[tokio::test]
async fn what_is_revoked_here_is_not_held_against_its_service_i3() {
    let house = House::furnished().await;
    let license = house.license().await.id;
    house.run(Command::RevokeLicense(license)).await;
    let asked = house.engine.refresh(&administrator(), Vec::new()).await;
    assert_eq!(asked.unwrap(), []);
    let line = house
        .engine
        .read(move |reader| reader.find_refresh(license));
    assert_eq!(line.await.unwrap().and_then(|line| line.trouble), None);
    // A higher revision brings it back.
    house.office.reissues(|_| {});
    assert_eq!(house.refresh().await.code, RefreshCode::Updated);
}

#[tokio::test]
async fn a_license_is_refreshed_by_itself_when_it_is_due_i3() {
    let house = House::with(true).await;
    house.add(&key().reveal(), true).await.unwrap();
    let asked = house.office.asked.lock().unwrap().len();
    house.office.reissues(|terms| terms.seats = Some(7));
    house.wait_days(10);
    // However long a loaded machine takes.
    for _ in 0..6000 {
        if house.license().await.terms.seats == 7 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(house.license().await.terms.seats, 7);
    assert!(house.office.asked.lock().unwrap().len() > asked);
    house.engine.shutdown().await.unwrap();
}
