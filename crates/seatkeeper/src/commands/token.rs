//! `seatkeeper token`: who may call the API.

use std::path::PathBuf;

use serde::Serialize;
use uuid::Uuid;
use wire::token::{NewToken, Token};
use wire::{Role, Secret, Time, codes};

use crate::args;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::local;
use crate::table::{Table, moment, text};

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Make a token and print it. It is shown this once.
    Create(Create),
    /// List tokens.
    List,
    /// Revoke a token.
    Revoke(Revoke),
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Create {
    /// Its name, as the record will name whoever uses it.
    #[arg(long)]
    name: String,
    /// What it may do.
    #[arg(long, value_parser = args::role())]
    role: Role,
    /// Limit it to this folder and what is below it, by path or id. Only for the role manager.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<String>,
    /// From when it does not work any more, as in 2026-12-31T00:00:00Z; never when left out.
    #[arg(long, value_name = "TIME")]
    expires: Option<Time>,
    /// Make it in this data folder, without a token to ask with; the server may run or not.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// A token made in a data folder, for programs.
#[derive(Serialize)]
struct Made {
    #[serde(flatten)]
    token: NewToken,
    #[serde(rename = "token")]
    secret: Secret,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Revoke {
    /// Name or id.
    #[arg(id = "revoked", value_name = "TOKEN")]
    token: String,
}

impl Command {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        match self {
            Self::Create(create) => create.run(context),
            Self::List => {
                let found = context.client()?.list_tokens()?.items;
                context.printer.list(&found, || table(&found));
                Ok(Verdict::Done)
            }
            Self::Revoke(revoke) => revoke.run(context),
        }
    }
}

impl Create {
    fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let wanted = NewToken {
            name: self.name,
            role: self.role,
            folder: self.folder,
            expires_at: self.expires,
        };
        // The token alone, so that it can be taken over by a script.
        if let Some(data) = self.data {
            let secret = local::create_token(&data, &wanted).map_err(Failure::of_server)?;
            let made = Made {
                token: wanted,
                secret,
            };
            context
                .printer
                .answer(&made, |made| made.secret.expose().to_owned());
            return Ok(Verdict::Done);
        }
        let created = context.client()?.create_token(&wanted)?;
        context
            .printer
            .answer(&created, |created| created.token.expose().to_owned());
        Ok(Verdict::Done)
    }
}

impl Revoke {
    fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let id = match self.token.parse() {
            Ok(id) => id,
            Err(_) => find(&client.list_tokens()?.items, &self.token)?,
        };
        client.revoke_token(id)?;
        context
            .printer
            .note(&format!("the token {} does not work any more", self.token));
        if client
            .get_me()
            .is_err_and(|error| error.code() == codes::UNAUTHORIZED)
        {
            context
                .printer
                .note("warning: it was the token in use; set SEATKEEPER_TOKEN to another");
        }
        Ok(Verdict::Done)
    }
}

/// Names need not be unique.
fn find(tokens: &[Token], name: &str) -> Result<Uuid, Failure> {
    let named: Vec<&Token> = tokens.iter().filter(|token| token.name == name).collect();
    match named.as_slice() {
        [one] => Ok(one.id),
        [] => Err(Failure::refused(
            "unknown_token",
            format!("there is no token {name:?}"),
        )),
        several => {
            let ids: Vec<String> = several.iter().map(|token| token.id.to_string()).collect();
            let detail = format!("{} tokens have the name {name:?}", several.len());
            let hint = format!("name one by its id: {}", ids.join(", "));
            Err(Failure::refused("ambiguous_name", detail).hint(hint))
        }
    }
}

fn table(tokens: &[Token]) -> Table {
    Table::of(
        ["name", "role", "folder", "created", "expires", "id"],
        tokens,
        |token| {
            [
                token.name.as_str().into(),
                text(token.role),
                token.path.clone().unwrap_or_default().into(),
                moment(token.created_at),
                moment(token.expires_at),
                text(token.id),
            ]
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(name: &str, id: u128) -> Token {
        Token {
            id: Uuid::from_u128(id),
            name: name.into(),
            role: Role::Auditor,
            folder: None,
            path: None,
            created_at: Time::from_millis(0),
            expires_at: None,
        }
    }

    #[test]
    fn a_name_that_two_tokens_have_asks_for_the_id() {
        let tokens = [token("me", 1), token("me", 2), token("you", 3)];
        assert_eq!(find(&tokens, "you").unwrap(), Uuid::from_u128(3));
        assert_eq!(find(&tokens, "me").unwrap_err().code, "ambiguous_name");
        assert_eq!(find(&tokens, "them").unwrap_err().code, "unknown_token");
    }
}
