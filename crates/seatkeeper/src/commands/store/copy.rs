//! `seatkeeper store copy`: a whole store into another, empty one.

use engine::Clock;
use serde::Serialize;

use super::place;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::table::{Table, number};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The store to read: sqlite:DIR or postgres://USER@HOST/NAME. Its servers must have been
    /// stopped.
    #[arg(long, value_name = "PLACE")]
    from: String,
    /// The store to fill, which must be empty; made when missing.
    #[arg(long, value_name = "PLACE")]
    to: String,
}

/// Rows of one table.
#[derive(Serialize)]
struct Rows {
    table: &'static str,
    rows: u64,
}

impl Options {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let (from, to) = (place("--from", &self.from)?, place("--to", &self.to)?);
        let bar = context.printer.bar_of("copying", 0);
        let told = &mut |table: &'static str, done, total| {
            bar.set_length(total);
            bar.set_position(done);
            bar.set_message(if table.is_empty() { "checking" } else { table });
        };
        let copied = engine::copy_store(&from, &to, &Clock::System, told);
        bar.finish_and_clear();
        let copied = copied?;
        let rows: Vec<Rows> = copied
            .tables
            .into_iter()
            .map(|(table, rows)| Rows { table, rows })
            .collect();
        context.printer.list(&rows, || {
            Table::of(["table", "rows"], &rows, |rows| {
                [rows.table.into(), number(rows.rows)]
            })
        });
        context
            .printer
            .note("all of it was read back and is the same, and the record is whole");
        Ok(Verdict::Done)
    }
}
