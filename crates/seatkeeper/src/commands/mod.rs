//! What can be typed. One file per subcommand.

mod access;
mod account;
mod audit;
mod backup;
mod completions;
mod config;
mod denial;
mod doctor;
mod folder;
mod grant;
mod issuer;
mod job;
pub(crate) mod license;
mod policy;
mod product;
mod recall;
mod report;
mod restore;
mod seat;
pub(crate) mod serve;
mod session;
mod store;
mod token;
#[cfg(test)]
mod usage;
mod user;
mod vendor;
mod vendor_answer;

use std::cell::RefCell;

use crate::context::Context;
use crate::failure::{Failure, Verdict};

/// Manages who may use which software: licenses in, seats to people, an answer at every sign-in.
#[derive(Debug, clap::Parser)]
#[command(name = "seatkeeper", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// The server's address. When left out: the variable SEATKEEPER_URL, else http://127.0.0.1:7420.
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// The API token. Better in the variable SEATKEEPER_TOKEN, where other users of the machine don't see it.
    #[arg(long, global = true, value_name = "TOKEN")]
    pub(crate) token: Option<String>,
    /// Answer in JSON, for programs.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Nothing but results and errors.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// No colors, also on a terminal (as the variable NO_COLOR).
    #[arg(long, global = true)]
    pub(crate) no_color: bool,
}

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Run a server until it is asked to stop.
    Serve(serve::Options),
    /// Licenses: import, list, change, remove, look into files.
    #[command(subcommand)]
    License(license::Command),
    /// Users: import, list, change, delete.
    #[command(subcommand)]
    User(user::Command),
    /// Folders, in which users live and seats stand.
    #[command(subcommand)]
    Folder(folder::Command),
    /// Products, and how their seats are used.
    #[command(subcommand)]
    Product(product::Command),
    /// Give users seats.
    Grant(grant::Options),
    /// Take seats from users.
    Recall(recall::Options),
    /// Long work on the server: look at it, stop it, undo it.
    #[command(subcommand)]
    Job(job::Command),
    /// The seats of one license: who holds them, move, give to all, take from all.
    #[command(subcommand)]
    Seat(seat::Command),
    /// Sessions: who is signed in; signing in and out by hand.
    #[command(subcommand)]
    Session(session::Command),
    /// What a sign-in would come to, and why.
    #[command(subcommand)]
    Access(access::Command),
    /// Who was denied what.
    #[command(subcommand)]
    Denial(denial::Command),
    /// How much was used, what nobody uses, what ends, and who used what.
    #[command(subcommand)]
    Report(report::Command),
    /// The record of every change.
    #[command(subcommand)]
    Audit(audit::Command),
    /// The policy: what is decided once for all.
    #[command(subcommand)]
    Policy(policy::Command),
    /// Issuers, whose licenses are taken.
    #[command(subcommand)]
    Issuer(issuer::Command),
    /// Accounts of the web console.
    #[command(subcommand)]
    Account(account::Command),
    /// API tokens.
    #[command(subcommand)]
    Token(token::Command),
    /// For software vendors: key pairs and license files.
    #[command(subcommand)]
    Vendor(vendor::Command),
    /// What `serve` would be started with.
    #[command(subcommand)]
    Config(config::Command),
    /// Write everything that the server keeps into one file; it goes on meanwhile.
    Backup(backup::Options),
    /// Make a backup the store of a data folder.
    Restore(restore::Options),
    /// The store itself: check it, copy it.
    #[command(subcommand)]
    Store(store::Command),
    /// Look at everything that usually goes wrong, and say what to do.
    Doctor,
    /// A completion script for a shell, on stdout.
    Completions(completions::Options),
}

impl Command {
    /// Does it.
    pub(crate) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        match self {
            Self::Serve(options) => serve(&options, context),
            Self::License(command) => command.run(context),
            Self::User(command) => command.run(context),
            Self::Folder(command) => command.run(context),
            Self::Product(command) => command.run(context),
            Self::Grant(options) => options.run(context),
            Self::Recall(options) => options.run(context),
            Self::Job(command) => command.run(context),
            Self::Seat(command) => command.run(context),
            Self::Session(command) => command.run(context),
            Self::Access(command) => command.run(context),
            Self::Denial(command) => command.run(context),
            Self::Report(command) => command.run(context),
            Self::Audit(command) => command.run(context),
            Self::Policy(command) => command.run(context),
            Self::Issuer(command) => command.run(context),
            Self::Account(command) => command.run(context),
            Self::Token(command) => command.run(context),
            Self::Vendor(command) => command.run(context),
            Self::Config(command) => command.run(context),
            Self::Backup(options) => options.run(context),
            Self::Restore(options) => options.run(context),
            Self::Store(command) => command.run(context),
            Self::Doctor => Ok(doctor::run(context)),
            Self::Completions(options) => Ok(options.run(context)),
        }
    }
}

