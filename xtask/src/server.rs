//! The real program, run as its users run it: as a server on a data folder of its own, and as a
//! command line.

use std::ffi::OsStr;
use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use crate::http::Client;
use crate::{printer, process, workspace};

const READY_LIMIT: Duration = Duration::from_mins(1);
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// The `seatkeeper` program.
#[derive(Debug, Clone)]
pub(crate) struct Program(PathBuf);

impl Program {
    /// Builds it from this workspace.
    pub(crate) fn build(release: bool) -> Result<Self> {
        let mut command = process::cargo(["build", "--package", "seatkeeper"]);
        if release {
            command.arg("--release");
        }
        process::run(&mut command)?;
        let profile = if release { "release" } else { "debug" };
        Self::at(&workspace::target_folder()?.join(profile).join("seatkeeper"))
    }

    /// Takes one that is there already.
    pub(crate) fn at(path: &Path) -> Result<Self> {
        let path = path
            .canonicalize()
            .with_context(|| format!("there is no program at {}", path.display()))?;
        Ok(Self(path))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// A command that sees nothing of our own Seatkeeper settings.
    pub(crate) fn command<S: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
    ) -> Command {
        let mut command = Command::new(&self.0);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("SEATKEEPER_") {
                command.env_remove(name);
            }
        }
        command.args(arguments);
        command
    }
}

/// A vendor's key pair, made by the program.
pub(crate) struct Vendor {
    key: PathBuf,
    public: PathBuf,
}

impl Vendor {
    /// Makes `vendor.key` and `vendor.pub` in a folder.
    pub(crate) fn make(program: &Program, folder: &Path, name: &str) -> Result<Self> {
        let prefix = folder.join("vendor");
        let mut command = program.command(["vendor", "keygen", "--name", name, "--out"]);
        process::output(command.arg(&prefix))?;
        let made = Self {
            key: prefix.with_extension("key"),
            public: prefix.with_extension("pub"),
        };
        for file in [&made.key, &made.public] {
            ensure!(file.exists(), "`vendor keygen` made no {}", file.display());
        }
        Ok(made)
    }

    /// Signs a license of a product with so many floating seats, and puts its file into a folder.
    pub(crate) fn issue_floating(
        &self,
        program: &Program,
        folder: &Path,
        product: &str,
        seats: u32,
    ) -> Result<PathBuf> {
        let spec = folder.join(format!("{product}.toml"));
        let text = format!(
            "issuer = \"Northwind Software\"\ncustomer = \"CUST-42\"\n\n[[license]]\n\
             serial = \"NW-{product}\"\nproduct = \"{product}\"\nproduct_name = \"{product}\"\n\
             model = \"floating\"\naccess = \"write\"\nmodules = \"all\"\nseats = {seats}\n\
             starts_at = \"2026-01-01\"\n"
        );
        std::fs::write(&spec, text).with_context(|| format!("cannot write {}", spec.display()))?;
        self.issue(program, &spec)
    }

    /// The public key file.
    pub(crate) fn public(&self) -> &Path {
        &self.public
    }

    /// Signs a spec; the license file stands beside it with the ending `.lic`.
    pub(crate) fn issue(&self, program: &Program, spec: &Path) -> Result<PathBuf> {
        let file = spec.with_extension("lic");
        let mut command = program.command(["vendor", "issue", "--key"]);
        command
            .arg(&self.key)
            .arg("--spec")
            .arg(spec)
            .arg("--out")
            .arg(&file);
        process::output(&mut command)?;
        ensure!(file.exists(), "`vendor issue` made no {}", file.display());
        Ok(file)
    }
}

/// A running server; ends with this value.
pub(crate) struct Server {
    program: Program,
    data: PathBuf,
    address: SocketAddr,
    child: Child,
    log: PathBuf,
    ready_after: Duration,
}

impl Server {
    /// Starts `serve` on the data folder and waits until `/readyz` says yes. The server's own
    /// words go to a file beside the data folder.
    pub(crate) fn start(program: &Program, data: &Path, vendor: &Vendor) -> Result<Self> {
        Self::start_on(program, data, vendor, None)
    }

    /// The same on a database in the place of the data folder's store.
    pub(crate) fn start_on(
        program: &Program,
        data: &Path,
        vendor: &Vendor,
        database: Option<&str>,
    ) -> Result<Self> {
        let address = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        let log = data.with_extension("log");
        let words =
            File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let mut command = program.command(["serve", "--listen"]);
        command
            .arg(address.to_string())
            .arg("--data")
            .arg(data)
            .arg("--trust")
            .arg(&vendor.public);
        if let Some(url) = database {
            command.args(["--database", url]);
        }
        command
            .stdin(Stdio::null())
            .stdout(words.try_clone()?)
            .stderr(words);
        let start = Instant::now();
        let child = command.spawn().context("cannot start the server")?;
        let mut server = Self {
            program: program.clone(),
            data: data.to_path_buf(),
            address,
            child,
            log,
            ready_after: Duration::ZERO,
        };
        while !Client::new(address, "")
            .get("/readyz")
            .is_ok_and(|answer| answer.status == 200)
        {
            if let Some(status) = server.child.try_wait()? {
                bail!("the server ended with {status}: {}", server.last_words());
            }
            if start.elapsed() > READY_LIMIT {
                bail!(
                    "the server is not ready after {READY_LIMIT:?}: {}",
                    server.last_words()
                );
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        server.ready_after = start.elapsed();
        Ok(server)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Time from start to ready.
    pub(crate) fn ready_after(&self) -> Duration {
        self.ready_after
    }

    /// Makes a token on the data folder.
    pub(crate) fn make_token(&self, name: &str, role: &str) -> Result<String> {
        let mut command = self
            .program
            .command(["token", "create", "--name", name, "--role", role]);
        let text = process::output(command.arg("--data").arg(&self.data))?;
        let token = text
            .split_whitespace()
            .next_back()
            .context("`token create` printed nothing")?;
        Ok(token.to_owned())
    }

    /// A command line that talks to this server.
    pub(crate) fn command<S: AsRef<OsStr>>(
        &self,
        token: &str,
        arguments: impl IntoIterator<Item = S>,
    ) -> Command {
        let mut command = self.program.command(arguments);
        command
            .env("SEATKEEPER_URL", format!("http://{}", self.address))
            .env("SEATKEEPER_TOKEN", token);
        command
    }

    /// Asks the server to end and waits for it.
    pub(crate) fn stop(mut self) -> Result<()> {
        let status = self.end()?;
        ensure!(
            status.success(),
            "the server ended with {status}: {}",
            self.last_words()
        );
        Ok(())
    }

    fn end(&mut self) -> Result<ExitStatus> {
        let pid = self.pid().to_string();
        process::output(Command::new("kill").args(["-TERM", &pid]))?;
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if start.elapsed() > STOP_LIMIT {
                bail!(
                    "the server does not end when asked to: {}",
                    self.last_words()
                );
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn last_words(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(10)..].join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let outcome = self.child.kill().and_then(|()| self.child.wait());
            if let Err(error) = outcome {
                printer::warning(&format!("cannot stop the server: {error}"));
            }
        }
    }
}
