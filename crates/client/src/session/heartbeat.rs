//! The thread that keeps one session alive.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use wire::session::Heartbeat;
use wire::{Time, codes};

use super::{Lost, SessionState, Shared};
use crate::{Error, random};

/// How long one heartbeat may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends heartbeats until the session is signed out or over.
pub(super) fn run(shared: &Shared) {
    let mut due = Duration::from_secs(shared.granted.heartbeat_after_s.max(1));
    let mut pause = due;
    while !signed_out_within(shared, random::jittered(pause)) {
        let beat = shared.client.heartbeat_within(shared.granted.id, PATIENCE);
        if let Ok(beat) = &beat {
            due = Duration::from_secs(beat.heartbeat_after_s.max(1));
        }
        let mut watch = shared.watch();
        let state = judge(beat, &watch.state, Instant::now());
        pause = match &state {
            SessionState::Alive { .. } => due,
            SessionState::Unreachable { .. } => (due / 10).max(Duration::from_secs(1)),
            SessionState::Lost(_) => Duration::ZERO,
        };
        let is_over = matches!(state, SessionState::Lost(_));
        if !watch.signed_out {
            watch.state = state;
            shared.changed.notify_all();
        }
        if is_over {
            return;
        }
    }
}

/// Waits for `pause`, or until the session is signed out; whether it is.
fn signed_out_within(shared: &Shared, pause: Duration) -> bool {
    let (watch, _) = shared
        .changed
        .wait_timeout_while(shared.watch(), pause, |watch| !watch.signed_out)
        .unwrap_or_else(PoisonError::into_inner);
    watch.signed_out
}

/// What an answer makes of a session.
fn judge(beat: Result<Heartbeat, Error>, before: &SessionState, now: Instant) -> SessionState {
    let error = match beat {
        Ok(beat) => {
            return SessionState::Alive {
                expires_at: beat.expires_at,
            };
        }
        Err(error) => error,
    };
    if let Some(problem) = error.problem()
        && (problem.status == 410 || problem.code == codes::UNKNOWN_SESSION)
    {
        return SessionState::Lost(Lost {
            code: problem.code.clone(),
            detail: problem.detail.clone(),
        });
    }
    let (since, expires_at) = match before {
        SessionState::Alive { expires_at } => (now, *expires_at),
        SessionState::Unreachable {
            since, expires_at, ..
        } => (*since, *expires_at),
        SessionState::Lost(_) => (now, Time::MIN),
    };
    SessionState::Unreachable {
        since,
        expires_at,
        error: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Unreachable;
    use wire::{EndReason, Problem};

    fn unreachable() -> Result<Heartbeat, Error> {
        Err(Error::Unreachable {
            url: "http://127.0.0.1:1".to_owned(),
            cause: Unreachable::Lost,
        })
    }

    fn problem(status: u16, code: &str) -> Result<Heartbeat, Error> {
        let problem = Problem::new(status, code, "title", "detail");
        Err(Error::Problem(Box::new(problem)))
    }

    const ALIVE: SessionState = SessionState::Alive {
        expires_at: Time::MAX,
    };

    #[test]
    fn an_outage_is_counted_from_its_first_failure_and_ends_with_a_confirmation() {
        let start = Instant::now();
        let first = judge(unreachable(), &ALIVE, start);
        let later = judge(problem(503, "busy"), &first, start + Duration::from_mins(1));
        let SessionState::Unreachable {
            since, expires_at, ..
        } = &later
        else {
            panic!("{later:?}");
        };
        assert_eq!((*since, *expires_at), (start, Time::MAX));
        let beat = Heartbeat {
            expires_at: Time::MAX,
            heartbeat_after_s: 60,
        };
        assert_eq!(judge(Ok(beat), &later, start), ALIVE);
    }

    #[test]
    fn a_session_is_lost_only_when_the_server_says_so() {
        for (answer, reason) in [
            (problem(410, "timed_out"), Some(EndReason::TimedOut)),
            (problem(404, "unknown_session"), None),
        ] {
            let state = judge(answer, &ALIVE, Instant::now());
            let SessionState::Lost(lost) = state else {
                panic!("{state:?}");
            };
            assert_eq!(lost.reason(), reason);
        }
        for answer in [problem(401, "unauthorized"), problem(404, "not_found")] {
            let state = judge(answer, &ALIVE, Instant::now());
            assert!(
                matches!(state, SessionState::Unreachable { .. }),
                "{state:?}"
            );
        }
    }
}
