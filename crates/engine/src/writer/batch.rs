//! One batch: load, decide, save, commit, and only then answer.

use std::sync::Arc;

use domain::set::{Change, Changes};
use domain::undo::Changed;
use domain::{Command, Outcome, Target, Timestamp, UserRef, WorkingSet};
use store::{Ahead, StoreError, Transaction};

use super::answer::deliver;
use super::queue::{Chunk, Request};
use super::{Hand, distrust_memory};
use crate::decision::Bench;
use crate::error::EngineError;
use crate::state::Shared;

/// Commands that share a transaction.
pub(super) struct Batch {
    requests: Vec<Request>,
    chunks: Vec<Chunk>,
}

type Answer = Result<Outcome, EngineError>;

/// What the commands of a batch came to, in their order.
struct Answers {
    requests: Vec<Answer>,
    chunks: Vec<Vec<Answer>>,
}

impl Answers {
    /// Whether they tell what other nodes may have committed a moment ago. Such an answer must
    /// not be given before that is on the standby too, so that a commit of its own has to follow
    /// it; and a command that failed at the store fails them all.
    fn rest_on_others(&self, shared: &Shared) -> bool {
        let counts = |answer: &Answer| matches!(answer, Ok(_) | Err(EngineError::Store(_)));
        let all = self.requests.iter().chain(self.chunks.iter().flatten());
        !shared.nodes.is_alone() && all.into_iter().any(counts)
    }
}

impl Batch {
    pub(super) fn new(requests: Vec<Request>, chunks: Vec<Chunk>) -> Self {
        Self { requests, chunks }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.requests.is_empty() && self.chunks.is_empty()
    }

    /// Carries the batch out and answers it. When it can't be saved, it fails as a whole.
    pub(super) fn run(self, shared: &Shared, hand: &mut Hand) {
        // Whoever went away in between gets no answer, and can ask again with the same key.
        match self.try_twice(shared, hand) {
            Ok(answers) => {
                let askers = self.requests.into_iter().map(|request| request.asker);
                deliver(askers.zip(answers.requests).collect());
                for (chunk, answers) in self.chunks.into_iter().zip(answers.chunks) {
                    let _ = chunk.answer.send(Ok(answers));
                }
            }
            Err(error) => {
                tracing::error!(%error, requests = self.requests.len(), "a transaction failed");
                distrust_memory(shared);
                let error = Arc::new(error);
                shared.note_write(Err(&error));
                let error = EngineError::Store(error);
                let askers = self.requests.into_iter().map(|request| request.asker);
                deliver(askers.map(|asker| (asker, Err(error.clone()))).collect());
                for chunk in self.chunks {
                    let _ = chunk.answer.send(Err(error.clone()));
                }
            }
        }
    }

    /// Carries it out, and once more when it is sure that nothing of it was kept, as when the
    /// connection was lost before the commit.
    fn try_twice(&self, shared: &Shared, hand: &mut Hand) -> Result<Answers, StoreError> {
        match self.decide_and_commit(shared, hand) {
            Err(error) if error.is_worth_repeating() => {
                tracing::warn!(%error, "a transaction is tried once more");
                shared.nodes.distrust();
                self.decide_and_commit(shared, hand)
            }
            done => done,
        }
    }

    fn decide_and_commit(&self, shared: &Shared, hand: &mut Hand) -> Result<Answers, StoreError> {
        let mut transaction = hand.writer.begin()?;
        let mut mark = transaction.mark();
        let known = hand.carried.take(mark);
        shared.catch_up(&mut transaction)?;
        // One moment for all, and none before what was ever judged (L11).
        let now = shared.now();
        let mut set = known.unwrap_or_else(|| WorkingSet::new(shared.policy().as_ref().clone()));
        set.is_used_at(now);
        let mut bench = Bench::on(&mut transaction, set, now);

        if !shared.nodes.is_alone() {
            let ahead = self.ahead();
            bench.source.load_ahead(&mut bench.set, &ahead, now)?;
        }

        let mut keeps = false;
        let mut answers = Answers {
            requests: Vec::with_capacity(self.requests.len()),
            chunks: Vec::with_capacity(self.chunks.len()),
        };
        for request in &self.requests {
            let answer = answer(&mut bench, request, &mut keeps)?;
            answers.requests.push(answer);
        }
        let mut notes = Vec::new();
        for Chunk {
            actor,
            commands,
            trail,
            ..
        } in &self.chunks
        {
            let mut decide = |(place, command)| match trail {
                None => bench.decide(actor, command, None),
                Some(trail) => {
                    let (outcome, change) = bench.decide_noting(actor, command)?;
                    notes.extend(trail.note(place, &outcome, change));
                    Ok(outcome)
                }
            };
            let decided = commands.iter().enumerate().map(&mut decide).collect();
            answers.chunks.push(decided);
        }

        let set = bench.set;
        let changes = set.changes();
        // Until everything is published, checks learn nothing.
        let commit = shared.nodes.is_alone().then(|| shared.memory.commit());
        if keeps || !notes.is_empty() || !changes.is_empty() || answers.rest_on_others(shared) {
            transaction.save(&changes, now)?;
            for note in &notes {
                note.write(&mut transaction)?;
            }
            let generation = transaction.generation();
            mark = transaction.mark();
            transaction.commit()?;
            shared.note_write(Ok(()));
            shared.see(now);
            if let Some(generation) = generation {
                shared.nodes.is_at(generation);
            }
        }
        publish(shared, &changes, self.done(&answers), now);
        if let Some(commit) = commit {
            commit.tell(changes.news());
        }
        hand.carried.put(mark, set);
        Ok(answers)
    }

