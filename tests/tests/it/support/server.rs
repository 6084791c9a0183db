//! A running server of the real program, on a data folder of its own.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::program::{self, Ran, seatkeeper};
use super::{Call, Connection, LIMIT, until};

/// How a server is started.
#[derive(Clone, Debug)]
pub(crate) struct Start {
    data: PathBuf,
    /// Where the test sees the data folder, if not where the server does.
    seen_at: Option<PathBuf>,
    /// What the program is started through, as in `nsenter … --`.
    through: Vec<OsString>,
    listen: String,
    arguments: Vec<OsString>,
}

impl Start {
    /// `serve` on this data folder, on any free port.
    pub(crate) fn on(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            seen_at: None,
            through: Vec::new(),
            listen: "127.0.0.1:0".to_owned(),
            arguments: Vec::new(),
        }
    }

    /// Trusting this key file.
    pub(crate) fn trust(self, public: &Path) -> Self {
        self.argument("--trust").argument(public)
    }

    /// On this address.
    pub(crate) fn listen(mut self, address: impl ToString) -> Self {
        self.listen = address.to_string();
        self
    }

    /// With a further argument.
    pub(crate) fn argument(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// Through another program that becomes this one, which sees the data folder elsewhere than
    /// the test does.
    pub(crate) fn through(mut self, command: Vec<OsString>, seen_at: PathBuf) -> Self {
        self.through = command;
        self.seen_at = Some(seen_at);
        self
    }

    /// Where the test sees the data folder.
    pub(crate) fn seen_at(&self) -> &Path {
        self.seen_at.as_deref().unwrap_or(&self.data)
    }

    fn command(&self) -> Command {
        let mut words = self.through.clone();
        words.push(program::path().into());
        let mut command = Command::new(&words[0]);
        program::without_settings(&mut command)
            .args(&words[1..])
            .args(["serve", "--listen", &self.listen, "--data"])
            .arg(&self.data)
            .args(&self.arguments)
            .stdin(Stdio::null());
        command
    }

    /// Starts the program and waits until it is ready.
    ///
    /// # Panics
    /// When it ends instead; the message has its last words.
    #[track_caller]
    pub(crate) fn ready(self) -> Server {
        let (mut child, log) = self.spawn();
        let address = until("the server's address", || {
            alive(&mut child, &log);
            self.address(&child)
        });
        let mut server = Server {
            start: self,
            child,
            log,
            address,
        };
        until("the server to be ready", || {
            alive(&mut server.child, &server.log);
            let answer = server.anybody().try_send(&Call::get("/readyz"));
            answer.ok().filter(|answer| answer.status == 200)
        });
        server
    }

    /// Starts the program without waiting for anything; its words go to a file.
    pub(crate) fn spawn(&self) -> (Child, PathBuf) {
        let log = tempfile::Builder::new()
            .prefix("seatkeeper-")
            .suffix(".log")
            .tempfile()
            .expect("there is a folder for temporary files");
        let (file, path) = log.keep().expect("a file can be kept");
        (self.spawn_into(&file), path)
    }

    fn spawn_into(&self, words: &File) -> Child {
        let clone = || words.try_clone().expect("a file can be opened twice");
        let mut command = self.command();
        let command = command.stdout(clone()).stderr(clone());
        command
            .spawn()
            .unwrap_or_else(|error| panic!("can't start {command:?}: {error}"))
    }

    /// Runs the program where it can't but end by itself.
    ///
    /// # Panics
    /// When it goes on instead.
    #[track_caller]
    pub(crate) fn ends(&self) -> Ran {
        let mut command = self.command();
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program can be started");
        let start = Instant::now();
        while child.try_wait().expect("it is our child").is_none() {
            if start.elapsed() > LIMIT {
                child.kill().expect("it can be killed");
                let ran = child.wait_with_output().map(Ran::from);
                panic!("the server starts where it should not: {ran:?}");
            }
            std::thread::sleep(Duration::from_millis(3));
        }
        // What it says at its end fits into a pipe.
        Ran::from(child.wait_with_output().expect("it is our child"))
    }

    /// Where the server of this process listens, once it has said so in its data folder.
    fn address(&self, child: &Child) -> Option<SocketAddr> {
        let text = std::fs::read_to_string(self.seen_at().join("server.json")).ok()?;
        let door: Value = serde_json::from_str(&text).ok()?;
        let is_ours = door["process"] == child.id();
        let address = door["address"].as_str().filter(|_| is_ours)?;
        address.parse().ok()
    }
}

#[track_caller]
fn alive(child: &mut Child, log: &Path) {
    if let Some(status) = child.try_wait().expect("it is our child") {
        panic!("the server ended with {status}:\n{}", words(log));
    }
}

fn words(log: &Path) -> String {
    std::fs::read_to_string(log).unwrap_or_default()
}

/// A running server; killed when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    start: Start,
    child: Child,
    log: PathBuf,
    address: SocketAddr,
}

impl Server {
    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it listens, as the command line wants it.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it has said so far.
    pub(crate) fn words(&self) -> String {
        words(&self.log)
    }

    /// A caller without a token.
    pub(crate) fn anybody(&self) -> Connection {
        Connection::new(self.address, None)
    }

    /// A caller with this token.
    pub(crate) fn caller(&self, token: &str) -> Connection {
        Connection::new(self.address, Some(token))
    }

    /// Makes a token as an administrator does who can read the data folder.
    #[track_caller]
    pub(crate) fn make_token(&self, name: &str, role: &str) -> String {
        let mut command = seatkeeper(["token", "create", "--name", name, "--role", role, "--data"]);
        let printed = Ran::of(command.arg(self.start.seen_at())).good();
        let token = printed.split_whitespace().next_back();
        token.expect("a token is printed").to_owned()
    }

    /// Makes a token through the interface, with the secret that lies in the data folder.
    #[track_caller]
    pub(crate) fn quick_token(&self, role: &str) -> String {
        let path = self.start.seen_at().join("server.json");
        let text = std::fs::read_to_string(path).expect("a running server leaves its door");
        let door: Value = serde_json::from_str(&text).expect("it is JSON");
        let secret = door["secret"].as_str().expect("it has a secret");
        let made = self
            .caller(secret)
            .post("/v1/tokens", &json!({"name": role, "role": role}))
            .is(201);
        made["token"]
            .as_str()
            .expect("a token is shown once")
            .to_owned()
    }

    /// A command line that talks to this server.
    pub(crate) fn cli<S: AsRef<OsStr>>(
        &self,
        token: &str,
        arguments: impl IntoIterator<Item = S>,
    ) -> Command {
        let mut command = seatkeeper(arguments);
        command
            .env("SEATKEEPER_URL", self.url())
            .env("SEATKEEPER_TOKEN", token);
        command
    }

    /// Kills it as the system does when it runs out of memory, and says how to start it again.
    pub(crate) fn kill(mut self) -> Start {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it is our child");
        self.start.clone()
    }

    /// Asks it to end, without waiting.
    pub(crate) fn ask_to_end(&self) {
        let pid = self.pid().to_string();
        Ran::of(Command::new("kill").args(["-TERM", &pid])).good();
    }

    /// Waits until it has ended by itself.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        until("the server to end", || {
            self.child.try_wait().expect("it is our child")
        })
    }

    /// Asks it to end and waits for it; says how to start it again.
    #[track_caller]
    pub(crate) fn stop(mut self) -> Start {
        self.ask_to_end();
        let status = self.ended();
        assert!(status.success(), "{status}:\n{}", self.words());
        self.start.clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("the server said:\n{}", self.words());
        }
        let _ = std::fs::remove_file(&self.log);
    }
}
