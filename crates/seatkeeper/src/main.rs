//! `seatkeeper`: the server, the command line that talks to it, and the issuing side, in one binary.
//!
//! `serve.rs`, `settings.rs`, `local.rs` and `demo/` are the server's side: how it starts, with what, and how the owner of
//! its data folder gets in.
//!
//! Each subcommand is a file under [`commands`] with `Options` (what can be typed) and `run`. Everything but `serve`,
//! `vendor`, `config`, `license inspect` and `token create --data` goes through the API of a server, with the `client` crate.
//! Results go to stdout, everything else to stderr, all of it through [`printer::Printer`].
//!
//! To add a subcommand: its file, a variant of [`commands::Command`] with its line of help, and its arm in `run`.

mod args;
mod commands;
mod context;
mod demo;
mod failure;
mod hints;
mod local;
mod printer;
mod resolve;
mod serve;
mod settings;
mod table;
mod typed;
mod work;

use std::process::ExitCode;

use context::Context;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match typed::read(std::env::args_os()) {
        Ok(cli) => cli,
        Err(exit) => return ExitCode::from(exit),
    };
    let mut context = Context::new(&cli.global);
    let exit = match cli.command.run(&mut context) {
        Ok(verdict) => verdict.exit_code(),
        Err(failure) => {
            context.printer.failure(&failure);
            failure.exit_code()
        }
    };
    ExitCode::from(exit)
}
