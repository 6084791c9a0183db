//! A person at a shell: lines as they are typed, in a folder where `seatkeeper` is on the path.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::support::{Ran, program, without_settings};

/// A shell in a folder of its own. What it started in the background ends with it.
pub(super) struct Shell {
    folder: TempDir,
    variables: Vec<(String, String)>,
    background: Vec<Child>,
}

impl Shell {
    /// In an empty folder.
    pub(super) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            variables: Vec::new(),
            background: Vec::new(),
        }
    }

    /// A file in its folder.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into its folder.
    pub(super) fn writes(&self, name: &str, content: &str) {
        std::fs::write(self.path(name), content).unwrap();
    }

    /// `export NAME=value`.
    pub(super) fn exports(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Runs a line to its end.
    pub(super) fn types(&self, line: &str) -> Ran {
        Ran::of(&mut self.command(line))
    }

    /// Starts a line in the background; its words go to a file.
    pub(super) fn starts(&mut self, line: &str, words: &str) {
        let file = std::fs::File::create(self.path(words)).unwrap();
        let mut command = self.command(&format!("exec {line}"));
        let child = command
            .stdout(file.try_clone().unwrap())
            .stderr(file)
            .spawn()
            .unwrap();
        self.background.push(child);
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new("sh");
        without_settings(&mut command)
            .args(["-c", line])
            .current_dir(self.folder.path())
            .env("PATH", with_program_on_path())
            .envs(self.variables.iter().cloned())
            .stdin(Stdio::null());
        command
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        for child in &mut self.background {
            // It may have ended already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn with_program_on_path() -> std::ffi::OsString {
    let folder = program().parent().unwrap_or(Path::new("/"));
    let mut path = folder.as_os_str().to_owned();
    if let Some(others) = std::env::var_os("PATH") {
        path.push(":");
        path.push(others);
    }
    path
}
