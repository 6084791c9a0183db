//! A private PostgreSQL for the tests: finds or installs its programs, starts a cluster of its own
//! in a temporary folder on a free port of the loopback address, and takes it away again, however
//! this process ends.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use tempfile::TempDir;

use crate::unprivileged::Owner;
use crate::{debian, printer, process};

/// The oldest major version that the store supports.
const OLDEST: u32 = 15;
const START_LIMIT: Duration = Duration::from_mins(1);

/// Run by the shell that owns the server. Its standard input closes when xtask ends for any
/// reason, even a kill that cannot be caught; then the server is stopped at once and its folder
/// removed. The server is not told to stop before its lock file shows that it would listen.
const KEEPER: &str = r#"
trap '' INT HUP TERM
folder=$1; initdb=$2; postgres=$3; shift 3
if "$initdb" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync \
    --pgdata="$folder/data" >"$folder/log" 2>&1
then
    "$postgres" -D "$folder/data" "$@" >"$folder/log" 2>&1 &
    server=$!
    while kill -0 $server && [ ! -e "$folder/data/postmaster.pid" ]; do sleep 0.02; done 2>/dev/null
fi
touch "$folder/tried"
read -r _
if [ -n "$server" ]; then kill -QUIT $server 2>/dev/null; wait $server; fi
rm -rf "$folder"
"#;

/// The folder with `initdb` and `postgres`.
pub(crate) struct Binaries(PathBuf);

impl Binaries {
    /// Where they are.
    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }
}

/// Finds PostgreSQL's server programs; installs Debian's package when they are missing.
pub(crate) fn find_or_install() -> Result<Binaries> {
    if let Some(found) = find() {
        return Ok(found);
    }
    debian::install("PostgreSQL's server programs", &["postgresql"])?;
    find().with_context(|| {
        format!(
            "the postgresql package is installed, but no PostgreSQL {OLDEST} or newer was found"
        )
    })
}

fn find() -> Option<Binaries> {
    let debian = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let installed = debian.map(|entry| entry.path().join("bin"));
    let on_path = std::env::var_os("PATH")
        .map(|path| std::env::split_paths(&path).collect::<Vec<_>>())
        .unwrap_or_default();
    installed
        .chain(on_path)
        .filter_map(|folder| {
            // A link to one program does not bring the others along.
            let folder = folder
                .join("initdb")
                .canonicalize()
                .ok()?
                .parent()?
                .to_path_buf();
            let version = major_version(&folder)?;
            (version >= OLDEST).then_some((version, folder))
        })
        .max()
        .map(|(_, folder)| Binaries(folder))
}

