//! `seatkeeper account`: who may sign in to the web console.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::PathBuf;

use client::Client;
use wire::account::{Account, AccountPatch, NewAccount};
use wire::{Role, Secret};

use crate::args;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::table::{Table, moment, text};

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Make an account. Its password is read from stdin, or from a file.
    Add(Add),
    /// List accounts.
    List,
    /// Change an account: its role, its name, its password, whether it may sign in.
    Set(Set),
    /// Delete an account and sign it out everywhere.
    Delete(Delete),
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Add {
    /// What it signs in with.
    account: String,
    /// What it may do.
    #[arg(long, value_parser = args::account_role())]
    role: Role,
    /// Limit it to this folder and what is below it, by path or id. Only for the role manager.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<String>,
    /// The person's full name.
    #[arg(long)]
    full_name: Option<String>,
    /// A file whose first line is the password; stdin when left out.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Set {
    /// Whose account.
    account: String,
    /// Another role.
    #[arg(long, value_parser = args::account_role())]
    role: Option<Role>,
    /// Limit it to this folder and what is below it, by path or id; `/` takes the limit away.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<String>,
    /// Another full name; empty takes it away.
    #[arg(long)]
    full_name: Option<String>,
    /// Give it another password, read from stdin; it is signed out everywhere.
    #[arg(long, conflicts_with = "password_file")]
    password: bool,
    /// Give it the password in the first line of this file.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Let it sign in again.
    #[arg(long, conflicts_with = "inactive")]
    active: bool,
    /// Let it sign in no more, and sign it out everywhere.
    #[arg(long)]
    inactive: bool,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Delete {
    /// Whose account.
    account: String,
}

impl Command {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        match self {
            Self::Add(add) => {
                let new = NewAccount {
                    password: password(add.password_file, context)?,
                    name: add.account,
                    full_name: add.full_name,
                    role: add.role,
                    folder: add.folder,
                };
                let made = client.create_account(&new)?;
                context
                    .printer
                    .answer(&made, |made| format!("made the account {}", made.name));
            }
            Self::List => {
                let found = client.list_accounts()?.items;
                context.printer.list(&found, || table(&found));
            }
            Self::Set(set) => {
                let account = find(&client, &set.account)?;
                let patch = set.into_patch(context)?;
                let changed = client.update_account(account.id, &patch, Some(account.version))?;
                context
                    .printer
                    .answer(&changed, |changed| format!("changed {}", changed.name));
            }
            Self::Delete(delete) => {
                let account = find(&client, &delete.account)?;
                client.delete_account(account.id)?;
                context.printer.note(&format!("deleted {}", account.name));
            }
        }
        Ok(Verdict::Done)
    }
}

impl Set {
    fn into_patch(self, context: &mut Context) -> Result<AccountPatch, Failure> {
        let password = if self.password || self.password_file.is_some() {
            Some(password(self.password_file, context)?)
        } else {
            None
        };
        let patch = AccountPatch {
            full_name: self
                .full_name
                .map(|name| Some(name).filter(|name| !name.is_empty())),
            role: self.role,
            folder: self
                .folder
                .map(|folder| Some(folder).filter(|folder| folder != "/")),
            password,
            active: match (self.active, self.inactive) {
                (true, _) => Some(true),
                (_, true) => Some(false),
                _ => None,
            },
        };
        if patch == AccountPatch::default() {
            let detail = "say what to change: --role, --folder, --full-name, --password, --active, --inactive";
            return Err(Failure::input("nothing_to_change", detail));
        }
        Ok(patch)
    }
}

/// The first line of a file or of stdin. It is never an argument: those are seen by everyone.
fn password(file: Option<PathBuf>, context: &mut Context) -> Result<Secret, Failure> {
    let line = match file {
        Some(path) => {
            let bytes = args::read_file(&path)?;
            let text = String::from_utf8(bytes)
                .map_err(|_| Failure::input("invalid_password", "the password is not UTF-8"))?;
            text.lines().next().unwrap_or_default().to_owned()
        }
        None => {
            let stdin = std::io::stdin();
            if stdin.is_terminal() {
                context
                    .printer
                    .note("type the password and press Enter; it shows as you type");
            }
            let mut line = String::new();
            stdin
                .lock()
                .read_line(&mut line)
                .map_err(|error| Failure::input("invalid_password", error.to_string()))?;
            line.trim_end_matches(['\r', '\n']).to_owned()
        }
    };
    Ok(Secret::new(line))
}

fn find(client: &Client, name: &str) -> Result<Account, Failure> {
    let found = client.list_accounts()?.items;
    let same = |account: &Account| account.name.to_lowercase() == name.to_lowercase();
    found
        .into_iter()
        .find(|account| same(account) || account.id.to_string() == name)
        .ok_or_else(|| Failure::refused("unknown_account", format!("there is no account {name:?}")))
}

fn table(accounts: &[Account]) -> Table {
    Table::of(
        ["name", "full name", "role", "folder", "active", "created"],
        accounts,
        |account| {
            [
                account.name.as_str().into(),
                account.full_name.clone().unwrap_or_default().into(),
                text(account.role),
                account.path.clone().unwrap_or_default().into(),
                text(account.active),
                moment(account.created_at),
            ]
        },
    )
}
