//! The program and all tests of the workspace, built at once: what is built for one package alone
//! has other features of its dependencies, and is then built once more.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::process;
use crate::server::Program;

/// What cargo built.
pub(crate) struct Built {
    /// The program.
    pub program: Program,
    tests: Vec<Test>,
}

/// A binary of tests.
struct Test {
    /// The folder of its package.
    package: PathBuf,
    name: String,
    binary: PathBuf,
}

impl Built {
    /// Builds everything.
    pub(crate) fn everything() -> Result<Self> {
        let mut command = process::cargo([
            "build",
            "--workspace",
            "--all-targets",
            "--message-format=json-render-diagnostics",
        ]);
        let output = command
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("cannot start `{}`", process::shown(&command)))?;
        if !output.status.success() {
            bail!(
                "`{}` ended with {}",
                process::shown(&command),
                output.status
            );
        }
        Self::of(&String::from_utf8_lossy(&output.stdout))
    }

    /// Reads cargo's messages, a line of JSON each.
    fn of(messages: &str) -> Result<Self> {
        let (mut program, mut tests) = (None, Vec::new());
        for line in messages.lines() {
            let message: Value = serde_json::from_str(line).context("cargo's messages")?;
            let Some(binary) = message["executable"].as_str() else {
                continue;
            };
            let name = message["target"]["name"].as_str().unwrap_or_default();
            if message["profile"]["test"] == true {
                let manifest = message["manifest_path"].as_str().unwrap_or_default();
                tests.push(Test {
                    package: Path::new(manifest).with_file_name(""),
                    name: name.to_owned(),
                    binary: binary.into(),
                });
            } else if name == "seatkeeper" {
                program = Some(PathBuf::from(binary));
            }
        }
        let program = program.context("cargo built no program `seatkeeper`")?;
        Ok(Self {
            program: Program::at(&program)?,
            tests,
        })
    }

    /// The tests of this name of the package in this folder, to be run there.
    pub(crate) fn tests(&self, folder: &Path, name: &str) -> Result<std::process::Command> {
        let mut tests = self.tests.iter();
        let test = tests
            .find(|test| test.package.ends_with(folder) && test.name == name)
            .with_context(|| format!("cargo built no tests `{name}` of {}", folder.display()))?;
        let mut command = std::process::Command::new(&test.binary);
        command.current_dir(&test.package);
        Ok(command)
    }
}
