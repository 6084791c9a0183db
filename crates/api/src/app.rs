//! What every handler has at hand.

use std::ops::Deref;
use std::sync::Arc;

use bytes::Bytes;
use engine::Engine;

use crate::metrics::Metrics;

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
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
