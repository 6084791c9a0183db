//! What the service answers, and to whom (I2, I3): the same on SQLite and on PostgreSQL.

mod office;
mod races;

use std::sync::atomic::Ordering;

use jiff::Timestamp;
use license_file::exchange::{Answered, Request, Wish};
use license_file::jws::SigningKey;
use license_file::license_key::LicenseKey;

use super::desk::Address;
use super::model::{NewLicenses, Reissue};
use office::{House, Office, SPEC, code, house, on_both};

on_both! {
    i2_a_key_gives_a_license_bound_to_the_installation_that_asks;
    i2_a_license_is_active_on_no_more_installations_than_were_sold;
    i2_keys_that_bring_nothing_say_why;
    i3_a_refresh_needs_the_key_of_the_activation;
    i3_what_is_issued_again_arrives_once_and_withdrawal_too;
    what_was_issued_once_is_not_issued_twice_and_nothing_is_half_issued;
    whatever_is_sent_is_answered_with_a_refusal_and_no_panic;
}

fn i2_a_key_gives_a_license_bound_to_the_installation_that_asks(office: &Office) {
    let key = office.sells(SPEC, 1);
    let a = house("a");
    let shown = office
        .asks(&a, Address::Preview, Wish::Preview(key.clone()))
        .unwrap();
    let [Answered::Offered { terms }] = &shown[..] else {
        panic!("{shown:?}");
    };
    assert_eq!(
        (terms.seats, terms.installation.as_deref()),
        (Some(25), Some("a"))
    );
    assert_eq!(
        office.service.activations().unwrap(),
        [],
        "a look binds nothing"
    );
    assert_eq!(office.activates(&a, &key).unwrap(), 1);
    assert_eq!(
        office.activates(&a, &key).unwrap(),
        1,
        "the same installation may ask again"
    );
    let detail = office.service.detail("NW-1").unwrap();
    assert_eq!((detail.license.active, detail.activations.len()), (1, 1));
}

fn i2_a_license_is_active_on_no_more_installations_than_were_sold(office: &Office) {
    let key = office.sells(SPEC, 2);
    let (a, bb, ccc) = (house("a"), house("bb"), house("ccc"));
    office.activates(&a, &key).unwrap();
    office.activates(&bb, &key).unwrap();
    assert_eq!(code(office.activates(&ccc, &key)), "already_activated");
    assert_eq!(
        code(office.asks(&ccc, Address::Preview, Wish::Preview(key.clone()))),
        "already_activated"
    );
    office.service.release("NW-1", "a").unwrap();
    assert_eq!(code(office.service.release("NW-1", "a")), "not_activated");
    office.activates(&ccc, &key).unwrap();
    let answered = office.refreshes(&a, 1).unwrap();
    assert!(
        matches!(answered, Answered::Withdrawn { .. }),
        "{answered:?}"
    );
    assert_eq!(code(office.activates(&a, &key)), "already_activated");
}

fn i2_keys_that_bring_nothing_say_why(office: &Office) {
    let key = office.sells(SPEC, 1);
    let unknown = LicenseKey::from_random(&[7; 13]);
    assert_eq!(
        code(office.activates(&house("a"), &unknown)),
        "unknown_license_key"
    );
    let other_company = House {
        company: Some("CUST-1"),
        ..house("a")
    };
    assert_eq!(
        code(office.activates(&other_company, &key)),
        "wrong_company"
    );
    let same_company = House {
        company: Some("cust-42"),
        ..house("a")
    };
    office.activates(&same_company, &key).unwrap();
    let wrong = office.asks(&house("a"), Address::Preview, Wish::Activate(key.clone()));
    assert_eq!(code(wrong), "wrong_address");
    let again = office.service.rekey("NW-1").unwrap();
    assert_eq!(
        code(office.activates(&house("a"), &key)),
        "unknown_license_key"
    );
    let fresh = LicenseKey::parse(&again.license_key).unwrap();
    office.activates(&house("a"), &fresh).unwrap();
    office.service.withdraw("NW-1", Some("not paid")).unwrap();
    let refused = office.activates(&house("a"), &fresh).unwrap_err();
    assert_eq!(refused.code(), "license_withdrawn");
    assert!(refused.to_string().ends_with(": not paid"), "{refused}");
    let bound = SPEC.replace("NW-1", "NW-2") + "installation = \"bb\"\n";
    let key = office.sells(&bound, 1);
    assert_eq!(
        code(office.activates(&house("a"), &key)),
        "wrong_installation"
    );
    office.activates(&house("bb"), &key).unwrap();
}

