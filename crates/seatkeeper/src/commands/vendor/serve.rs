//! `vendor serve`: the license service.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use store::ledger::Place;
use vendor::files::read_private_key;
use vendor::service::{Service, router};

use super::place::Where;
use crate::commands::serve::start_logging;
use crate::serve::{listen, stop_signal};
use crate::settings::LogFormat;

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    at: Where,
    /// The private key file to sign with.
    #[arg(long, value_name = "KEY")]
    key: PathBuf,
    /// Go on with the ledger of another issuer, as after a change of name. From now on its licenses are signed with
    /// this key.
    #[arg(long)]
    take_over: bool,
    /// The address to listen on; port 0 takes a free one. A TLS proxy belongs before it.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7430")]
    listen: SocketAddr,
    /// What to log: a level, or a filter.
    #[arg(long, value_name = "FILTER", default_value = "info")]
    log: String,
    /// How to log.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    log_format: LogFormat,
}

/// Runs it. `say` shows a line to the person who started it.
pub(super) fn run(options: &Options, say: &dyn Fn(&str)) -> anyhow::Result<()> {
    start_logging(&options.log, options.log_format)?;
    let key = read_private_key(&options.key)?;
    let place = options.at.place()?;
    let service = Arc::new(open(&place, key, options.take_over)?);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let asked_to_stop = stop_signal()?;
        let listener = listen(options.listen)?;
        let address = listener.local_addr()?;
        say(&greeting(options, &place, &service, address)?);
        api::serve_with_addresses(listener, router(service), asked_to_stop).await?;
        tracing::info!("stopped");
        Ok(())
    })
}

fn open(
    place: &Place,
    key: license_file::key_file::PrivateKeyFile,
    takes_over: bool,
) -> anyhow::Result<Service> {
    let clock = crate::serve::clock();
    let now = move || {
        let now = clock.now().as_millis();
        wire::Time::from_millis(now).timestamp()
    };
    Service::start(place, key, Arc::new(now), takes_over)
        .with_context(|| format!("{place} can't be used"))
}

fn greeting(
    options: &Options,
    place: &Place,
    service: &Service,
    address: SocketAddr,
) -> anyhow::Result<String> {
    let (issuer, kid) = (service.issuer(), service.kid());
    let greeting = format!(
        "The license service of {issuer} listens on http://{address}\nIt signs with the key {kid}; everything is in {place}"
    );
    if service.has_tokens()? {
        return Ok(greeting);
    }
    let typed = options.at.typed();
    Ok(format!(
        "{greeting}\nNobody can issue licenses here yet. Make a token first:\n\n  seatkeeper vendor token {typed} --name me\n"
    ))
}
