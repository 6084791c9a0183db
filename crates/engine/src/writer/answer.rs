//! Answers on their way back.
//!
//! Waking a task from a foreign thread takes a lock and often a system call; from within the
//! runtime it takes neither. So the writer wakes one caller of a batch, and this one passes
//! the others' answers on before it goes on with its own.

use domain::Outcome;
use tokio::sync::oneshot;

use crate::error::{EngineError, given_up};

type Outcomes = Result<Outcome, EngineError>;

/// Where an answer is waited for.
pub(crate) type Asker = oneshot::Sender<Answer>;

/// One answer, and those of others.
pub(crate) struct Answer {
    own: Outcomes,
    others: Others,
}

/// Answers to be passed on, whatever happens to the one who holds them.
struct Others(Vec<(Asker, Outcomes)>);

impl Drop for Others {
    fn drop(&mut self) {
        for (asker, own) in self.0.drain(..) {
            let others = Self(Vec::new());
            // Whoever went away in between gets no answer.
            let _ = asker.send(Answer { own, others });
        }
    }
}

/// Gives each asker its answer.
pub(crate) fn deliver(mut answers: Vec<(Asker, Outcomes)>) {
    if let Some((first, own)) = answers.pop() {
        let others = Others(answers);
        // If this one went away, the others get theirs as this is dropped.
        let _ = first.send(Answer { own, others });
    }
}

/// Waits for an answer.
pub(crate) async fn receive(answered: oneshot::Receiver<Answer>) -> Outcomes {
    let Answer { own, others } = answered.await.map_err(|_| given_up())?;
    drop(others);
    own
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_reach_everyone_also_past_those_who_went_away() {
        let (askers, mut waiting): (Vec<_>, Vec<_>) = (0..5).map(|_| oneshot::channel()).unzip();
        let answers = askers
            .into_iter()
            .map(|asker| (asker, Ok(Outcome::Done(true))));
        let answers: Vec<_> = answers.collect();
        // The last is the one who is woken; the first, too, does not wait any more.
        waiting.pop();
        waiting.remove(0);
        deliver(answers);
        for answered in waiting {
            let answer = answered.blocking_recv().unwrap();
            assert!(matches!(answer.own, Ok(Outcome::Done(true))));
        }
    }

    #[test]
    fn who_goes_away_with_the_answers_in_hand_passes_them_on() {
        let (one, mut first) = oneshot::channel();
        let (two, second) = oneshot::channel();
        deliver(vec![
            (two, Ok(Outcome::Done(false))),
            (one, Ok(Outcome::Done(true))),
        ]);
        first.close();
        drop(first);
        assert!(second.blocking_recv().is_ok());
    }
}
