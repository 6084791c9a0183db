//! Running statements on a connection.

use rusqlite::{Connection, params_from_iter};

use super::{Columns, Select, Statement, Value};
use crate::error::StoreError;

/// A connection within a transaction.
#[derive(Clone, Copy)]
pub(crate) struct Link<'c> {
    connection: &'c Connection,
}

impl<'c> Link<'c> {
    pub(crate) const fn new(connection: &'c Connection) -> Self {
        Self { connection }
    }

    /// Runs a statement that answers nothing; the number of rows it touched.
    pub(crate) fn run(
        self,
        statement: &'static Statement,
        values: &[Value<'_>],
    ) -> Result<usize, StoreError> {
        self.connection
            .prepare_cached(statement.sqlite())
            .and_then(|mut prepared| prepared.execute(params_from_iter(values)))
            .map_err(|e| StoreError::of(statement.name, e))
    }

    /// The first row of an answer.
    pub(crate) fn first<T>(
        self,
        statement: &'static Statement,
        values: &[Value<'_>],
        read: impl FnOnce(&mut Columns<'_, '_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let fail = |e| StoreError::of(statement.name, e);
        let mut prepared = self
            .connection
            .prepare_cached(statement.sqlite())
            .map_err(fail)?;
        let mut rows = prepared.query(params_from_iter(values)).map_err(fail)?;
        match rows.next().map_err(fail)? {
            Some(row) => read(&mut Columns::new(row)).map(Some),
            None => Ok(None),
        }
    }

    /// The first row of an answer that always has one.
    pub(crate) fn one<T>(
        self,
        statement: &'static Statement,
        values: &[Value<'_>],
        read: impl FnOnce(&mut Columns<'_, '_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.first(statement, values, read)?
            .ok_or_else(|| StoreError::Sql {
                statement: statement.name,
                source: rusqlite::Error::QueryReturnedNoRows,
            })
    }

    /// Every row of an answer.
    pub(crate) fn all<T>(
        self,
        statement: &'static Statement,
        values: &[Value<'_>],
        read: impl FnMut(&mut Columns<'_, '_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        self.rows(statement.name, statement.sqlite(), values, read)
    }

    /// Every row of a composed query's answer.
    pub(crate) fn select<T>(
        self,
        select: &Select<'_>,
        read: impl FnMut(&mut Columns<'_, '_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        self.rows(select.name(), &select.sqlite(), select.values(), read)
    }

    /// Hands every row of an answer over, one at a time, for answers of any length.
    pub(crate) fn each(
        self,
        statement: &'static Statement,
        values: &[Value<'_>],
        mut read: impl FnMut(&mut Columns<'_, '_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let fail = |e| StoreError::of(statement.name, e);
        let mut prepared = self
            .connection
            .prepare_cached(statement.sqlite())
            .map_err(fail)?;
        let mut rows = prepared.query(params_from_iter(values)).map_err(fail)?;
        while let Some(row) = rows.next().map_err(fail)? {
            read(&mut Columns::new(row))?;
        }
        Ok(())
    }

    fn rows<T>(
        self,
        name: &'static str,
        text: &str,
        values: &[Value<'_>],
        mut read: impl FnMut(&mut Columns<'_, '_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let fail = |e| StoreError::of(name, e);
        let mut prepared = self.connection.prepare_cached(text).map_err(fail)?;
        let mut rows = prepared.query(params_from_iter(values)).map_err(fail)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(fail)? {
            found.push(read(&mut Columns::new(row))?);
        }
        Ok(found)
    }
}
