//! What every handler has at hand.

use std::ops::Deref;
use std::sync::Arc;

use bytes::Bytes;
use domain::{Actor, Command, Outcome};
use engine::Engine;
use store::Reader;

use crate::extract::Authorized;
use crate::metrics::Metrics;
use crate::problem::{Problem, refusal_problem};

/// What can be chosen about the interface.
#[derive(Clone, Debug)]
pub struct ApiOptions {
    /// The version that the server says it has, as in `0.1.0`.
    pub version: String,
}

impl Default for ApiOptions {
    fn default() -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// The state of the router. Copies are the same.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

pub(crate) struct Parts {
    pub(crate) engine: Engine,
    pub(crate) options: ApiOptions,
    pub(crate) metrics: Metrics,
    /// The OpenAPI document, written once.
    pub(crate) openapi: Bytes,
    /// The page made of it, written once.
    pub(crate) docs: Bytes,
}

impl App {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Asks the store for a caller, who sees no further than their rights go (R1), off the threads
    /// that serve requests.
    pub(crate) async fn ask<P, T: Send + 'static>(
        &self,
        caller: &Authorized<P>,
        question: impl FnOnce(&mut Reader<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let reach = caller.actor().reach;
        self.engine
            .read_within(reach, move |reader| Ok(question(reader)))
            .await?
    }

    /// As [`Self::ask`], after every lapsed session was written down: for exact counts (R4, H2).
    pub(crate) async fn ask_settled<P, T: Send + 'static>(
        &self,
        caller: &Authorized<P>,
        question: impl FnOnce(&mut Reader<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.engine
            .read_settled(caller.actor().reach, move |reader| Ok(question(reader)))
            .await?
    }

    /// Carries out a command, or says what it would come to (S13).
    pub(crate) async fn run_or_preview(
        &self,
        actor: &Actor,
        command: Command,
        dry_run: bool,
    ) -> Result<Outcome, Problem> {
        if !dry_run {
            return Ok(self.engine.run(actor, command, None).await?);
        }
        let answers = self.engine.preview(actor, vec![command]).await?;
        match answers.into_iter().next() {
            Some(answer) => answer.map_err(refusal_problem),
            None => Err(Problem::internal("a preview of one command gave no answer")),
        }
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
