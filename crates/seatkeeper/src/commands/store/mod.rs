//! `seatkeeper store`: the store itself, on the machine where it lies.

pub(super) mod check;
mod copy;

use crate::context::Context;
use crate::failure::{Failure, Verdict};

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Check every rule against the data of a data folder or a backup. Exits with 1 when one is
    /// broken.
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
