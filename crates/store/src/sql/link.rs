//! Running statements on a connection: the one place through which SQL goes.

use rusqlite::params_from_iter;

use super::{Columns, Select, Statement, Value};
use crate::error::StoreError;
use crate::postgres::Session;

/// A connection within a transaction.
#[derive(Clone, Copy)]
pub(crate) enum Link<'c> {
    /// A file beside this process.
    Sqlite(&'c rusqlite::Connection),
    /// A server, where every question is a round trip.
    Postgres(&'c Session),
}

impl Link<'_> {
    /// Runs a statement that answers nothing; the number of rows it touched.
    pub(crate) fn run(
        self,
        statement: &'static Statement,
        values: &[Value<'_>],
    ) -> Result<usize, StoreError> {
        match self {
            Self::Sqlite(connection) => connection
                .prepare_cached(statement.sqlite())
                .and_then(|mut prepared| prepared.execute(params_from_iter(values)))
                .map_err(|e| StoreError::of(statement.name, e)),
            Self::Postgres(session) => session.run(statement, values),
        }
    }

    /// Runs a statement of which nobody needs to know yet how it went: on PostgreSQL it goes
    /// out together with others, at the latest before the next question or [`Self::settle`],
    /// and keeps its place among them.
    pub(crate) fn put(
        self,
        statement: &'static Statement,
        values: &[Value<'_>],
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => self.run(statement, values).map(drop),
            Self::Postgres(session) => session.put(statement, values, None),
        }
    }

    /// As [`Self::put`], for the hot tables: rows of the same statement may go out as one
    /// statement, so that among them, and among other statements put this way, there is no
    /// order. Each must touch rows that no other touches.
    pub(crate) fn put_many(
        self,
        statement: &'static Statement,
        values: &[Value<'_>],
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => self.run(statement, values).map(drop),
            Self::Postgres(session) => session.put_many(statement, values, None),
        }
    }

    /// Writes a row over the one that is there, as by [`Self::put`].
    ///
    /// # Errors
    /// [`StoreError::Corrupt`], at the latest from [`Self::settle`], when it is not there: the
    /// set and the store disagree.
    pub(crate) fn over(
        self,
        statement: &'static Statement,
        row: Row<'_>,
        values: &[Value<'_>],
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => row.is_one(self.run(statement, values)?),
            Self::Postgres(session) => session.put(statement, values, Some(row)),
        }
    }

    /// As [`Self::over`], with what [`Self::put_many`] asks for.
    pub(crate) fn over_many(
        self,
        statement: &'static Statement,
        row: Row<'_>,
        values: &[Value<'_>],
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => row.is_one(self.run(statement, values)?),
            Self::Postgres(session) => session.put_many(statement, values, Some(row)),
        }
    }

    /// Waits until everything that was put has been done.
    pub(crate) fn settle(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(session) => session.settle(),
        }
    }

    /// A number of the table `meta` that this transaction knows without asking.
    pub(crate) fn known_number(self, name: &str) -> Option<i64> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(session) => session.known_number(name),
        }
    }

    /// Such a number was raised.
    pub(crate) fn note_number(self, name: &str, number: i64) {
        if let Self::Postgres(session) = self {
            session.note_number(name, number);
        }
    }

    /// The first row of an answer.
    pub(crate) fn first<T>(
        self,
        statement: &'static Statement,
        values: &[Value<'_>],
        read: impl FnOnce(&mut Columns<'_, '_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        match self {
            Self::Sqlite(connection) => {
                let fail = |e| StoreError::of(statement.name, e);
                let mut prepared = connection
                    .prepare_cached(statement.sqlite())
                    .map_err(fail)?;
                let mut rows = prepared.query(params_from_iter(values)).map_err(fail)?;
                match rows.next().map_err(fail)? {
                    Some(row) => read(&mut Columns::sqlite(row)).map(Some),
                    None => Ok(None),
                }
            }
            Self::Postgres(session) => {
                let rows = session.query(statement, values)?;
                rows.first()
                    .map(|row| read(&mut Columns::postgres(row)))
                    .transpose()
            }
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
        match self {
            Self::Sqlite(connection) => {
                rows(connection, statement.name, statement.sqlite(), values, read)
            }
            Self::Postgres(session) => read_all(&session.query(statement, values)?, read),
        }
    }

    /// Every row of a composed query's answer.
    pub(crate) fn select<T>(
        self,
        select: &Select<'_>,
        read: impl FnMut(&mut Columns<'_, '_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        match self {
            Self::Sqlite(connection) => rows(
                connection,
                select.name(),
                &select.sqlite(),
                select.values(),
                read,
            ),
            Self::Postgres(session) => read_all(&session.select(select)?, read),
        }
    }

    /// Hands every row of an answer over, one at a time, for answers of any length. Nothing
    /// else may be asked meanwhile.
    pub(crate) fn each(
        self,
        statement: &'static Statement,
        values: &[Value<'_>],
        mut read: impl FnMut(&mut Columns<'_, '_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => {
                let fail = |e| StoreError::of(statement.name, e);
                let mut prepared = connection
                    .prepare_cached(statement.sqlite())
                    .map_err(fail)?;
                let mut rows = prepared.query(params_from_iter(values)).map_err(fail)?;
                while let Some(row) = rows.next().map_err(fail)? {
                    read(&mut Columns::sqlite(row))?;
                }
                Ok(())
            }
            Self::Postgres(session) => {
                session.each(statement, values, |row| read(&mut Columns::postgres(row)))
            }
        }
    }
}

/// Which row a statement is to be written over.
#[derive(Clone, Copy)]
pub(crate) struct Row<'r> {
    pub(crate) table: &'static str,
    pub(crate) id: &'r dyn std::fmt::Display,
}

impl Row<'_> {
    /// Whether one row was touched, as there is one.
    pub(crate) fn is_one(self, touched: usize) -> Result<(), StoreError> {
        match touched {
            1 => Ok(()),
            rows => Err(StoreError::Corrupt {
                table: self.table,
                column: "id",
                row: self.id.to_string(),
                why: format!("{rows} rows have this id; one was to be changed"),
            }),
        }
    }
}

fn rows<T>(
    connection: &rusqlite::Connection,
    name: &'static str,
    text: &str,
    values: &[Value<'_>],
    mut read: impl FnMut(&mut Columns<'_, '_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let fail = |e| StoreError::of(name, e);
    let mut prepared = connection.prepare_cached(text).map_err(fail)?;
    let mut rows = prepared.query(params_from_iter(values)).map_err(fail)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(fail)? {
        found.push(read(&mut Columns::sqlite(row))?);
    }
    Ok(found)
}

fn read_all<T>(
    rows: &[tokio_postgres::Row],
    mut read: impl FnMut(&mut Columns<'_, '_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    rows.iter()
        .map(|row| read(&mut Columns::postgres(row)))
        .collect()
}
