//! Two license services on one PostgreSQL database, in processes of their own: what one sells, the other exchanges, and
//! no key is good for more installations than were sold, however it is asked.

use std::sync::Barrier;

use jiff::Timestamp;
use license_file::exchange::{ACTIVATE_PATH, MEDIA_TYPE, Request, Wish};
use license_file::jws::SigningKey;
use license_file::license_key::LicenseKey;
use serde_json::Value;

use crate::support::{Answer, Call, Connection, LicenseService, fresh_schema};

/// How many installations ask at once.
const ASKING: u8 = 10;

#[test]
#[ignore = "slow: needs PostgreSQL"]
fn a_key_exchanged_at_two_services_at_once_binds_one_installation_i2() {
    let folder = tempfile::tempdir().unwrap();
    let clock = folder.path().join("clock");
    std::fs::write(&clock, "0").unwrap();
    let url = fresh_schema(folder.path());
    let first = LicenseService::start_at(folder.path(), &clock, ["--database", &url]);
    let mut second = first.second();

    for round in 0..3 {
        let table = format!(
            "serial = \"ESM-{round}\"\nproduct = \"esm\"\nmodel = \"dedicated\"\nseats = 3\n"
        );
        let key = LicenseKey::parse(&first.sells(&table)).unwrap();
        let ready = Barrier::new(ASKING.into());
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let asking: Vec<_> = (0..ASKING)
                .map(|number| {
                    let service = if number % 2 == 0 { &first } else { &second };
                    let (key, ready, at) = (key.clone(), &ready, service.address());
                    scope.spawn(move || {
                        let request = Request {
                            installation: format!("house-{number}"),
                            company: None,
                            at: Timestamp::UNIX_EPOCH,
                            wish: Wish::Activate(key),
                        };
                        let key = SigningKey::from_seed(&[number; 32]);
                        let text = request.sign(&key, &[round; 16]);
                        let call = Call::new("POST", ACTIVATE_PATH).body(MEDIA_TYPE, text);
                        ready.wait();
                        Connection::new(at, None).send(&call)
                    })
                })
                .collect();
            asking.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let (got, refused): (Vec<_>, Vec<_>) =
            answers.iter().partition(|answer| answer.status == 200);
        assert_eq!(got.len(), 1);
        for answer in refused {
            answer.is_problem(409, "already_activated");
        }
    }

    // One of them goes; the other knows everything.
    second.down();
    let active: Value = first.types(&["activations"]).exits(0).json();
    assert_eq!(active.as_array().map(Vec::len), Some(3), "{active}");
    let shown = first.types(&["license", "show", "ESM-1"]).exits(0).json();
    assert_eq!(shown["license"]["active"], 1, "{shown}");
}
