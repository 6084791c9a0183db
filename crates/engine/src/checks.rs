//! Checks on a store that is elsewhere. A question to it is a round trip, so those that wait are
//! answered together, from what is known as long as nobody carried commands out since.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use domain::WorkingSet;
use store::{Ahead, Follower};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

use crate::carried::Carried;
use crate::decision::Bench;
use crate::error::{EngineError, given_up};
use crate::preview::{Check, Checked};
use crate::state::Shared;

/// How many checks are answered together.
const MOST_AT_ONCE: usize = 256;

/// Where checks wait.
pub(crate) struct Checks {
    sender: UnboundedSender<Option<Question>>,
    receiver: Mutex<Option<Questions>>,
}

/// What waits; none of them is the end.
pub(crate) type Questions = UnboundedReceiver<Option<Question>>;

/// A check, and who waits for its answer.
pub(crate) struct Question {
    check: Check,
    asker: oneshot::Sender<Checked>,
}

impl Checks {
    pub(crate) fn new() -> Self {
        let (sender, receiver) = unbounded_channel();
        Self {
            sender,
            receiver: Mutex::new(Some(receiver)),
        }
    }

    /// Asks, and waits for the answer.
    pub(crate) async fn ask(&self, check: Check) -> Checked {
        let (asker, answered) = oneshot::channel();
        let question = Question { check, asker };
        if self.sender.send(Some(question)).is_err() {
            return Err(EngineError::ShuttingDown);
        }
        answered.await.map_err(|_| given_up())?
    }

    /// What waits, for the one thread that answers.
    pub(crate) fn questions(&self) -> Option<Questions> {
        let mut receiver = self.receiver.lock().unwrap_or_else(PoisonError::into_inner);
        receiver.take()
    }

    /// Nothing more is asked.
    pub(crate) fn close(&self) {
        // Nobody may be there to hear it.
        let _ = self.sender.send(None);
    }
}

/// Answers until the end.
pub(crate) fn run(shared: &Shared, mut follower: Follower, mut questions: Questions) {
    let mut carried = Carried::default();
    while let Some(first) = questions.blocking_recv().flatten() {
        let mut waiting = vec![first];
        let mut goes_on = true;
        while goes_on && waiting.len() < MOST_AT_ONCE {
            match questions.try_recv() {
                Ok(Some(question)) => waiting.push(question),
                Ok(None) => goes_on = false,
                Err(_) => break,
            }
        }
        let answering = || answer(shared, &mut follower, &mut carried, waiting);
        // A panic drops what it held, so that its callers are told, and the thread lives on.
        if catch_unwind(AssertUnwindSafe(answering)).is_err() {
            tracing::error!("checks were given up after a panic");
        }
        if !goes_on {
            return;
        }
    }
}

fn answer(shared: &Shared, follower: &mut Follower, carried: &mut Carried, waiting: Vec<Question>) {
    let read = follower.read(|reader, mark| {
        shared.see(reader.latest_time()?);
        let now = shared.now();
        let mut set = match carried.take(mark) {
            Some(set) => set,
            None => WorkingSet::new(reader.policy()?),
        };
        set.is_used_at(now);
        let names = waiting.iter().filter_map(|question| question.check.names());
        let ahead = Ahead {
            sign_ins: names.collect(),
            ..Ahead::default()
        };
        reader.load_ahead(&mut set, &ahead, now)?;
        let mut bench = Bench::on(reader, set, now);
        let answers: Vec<Checked> = waiting
            .iter()
            .map(|question| question.check.on(&mut bench))
            .collect();
        Ok((answers, mark, bench.set))
    });
    match read {
        Ok((answers, mark, set)) => {
            carried.put(mark, set);
            for (question, answer) in waiting.into_iter().zip(answers) {
                // Whoever went away in between gets no answer.
                let _ = question.asker.send(answer);
            }
        }
        Err(error) => {
            let error = EngineError::Store(Arc::new(error));
            for question in waiting {
                let _ = question.asker.send(Err(error.clone()));
            }
        }
    }
}
