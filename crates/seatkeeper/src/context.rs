//! What every command has at hand: where to write, and which server to ask.

use client::{Builder, Client, every};
use serde::Serialize;
use wire::page::Page;

use crate::commands::Global;
use crate::failure::{Failure, Verdict};
use crate::printer::{Printer, Style};
use crate::table::Table;

/// Where a server listens unless said otherwise.
const DEFAULT_URL: &str = "http://127.0.0.1:7420";

/// What every command has at hand.
pub(crate) struct Context {
    /// Where to write.
    pub(crate) printer: Printer,
    url: String,
    token: Option<String>,
}

impl Context {
    /// As the flags and variables have it.
    pub(crate) fn new(global: &Global) -> Self {
        // Not read by clap: its usage lines would name these two as if every command needed them.
        let given = |flag: &Option<String>, variable: &str| {
            let text = flag.clone().or_else(|| {
                let text = std::env::var_os(variable)?;
                Some(text.to_string_lossy().into_owned())
            });
            text.filter(|text| !text.is_empty())
        };
        Self {
            printer: Printer::new(Style::detect(global.json, global.quiet, global.no_color)),
            url: given(&global.url, "SEATKEEPER_URL").unwrap_or_else(|| DEFAULT_URL.to_owned()),
            token: given(&global.token, "SEATKEEPER_TOKEN"),
        }
    }

    /// The server's address.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Whether there is a token to ask with.
    pub(crate) fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// The server, with a token.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        let token = self.token.as_deref().ok_or_else(Failure::no_token)?;
        Ok(Client::new(&self.url, token)?)
    }

    /// Prints what a list of the server has, page after page: so much as is wanted, or all.
    pub(crate) fn list<P: Page>(
        &mut self,
        wanted: Option<usize>,
        fetch: impl FnMut(Option<String>) -> Result<P, client::Error>,
        table: impl FnOnce(&[P::Item]) -> Table,
    ) -> Result<Verdict, Failure>
    where
        P::Item: Serialize,
    {
        let found = every(fetch).take(wanted.unwrap_or(usize::MAX));
        let found = found.collect::<Result<Vec<_>, _>>()?;
        self.printer.list(&found, || table(&found));
        Ok(Verdict::Done)
    }

    /// The server, for what is open to everyone.
    pub(crate) fn anonymous(&self) -> Result<Client, Failure> {
        Ok(Builder::default().build(&self.url, None)?)
    }
}
