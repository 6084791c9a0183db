//! `seatkeeper license`: what was bought.

mod add;
mod change;
mod import;
pub(crate) mod inspect;
mod inspect_offline;
mod list;
mod refresh;
pub(crate) mod removal;
mod replace;
mod request;
mod requests;
#[cfg(test)]
pub(crate) mod samples;

pub(crate) use inspect_offline::operations as operations_table;

use crate::context::Context;
use crate::failure::{Failure, Verdict};

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Take in license files and responses, each whole or not at all.
    Import(import::Options),
    /// Exchange a license key for its license, after showing what it brings.
    Add(add::Options),
    /// Ask issuers' license services for news: new terms, more seats, withdrawals.
    Refresh(refresh::Options),
    /// Write a request to a vendor, for an installation without a network.
    Request(request::Options),
    /// List what vendors were asked for by request files, and what was answered.
    Requests(requests::Options),
    /// List licenses.
    List(list::Options),
    /// Show one license, its pools and its agreement.
    Show(list::Show),
    /// Remove a license.
    Remove(removal::Remove),
    /// Remove every expired license.
    RemoveExpired(removal::RemoveExpired),
    /// Remove every license, end every session, free every seat.
    DeleteAll(removal::DeleteAll),
    /// Move seats to another folder: free ones by number, or one with its holder.
    Move(change::Move),
    /// Have licenses take over the holders of others.
    Replace(replace::Replace),
    /// Give holders their old seats back after a replacement, within 24 hours.
    UndoReplace(replace::Undo),
    /// Accept the agreement of a license.
    Accept(change::Accept),
    /// Change when seats are given without a hand.
    AutoAssign(change::AutoAssignOptions),
    /// Say what is in a license file, a request or a response, and whether it is genuine. Needs no
    /// server.
    Inspect(inspect::Options),
}

impl Command {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        match self {
            Self::Import(options) => options.run(context),
            Self::Add(options) => options.run(context),
            Self::Refresh(options) => options.run(context),
            Self::Request(options) => options.run(context),
            Self::Requests(options) => options.run(context),
            Self::List(options) => options.run(context),
            Self::Show(options) => options.run(context),
            Self::Remove(options) => options.run(context),
            Self::RemoveExpired(options) => options.run(context),
            Self::DeleteAll(options) => options.run(context),
            Self::Move(options) => options.run(context),
            Self::Replace(options) => options.run(context),
            Self::UndoReplace(options) => options.run(context),
            Self::Accept(options) => options.run(context),
            Self::AutoAssign(options) => options.run(context),
            Self::Inspect(options) => options.run(context),
        }
    }
}
