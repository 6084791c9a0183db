//! Several services on one ledger, asked at the same time.

use std::sync::Barrier;

use license_file::exchange::Wish;
use license_file::jws::SigningKey;
use store::ledger::{Ledger, Place};
use store::{Store, StoreOptions};

use super::office::{House, Office, SPEC, fresh_schema, on_both};
use crate::service::desk::Address;
use crate::service::model::Reissue;

on_both! {
    i2_a_key_that_many_exchange_at_once_binds_no_more_installations_than_were_sold;
    l4_revisions_that_are_issued_at_once_follow_each_other;
}

const HOUSES: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];

fn i2_a_key_that_many_exchange_at_once_binds_no_more_installations_than_were_sold(office: &Office) {
    const SOLD: u32 = 3;
    let key = office.sells(SPEC, SOLD);
    let second = office.second_service();
    let ready = Barrier::new(HOUSES.len());
    let answers = std::thread::scope(|scope| {
        let asking: Vec<_> = (0_u8..)
            .zip(HOUSES)
            .map(|(number, id)| {
                let (key, ready, second) = (key.clone(), &ready, &second);
                scope.spawn(move || {
                    let house = House {
                        id,
                        company: None,
                        key: SigningKey::from_seed(&[number; 32]),
                    };
                    let service = if number % 2 == 0 {
                        &office.service
                    } else {
                        second
                    };
                    ready.wait();
                    let wish = Wish::Activate(key);
                    office.asks_at(service, &house, Address::Activate, wish)
                })
            })
            .collect();
        asking
            .into_iter()
            .map(|one| one.join().unwrap())
            .collect::<Vec<_>>()
    });
    let (got, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!(got.len(), SOLD as usize);
    for refusal in refused {
        assert_eq!(refusal.unwrap_err().code(), "already_activated");
    }
    let detail = second.detail("NW-1").unwrap();
    assert_eq!(
        (detail.license.active, detail.activations.len()),
        (SOLD, SOLD as usize)
    );
}

fn l4_revisions_that_are_issued_at_once_follow_each_other(office: &Office) {
    office.sells(SPEC, 1);
    let second = office.second_service();
    let ready = Barrier::new(8);
    std::thread::scope(|scope| {
        for number in 0..8 {
            let (ready, second) = (&ready, &second);
            scope.spawn(move || {
                let service = if number % 2 == 0 {
                    &office.service
                } else {
                    second
                };
                let change = Reissue {
                    seats: Some(100 + number),
                    ..Reissue::default()
                };
                ready.wait();
                service.reissue("NW-1", &change).unwrap();
            });
        }
    });
    let detail = office.service.detail("NW-1").unwrap();
    let revisions: Vec<u64> = detail
        .revisions
        .iter()
        .map(|one| one.terms.revision)
        .collect();
    assert_eq!(revisions, (1..=9).collect::<Vec<u64>>());
    assert_eq!(detail.license.terms, detail.revisions[8].terms);
}

#[test]
#[ignore = "slow: needs PostgreSQL"]
fn a_ledger_and_a_store_never_share_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let database = fresh_schema(&folder);
    let of_store = StoreOptions {
        database: Some(database.clone()),
        ..StoreOptions::new(folder.path())
    };
    let opened = Store::open(&of_store).map(drop);
    opened.unwrap();
    let refused = Ledger::open(&Place::Database(Box::new(database))).unwrap_err();
    assert_eq!(refused.code(), "other_tables");

    let folder = tempfile::tempdir().unwrap();
    let database = fresh_schema(&folder);
    Ledger::open(&Place::Database(Box::new(database.clone()))).unwrap();
    let of_store = StoreOptions {
        database: Some(database),
        ..StoreOptions::new(folder.path())
    };
    let refused = Store::open(&of_store).map(drop).unwrap_err();
    assert_eq!(refused.code(), "other_tables");
}
