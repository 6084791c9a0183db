//! A server, from its settings to its end.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use axum::extract::{ConnectInfo, Request};
use axum::middleware::map_request;
use domain::names::CompanyId;
use domain::{Actor, Role};
use engine::{Clock, Engine, EngineOptions, MovedClock, StartError};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;

use crate::local::{Door, DoorFile};
use crate::settings::Settings;

/// How long a start waits for whoever has the data folder: a server that is just ending, or a
/// token that is just being made.
const PATIENCE: Duration = Duration::from_secs(3);

/// A server that takes requests.
pub(crate) struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Whether there is any token yet by which somebody could command it.
    pub has_tokens: bool,
    /// The code of the link that makes the first administrator; none when there is one.
    pub setup: Option<String>,
    live: console::Live,
    engine: Engine,
    stop: oneshot::Sender<()>,
    served: tokio::task::JoinHandle<std::io::Result<()>>,
    _door: DoorFile,
}

/// Starts a server. Nothing is left running when this fails.
pub(crate) async fn start(settings: &Settings) -> anyhow::Result<Running> {
    let listener = listen(settings.listen)?;
    let address = listener.local_addr()?;
    let engine = open(settings).await?;
    let secret = engine.admit(Actor::of_data_folder());
    let has_tokens = !engine.read(|reader| reader.tokens()).await?.is_empty();
    let door = Door {
        address,
        secret: secret.reveal().to_owned(),
        process: std::process::id(),
        on_database: settings.database.is_some(),
    };
    let door = DoorFile::write(&settings.data, &door).with_context(|| {
        format!(
            "the data folder {} can't be written to",
            settings.data.display()
        )
    })?;
    let setup = engine.setup_code().await?;
    let setup = setup.map(|code| code.reveal().to_owned());
    let console = console::console(engine.clone());
    let pages = console.router.layer(map_request(with_peer));
    let router = api::router(engine.clone(), api::ApiOptions::default()).merge(pages);
    let (stop, stopped) = oneshot::channel();
    let served = tokio::spawn(api::serve(listener, router, async {
        // Whoever drops the server stops it too.
        let _ = stopped.await;
    }));
    Ok(Running {
        address,
        has_tokens,
        setup,
        live: console.live,
        engine,
        stop,
        served,
        _door: door,
    })
}

impl Running {
    /// Answers what is under way, closes the store, and goes.
    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        // Pages that follow what happens would be waited for.
        self.live.close();
        let _ = self.stop.send(());
        self.served.await.context("the server's task failed")??;
        self.engine.shutdown().await?;
        Ok(())
    }

    /// The link that makes the first administrator, while there is none.
    pub(crate) fn setup_link(&self) -> Option<String> {
        let code = self.setup.as_deref()?;
        Some(format!("{}/setup?code={code}", self.url()))
    }

    /// Makes an administrator of the console, for a demonstration.
    pub(crate) async fn add_administrator(&self, name: &str, password: &str) -> anyhow::Result<()> {
        let wish = engine::AccountWish {
            name: domain::Username::parse(name)?,
            full_name: Some(domain::PersonName::parse("Demo Administrator")?),
            role: Role::Administrator,
            reach: domain::Reach::Everything,
        };
        let actor = Actor::new("demo", Role::Administrator);
        let made = self
            .engine
            .create_account(&actor, wish, password, true)
            .await;
        made.map(|_| ()).context("the demo's account")
    }

    /// The address as a URL that a program on this machine can use.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// Tells the console who is at the other end.
async fn with_peer(mut request: Request) -> Request {
    let peer = request.extensions().get::<ConnectInfo<api::Peer>>();
    let peer = peer.map(|ConnectInfo(peer)| console::Peer(peer.0.ip().to_canonical()));
    if let Some(peer) = peer {
        request.extensions_mut().insert(peer);
    }
    request
}

/// Listens from now on for being asked to stop, and gives what ends when that happens. To be
/// called before anybody can see that the server runs, so that no such wish finds it unprepared.
pub(crate) fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = if ignores_hangup() {
        None
    } else {
        Some(signal(SignalKind::hangup())?)
    };
    Ok(async move {
        let hung_up = async {
            match &mut hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hung_up => {}
        }
    })
}

/// Whether this was started to go on when the terminal is closed, as by `nohup`.
fn ignores_hangup() -> bool {
    std::fs::read_to_string("/proc/self/status").is_ok_and(|status| ignores(&status, 1))
}

/// Whether a process ignores a signal, by its status as Linux tells it.
fn ignores(status: &str, signal: u32) -> bool {
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| (mask >> (signal - 1)) & 1 == 1)
}

/// How many connections may wait to be accepted, as far as the system allows: when all clients
/// start at once, those who find no room there wait for seconds until they try again.
const WAITING: u32 = 16_384;

pub(crate) fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    bind(address).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => anyhow::anyhow!(
            "the address {address} is in use by another program; choose another with --listen"
        ),
        std::io::ErrorKind::PermissionDenied => anyhow::anyhow!(
            "listening on {address} is not permitted; ports below 1024 need the administrator"
        ),
        _ => anyhow::anyhow!("can't listen on {address}: {error}"),
    })
}

fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // Otherwise a restart would have to wait for the last connections to be forgotten.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

async fn open(settings: &Settings) -> anyhow::Result<Engine> {
    let mut options = EngineOptions::new(&settings.data);
    options.database.clone_from(&settings.database);
    options.clock = clock();
    for path in &settings.trust {
        options.trust.push(vendor::files::read_public_key(path)?);
    }
    if let Some(company) = &settings.company {
        options.company = Some(CompanyId::parse(company)?);
    }
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let options = options.clone();
        let started = tokio::task::spawn_blocking(move || Engine::start(options)).await?;
        match started {
            Ok(engine) => return Ok(engine),
            Err(error) if is_held(&error) && tokio::time::Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// The file that moves the clock of a rehearsal: a number of seconds.
const REHEARSAL: &str = "SEATKEEPER_REHEARSAL_CLOCK";

/// The machine's clock. In debug builds it can be moved, to rehearse what a year brings; a store that has seen the
/// future never goes back (L11), so that is nothing for a real one.
pub(crate) fn clock() -> Clock {
    match std::env::var_os(REHEARSAL) {
        Some(file) if cfg!(debug_assertions) => Clock::Moved(MovedClock::new(file)),
        _ => Clock::System,
    }
}

/// Whether somebody else has the data folder just now.
pub(crate) fn is_held(error: &StartError) -> bool {
    error.code() == "already_open"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nohup_is_told_by_the_mask_of_ignored_signals() {
        let status = |mask: &str| format!("Name:\tx\nSigBlk:\t0000000000000001\nSigIgn:\t{mask}\n");
        assert!(ignores(&status("0000000000000001"), 1));
        assert!(ignores(&status("0000000000001001"), 1));
        assert!(!ignores(&status("0000000000001000"), 1));
        assert!(!ignores("", 1));
    }

    #[tokio::test]
    async fn a_closed_terminal_ends_a_server_as_being_asked_to_does() {
        if ignores_hangup() {
            return;
        }
        let asked = stop_signal().unwrap();
        let pid = std::process::id().to_string();
        let sent = std::process::Command::new("kill")
            .args(["-HUP", &pid])
            .status();
        assert!(sent.unwrap().success());
        asked.await;
    }
}
