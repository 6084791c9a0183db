//! Writes that wait to be sent together.

use std::pin::Pin;
use std::task::Poll;

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error, Statement as Prepared};

use super::value::Array;
use crate::error::StoreError;
use crate::sql::{Row, Statement, Value};

/// How many rows wait at most: enough for any batch, little enough for memory and for the
/// server's patience with one statement.
const MOST_ROWS: usize = 20_000;

/// Writes in the order in which they came.
#[derive(Default)]
pub(super) struct Pending {
    entries: Vec<Entry>,
    rows: usize,
}

/// A statement with its values: one row, or many.
pub(super) struct Entry {
    statement: &'static Statement,
    prepared: Prepared,
    columns: Vec<Array>,
    rows: u64,
    /// Whether rows of the same statement may join it.
    many: bool,
    /// For an update of rows that are there: the table, and the first row's id.
    over: Option<(&'static str, String)>,
}

impl Pending {
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What errors call the whole.
    pub(super) fn name(&self) -> &'static str {
        self.entries.first().map_or("nothing", Entry::name)
    }

    /// Adds a statement; whether it is time to send.
    pub(super) fn add(
        &mut self,
        statement: &'static Statement,
        prepared: &Prepared,
        values: &[Value<'_>],
        over: Option<Row<'_>>,
    ) -> Result<bool, StoreError> {
        let entry = Entry::new(statement, prepared, prepared.params(), over, false);
        self.entries.push(entry);
        self.push(self.entries.len() - 1, values)
    }

    /// Adds a row to a statement for many, which may be there already; whether it is time to
    /// send. `types` are those of the statement for one row.
    pub(super) fn add_row(
        &mut self,
        statement: &'static Statement,
        prepared: &Prepared,
        types: &[Type],
        values: &[Value<'_>],
        over: Option<Row<'_>>,
    ) -> Result<bool, StoreError> {
        let same = |entry: &Entry| entry.many && std::ptr::eq(entry.statement, statement);
        let at = match self.entries.iter().rposition(same) {
            Some(at) => at,
            None => {
                let entry = Entry::new(statement, prepared, types, over, true);
                self.entries.push(entry);
                self.entries.len() - 1
            }
        };
        self.push(at, values)
    }

    fn push(&mut self, at: usize, values: &[Value<'_>]) -> Result<bool, StoreError> {
        self.entries[at].push(values)?;
        self.rows += 1;
        Ok(self.rows >= MOST_ROWS)
    }

    /// Sends everything, then takes the answers: how many rows each touched.
    pub(super) async fn send(&self, client: &Client) -> Vec<Result<u64, Error>> {
        let asked = self.entries.iter().map(|entry| {
            let columns = entry
                .columns
                .iter()
                .map(|column| column as &(dyn ToSql + Sync));
            client.execute_raw(&entry.prepared, columns)
        });
        sent_in_order(asked).await
    }
}

impl Entry {
    fn new(
        statement: &'static Statement,
        prepared: &Prepared,
        types: &[Type],
        over: Option<Row<'_>>,
        many: bool,
    ) -> Self {
        Self {
            statement,
            prepared: prepared.clone(),
            columns: types.iter().cloned().map(Array::new).collect(),
            rows: 0,
            many,
            over: over.map(|row| (row.table, row.id.to_string())),
        }
    }

    pub(super) fn name(&self) -> &'static str {
        self.statement.name
    }

    fn push(&mut self, values: &[Value<'_>]) -> Result<(), StoreError> {
        let fault = |why: String| StoreError::Unstorable {
            column: self.statement.name,
            why,
        };
        if values.len() != self.columns.len() {
            return Err(fault(format!("{} values", values.len())));
        }
        for (column, value) in self.columns.iter_mut().zip(values) {
            column.push(value).map_err(|e| fault(e.to_string()))?;
        }
        self.rows += 1;
        Ok(())
    }

    /// Whether it touched the rows that it was for.
    pub(super) fn judge(&self, touched: u64) -> Result<(), StoreError> {
        match &self.over {
            Some((table, id)) if touched != self.rows => Err(StoreError::Corrupt {
                table,
                column: "id",
                row: id.clone(),
                why: match self.rows {
                    1 => format!("{touched} rows have this id; one was to be changed"),
                    rows => format!("of {rows} rows from this one on, {touched} are there"),
                },
            }),
            _ => Ok(()),
        }
    }
}

/// Begins each before any is waited for, in their order; then takes the answers in their order.
pub(super) async fn sent_in_order<F: Future>(asked: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut begun = Vec::new();
    for future in asked {
        let mut future: Pin<Box<F>> = Box::pin(future);
        let answer = std::future::poll_fn(|context| {
            Poll::Ready(match future.as_mut().poll(context) {
                Poll::Ready(answer) => Some(answer),
                Poll::Pending => None,
            })
        });
        let answer = answer.await;
        begun.push((future, answer));
    }
    let mut answers = Vec::with_capacity(begun.len());
    for (future, answer) in begun {
        answers.push(match answer {
            Some(answer) => answer,
            None => future.await,
        });
    }
    answers
}
