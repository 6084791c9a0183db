//! `license requests`: what vendors were asked for, and what was answered (I4).

use wire::license::{MadeRequest, MadeRequestQuery};

use crate::args;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::table::{Table, maybe, moment};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Only those without an answer yet.
    #[arg(long, conflicts_with = "answered")]
    open: bool,
    /// Only those whose response was taken in.
    #[arg(long)]
    answered: bool,
    /// At most so many; 100 when left out.
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
}

impl Options {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let answered = match (self.open, self.answered) {
            (true, _) => Some(false),
            (_, true) => Some(true),
            (false, false) => None,
        };
        let fetch = |after| {
            client.list_license_requests(&MadeRequestQuery {
                answered,
                limit: Some(args::page_size(Some(self.limit))),
                after,
            })
        };
        context.list(Some(self.limit), fetch, table)
    }
}

fn table(requests: &[MadeRequest]) -> Table {
    let header = [
        "request", "at", "by", "company", "version", "issuer", "answered",
    ];
    Table::of(header, requests, |request| {
        [
            request.id.to_string().into(),
            moment(request.at),
            request.by.as_str().into(),
            request.company.as_str().into(),
            request.version.as_str().into(),
            maybe(request.issuer.as_deref()),
            moment(request.answered_at),
        ]
    })
}