fn i3_a_refresh_needs_the_key_of_the_activation(office: &Office) {
    let key = office.sells(SPEC, 1);
    let a = house("a");
    assert!(matches!(
        office.refreshes(&a, 1).unwrap(),
        Answered::Unknown { .. }
    ));
    office.activates(&a, &key).unwrap();
    assert!(matches!(
        office.refreshes(&a, 1).unwrap(),
        Answered::Current { revision: 1, .. }
    ));
    // It has learned its company from the license, and keeps it if it says none.
    let company = || office.service.activations().unwrap()[0].company.clone();
    assert_eq!(company(), None);
    let knows = House {
        company: Some("CUST-42"),
        ..house("a")
    };
    for house in [&knows, &a] {
        office.refreshes(house, 1).unwrap();
        assert_eq!(company().as_deref(), Some("CUST-42"));
    }
    let thief = House {
        key: SigningKey::from_seed(&[99; 32]),
        ..house("a")
    };
    assert_eq!(
        code(office.refreshes(&thief, 1)),
        "installation_key_changed"
    );
    assert_eq!(
        code(office.activates(&thief, &key)),
        "installation_key_changed"
    );
    office.service.release("NW-1", "a").unwrap();
    office.activates(&thief, &key).unwrap();
    assert_eq!(code(office.refreshes(&a, 1)), "installation_key_changed");
}

fn i3_what_is_issued_again_arrives_once_and_withdrawal_too(office: &Office) {
    let key = office.sells(SPEC, 1);
    let a = house("a");
    office.activates(&a, &key).unwrap();
    office.seconds.fetch_add(86_400, Ordering::SeqCst);
    let change = |seats, expires: Option<&str>| Reissue {
        seats,
        expires_at: expires.map(str::to_owned),
        spec: None,
    };
    let entry = office
        .service
        .reissue("NW-1", &change(Some(40), Some("2030-12-31")))
        .unwrap();
    assert_eq!((entry.terms.revision, entry.terms.seats), (2, Some(40)));
    assert_eq!(
        entry.terms.expires_at.unwrap().to_string(),
        "2031-01-01T00:00:00Z"
    );
    assert!(matches!(
        office.refreshes(&a, 1).unwrap(),
        Answered::Issued { .. }
    ));
    assert!(matches!(
        office.refreshes(&a, 2).unwrap(),
        Answered::Current { .. }
    ));
    assert_eq!(
        code(office.service.reissue("NW-1", &change(None, None))),
        "invalid_request"
    );
    assert_eq!(
        code(office.service.reissue("NW-1", &change(Some(0), None))),
        "invalid_request"
    );
    assert_eq!(
        code(office.service.reissue("NW-9", &change(Some(1), None))),
        "unknown_license"
    );
    let respecified = Reissue {
        spec: Some(SPEC.replace("25", "30")),
        ..Reissue::default()
    };
    assert_eq!(
        office
            .service
            .reissue("NW-1", &respecified)
            .unwrap()
            .terms
            .seats,
        Some(30)
    );
    let other = Reissue {
        spec: Some(SPEC.replace("esm", "crm")),
        ..Reissue::default()
    };
    assert_eq!(
        code(office.service.reissue("NW-1", &other)),
        "invalid_request"
    );

    office.service.withdraw("NW-1", None).unwrap();
    assert!(matches!(
        office.refreshes(&a, 3).unwrap(),
        Answered::Withdrawn { revision: 3, .. }
    ));
    office
        .service
        .reissue("NW-1", &change(Some(30), None))
        .unwrap();
    assert!(matches!(
        office.refreshes(&a, 3).unwrap(),
        Answered::Issued { .. }
    ));
    let detail = office.service.detail("NW-1").unwrap();
    let seats: Vec<_> = detail
        .revisions
        .iter()
        .map(|one| one.terms.seats.unwrap())
        .collect();
    assert_eq!(seats, [25, 40, 30, 30], "every revision is kept");
}

fn what_was_issued_once_is_not_issued_twice_and_nothing_is_half_issued(office: &Office) {
    office.sells(SPEC, 1);
    let two = SPEC.replace("NW-1", "NW-0") + SPEC.split_once("\"CUST-42\"\n").unwrap().1;
    let new = NewLicenses {
        spec: two,
        installations: None,
    };
    assert_eq!(code(office.service.issue(&new)), "serial_taken");
    assert_eq!(office.service.list().unwrap().len(), 1);
    let none = NewLicenses {
        spec: SPEC.to_owned(),
        installations: Some(0),
    };
    assert_eq!(code(office.service.issue(&none)), "invalid_request");
    let unsound = NewLicenses {
        spec: SPEC.replace("seats = 25", "seats = 0"),
        installations: None,
    };
    assert_eq!(code(office.service.issue(&unsound)), "invalid_spec");
}

fn whatever_is_sent_is_answered_with_a_refusal_and_no_panic(office: &Office) {
    let key = office.sells(SPEC, 1);
    let request = Request {
        installation: "a".into(),
        company: None,
        at: Timestamp::UNIX_EPOCH,
        wish: Wish::Preview(key),
    };
    let text = request.sign(&house("a").key, &[1; 16]);
    let send = |text: &str| office.service.exchange(Address::Preview, text);
    send(&text).unwrap();
    // Every byte wrong in some way: nothing is taken for what was signed.
    for index in 0..text.len() {
        for wrong in ['A', '.', '-', ' ', '\u{e9}'] {
            let altered = format!("{}{wrong}{}", &text[..index], &text[index + 1..]);
            if altered != text {
                assert!(send(&altered).is_err(), "at {index}: {wrong:?}");
            }
        }
        assert!(send(&text[..index]).is_err(), "cut at {index}");
    }
    assert_eq!(code(send(&"x".repeat(300_000))), "too_large");
    assert_eq!(code(send("")), "unreadable_request");
}
