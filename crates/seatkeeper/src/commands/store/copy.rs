//! `seatkeeper store copy`: a whole store into another, empty one.

use engine::{Clock, NoPlace, StorePlace};
use serde::Serialize;

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

/// A password that does not stand in a URL may come from the variable that libpq reads. Read here and not by the parser
/// of the command line, which would repeat in its error what was typed, with the password in it.
fn place(flag: &str, text: &str) -> Result<StorePlace, Failure> {
    let password = std::env::var("PGPASSWORD").ok();
    StorePlace::parse(text, password.as_deref()).map_err(|error| {
        let why = match error {
            NoPlace::Unknown(_) => {
                "it is no place of a store; write sqlite:DIR for a data folder, or postgres://USER@HOST/NAME"
                    .to_owned()
            }
            NoPlace::Database(error) => error.to_string(),
        };
        Failure::input("invalid_place", format!("{flag}: {why}"))
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_place_is_told_without_the_password_in_it() {
        for text in [
            "postgre://x:geheim@h/db",
            "mysql://x:geheim@h/db",
            "x:geheim@h",
            "postgres://x:geheim@h/db?sslmode=none",
            "postgres://x:geheim@h:port/db",
        ] {
            let failure = place("--from", text).unwrap_err();
            assert_eq!(failure.exit_code(), 2);
            assert!(failure.detail.starts_with("--from: "), "{failure:?}");
            assert!(!format!("{failure:?}").contains("geheim"), "{failure:?}");
        }
        assert!(place("--to", "sqlite:data").is_ok());
    }
}
