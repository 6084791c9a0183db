//! The engine's face: every operation that the interfaces call.

use std::sync::Arc;

use domain::decide::Step;
use domain::outcome::{GrantedAccess, HeartbeatAnswer};
use domain::{Actor, Command, Outcome, Permission, Policy, Reach, Refusal, SessionId, Timestamp};
use license_file::jws::Jwks;
use store::{Reader, StoreError};
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::archive;
use crate::error::{EngineError, StartError, given_up};
use crate::idempotency::IdempotencyKey;
use crate::options::EngineOptions;
use crate::preview::{self, Check};
use crate::session_token;
use crate::start;
use crate::state::Shared;
use crate::threads::Threads;
use crate::upkeep;
use crate::writer::{Request, receive};

/// The running engine. Copies are the same engine; when the last one goes, it stops.
#[derive(Clone)]
pub struct Engine {
    pub(crate) shared: Arc<Shared>,
    threads: Arc<Threads>,
}

impl Engine {
    /// Opens the store in the data folder and starts the engine's threads. At the first start
    /// the installation's id and key pair are made. Takes no time that grows with the data.
    pub fn start(options: EngineOptions) -> Result<Self, StartError> {
        let (shared, threads) = start::start(options)?;
        Ok(Self {
            shared,
            threads: Arc::new(threads),
        })
    }

    /// Carries out a command and answers after its commit. With a key, a repetition of the same
    /// request by the same actor gets the answer that was kept (for 24 hours).
    pub async fn run(
        &self,
        actor: &Actor,
        command: Command,
        key: Option<IdempotencyKey>,
    ) -> Result<Outcome, EngineError> {
        let (asker, answered) = oneshot::channel();
        self.shared.queue.push_request(Request {
            actor: actor.clone(),
            command,
            key,
            asker,
        })?;
        receive(answered).await
    }

    /// What these commands would come to, one after the other; changes nothing (A10, S7, S13).
    pub async fn preview(
        &self,
        actor: &Actor,
        commands: Vec<Command>,
    ) -> Result<Vec<Result<Outcome, Refusal>>, EngineError> {
        let (shared, actor) = (Arc::clone(&self.shared), actor.clone());
        let answers = if preview::needs_writer(&commands) {
            self.on_writer(move |writer| preview::on_writer(&shared, writer, &actor, &commands))
                .await?
        } else {
            self.read(move |reader| preview::on_snapshot(&shared, reader, &actor, &commands))
                .await?
        };
        preview::refusals(answers)
    }

    /// What a sign-in would come to, with the steps of the reasoning if `explain` (A10).
    pub async fn check(
        &self,
        actor: &Actor,
        sign_in: Command,
        explain: bool,
    ) -> Result<(Outcome, Vec<Step>), EngineError> {
        let check = Check::new(actor, sign_in, explain);
        let is_limited = actor.reach.folder().is_some();
        if self.shared.nodes.is_alone() {
            // A few rows of a file, if any: nobody is waited for.
            if is_limited {
                check.is_seen_by(actor, &self.shared)?;
            }
            return preview::check(&self.shared, &check);
        }
        self.shared.reachable()?;
        if !is_limited {
            return self.shared.checks.ask(check).await;
        }
        let actor = actor.clone();
        let seen = self.look_up(move |shared| {
            check.is_seen_by(&actor, shared)?;
            Ok::<_, EngineError>(check)
        });
        self.shared.checks.ask(seen.await?).await
    }

    /// A short question to a store that is elsewhere. While it is known to be out of reach,
    /// nobody is kept waiting.
    pub(crate) async fn look_up<T, E, F>(&self, question: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<EngineError> + Send + 'static,
        F: FnOnce(&Shared) -> Result<T, E> + Send + 'static,
    {
        self.shared.reachable()?;
        let permit = Arc::clone(&self.shared.look_ups).acquire_owned().await;
        let permit = permit.map_err(|_| EngineError::ShuttingDown)?;
        let shared = Arc::clone(&self.shared);
        let answer = tokio::task::spawn_blocking(move || {
            let answer = question(&shared);
            drop(permit);
            answer
        });
        answer.await.map_err(|_| given_up())?
    }

    /// A heartbeat; answered from memory while the kept lease suffices (H1, H3, H6), if no other
    /// node can have ended the session meanwhile.
    pub async fn heartbeat(
        &self,
        actor: &Actor,
        session: SessionId,
    ) -> Result<HeartbeatAnswer, EngineError> {
        let command = Command::Heartbeat(session);
        // Whose session it is, is not remembered (R1).
        let is_free = actor.reach == Reach::Everything && actor.may(command.permission());
        if self.shared.nodes.is_alone() && is_free {
            let now = self.shared.now();
            let known = self
                .shared
                .leases
                .answer(session, &self.shared.policy(), now);
            if let Some(answer) = known {
                return Ok(answer);
            }
        }
        match self.run(actor, command, None).await? {
            Outcome::Heartbeat(answer) => Ok(answer),
            other => Err(contradiction(&other)),
        }
    }

    /// As [`Self::read`], for somebody whose rights go so far: what is beyond is not there (R1).
    pub async fn read_within<T, F>(&self, reach: Reach, question: F) -> Result<T, EngineError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Reader<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.read(move |reader| {
            reader.limit_to(reach);
            question(reader)
        })
        .await
    }

