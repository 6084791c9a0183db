use super::*;

/// A pool of two seats, and clients `a`, `b`, `c` of which all goes well.
#[derive(Default)]
struct Story {
    lines: Vec<Line>,
    kept: Kept,
}

impl Story {
    fn new(size: u64) -> Self {
        let mut story = Self::default();
        story
            .kept
            .pools
            .insert("pool".into(), Pool { size, occupied: 0 });
        story
    }

    fn line(&mut self, key: &str, what: What, value: &str) -> &mut Self {
        let at = self.lines.len() as u64;
        let (key, value) = (key.to_owned(), value.to_owned());
        self.lines.push(Line {
            at,
            client: 0,
            key,
            what,
            value,
        });
        self
    }

    fn event(&mut self, session: &str, begins: bool) -> &mut Self {
        let seq = self.kept.events.len() as u64 + 1;
        self.kept.events.push(Event {
            seq,
            begins,
            session: session.into(),
        });
        self
    }

    fn pool(&mut self) -> &mut Pool {
        self.kept.pools.get_mut("pool").unwrap()
    }

    fn session(&mut self, id: &str) -> &mut Session {
        self.kept.sessions.get_mut(id).unwrap()
    }

    /// `x` is kept as session `session-x` of person `x`.
    fn keep(&mut self, key: &str) -> &mut Self {
        let session = Session {
            key: key.into(),
            pool: "pool".into(),
            person: key.into(),
            ended: None,
        };
        let id = format!("session-{key}");
        self.kept.sessions.insert(id.clone(), session);
        self.pool().occupied += 1;
        self.event(&id, true)
    }

    fn comes(&mut self, key: &str) -> &mut Self {
        self.line(key, What::AskSignIn, key);
        self.keep(key);
        self.line(key, What::SignedIn, &format!("session-{key}"))
    }

    fn goes(&mut self, key: &str) -> &mut Self {
        let id = format!("session-{key}");
        self.line(key, What::AskSignOut, &id);
        self.session(&id).ended = Some("signed_out".into());
        self.pool().occupied -= 1;
        self.event(&id, false);
        self.line(key, What::SignedOut, &id)
    }

    fn found(&self) -> Vec<Contradiction> {
        contradictions(&self.lines, &self.kept)
    }
}

#[test]
fn what_fits_together_is_no_contradiction() {
    let mut story = Story::new(2);
    story.comes("a").comes("b").line("c", What::AskSignIn, "c");
    story.line("c", What::Denied, "no_free_seat").goes("a");
    // Asked twice, since the first answer was lost, and answered the same.
    story
        .line("d", What::AskSignIn, "d")
        .keep("d")
        .line("d", What::NoAnswer, "reset");
    story
        .line("d", What::AskSignIn, "d")
        .line("d", What::SignedIn, "session-d");
    story.goes("d").goes("b");
    assert_eq!(story.found(), []);
}

#[test]
fn seat_granted_to_two_is_found_in_the_record_of_events_and_in_what_clients_were_told() {
    let mut story = Story::new(1);
    story.comes("a").comes("b").goes("a").goes("b");
    assert_eq!(
        story.found(),
        [
            Contradiction::ToldTooOften {
                at: 3,
                held: 2,
                size: 1
            },
            Contradiction::Oversold {
                pool: "pool".into(),
                seq: 2,
                held: 2,
                size: 1
            },
        ]
    );
}

#[test]
fn seat_granted_to_two_is_found_although_no_client_heard_of_it() {
    let mut story = Story::new(1);
    story
        .comes("a")
        .line("b", What::AskSignIn, "b")
        .keep("b")
        .goes("a");
    let oversold = Contradiction::Oversold {
        pool: "pool".into(),
        seq: 2,
        held: 2,
        size: 1,
    };
    assert_eq!(story.found(), [oversold]);
}

#[test]
fn seat_granted_to_two_is_found_although_the_database_has_forgotten_one() {
    let mut story = Story::new(1);
    story.comes("a");
    story
        .line("b", What::AskSignIn, "b")
        .line("b", What::SignedIn, "session-b");
    let found = story.found();
    let vanished = |key: &str, session: &str| Contradiction::SignInVanished {
        key: key.into(),
        session: session.into(),
    };
    assert!(found.contains(&Contradiction::ToldTooOften {
        at: 3,
        held: 2,
        size: 1
    }));
    assert!(found.contains(&vanished("b", "session-b")), "{found:?}");
}

#[test]
fn two_sessions_of_one_person_take_one_seat() {
    let mut story = Story::new(1);
    story.comes("a").goes("a").comes("b");
    story.line("c", What::AskSignIn, "b").keep("c");
    story.session("session-c").person = "b".into();
    story.pool().occupied = 1;
    assert_eq!(story.found(), []);
}

#[test]
fn answered_sign_in_that_vanished_is_found() {
    let mut story = Story::new(2);
    story.comes("a");
    story.kept.sessions.clear();
    story.kept.events.clear();
    story.pool().occupied = 0;
    let (key, session) = ("a".into(), "session-a".into());
    assert_eq!(
        story.found(),
        [Contradiction::SignInVanished { key, session }]
    );
}

