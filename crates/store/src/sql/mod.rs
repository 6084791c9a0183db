//! Statements, values and rows: the thin layer between our code and a database's driver.
//!
//! Everything above speaks of [`Statement`]s, [`Value`]s and [`Columns`] and of no driver,
//! so that a database is an arm in here: SQLite's is here, PostgreSQL's in `crate::postgres`.

mod bulk;
mod link;
mod row;
mod select;
mod statement;
mod value;

pub(crate) use bulk::bulk;
pub(crate) use link::{Link, Row};
pub(crate) use row::Columns;
pub(crate) use select::Select;
pub(crate) use statement::{
    Statement, for_sqlite, statement_of, statements, statements_of_postgres,
};
pub(crate) use value::{Value, many, ms, opt_id, opt_ms, opt_text};