    /// What the commands will most likely ask the store for.
    fn ahead(&self) -> Ahead {
        let mut ahead = Ahead::default();
        for request in &self.requests {
            if let Some(key) = &request.key {
                let actor = request.actor.name.to_string();
                ahead.kept.push((actor, key.as_str().to_owned()));
            }
        }
        let of_requests = self.requests.iter().map(|request| &request.command);
        let of_chunks = self.chunks.iter().flat_map(|chunk| &chunk.commands);
        for command in of_requests.chain(of_chunks) {
            match command {
                Command::SignIn { user, product, .. } => {
                    let names = (user.key(), product.key());
                    ahead.sign_ins.push(names);
                }
                Command::Heartbeat(session) | Command::EndSession { session, .. } => {
                    ahead.sessions.push(*session);
                }
                Command::Grant { user, target, .. } | Command::Recall { user, target, .. } => {
                    ahead.grants.push((user.clone(), target.clone()));
                }
                Command::UpdateUser { user, .. } => ahead.users.push(*user),
                Command::TakeBack(change) => {
                    ahead.users.push(change.user);
                    for license in change.what.iter().filter_map(Changed::license) {
                        let user = UserRef::Id(change.user);
                        ahead.grants.push((user, Target::License(license)));
                    }
                }
                Command::PutUser { username, .. } => ahead.names.push(username.key()),
                Command::CreateUser(new) => ahead.names.push(new.username.key()),
                _ => {}
            }
        }
        ahead
    }

    /// The commands that were carried out, with what they came to.
    fn done<'a>(
        &'a self,
        answers: &'a Answers,
    ) -> impl Iterator<Item = (&'a Command, &'a Outcome)> {
        let of_requests = self.requests.iter().map(|request| &request.command);
        let of_chunks = self.chunks.iter().flat_map(|chunk| &chunk.commands);
        let commands = of_requests.chain(of_chunks);
        let answers = answers
            .requests
            .iter()
            .chain(answers.chunks.iter().flatten());
        commands
            .zip(answers)
            .filter_map(|(command, answer)| Some((command, answer.as_ref().ok()?)))
    }
}

/// Decides one request, or finds the answer that was kept for its key. The error is one that
/// the whole transaction can't survive.
fn answer(
    bench: &mut Bench<'_, Transaction<'_>>,
    request: &Request,
    keeps: &mut bool,
) -> Result<Answer, StoreError> {
    let Request {
        actor,
        command,
        key: Some(key),
        ..
    } = request
    else {
        return Ok(bench.decide(&request.actor, &request.command, None));
    };
    match bench.source.find_kept(&actor.name, key.as_str()) {
        Err(error) => return Ok(Err(error.into())),
        Ok(Some(kept)) if kept.request_hash != *key.request_hash() => {
            return Ok(Err(EngineError::IdempotencyMismatch));
        }
        Ok(Some(kept)) => {
            let outcome = serde_json::from_str(&kept.outcome_json);
            return Ok(outcome.map_err(|error| {
                EngineError::internal(format!("a kept outcome can't be read: {error}"))
            }));
        }
        Ok(None) => {}
    }
    // A refusal changed nothing and is not kept: asked again, it is judged again.
    let outcome = match bench.decide(actor, command, None) {
        Ok(outcome) => outcome,
        Err(error) => return Ok(Err(error)),
    };
    let json = serde_json::to_string(&outcome)
        .expect("outcomes are plain data with texts as keys, which always serialize");
    bench.source.keep(
        key.as_str(),
        &actor.name,
        key.request_hash(),
        &json,
        bench.now,
    )?;
    *keeps = true;
    Ok(Ok(outcome))
}

/// Brings what is remembered up to what was committed, before anybody is answered.
fn publish<'a>(
    shared: &Shared,
    changes: &Changes<'_>,
    done: impl Iterator<Item = (&'a Command, &'a Outcome)>,
    now: Timestamp,
) {
    let mut new_epoch = changes.wiped().is_some();
    for (command, outcome) in done {
        if let (Command::Heartbeat(id), Outcome::Heartbeat(answer)) = (command, outcome) {
            shared.leases.remember(*id, answer, now);
        }
        new_epoch |= may_shorten_sessions(command);
    }
    // After what was remembered: a later command of the batch may have ended a session.
    for (id, change) in changes.sessions() {
        let goes_on = match change {
            Change::Insert(session) | Change::Update(session) => {
                session.ended.is_none() && session.loan.is_none_or(|loan| loan.closed.is_none())
            }
            Change::Delete => false,
        };
        if !goes_on {
            shared.leases.forget(*id);
        }
    }
    if new_epoch {
        shared.leases.start_new_epoch();
    }
    if let Some(policy) = changes.policy() {
        shared.set_policy(policy.clone());
    }
    if changes.tokens().next().is_some() {
        shared.tokens.forget_all();
    }
}

/// Whether a command may change until when the sessions of others can go on (H6), other than
/// by ending them.
const fn may_shorten_sessions(command: &Command) -> bool {
    !matches!(
        command,
        Command::SignIn { .. }
            | Command::Heartbeat(_)
            | Command::EndSession { .. }
            | Command::Reclaim { .. }
            | Command::Grant { .. }
            | Command::CancelRelease { .. }
            | Command::CreateUser(_)
    )
}
