//! Brings the console's assets together: packages as the lock file names them, from npm, once;
//! then bundled, compressed and named by their content, to be compiled in.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

const SOURCES: &str = "assets";
/// What decides which packages there are.
const MANIFESTS: [&str; 2] = ["package.json", "package-lock.json"];

fn main() {
    println!("cargo::rerun-if-changed={SOURCES}");
    println!("cargo::rerun-if-changed=build.rs");
    if let Err(why) = build() {
        println!("cargo::error={why}");
    }
}

fn build() -> Result<(), String> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo names no folder to build in")?);
    let packages = out.join("packages");
    install(&packages)?;
    let status = Command::new("node")
        .arg(Path::new(SOURCES).join("pack.mjs"))
        .arg(SOURCES)
        .arg(&packages)
        .arg(out.join("assets"))
        .status()
        .map_err(|error| missing("node", &error))?;
    if status.success() {
        Ok(())
    } else {
        Err("the console's assets could not be bundled; what Node.js said is above".into())
    }
}

/// `npm ci`, unless exactly these packages are there.
fn install(packages: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", packages.display());
    let done = packages.join("installed");
    let wanted = MANIFESTS
        .iter()
        .map(|name| fs::read_to_string(Path::new(SOURCES).join(name)))
        .collect::<Result<String, _>>()
        .map_err(failed)?;
    if fs::read_to_string(&done).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    fs::create_dir_all(packages).map_err(failed)?;
    for name in MANIFESTS {
        fs::copy(Path::new(SOURCES).join(name), packages.join(name)).map_err(failed)?;
    }
    let output = Command::new("npm")
        .args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--prefer-offline",
        ])
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

fn missing(program: &str, error: &std::io::Error) -> String {
    format!(
        "building the web console needs Node.js 18 or newer with npm, and `{program}` can't be \
         started ({error}). On Debian: apt-get install nodejs npm"
    )
}
