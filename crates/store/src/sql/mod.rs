//! Statements, values and rows: the thin layer between our code and a database's driver.
//!
//! Everything above speaks of [`Statement`]s, [`Value`]s and [`Columns`] and of no driver,
//! so that a second database is a second arm in here.

mod link;
mod row;
mod select;
mod statement;
mod value;

pub(crate) use link::Link;
pub(crate) use row::Columns;
pub(crate) use select::Select;
pub(crate) use statement::{Statement, for_sqlite, statement_of, statements};
pub(crate) use value::{Value, ms, opt_id, opt_ms, opt_text};
