//! Statements that a connection has prepared, each once.

use tokio_postgres::Statement as Prepared;

use super::session::Session;
use crate::error::StoreError;
use crate::sql::{Select, Statement, bulk};

/// The most composed queries that are kept prepared; further ones push all out.
const COMPOSED: usize = 256;

impl Session {
    pub(super) fn prepare(&self, statement: &'static Statement) -> Result<Prepared, StoreError> {
        let name = statement.name;
        if let Some(prepared) = self.prepared.borrow().get(name) {
            return Ok(prepared.clone());
        }
        let prepared = self.wait(name, self.client.prepare(statement.postgres()))?;
        self.prepared.borrow_mut().insert(name, prepared.clone());
        Ok(prepared)
    }

    /// The same for many rows; none if it has no such form.
    pub(super) fn prepare_bulk(
        &self,
        statement: &'static Statement,
    ) -> Result<Option<Prepared>, StoreError> {
        let name = statement.name;
        if let Some(prepared) = self.bulk.borrow().get(name) {
            return Ok(prepared.clone());
        }
        let single = self.prepare(statement)?;
        let types: Vec<&str> = single.params().iter().map(|kind| kind.name()).collect();
        let prepared = match bulk(statement.postgres(), &types) {
            Some(text) => Some(self.wait(name, self.client.prepare(&text))?),
            None => None,
        };
        self.bulk.borrow_mut().insert(name, prepared.clone());
        Ok(prepared)
    }

    pub(super) fn prepare_composed(&self, select: &Select<'_>) -> Result<Prepared, StoreError> {
        if let Some(prepared) = self.composed.borrow().get(select.postgres()) {
            return Ok(prepared.clone());
        }
        let prepared = self.wait(select.name(), self.client.prepare(select.postgres()))?;
        let mut composed = self.composed.borrow_mut();
        if composed.len() >= COMPOSED {
            composed.clear();
        }
        composed.insert(select.postgres().to_owned(), prepared.clone());
        Ok(prepared)
    }
}
