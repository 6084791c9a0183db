//! `seatkeeper denial`: who was denied what, why and how often.

use wire::denial::{Denial, DenialQuery};
use wire::{DenialCode, Time};

use crate::args;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::table::{Table, moment, number, text};

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List denials, day by day, the latest first.
    List(List),
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Only of this user: username or id.
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// Only to this product: its code.
    #[arg(long, value_name = "CODE")]
    product: Option<String>,
    /// Only for this reason.
    #[arg(long, value_parser = args::denial())]
    code: Option<DenialCode>,
    /// Not before, as in 2026-01-31T00:00:00Z.
    #[arg(long, value_name = "TIME")]
    since: Option<Time>,
    /// Before, as in 2026-01-31T00:00:00Z.
    #[arg(long, value_name = "TIME")]
    until: Option<Time>,
    /// At most so many.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

impl Command {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let Self::List(list) = self;
        let client = context.client()?;
        let query = DenialQuery {
            user: list.user,
            product: list.product,
            code: list.code,
            since: list.since,
            until: list.until,
            limit: Some(args::page_size(list.limit)),
            after: None,
        };
        let fetch = |after| {
            client.list_denials(&DenialQuery {
                after,
                ..query.clone()
            })
        };
        context.list(list.limit, fetch, table)
    }
}

fn table(denials: &[Denial]) -> Table {
    Table::of(
        ["last", "times", "user", "product", "code", "what to do"],
        denials,
        |denial| {
            [
                moment(denial.last_at),
                number(denial.count),
                denial.username.as_str().into(),
                denial.product.as_str().into(),
                text(denial.code),
                denial.admin_message.as_str().into(),
            ]
        },
    )
}
