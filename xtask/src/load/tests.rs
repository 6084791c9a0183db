use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use super::work::{Ask, SignIn, SignInAndOut, SignOut, Target};
use super::*;

/// A server that knows sign-in and sign-out; `answer` may refuse, or hang up by answering nothing.
fn server(answer: impl Fn(&str, u32) -> String + Send + Sync + 'static) -> (Place, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Seen::default();
    let (answer, log) = (Arc::new(answer), seen.clone());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, answer, log) = (stream.unwrap(), answer.clone(), log.clone());
            std::thread::spawn(move || {
                let mut part = [0; 4096];
                while let Ok(count @ 1..) = stream.read(&mut part) {
                    let text = String::from_utf8_lossy(&part[..count]).into_owned();
                    let line = text.lines().next().unwrap().to_owned();
                    let body = text.rsplit("\r\n").next().unwrap();
                    let number = {
                        let mut log = log.0.lock().unwrap();
                        log.push(format!("{line} {body}"));
                        u32::try_from(log.len()).unwrap()
                    };
                    let answer = answer(&line, number);
                    if answer.is_empty() || stream.write_all(answer.as_bytes()).is_err() {
                        return;
                    }
                }
            });
        }
    });
    (
        Place::new(vec![Node {
            address,
            pid: std::process::id(),
        }])
        .unwrap(),
        seen,
    )
}

#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    fn count(&self, of: &str) -> usize {
        self.0
            .lock()
            .unwrap()
            .iter()
            .filter(|line| line.contains(of))
            .count()
    }
}

fn granting(line: &str, number: u32) -> String {
    if line.starts_with("POST") {
        let body = format!("{{\"id\":\"s{number}\",\"license\":{{\"id\":\"other\"}}}}");
        format!(
            "HTTP/1.1 201 Created\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
    } else {
        "HTTP/1.1 204 No Content\r\n\r\n".into()
    }
}

fn target(place: &Place) -> Target {
    Target {
        server: place.address_for(0),
        token: "secret".into(),
        product: "bench".into(),
    }
}

#[test]
fn every_user_signs_in_once_and_every_session_is_signed_out() {
    let (place, seen) = server(granting);
    let mut sign_in = SignIn::new(&target(&place), 10..110);
    let measured = run(&place, 7, Span::ALL, &mut sign_in).unwrap();
    assert_eq!((measured.latency.count(), measured.failures()), (100, 0));
    for user in 10..110 {
        assert_eq!(
            seen.count(&format!("\"user\":\"user{user:07}\"")),
            1,
            "{user}"
        );
    }
    let made = sign_in.into_made();
    assert_eq!(made.len(), 100);
    let measured = run(
        &place,
        7,
        Span::ALL,
        &mut SignOut::new(&target(&place), made),
    )
    .unwrap();
    assert_eq!(measured.latency.count(), 100);
    assert_eq!(seen.count("DELETE /v1/sessions/s"), 100);
    assert!(!measured.elapsed.is_zero());
}

#[test]
fn loop_signs_out_what_it_signed_in_and_says_what_is_left() {
    let (place, seen) = server(granting);
    let span = Span {
        warm_up: Duration::ZERO,
        measured: Some(Duration::from_millis(50)),
    };
    let mut work = SignInAndOut::new(&target(&place), 0..10, 4);
    let measured = run(&place, 4, span, &mut work).unwrap();
    assert!(measured.latency.count() > 0);
    assert_eq!(measured.elapsed, Duration::from_millis(50));
    let left = work.into_live();
    assert_eq!(seen.count("POST") - seen.count("DELETE"), left.len());
}

#[test]
fn refusals_are_counted_apart_and_the_first_is_kept() {
    let (place, _) = server(|line, number| {
        if number % 2 == 1 {
            "HTTP/1.1 403 Forbidden\r\ncontent-length: 3\r\n\r\nno!".into()
        } else {
            granting(line, number)
        }
    });
    let mut work = SignIn::new(&target(&place), 0..10);
    let measured = run(&place, 1, Span::ALL, &mut work).unwrap();
    assert_eq!(measured.refused, BTreeMap::from([(403, 5)]));
    assert_eq!(measured.latency.count(), 5);
    assert_eq!(measured.first_refusal.as_deref(), Some("403: no!"));
    assert_eq!(work.into_made().len(), 5);
}

#[test]
fn lost_connection_is_counted_and_opened_anew() {
    let (place, _) = server(|line, number| {
        if number == 3 {
            String::new()
        } else {
            granting(line, number)
        }
    });
    let measured = run(
        &place,
        2,
        Span::ALL,
        &mut SignIn::new(&target(&place), 0..10),
    )
    .unwrap();
    assert_eq!((measured.lost, measured.latency.count()), (1, 9));
}

#[test]
fn server_that_always_hangs_up_is_an_error() {
    let (place, _) = server(|_, _| String::new());
    let mut work = Ask::new(&target(&place), "/v1/access/check", 0..10);
    let error = run(&place, 2, Span::ALL, &mut work).unwrap_err();
    assert!(
        error.to_string().contains("drops connections all the time"),
        "{error:#}"
    );
}

#[test]
fn connections_go_to_several_servers_in_turn() {
    let (one, seen_by_one) = server(granting);
    let (other, seen_by_other) = server(granting);
    let both = Place::new([one.0, other.0].concat()).unwrap();
    let mut work = SignIn::new(&target(&both), 0..100);
    let measured = run(&both, 4, Span::ALL, &mut work).unwrap();
    assert_eq!((measured.latency.count(), measured.failures()), (100, 0));
    let (by_one, by_other) = (seen_by_one.count("POST"), seen_by_other.count("POST"));
    assert!(
        by_one >= 2 && by_other >= 2 && by_one + by_other == 100,
        "{by_one} {by_other}"
    );
    assert!(Place::new(Vec::new()).is_err());
}
