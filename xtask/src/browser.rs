//! The console in a real browser: finds or installs Chromium and Node.js, installs the locked
//! packages of `tests/browser`, and runs its walks or takes its screenshots.

#[path = "../../crates/console/npm.rs"]
mod npm;

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::server::Program;
use crate::{debian, process, workspace};

/// Where the walks are.
const FOLDER: &str = "tests/browser";

/// How to take screenshots.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only screens with this in their name
    only: Option<String>,
}

/// Everything that the walks need.
struct Browser {
    folder: PathBuf,
    chromium: PathBuf,
    program: Program,
}

/// Finds Node.js, which also bundles the console's pages, and Chromium; or installs them.
pub(crate) fn find_tools() -> Result<()> {
    find_or_install("Node.js", &["node"], &["nodejs", "npm"])?;
    find_or_install("npm", &["npm"], &["npm"])?;
    chromium().map(|_| ())
}

fn chromium() -> Result<PathBuf> {
    let packages = ["chromium", "fonts-dejavu-core"];
    find_or_install("Chromium", &["chromium", "chromium-browser"], &packages)
}

impl Browser {
    fn prepare(program: Program) -> Result<Self> {
        let chromium = chromium()?;
        let folder = workspace::root().join(FOLDER);
        npm::install(&folder, &folder).map_err(anyhow::Error::msg)?;
        Ok(Self {
            folder,
            chromium,
            program,
        })
    }

    fn node(&self) -> Command {
        let mut node = Command::new("node");
        node.current_dir(&self.folder)
            .env("SEATKEEPER_TEST_PROGRAM", self.program.path())
            .env("SEATKEEPER_TEST_CHROMIUM", &self.chromium);
        node
    }
}

/// `cargo xtask screenshots`: every screen, light, dark and narrow, into target/screenshots.
pub(crate) fn screenshots(options: Options) -> Result<()> {
    find_tools()?;
    let browser = Browser::prepare(Program::build(false)?)?;
    let folder = workspace::target_folder()?.join("screenshots");
    let mut node = browser.node();
    node.arg("screenshots.js").arg(&folder);
    process::run(node.args(options.only))
}

/// Walks through the console, and looks at each screen with axe.
pub(crate) fn walk(program: Program) -> Result<()> {
    let browser = Browser::prepare(program)?;
    let mut node = browser.node();
    // Two at a time: most of their time they wait for the browser.
    let arguments = [
        "--test",
        "--test-concurrency=2",
        "--test-reporter=spec",
        "walks/",
    ];
    process::run(node.args(arguments)).context("not all walks through the console passed")
}

/// The program of one of these names; Debian's packages are installed where there is none.
fn find_or_install(what: &str, names: &[&str], packages: &[&str]) -> Result<PathBuf> {
    if let Some(found) = find(names) {
        return Ok(found);
    }
    debian::install(what, packages)?;
    find(names).with_context(|| format!("{packages:?} are installed, but no {what} was found"))
}

fn find(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|program| program.is_file())
}
