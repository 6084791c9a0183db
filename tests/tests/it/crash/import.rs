//! Killed while a file comes in: it is there whole, or not at all (I1).

use std::thread;
use std::time::Duration;

use crate::support::{Call, Installation, Random, assert_sound, license};

/// Kills the server while this is sent, so many times; gives the number of items that are there
/// after each.
fn kill_during(house: &mut Installation, call: &Call, list: &str, rounds: u64) -> Vec<usize> {
    let mut random = Random::new(rounds);
    let mut counts = Vec::new();
    for _ in 0..rounds {
        let mut sender = house.admin();
        let (start, answer) = thread::scope(|scope| {
            let sent = scope.spawn(|| sender.try_send(call));
            thread::sleep(Duration::from_millis(random.below(150)));
            let start = house.kill();
            (start, sent.join().unwrap())
        });
        assert_sound(start.seen_at());
        house.start(start);
        let count = house.admin().list(list).len();
        if let Ok(answer) = answer {
            assert_eq!(answer.status, 200, "{}", answer.text());
            assert_ne!(count, 0, "it was answered and is lost");
        }
        counts.push(count);
    }
    counts
}

#[test]
fn a_license_file_is_taken_in_whole_or_not_at_all() {
    let mut house = Installation::with("");
    let tables: Vec<String> = (0..200)
        .map(|number| license("floating", &format!("p{number}"), 1))
        .collect();
    let file = house.vendor().license_file(&tables.concat());
    let call = Call::new("POST", "/v1/licenses/import").body("text/plain", file);
    let counts = kill_during(&mut house, &call, "/v1/licenses", 4);
    assert!(
        counts.iter().all(|count| [0, 200].contains(count)),
        "{counts:?}"
    );
    // What was not taken in can be sent again.
    house.admin().send(&call).is(200);
    assert_eq!(house.admin().list("/v1/licenses").len(), 200);
}

#[test]
fn a_list_of_people_can_be_sent_again_after_a_kill() {
    let mut house = Installation::with("");
    let rows: Vec<String> = (0..800)
        .map(|number| format!("u{number},,,/Staff/{},true\n", number % 20))
        .collect();
    let text = String::from("username,name,email,folder,active\n") + &rows.concat();
    let call = Call::new("POST", "/v1/users/import").body("text/csv", text);
    kill_during(&mut house, &call, "/v1/users", 3);
    let report = house.admin().send(&call).is(200);
    assert_eq!(report["failed"], 0, "{report}");
    assert_eq!(house.admin().list("/v1/users").len(), 800);
}
