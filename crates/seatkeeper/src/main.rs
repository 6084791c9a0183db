//! Seatkeeper: a self-hosted manager of user licenses. One binary: the server, the vendor's
//! tools, and the command line that talks to a server.

mod commands;
mod demo;
mod local;
mod serve;
mod settings;

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A self-hosted manager of user licenses.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Serve(commands::serve::Options),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match &cli.command {
        Command::Serve(options) => commands::serve::run(options, &|line| {
            use std::io::Write as _;
            let _ = writeln!(std::io::stdout(), "{line}");
        }),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write as _;
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::from(5)
        }
    }
}
