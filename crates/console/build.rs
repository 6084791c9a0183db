//! Brings the console's assets together: packages as the lock file names them, from npm, once;
//! then bundled, compressed and named by their content, to be compiled in.

mod npm;

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

const SOURCES: &str = "assets";

fn main() {
    println!("cargo::rerun-if-changed={SOURCES}");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=npm.rs");
    if let Err(why) = build() {
        println!("cargo::error={why}");
    }
}

fn build() -> Result<(), String> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo names no folder to build in")?);
    let packages = out.join("packages");
    npm::install(Path::new(SOURCES), &packages)?;
    let status = Command::new("node")
        .arg(Path::new(SOURCES).join("pack.mjs"))
        .arg(SOURCES)
        .arg(&packages)
        .arg(out.join("assets"))
        .status()
        .map_err(|error| npm::missing("node", &error))?;
    if status.success() {
        Ok(())
    } else {
        Err("the console's assets could not be bundled; what Node.js said is above".into())
    }
}
