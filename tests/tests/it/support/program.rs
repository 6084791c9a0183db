//! The `seatkeeper` program, run as its users run it.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

/// Says where the program is, when somebody has built it already.
const GIVEN: &str = "SEATKEEPER_TEST_PROGRAM";

/// Where the program is.
///
/// # Panics
/// When it can't be built.
pub(crate) fn path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| match std::env::var_os(GIVEN) {
        Some(given) => {
            let given = PathBuf::from(given);
            assert!(given.is_file(), "{GIVEN} names {given:?}, where nothing is");
            given
        }
        None => built(),
    })
}

/// Builds it beside this test binary. Cargo builds a program for the tests of its own package
/// only, and an old one would prove nothing.
fn built() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows where it is");
    let profile = test.ancestors().nth(2).expect("tests lie in PROFILE/deps");
    let target = profile.parent().expect("a profile lies in a target folder");
    let name = match profile.file_name().and_then(OsStr::to_str) {
        Some("debug") | None => "dev",
        Some(name) => name,
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let outcome = Command::new(cargo)
        .args([
            "build",
            "--quiet",
            "--package",
            "seatkeeper",
            "--profile",
            name,
        ])
        .arg("--target-dir")
        .arg(target)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("cargo can be started");
    let path = profile.join("seatkeeper");
    assert!(
        outcome.status.success() && path.is_file(),
        "the program can't be built: run `cargo build --package seatkeeper`, or say in {GIVEN} \
         where it is\n{}",
        String::from_utf8_lossy(&outcome.stderr)
    );
    path
}

/// Takes our own settings away from a command, so that only what the test says counts.
pub(crate) fn without_settings(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("SEATKEEPER_") || name == "NO_COLOR" || name == "CLICOLOR_FORCE" {
            command.env_remove(&*name);
        }
    }
    command
}

/// A command of the program that sees none of our own settings.
pub(crate) fn seatkeeper<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(path());
    without_settings(&mut command)
        .args(arguments)
        .stdin(Stdio::null());
    command
}

/// What became of a command.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The exit code; none when a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Runs a command to its end.
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command.output();
        Self::from(output.unwrap_or_else(|error| panic!("can't run {command:?}: {error}")))
    }

    /// Runs a command to its end with something to read.
    pub(crate) fn fed(command: &mut Command, input: &[u8]) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("can't run {command:?}: {error}"));
        let mut stdin = child.stdin.take().expect("it is piped");
        // Whoever does not read its input to the end closes it.
        let _ = stdin.write_all(input);
        drop(stdin);
        Self::from(child.wait_with_output().expect("it was started"))
    }

    /// Checks the exit code and hands the rest on.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "--- stdout\n{}\n--- stderr\n{}",
            self.stdout,
            self.stderr
        );
        self
    }

    /// What a command that must succeed wrote.
    #[track_caller]
    pub(crate) fn good(self) -> String {
        self.exits(0).stdout
    }

    /// The JSON that a command wrote, which must be all that it wrote.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }

    /// Checks that a command wrote nothing but a complaint that has each of these words.
    #[track_caller]
    pub(crate) fn complains(&self, words: &[&str]) {
        assert_eq!(self.stdout, "", "a complaint belongs on stderr: {self:?}");
        let said = self.stderr.to_lowercase();
        for word in words {
            assert!(said.contains(&word.to_lowercase()), "no {word:?}: {self:?}");
        }
        let noise = ["panicked", "backtrace", "RUST_"];
        assert!(
            !noise.iter().any(|noise| self.stderr.contains(noise)),
            "{self:?}"
        );
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}
