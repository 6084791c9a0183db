//! `seatkeeper completions`: a script that lets a shell complete what is typed.

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::Cli;
use crate::context::Context;
use crate::failure::Verdict;

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Which shell.
    shell: Shell,
}

impl Options {
    pub(super) fn run(self, context: &mut Context) -> Verdict {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "seatkeeper", &mut script);
        context.printer.raw(&script);
        Verdict::Done
    }
}
