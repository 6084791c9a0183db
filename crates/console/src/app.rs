//! What every handler has at hand.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use engine::Engine;
use store::{Reader, StoreError};

use crate::caller::Signed;
use crate::fault::Fault;
use crate::glance::Glances;
use crate::live::Live;

/// The other end of a connection, put into each request by whoever serves it. Sign-ins are
/// slowed down by it, and the record names it.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// The state of the router. Copies are the same.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

pub(crate) struct Parts {
    pub(crate) engine: Engine,
    pub(crate) live: Live,
    pub(crate) glances: Glances,
}

impl App {
    pub(crate) fn new(engine: Engine, live: Live) -> Self {
        Self(Arc::new(Parts {
            engine,
            live,
            glances: Glances::default(),
        }))
    }

    /// Asks the store for somebody, who sees no further than their rights go (R1), off the threads
    /// that serve requests.
    pub(crate) async fn ask<P, T: Send + 'static>(
        &self,
        me: &Signed<P>,
        question: impl FnOnce(&mut Reader<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Fault> {
        let reach = me.actor().reach;
        Ok(self.engine.read_within(reach, question).await?)
    }

    /// As [`Self::ask`], after every lapsed session was written down: for exact counts (R4, H2).
    pub(crate) async fn ask_settled<P, T: Send + 'static>(
        &self,
        me: &Signed<P>,
        question: impl FnOnce(&mut Reader<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Fault> {
        let reach = me.actor().reach;
        Ok(self.engine.read_settled(reach, question).await?)
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