#[test]
fn sign_out_undone_is_found() {
    let mut story = Story::new(2);
    story.comes("a").goes("a");
    story.session("session-a").ended = None;
    story.kept.events.pop();
    story.pool().occupied = 1;
    let (key, session) = ("a".into(), "session-a".into());
    assert_eq!(
        story.found(),
        [Contradiction::SignOutUndone { key, session }]
    );
}

#[test]
fn sign_out_that_was_never_confirmed_may_have_happened_or_not() {
    for happened in [false, true] {
        let mut story = Story::new(2);
        story.comes("a").line("a", What::AskSignOut, "session-a");
        story.line("a", What::NoAnswer, "reset");
        if happened {
            story.session("session-a").ended = Some("signed_out".into());
            story.event("session-a", false);
            story.pool().occupied = 0;
        }
        assert_eq!(story.found(), [], "{happened}");
    }
}

#[test]
fn session_that_ended_without_its_client_is_found() {
    let mut story = Story::new(2);
    story.comes("a").event("session-a", false);
    story.session("session-a").ended = Some("timed_out".into());
    story.pool().occupied = 0;
    let found = story.found();
    assert!(
        matches!(&found[..], [Contradiction::TakenAway { reason, .. }] if reason == "timed_out"),
        "{found:?}"
    );
}

#[test]
fn session_that_ended_before_its_client_left_is_found() {
    let mut story = Story::new(2);
    story.comes("a").goes("a");
    story.session("session-a").ended = Some("timed_out".into());
    let found = story.found();
    assert!(
        matches!(&found[..], [Contradiction::TakenAway { reason, .. }] if reason == "timed_out"),
        "{found:?}"
    );
}

#[test]
fn repeated_sign_in_with_a_second_session_is_found() {
    let mut story = Story::new(2);
    story.comes("a").keep("b");
    story.session("session-b").key = "a".into();
    let sessions = ["session-a".to_owned(), "session-b".to_owned()].into();
    assert_eq!(
        story.found(),
        [Contradiction::GrantedTwice {
            key: "a".into(),
            sessions
        }]
    );
}

#[test]
fn repeated_sign_in_with_a_second_answer_is_found() {
    let mut story = Story::new(3);
    story
        .comes("a")
        .keep("b")
        .line("a", What::SignedIn, "session-b");
    story.line("b", What::AskSignIn, "b");
    let found = story.found();
    assert!(
        matches!(&found[..], [Contradiction::GrantedTwice { key, .. }] if key == "a"),
        "{found:?}"
    );
}

#[test]
fn denial_with_a_session_is_found() {
    let mut story = Story::new(2);
    story
        .line("a", What::AskSignIn, "a")
        .keep("a")
        .line("a", What::Denied, "no_free_seat");
    let (key, session) = ("a".into(), "session-a".into());
    let kept = Contradiction::DeniedAndKept { key, session };
    assert!(story.found().contains(&kept), "{:?}", story.found());
}

#[test]
fn denial_of_what_was_granted_is_found() {
    let mut story = Story::new(1);
    story.comes("a").line("a", What::Denied, "no_free_seat");
    let found = story.found();
    assert!(
        matches!(&found[..], [Contradiction::DeniedAndKept { key, .. }, ..] if key == "a"),
        "{found:?}"
    );
}

#[test]
fn denial_while_a_seat_was_certainly_free_is_found() {
    let mut story = Story::new(2);
    story.comes("a").comes("b").goes("b");
    story.line("c", What::AskSignIn, "c");
    story.line("c", What::Denied, "no_free_seat");
    let (key, held, size) = ("c".into(), 1, 2);
    assert_eq!(
        story.found(),
        [Contradiction::DeniedWhileFree { key, held, size }]
    );
}

#[test]
fn denial_while_another_may_have_had_the_seat_is_well() {
    let mut story = Story::new(1);
    // Asked before, and over only after.
    story.line("a", What::AskSignIn, "a");
    story.line("c", What::AskSignIn, "c");
    story.line("c", What::Denied, "no_free_seat");
    story.keep("a").line("a", What::SignedIn, "session-a");
    assert_eq!(story.found(), []);
}

#[test]
fn session_that_nobody_asked_for_is_found() {
    let mut story = Story::new(2);
    story.keep("a");
    assert_eq!(
        story.found(),
        [Contradiction::NeverAsked {
            session: "session-a".into()
        }]
    );
}

#[test]
fn session_whose_events_tell_another_story_is_found() {
    let mut story = Story::new(2);
    story.comes("a").event("session-a", true);
    let found = story.found();
    assert!(
        matches!(&found[..], [Contradiction::OtherStory { story, .. }] if story.contains("began began")),
        "{found:?}"
    );
    let mut story = Story::new(2);
    story.comes("a").goes("a").kept.events.pop();
    assert!(matches!(
        &story.found()[..],
        [Contradiction::OtherStory { .. }]
    ));
}

#[test]
fn event_of_a_session_that_is_not_kept_is_found() {
    let mut story = Story::new(2);
    story.comes("a").event("session-x", true);
    let session = "session-x".into();
    assert_eq!(
        story.found(),
        [Contradiction::EventOfNothing { seq: 2, session }]
    );
}

#[test]
fn wrong_count_of_a_pool_is_found() {
    let mut story = Story::new(2);
    story.comes("a").pool().occupied = 2;
    let miscounted = Contradiction::Miscounted {
        pool: "pool".into(),
        counted: 2,
        live: 1,
    };
    assert_eq!(story.found(), [miscounted]);
}
