//! A license service of the real program, on a folder of its own, and its administrator at a command line.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::program::{Ran, seatkeeper};
use super::until;

/// A license service; killed when dropped.
#[derive(Debug)]
pub(crate) struct LicenseService {
    folder: PathBuf,
    clock: PathBuf,
    /// Where its ledger is, as it is typed.
    at: [String; 2],
    key: String,
    /// The file with what it says.
    log: &'static str,
    /// Where it listens; the same after each start.
    address: Option<SocketAddr>,
    child: Option<Child>,
    token: String,
}

impl LicenseService {
    /// A running service in this folder, which gets a key pair of its own. Its clock is moved by a file.
    #[track_caller]
    pub(crate) fn start(folder: &Path, clock: &Path) -> Self {
        Self::start_at(folder, clock, ["--data", "ledger"])
    }

    /// The same with its ledger where the test says.
    #[track_caller]
    pub(crate) fn start_at(folder: &Path, clock: &Path, at: [&str; 2]) -> Self {
        let mut service = Self {
            folder: folder.to_owned(),
            clock: clock.to_owned(),
            at: at.map(str::to_owned),
            key: String::new(),
            log: "service.log",
            address: None,
            child: None,
            token: String::new(),
        };
        service.makes_key("vendor");
        service.up();
        let line = ["vendor", "token", at[0], at[1], "--name", "me"];
        let made = Ran::of(seatkeeper(line).current_dir(folder)).good();
        made.trim().clone_into(&mut service.token);
        service
    }

    /// Another process with the same key, ledger and administrator.
    #[track_caller]
    pub(crate) fn second(&self) -> Self {
        let mut second = Self {
            folder: self.folder.clone(),
            clock: self.clock.clone(),
            at: self.at.clone(),
            key: self.key.clone(),
            log: "second.log",
            address: None,
            child: None,
            token: self.token.clone(),
        };
        second.up();
        second
    }

    /// Another key pair, `NAME.key` and `NAME.pub`, with which it signs after its next start.
    #[track_caller]
    pub(crate) fn makes_key(&mut self, name: &str) -> PathBuf {
        let line = [
            "vendor",
            "keygen",
            "--name",
            "Northwind Software",
            "--out",
            name,
        ];
        Ran::of(seatkeeper(line).current_dir(&self.folder)).exits(0);
        self.key = format!("{name}.key");
        self.public_key()
    }

    /// The key that succeeds the one it signs with, as `NAME.key`, and the document by which that one introduces it.
    /// It signs with it after its next start.
    #[track_caller]
    pub(crate) fn changes_keys(&mut self, name: &str) -> PathBuf {
        let introduction = self.introduces(&self.key, name);
        self.key = format!("{name}.key");
        introduction
    }

    /// A document by which a key that nobody trusts introduces another.
    #[track_caller]
    pub(crate) fn introduces_itself(&self, name: &str) -> PathBuf {
        let by = format!("{name}-self");
        let line = ["keygen", "--name", "Northwind Software", "--out", &by];
        self.types(&line).exits(0);
        self.introduces(&format!("{by}.key"), name)
    }

    #[track_caller]
    fn introduces(&self, by: &str, name: &str) -> PathBuf {
        let line = ["vendor", "rotate", "--key", by, "--out", name];
        Ran::of(seatkeeper(line).current_dir(&self.folder)).exits(0);
        self.folder.join(format!("{name}.introduction"))
    }

    /// The public half of the key that it signs with.
    pub(crate) fn public_key(&self) -> PathBuf {
        self.folder.join(&self.key).with_extension("pub")
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address.expect("it was started")
    }

    /// Where it is, as installations are told.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// Starts it.
    #[track_caller]
    pub(crate) fn up(&mut self) {
        let listen = match self.address {
            Some(address) => address.to_string(),
            None => "127.0.0.1:0".to_owned(),
        };
        let said = self.folder.join(self.log);
        let words = File::create(&said).expect("the folder can be written to");
        let clone = || words.try_clone().expect("a file can be opened twice");
        let line = [
            "vendor",
            "serve",
            &self.at[0],
            &self.at[1],
            "--key",
            &self.key,
            "--listen",
            &listen,
        ];
        let child = seatkeeper(line)
            .env("SEATKEEPER_REHEARSAL_CLOCK", &self.clock)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(clone())
            .stderr(clone())
            .spawn()
            .expect("the program can be started");
        let child = self.child.insert(child);
        let address = until("the license service", || {
            let words = std::fs::read_to_string(&said).unwrap_or_default();
            let ended = child.try_wait().expect("it is our child");
            assert!(ended.is_none(), "the license service ended: {words}");
            let rest = words.split_once("listens on http://")?.1;
            rest.lines().next()?.trim().parse().ok()
        });
        self.address = Some(address);
    }

    /// Kills it.
    pub(crate) fn down(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Types a line after `seatkeeper vendor`, as the service's administrator.
    pub(crate) fn types(&self, line: &[&str]) -> Ran {
        let mut command: Command = seatkeeper(["--json", "vendor"]);
        command
            .args(line)
            .current_dir(&self.folder)
            .env("SEATKEEPER_VENDOR_URL", self.url())
            .env("SEATKEEPER_VENDOR_TOKEN", &self.token);
        Ran::of(&mut command)
    }

    /// Issues a license with these lines in its table; its key.
    #[track_caller]
    pub(crate) fn sells(&self, table: &str) -> String {
        let spec = format!("issuer = \"Northwind Software\"\n[[license]]\n{table}");
        std::fs::write(self.folder.join("order.toml"), spec).expect("the folder can be written to");
        let issued: Value = self
            .types(&["license", "add", "order.toml"])
            .exits(0)
            .json();
        issued[0]["license_key"]
            .as_str()
            .expect("a key is told")
            .to_owned()
    }

    /// Answers a request by this specification; where the response is.
    #[track_caller]
    pub(crate) fn answers(&self, request: &Path, spec: &str) -> PathBuf {
        std::fs::write(self.folder.join("answer.toml"), spec)
            .expect("the folder can be written to");
        let request = request.to_str().expect("paths of tests are plain");
        let line = [
            "answer",
            request,
            "--spec",
            "answer.toml",
            "--key",
            &self.key,
            "--out",
            "response.tls",
        ];
        self.types(&line).exits(0);
        self.folder.join("response.tls")
    }

    /// Writes a license file with these lines in its table; where it is.
    #[track_caller]
    pub(crate) fn issues_file(&self, table: &str) -> PathBuf {
        let spec = format!("issuer = \"Northwind Software\"\n[[license]]\n{table}");
        std::fs::write(self.folder.join("file.toml"), spec).expect("the folder can be written to");
        let line = [
            "issue",
            "--key",
            &self.key,
            "--spec",
            "file.toml",
            "--out",
            "file.lic",
        ];
        self.types(&line).exits(0);
        self.folder.join("file.lic")
    }

    /// Re-issues a license.
    #[track_caller]
    pub(crate) fn reissues(&self, serial: &str, change: &[&str]) {
        self.types(&[&["license", "reissue", serial], change].concat())
            .exits(0);
    }
}

impl Drop for LicenseService {
    fn drop(&mut self) {
        self.down();
        if std::thread::panicking() {
            let words = std::fs::read_to_string(self.folder.join(self.log));
            eprintln!("the license service said:\n{}", words.unwrap_or_default());
        }
    }
}
