//! `seatkeeper user`: accounts and the people behind them.

mod change;
mod import;
mod list;
mod many;

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
    /// Move users to another folder; their seats stay.
    Move(many::Move),
    /// Deactivate users: ends the sessions and frees the seats.
    Deactivate(many::Many),
    /// Activate users again.
    Activate(many::Many),
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
            Self::Move(options) => options.run(context),
            Self::Deactivate(many) => many.set_active(false, context),
            Self::Activate(many) => many.set_active(true, context),
            Self::Delete(named) => named.delete(context),
            Self::Link(options) => options.run(context),
            Self::Unlink(named) => named.unlink(context),
        }
    }
}
