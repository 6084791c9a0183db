//! Packages from npm, exactly as a lock file names them. Also a part of xtask, for the packages of
//! the walks through the console, so that it needs the standard library alone.

use std::path::Path;
use std::process::{Command, Stdio};
use std::{fs, io};

/// What decides which packages there are.
const MANIFESTS: [&str; 2] = ["package.json", "package-lock.json"];

/// `npm ci` for the manifests of a folder, which may be another one than that of the packages;
/// nothing, if exactly these packages are there. The error is a sentence.
pub(crate) fn install(manifests: &Path, packages: &Path) -> Result<(), String> {
    let failed = |error: io::Error| format!("{}: {error}", packages.display());
    let done = packages.join("node_modules/.installed");
    let wanted = MANIFESTS
        .iter()
        .map(|name| fs::read_to_string(manifests.join(name)))
        .collect::<Result<String, _>>()
        .map_err(failed)?;
    if fs::read_to_string(&done).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    if manifests != packages {
        fs::create_dir_all(packages).map_err(failed)?;
        for name in MANIFESTS {
            fs::copy(manifests.join(name), packages.join(name)).map_err(failed)?;
        }
    }
    let output = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .arg("--prefer-offline")
        .current_dir(packages)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| missing("npm", &error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim().replace('\n', " ");
        return Err(format!(
            "the console's packages could not be fetched from npm (a registry or its offline cache \
             must be reachable): {said}"
        ));
    }
    fs::write(&done, wanted).map_err(failed)
}

/// What to do about a program that can't be started.
pub(crate) fn missing(program: &str, error: &io::Error) -> String {
    format!(
        "the web console needs Node.js 18 or newer with npm, and `{program}` can't be started \
         ({error}). On Debian: apt-get install nodejs npm"
    )
}
