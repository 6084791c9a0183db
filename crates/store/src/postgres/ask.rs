//! Asking and writing on a connection: questions one by one or together, and writes that are kept
//! to go out together.

use futures_util::{StreamExt as _, TryStreamExt as _, future};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::pending::sent_in_order;
use super::session::Session;
use crate::error::StoreError;
use crate::sql::{self, Select, Statement, Value};

/// A statement, and the values to ask it with.
pub(crate) type Question<'v> = (&'static Statement, Vec<Value<'v>>);

impl Session {
    /// Every row of an answer.
    pub(crate) fn query(
        &self,
        statement: &'static Statement,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        self.settle()?;
        let prepared = self.prepare(statement)?;
        let asked = self.client.query_raw(&prepared, parameters(values));
        self.wait(statement.name, async { asked.await?.try_collect().await })
    }

    /// The answers to questions that go out together; to one that is not asked, nothing.
    pub(crate) fn ask<const N: usize>(
        &self,
        questions: [Option<Question<'_>>; N],
    ) -> Result<[Vec<Row>; N], StoreError> {
        let asked = questions.each_ref().map(Option::is_some);
        let questions: Vec<Question<'_>> = questions.into_iter().flatten().collect();
        if questions.is_empty() {
            return Ok([const { Vec::new() }; N]);
        }
        let mut answers = self.query_all(&questions)?.into_iter();
        Ok(asked.map(|asked| {
            let answer = asked.then(|| answers.next());
            answer.flatten().unwrap_or_default()
        }))
    }

    /// The answers to several questions that go out together, in their order.
    pub(crate) fn query_all(
        &self,
        questions: &[Question<'_>],
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        self.ask_all(None, questions)
    }

    /// Begins a transaction by this text, and asks within it at once. Without the transaction
    /// there are no answers: they would hold for a moment only, as would a lock.
    pub(super) fn query_within(
        &self,
        begin: &str,
        questions: &[Question<'_>],
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        self.ask_all(Some(begin), questions)
    }

    fn ask_all(
        &self,
        begin: Option<&str>,
        questions: &[Question<'_>],
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        self.settle()?;
        let mut asked = Vec::with_capacity(questions.len());
        for (statement, values) in questions {
            let prepared = self.prepare(statement)?;
            asked.push(async move {
                let rows = self.client.query_raw(&prepared, parameters(values)).await?;
                rows.try_collect().await
            });
        }
        let name = questions.first().map_or("nothing", |(first, _)| first.name);
        let begins = async {
            match begin {
                Some(text) => self.client.batch_execute(text).await,
                None => Ok(()),
            }
        };
        // What is joined is sent in this order.
        let both = future::join(begins, sent_in_order(asked));
        let (begun, answers) = self.wait(name, async { Ok(both.await) })?;
        begun.map_err(|e| self.fault("begin", e))?;
        answers
            .into_iter()
            .zip(questions)
            .map(|(answer, (statement, _))| answer.map_err(|e| self.fault(statement.name, e)))
            .collect()
    }

    /// Every row of a composed query's answer.
    pub(crate) fn select(&self, select: &Select<'_>) -> Result<Vec<Row>, StoreError> {
        self.settle()?;
        let prepared = self.prepare_composed(select)?;
        let asked = self
            .client
            .query_raw(&prepared, parameters(select.values()));
        self.wait(select.name(), async { asked.await?.try_collect().await })
    }

    /// Hands over row after row, as they come.
    pub(crate) fn each(
        &self,
        statement: &'static Statement,
        values: &[Value<'_>],
        mut read: impl FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.settle()?;
        let name = statement.name;
        let prepared = self.prepare(statement)?;
        let asked = self.client.query_raw(&prepared, parameters(values));
        let rows = self.wait(name, asked)?;
        let mut rows = std::pin::pin!(rows);
        while let Some(row) = self.wait(name, async { rows.next().await.transpose() })? {
            read(&row)?;
        }
        Ok(())
    }

    /// Runs a statement that answers nothing; the number of rows it touched.
    pub(crate) fn run(
        &self,
        statement: &'static Statement,
        values: &[Value<'_>],
    ) -> Result<usize, StoreError> {
        self.settle()?;
        let prepared = self.prepare(statement)?;
        let asked = self.client.execute_raw(&prepared, parameters(values));
        let touched = self.wait(statement.name, asked)?;
        Ok(usize::try_from(touched).unwrap_or(usize::MAX))
    }

    /// Keeps a statement to be sent with others.
    pub(crate) fn put(
        &self,
        statement: &'static Statement,
        values: &[Value<'_>],
        over: Option<sql::Row<'_>>,
    ) -> Result<(), StoreError> {
        let prepared = self.prepare(statement)?;
        let full = self
            .pending
            .borrow_mut()
            .add(statement, &prepared, values, over)?;
        if full { self.settle() } else { Ok(()) }
    }

    /// Keeps a row for a statement for many.
    pub(crate) fn put_many(
        &self,
        statement: &'static Statement,
        values: &[Value<'_>],
        over: Option<sql::Row<'_>>,
    ) -> Result<(), StoreError> {
        let single = self.prepare(statement)?;
        let Some(prepared) = self.prepare_bulk(statement)? else {
            return self.put(statement, values, over);
        };
        let full = self.pending.borrow_mut().add_row(
            statement,
            &prepared,
            single.params(),
            values,
            over,
        )?;
        if full { self.settle() } else { Ok(()) }
    }

    /// Sends what is kept, and waits until all of it was done.
    pub(crate) fn settle(&self) -> Result<(), StoreError> {
        if self.pending.borrow().is_empty() {
            return Ok(());
        }
        let pending = std::mem::take(&mut *self.pending.borrow_mut());
        let name = pending.name();
        let answers = self.wait(name, async { Ok(pending.send(&self.client).await) })?;
        let mut first = Ok(());
        for (entry, answer) in pending.entries().iter().zip(answers) {
            let judged = match answer {
                Ok(touched) => entry.judge(touched),
                Err(error) => Err(self.fault(entry.name(), error)),
            };
            // What fails after a failure says only that something failed before.
            first = first.and(judged);
        }
        if first.is_err() {
            self.failed.set(true);
        }
        first
    }
}

fn parameters<'v>(
    values: &'v [Value<'v>],
) -> impl ExactSizeIterator<Item = &'v (dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync))
}
