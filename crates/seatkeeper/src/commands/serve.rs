//! `serve`: run a server until it is asked to stop.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use client::Client;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::demo::{self, Traffic};
use crate::printer;
use crate::serve::{self, Running};
use crate::settings::{Flags, LogFormat, Settings};

/// Runs a server until it is asked to stop.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    flags: Flags,
    /// Fill a temporary data folder with licenses, people and a little live traffic.
    #[arg(long, conflicts_with = "data")]
    demo: bool,
}

/// Runs it. `say` shows a line to the person who started it.
pub(crate) fn run(options: &Options, say: &dyn Fn(&str)) -> anyhow::Result<()> {
    let mut settings = Settings::load(&options.flags)?;
    start_logging(&settings.log, settings.log_format)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    if !options.demo {
        return runtime.block_on(async {
            let asked_to_stop = serve::stop_signal()?;
            let running = serve::start(&settings).await?;
            say(&greeting(&settings, &running));
            asked_to_stop.await;
            tracing::info!("stopping");
            running.stop().await
        });
    }
    let folder = TemporaryFolder::new()?;
    settings.data.clone_from(&folder.0);
    let vendor = demo::vendor(jiff_now())?;
    let key = folder.0.join("demo-vendor.pub");
    std::fs::write(&key, vendor.key.to_text())?;
    settings.trust.push(key);
    runtime.block_on(async {
        let asked_to_stop = serve::stop_signal()?;
        let running = serve::start(&settings).await?;
        let url = running.url();
        let password = demo::password();
        running.add_administrator(demo::ACCOUNT, &password).await?;
        let filled = tokio::task::spawn_blocking(move || -> anyhow::Result<(String, Traffic)> {
            let door = crate::local::find(&settings.data).context("the demo's server is gone")?;
            let token = demo::token(&Client::new(&url, &door.secret)?)?;
            let client = Client::new(&url, token.expose())?;
            demo::fill(&client, &vendor)?;
            let traffic = Traffic::start(client, rand::random())?;
            Ok((demo::welcome(&url, &token, &password), traffic))
        });
        let (welcome, traffic) = filled.await??;
        say(&welcome);
        asked_to_stop.await;
        tokio::task::spawn_blocking(move || drop(traffic)).await?;
        running.stop().await
    })
}

fn jiff_now() -> jiff::Timestamp {
    let now = engine::Clock::System.now().as_millis();
    jiff::Timestamp::from_millisecond(now).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

fn greeting(settings: &Settings, running: &Running) -> String {
    let url = running.url();
    let data = settings.data.display();
    let version = env!("CARGO_PKG_VERSION");
    let place = match &settings.database {
        Some(database) => database.to_string(),
        None => data.to_string(),
    };
    let mut greeting = format!("Seatkeeper {version} listens on {url}\nEverything is in {place}");
    if let Some(link) = running.setup_link() {
        greeting.push_str("\n\nNobody has an account yet. Open this link once, in a browser, and make yours:\n\n  ");
        greeting.push_str(&link);
        greeting.push('\n');
    }
    if running.has_tokens {
        return greeting;
    }
    format!(
        "{greeting}\nPrograms need a token. Make one for the command line:\n\n  \
         seatkeeper token create --data {data} --name me --role administrator\n"
    )
}

/// Logs to stderr from now on.
pub(super) fn start_logging(filter: &str, format: LogFormat) -> anyhow::Result<()> {
    let filter: Targets = filter.parse()?;
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(printer::has_colors(&std::io::stderr()))
        .with_writer(std::io::stderr);
    let registry = tracing_subscriber::registry().with(filter);
    let started = match format {
        LogFormat::Text => registry.with(lines).try_init(),
        LogFormat::Json => registry.with(lines.json()).try_init(),
    };
    if let Err(error) = started {
        bail!("logging could not be started: {error}");
    }
    Ok(())
}

/// A folder that goes when the demo does.
struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    fn new() -> anyhow::Result<Self> {
        let name = format!(
            "seatkeeper-demo-{}-{:08x}",
            std::process::id(),
            rand::random::<u32>()
        );
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path)
            .with_context(|| format!("the folder {} can't be made", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // What can't be removed lies in the system's own folder for such things.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