fn serve(options: &serve::Options, context: &mut Context) -> Result<Verdict, Failure> {
    let printer = RefCell::new(&mut context.printer);
    let say = |text: &str| printer.borrow_mut().raw(format!("{text}\n").as_bytes());
    serve::run(options, &say).map_err(Failure::of_server)?;
    Ok(Verdict::Done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{CommandFactory as _, Parser as _};

    fn accepts(line: &str) -> bool {
        let words = std::iter::once("seatkeeper").chain(line.split_whitespace());
        Cli::try_parse_from(words).is_ok()
    }

    #[test]
    fn the_grammar_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_documented_command_is_understood() {
        for line in [
            "serve",
            "serve --data ./data --listen 127.0.0.1:7420 --trust vendor.pub --company CUST-42",
            "serve --demo",
            "config show --config seatkeeper.toml",
            "config check",
            "vendor keygen --name Northwind --out vendor",
            "vendor issue --key vendor.key --spec licenses.toml --out northwind.lic",
            "vendor serve --data service --key vendor.key --listen 127.0.0.1:7430",
            "vendor token --data service --name me",
            "vendor license add licenses.toml --installations 2 --service http://x --service-token t",
            "vendor license list",
            "vendor license show NW-1",
            "vendor license reissue NW-1 --seats 40 --expires perpetual",
            "vendor license revoke NW-1 --why unpaid",
            "vendor license new-key NW-1",
            "vendor license release NW-1 --installation x",
            "vendor activations",
            "license inspect northwind.lic --trust vendor.pub",
            "license request --company CUST-42 --version 8.3.0 --out request.tlr",
            "license request --version 8.3.0 --issuer Northwind --out request.tlr",
            "license requests",
            "license requests --open --limit 5",
            "vendor answer request.tlr --spec answer.toml --key vendor.key --out response.tls",
            "vendor inspect request.tlr",
            "license import a.lic b.lic --folder /Sales --dry-run",
            "license add SK-1 --issuer Northwind --folder /Sales --yes",
            "license refresh",
            "license refresh NW-1 NW-2",
            "license list --product esm --state active --sort -expires_at",
            "license show NW-1",
            "license remove NW-1 --dry-run",
            "license remove-expired",
            "license delete-all --confirm x",
            "license move NW-1 --from / --to /Sales --count 3",
            "license move NW-1 --user anna --to /Sales",
            "license replace NW-1 --with NW-2 --partly",
            "license replace NW-1 NW-2 --with NW-3 --with NW-4 --dry-run",
            "license replace --with NW-2",
            "license undo-replace",
            "license undo-replace 00000000-0000-0000-0000-000000000000 --dry-run",
            "license accept NW-1",
            "license auto-assign NW-1 as_needed",
            "user import people.csv --dry-run",
            "user list --folder /Sales --below --active",
            "user show anna",
            "user add anna --name A --email a@b --folder /Sales --inactive",
            "user set anna --folder /Sales",
            "user deactivate anna",
            "user activate anna",
            "user activate --all --folder /Sales --below",
            "user deactivate anna ben --dry-run",
            "user move anna ben --to /Sales",
            "user move --all --search x --to / --dry-run",
            "user delete anna",
            "user link anna anna2",
            "user unlink anna",
            "folder list",
            "folder add /Sales/EMEA",
            "folder rename /Sales Vertrieb",
            "folder move /Sales /Old",
            "folder delete /Sales",
            "product list",
            "product show esm",
            "grant --product esm --user anna",
            "grant --license NW-1 --all --folder /Sales --dry-run",
            "recall --product esm --user anna --now",
            "job show 00000000-0000-0000-0000-000000000000",
            "job stop 00000000-0000-0000-0000-000000000000",
            "job undo 00000000-0000-0000-0000-000000000000 --dry-run",
            "seat list NW-1",
            "seat move NW-1 --user anna --to /Sales",
            "seat cancel-release NW-1 anna",
            "seat assign-all NW-1",
            "seat assign-missing NW-1 --folder /Sales",
            "seat clear-all NW-1 --now",
            "session list --user anna",
            "session end 00000000-0000-0000-0000-000000000000",
            "session start --user anna --product esm",
            "session heartbeat 00000000-0000-0000-0000-000000000000",
            "session stop 00000000-0000-0000-0000-000000000000",
            "session borrow 00000000-0000-0000-0000-000000000000 --days 7",
            "session borrow 00000000-0000-0000-0000-000000000000 --until 2026-01-31T00:00:00Z",
            "session return 00000000-0000-0000-0000-000000000000",
            "access check --user anna --product esm --access write --module cmdb",
            "denial list --code no_free_seat",
            "report use --product esm --hours --since 2026-01-31T00:00:00Z",
            "report idle --days 90 --csv",
            "report ending --json",
            "report people --folder /Sales --csv",
            "audit list --kind seat.assigned --since 2026-01-31T00:00:00Z",
            "audit verify",
            "policy show",
            "policy set warning_days=60 company=CUST-42",
            "issuer list",
            "issuer trust vendor.pub",
            "issuer trust vendor.pub --service https://licenses.example.org",
            "issuer service Northwind https://licenses.example.org",
            "issuer service Northwind --none",
            "issuer distrust kid",
            "account add anna --role manager --password-file pw",
            "account list",
            "account set anna --inactive",
            "account set anna --password",
            "account delete anna",
            "token create --name me --role administrator",
            "token create --data ./data --name me --role administrator",
            "token list",
            "token revoke me",
            "backup seatkeeper.backup",
            "backup seatkeeper.backup --data ./data",
            "restore seatkeeper.backup --data ./data",
            "restore seatkeeper.backup --data ./data --despite-findings",
            "store check ./data",
            "store copy --from sqlite:./data --to sqlite:./new",
            "store copy --from sqlite:./data --to postgres://db/seats",
            "doctor",
            "completions bash",
            "--json license list",
            "license list --json --url http://x --token t -q --no-color",
        ] {
            assert!(accepts(line), "{line}");
        }
    }

    #[test]
    fn an_argument_of_a_command_is_not_taken_for_a_global_one() {
        let cli = Cli::try_parse_from(["seatkeeper", "token", "revoke", "app", "--token", "sk"]);
        assert_eq!(cli.unwrap().global.token.as_deref(), Some("sk"));
        let mut ids: Vec<String> = Vec::new();
        let cli = Cli::command();
        let globals = cli.get_arguments().map(|arg| arg.get_id().to_string());
        let globals: Vec<String> = globals.collect();
        collect(&cli, &mut ids);
        for global in &globals {
            let count = ids.iter().filter(|id| *id == global).count();
            assert_eq!(count, 0, "{global}");
        }
    }

    /// The ids of all arguments below the top.
    fn collect(command: &clap::Command, ids: &mut Vec<String>) {
        for below in command.get_subcommands() {
            ids.extend(below.get_arguments().map(|arg| arg.get_id().to_string()));
            collect(below, ids);
        }
    }

    #[test]
    fn what_makes_no_sense_is_not_understood() {
        for line in [
            "",
            "license",
            "license list --state good",
            "license replace NW-1",
            "license undo-replace NW-1",
            "license move NW-1 --to /Sales",
            "license move NW-1 --to /Sales --from / --count 1 --user anna",
            "grant --product esm",
            "grant --user anna",
            "grant --product esm --user anna --all",
            "grant --product esm --license NW-1 --user anna",
            "recall --all --product esm --source moon",
            "user list --below",
            "user deactivate",
            "user deactivate anna --all",
            "user move anna",
            "job undo anna",
            "user list --active --inactive",
            "session end anna",
            "session borrow 00000000-0000-0000-0000-000000000000",
            "token create --name me",
            "policy set",
            "license add",
            "issuer service Northwind",
            "issuer service Northwind https://x --none",
            "vendor license reissue NW-1",
            "vendor license release NW-1",
            "vendor serve",
        ] {
            assert!(!accepts(line), "{line}");
        }
    }
}
