//! `seatkeeper store`: the store itself, on the machine where it lies.

pub(super) mod check;
mod copy;

use engine::{NoPlace, StorePlace};

use crate::context::Context;
use crate::failure::{Failure, Verdict};

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Check every rule against the data of a data folder, a backup or a database. Exits with 1
    /// when one is broken.
    Check(check::Options),
    /// Copy a whole store, and the installation's key, into an empty one.
    Copy(copy::Options),
}

impl Command {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        match self {
            Self::Check(options) => options.run(context),
            Self::Copy(options) => options.run(context),
        }
    }
}

/// Where a store is. A password that does not stand in a URL may come from the variable that libpq
/// reads. Read here and not by the parser of the command line, which would repeat in its error what
/// was typed, with the password in it.
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
