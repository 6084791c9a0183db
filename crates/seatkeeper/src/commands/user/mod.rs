//! `seatkeeper user`: accounts and the people behind them.

mod change;
mod import;
mod list;

use crate::context::Context;
use crate::failure::{Failure, Verdict};

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Take in people from a CSV file: username,name,email,folder,active.
    Import(import::Options),
    /// List users.
    List(list::Options),
    /// Show one user, what they hold and where they work.
    Show(list::Show),
    /// Make a user.
    Add(change::Add),
    /// Change a user.
    Set(change::Set),
    /// Deactivate a user: ends the sessions and frees the seats.
    Deactivate(change::Named),
    /// Activate a user again.
    Activate(change::Named),
    /// Delete a user: ends the sessions and frees the seats.
    Delete(change::Named),
    /// Make two accounts one person, who shares the seats.
    Link(change::Link),
    /// Give an account a person of its own again.
    Unlink(change::Named),
}

impl Command {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        match self {
            Self::Import(options) => options.run(context),
            Self::List(options) => options.run(context),
            Self::Show(options) => options.run(context),
            Self::Add(options) => options.run(context),
            Self::Set(options) => options.run(context),
            Self::Deactivate(named) => named.set_active(false, context),
            Self::Activate(named) => named.set_active(true, context),
            Self::Delete(named) => named.delete(context),
            Self::Link(options) => options.run(context),
            Self::Unlink(named) => named.unlink(context),
        }
    }
}