    /// Asks the store something, off the async threads. For what people ask, there is
    /// [`Self::read_within`].
    pub async fn read<T, F>(&self, question: F) -> Result<T, EngineError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Reader<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.shared.reachable()?;
        let permit = Arc::clone(&self.shared.reads).acquire_owned().await;
        let permit = permit.map_err(|_| EngineError::ShuttingDown)?;
        let store = self.shared.store.clone();
        let answer = tokio::task::spawn_blocking(move || {
            let answer = store.read(question);
            drop(permit);
            answer
        });
        Ok(answer.await.map_err(|_| given_up())??)
    }

    /// As [`Self::read_within`], after every lapsed session was written down, so that counts are
    /// exact (R4, H2).
    pub async fn read_settled<T, F>(&self, reach: Reach, question: F) -> Result<T, EngineError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Reader<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.settle().await?;
        self.read_within(reach, question).await
    }

    /// Writes down every lapsed session.
    async fn settle(&self) -> Result<(), EngineError> {
        let now = self.now();
        let lapsed = self.read(move |reader| reader.lapsed_products(now)).await?;
        for product in lapsed {
            let reclaim = Command::Reclaim {
                product,
                at_most: upkeep::RECLAIM_AT_ONCE,
            };
            let mut more = true;
            while more {
                let answer = self.run(&Actor::system(), reclaim.clone(), None).await?;
                more = matches!(
                    answer,
                    Outcome::Reclaimed {
                        sessions: 1..,
                        more: true
                    }
                );
            }
        }
        Ok(())
    }

    /// Does something that blocks.
    pub(crate) async fn blocking<T, F>(&self, act: F) -> Result<T, EngineError>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, EngineError> + Send + 'static,
    {
        let done = tokio::task::spawn_blocking(act).await;
        done.map_err(|_| given_up())?
    }

    /// Does something on the writer thread between two batches.
    async fn on_writer<T, F>(&self, act: F) -> Result<T, EngineError>
    where
        T: Send + 'static,
        F: FnOnce(&mut store::Writer) -> Result<T, StoreError> + Send + 'static,
    {
        let answered = self.shared.push_task(act)?;
        Ok(answered.await.map_err(|_| given_up())??)
    }

    /// The signed token of a granted session (H4): compact JWS, Ed25519, `typ`
    /// `seatkeeper-session+jwt`, good until the session's `expires_at`.
    pub fn session_token(&self, granted: &GrantedAccess) -> String {
        session_token::session_token(&self.shared.installation, granted, self.now())
    }

    /// The signed token of a borrowed seat (H5): as [`Self::session_token`], with the `typ`
    /// `seatkeeper-borrow+jwt`, good until the loan ends.
    pub fn borrow_token(&self, granted: &GrantedAccess) -> String {
        session_token::borrow_token(&self.shared.installation, granted, self.now())
    }

    /// The keys that check session tokens, for `/.well-known/jwks.json`.
    pub fn jwks(&self) -> &Jwks {
        &self.shared.installation.jwks
    }

    /// A backup of this moment, in a file that is gone when this handle is; only whoever may
    /// change the settings gets one, for it holds every secret of the installation. The server
    /// goes on meanwhile.
    ///
    /// # Errors
    /// [`EngineError::Overloaded`] while another one is being made; that the disk of the data
    /// folder has no room for it; [`EngineError::BackedUpElsewhere`] of a shared store.
    pub async fn back_up(&self, actor: &Actor) -> Result<std::fs::File, EngineError> {
        actor.must(Permission::ManageSettings)?;
        if self.shared.store.is_shared() {
            return Err(EngineError::BackedUpElsewhere);
        }
        let turn = Arc::clone(&self.shared.backing_up).try_acquire_owned();
        let turn = turn.map_err(|_| EngineError::Overloaded)?;
        tracing::info!(actor = %actor.name, "a backup is made");
        let shared = Arc::clone(&self.shared);
        let file = self
            .blocking(move || {
                let _turn = turn;
                archive::back_up_unnamed(&shared.data, &shared.clock)
            })
            .await?;
        // Nobody gets a copy of everything that is not on record.
        let length = file.metadata();
        let bytes = length
            .map_err(|error| EngineError::internal(error.to_string()))?
            .len();
        self.run(actor, Command::NoteBackup { bytes }, None).await?;
        Ok(file)
    }

    /// The policy in force, with the company id that licenses must be for (L5).
    pub fn policy(&self) -> Arc<Policy> {
        self.shared.policy()
    }

    /// The installation's id (L5).
    pub fn installation(&self) -> Uuid {
        self.shared.installation.id
    }

    /// The time to judge by: the later of the clock and the latest time seen (L11).
    pub fn now(&self) -> Timestamp {
        self.shared.now()
    }

    /// Whether the engine takes commands.
    pub fn is_ready(&self) -> bool {
        !self.shared.queue.is_closed()
    }

    /// Whether the engine takes commands and its store can be written and read, or why not. That
    /// nothing can be written, on a full disk say, is known from the last attempt; there is one
    /// every second until one succeeds, also when nobody asks for anything any more.
    ///
    /// # Errors
    /// [`EngineError::ShuttingDown`]; [`EngineError::Store`] with what is wrong with the store.
    pub async fn readiness(&self) -> Result<(), EngineError> {
        if !self.is_ready() {
            return Err(EngineError::ShuttingDown);
        }
        if let Some(failure) = self.shared.unwritable() {
            return Err(EngineError::Store(failure));
        }
        self.read(|reader| reader.latest_time()).await.map(drop)
    }

    /// How many commands wait.
    pub fn waiting(&self) -> usize {
        self.shared.queue.waiting()
    }

    /// What the threads share.
    pub(crate) fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.shared)
    }

    /// Takes no more commands, answers those that wait, and closes the store.
    pub async fn shutdown(self) -> Result<(), EngineError> {
        let threads = self.threads;
        tokio::task::spawn_blocking(move || threads.end())
            .await
            .map_err(|_| given_up())
    }
}

pub(crate) fn contradiction(outcome: &Outcome) -> EngineError {
    EngineError::internal(format!("an answer of another kind: {outcome:?}"))
}
