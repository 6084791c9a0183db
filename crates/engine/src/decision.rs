//! One decision: the rules ask, the store answers, until there is an outcome.

use std::collections::HashSet;

use domain::command::NewLicense;
use domain::decide::Step;
use domain::undo::Change;
use domain::{Actor, Command, Context, Ids, Need, Outcome, Policy, Stop, Timestamp, WorkingSet};
use store::{Reader, StoreError, Transaction};

use crate::error::EngineError;

/// Where decisions find what they lack: a transaction, or a snapshot that changes nothing.
pub(crate) trait Source {
    /// Answers a need.
    fn load(&mut self, set: &mut WorkingSet, need: &Need, now: Timestamp)
    -> Result<(), StoreError>;

    /// Loads what a sign-in usually needs, by folded names.
    fn load_access(
        &mut self,
        set: &mut WorkingSet,
        username: &str,
        product: &str,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Loads what an intake of licenses usually needs.
    fn load_import(
        &mut self,
        set: &mut WorkingSet,
        licenses: &[NewLicense],
        now: Timestamp,
    ) -> Result<(), StoreError>;
}

macro_rules! source {
    ($($type:ty),*) => {$(
        impl Source for $type {
            fn load(
                &mut self,
                set: &mut WorkingSet,
                need: &Need,
                now: Timestamp,
            ) -> Result<(), StoreError> {
                <$type>::load(self, set, need, now)
            }

            fn load_access(
                &mut self,
                set: &mut WorkingSet,
                username: &str,
                product: &str,
                now: Timestamp,
            ) -> Result<(), StoreError> {
                <$type>::load_access(self, set, username, product, now)
            }

            fn load_import(
                &mut self,
                set: &mut WorkingSet,
                licenses: &[NewLicense],
                now: Timestamp,
            ) -> Result<(), StoreError> {
                <$type>::load_import(self, set, licenses, now)
            }
        }
    )*};
}

source!(Transaction<'_>, Reader<'_>);

/// More than any command has reason to ask for one by one.
const MOST_NEEDS: usize = 100_000;

/// Where decisions are made, one after the other, all at one moment and on one set.
pub(crate) struct Bench<'a, S> {
    pub(crate) source: &'a mut S,
    pub(crate) set: WorkingSet,
    pub(crate) now: Timestamp,
    ids: Ids,
}

impl<'a, S: Source> Bench<'a, S> {
    /// An empty set under a policy.
    pub(crate) fn new(source: &'a mut S, policy: Policy, now: Timestamp) -> Self {
        Self::on(source, WorkingSet::new(policy), now)
    }

    /// A set that may know something.
    pub(crate) fn on(source: &'a mut S, set: WorkingSet, now: Timestamp) -> Self {
        Self {
            source,
            set,
            now,
            ids: Ids::new(now, rand::random()),
        }
    }

    /// Decides a command. An error leaves the set as it was, but for what was loaded.
    pub(crate) fn decide(
        &mut self,
        actor: &Actor,
        command: &Command,
        trace: Option<&mut Vec<Step>>,
    ) -> Result<Outcome, EngineError> {
        self.decided(actor, command, trace, domain::decide)
    }

    /// What a command would come to. The set stays as it was, but for what was loaded.
    pub(crate) fn foresee(
        &mut self,
        actor: &Actor,
        command: &Command,
        trace: Option<&mut Vec<Step>>,
    ) -> Result<Outcome, EngineError> {
        self.decided(actor, command, trace, domain::foresee)
    }

    /// As [`Self::decide`], with what was changed of the account that the command is about.
    pub(crate) fn decide_noting(
        &mut self,
        actor: &Actor,
        command: &Command,
    ) -> Result<(Outcome, Option<Change>), EngineError> {
        self.decided(actor, command, None, domain::decide_noting)
    }

    fn decided<T>(
        &mut self,
        actor: &Actor,
        command: &Command,
        mut trace: Option<&mut Vec<Step>>,
        decide: fn(&mut WorkingSet, &Command, &mut Context<'_>) -> Result<T, Stop>,
    ) -> Result<T, EngineError> {
        self.prefetch(command)?;
        let mut asked: HashSet<Need, foldhash::fast::RandomState> = HashSet::default();
        loop {
            let mut context = Context {
                now: self.now,
                actor,
                ids: &mut self.ids,
                trace: trace.as_deref_mut(),
            };
            match decide(&mut self.set, command, &mut context) {
                Ok(outcome) => return Ok(outcome),
                Err(Stop::Refused(refusal)) => return Err(refusal.into()),
                Err(Stop::Need(need)) => {
                    // What was answered and is asked for again would be asked for ever.
                    if asked.contains(&need) || asked.len() > MOST_NEEDS {
                        return Err(EngineError::internal(format!(
                            "loading {need:?} did not answer it"
                        )));
                    }
                    self.source.load(&mut self.set, &need, self.now)?;
                    asked.insert(need);
                }
            }
        }
    }

    /// Loads ahead what the command will surely ask for, so that it is decided at once.
    fn prefetch(&mut self, command: &Command) -> Result<(), EngineError> {
        match command {
            Command::SignIn { user, product, .. } => {
                let (user, product) = (user.key(), product.key());
                self.source
                    .load_access(&mut self.set, &user, &product, self.now)?;
            }
            Command::ImportLicenses { licenses, .. } | Command::TakeResponse { licenses, .. } => {
                self.source.load_import(&mut self.set, licenses, self.now)?;
            }
            _ => {}
        }
        Ok(())
    }
}