/// The 15 of "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)".
fn major_version(folder: &Path) -> Option<u32> {
    let text = process::output(Command::new(folder.join("postgres")).arg("--version")).ok()?;
    let number = text
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    number
        .split(|c: char| !c.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}

/// A running server that ends with this value.
pub(crate) struct Cluster {
    keeper: Child,
    lifeline: Option<ChildStdin>,
    folder: TempDir,
    port: u16,
    owner: Owner,
    binaries: PathBuf,
}

impl Cluster {
    /// Makes a fresh cluster and waits until it answers.
    pub(crate) fn start(binaries: &Binaries) -> Result<Self> {
        Self::start_in(binaries, &std::env::temp_dir(), FORGETFUL)
    }

    /// The same in a folder on a certain disk, on which every commit waits for it: what is
    /// measured with it holds for real data.
    pub(crate) fn start_durable(binaries: &Binaries, parent: &Path) -> Result<Self> {
        // Whoever removes the cluster's folder must own the one that it is in.
        let parent = parent.join("postgres");
        std::fs::create_dir_all(&parent)?;
        Owner::choose()?.give(&parent)?;
        Self::start_in(binaries, &parent, DURABLE)
    }

    fn start_in(binaries: &Binaries, parent: &Path, further: &[(&str, &str)]) -> Result<Self> {
        let owner = Owner::choose()?;
        let folder = tempfile::Builder::new()
            .prefix("seatkeeper-postgres-")
            .tempdir_in(parent)?;
        owner.give(folder.path())?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut keeper = owner
            .command("sh")
            .args(["-c", KEEPER, "keeper"])
            .arg(folder.path())
            .arg(binaries.0.join("initdb"))
            .arg(binaries.0.join("postgres"))
            .args(settings(port, folder.path(), further))
            .stdin(Stdio::piped())
            .spawn()
            .context("cannot start the shell that keeps PostgreSQL")?;
        let lifeline = keeper.stdin.take();
        let mut cluster = Self {
            keeper,
            lifeline,
            folder,
            port,
            owner,
            binaries: binaries.0.clone(),
        };
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    /// The connection URL of the superuser.
    pub(crate) fn dsn(&self) -> String {
        self.url("postgres")
    }

    /// The superuser's connection URL of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// One of PostgreSQL's programs, as the server's user.
    pub(crate) fn command(&self, program: &str) -> Command {
        self.owner.command(self.binaries.join(program))
    }

    /// Runs statements in a database; what `psql` writes, one row a line.
    pub(crate) fn sql(&self, database: &str, statements: &str) -> Result<String> {
        let mut command = self.command("psql");
        command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d"]);
        command.arg(self.url(database)).arg("-c").arg(statements);
        process::output(&mut command)
    }

    /// Stops the server and removes its folder; an error if that did not work.
    pub(crate) fn stop(mut self) -> Result<()> {
        self.let_go();
        let left = self.folder.path();
        ensure!(
            !left.exists(),
            "PostgreSQL's folder {} could not be removed",
            left.display()
        );
        Ok(())
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let start = Instant::now();
        while !self.is_ready() {
            let waited = start.elapsed();
            let gave_up = self.folder.path().join("tried").exists() && !self.lock_file().exists();
            if gave_up || waited > START_LIMIT {
                bail!(
                    "PostgreSQL did not start within {waited:.0?}: {}",
                    self.log()
                );
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    fn lock_file(&self) -> PathBuf {
        self.folder.path().join("data/postmaster.pid")
    }

    /// The lock file's eighth line is the server's state, as `pg_ctl --wait` reads it.
    fn is_ready(&self) -> bool {
        let text = std::fs::read_to_string(self.lock_file()).unwrap_or_default();
        text.lines()
            .nth(7)
            .is_some_and(|state| state.trim() == "ready")
    }

    fn log(&self) -> String {
        let text = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(10)..].join("\n")
    }

    fn let_go(&mut self) {
        drop(self.lifeline.take());
        if let Err(error) = self.keeper.wait() {
            printer::warning(&format!("cannot wait for PostgreSQL's end: {error}"));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.lifeline.is_some() {
            self.let_go();
        }
    }
}

/// No waiting for the disk, for data that does not outlive the run.
const FORGETFUL: &[(&str, &str)] = &[("fsync", "off"), ("full_page_writes", "off")];

/// What somebody would set who has a server to measure.
const DURABLE: &[(&str, &str)] = &[
    ("fsync", "on"),
    ("synchronous_commit", "on"),
    ("shared_buffers", "512MB"),
    ("max_wal_size", "4GB"),
    ("checkpoint_timeout", "30min"),
];

/// Server settings: reachable on the loopback address alone, room for many tests at once.
fn settings(port: u16, sockets: &Path, further: &[(&str, &str)]) -> Vec<String> {
    let (port, sockets) = (port.to_string(), sockets.display().to_string());
    [
        ("port", port.as_str()),
        ("listen_addresses", "127.0.0.1"),
        ("unix_socket_directories", &sockets),
        ("max_connections", "200"),
    ]
    .iter()
    .chain(further)
    .flat_map(|(name, value)| ["-c".to_owned(), format!("{name}={value}")])
    .collect()
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use super::*;

    #[test]
    #[ignore = "slow: starts a PostgreSQL of its own"]
    fn cluster_answers_and_leaves_nothing_behind() {
        let binaries = find().expect("PostgreSQL is there when slow tests run");
        let cluster = Cluster::start(&binaries).unwrap();
        let folder = cluster.folder.path().to_path_buf();
        let address = ("127.0.0.1", cluster.port);
        // An SSLRequest is answered with one letter before anything else is said.
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream.write_all(&[0, 0, 0, 8, 4, 210, 22, 47]).unwrap();
        let mut answer = [0];
        stream.read_exact(&mut answer).unwrap();
        assert!(matches!(answer[0], b'N' | b'S'), "{answer:?}");
        drop(cluster);
        assert!(!folder.exists());
        assert!(std::net::TcpStream::connect(address).is_err());
    }
}
