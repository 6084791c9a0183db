//! `cargo xtask realdata DIR`: a real catalog (`m365-products.csv`) and a real directory
//! (`people.ldif`) taken through the whole product as its users would do it: licenses are issued
//! for the whole catalog and imported in one file, people imported, seats granted, everyone signs
//! in and out again. Everything that can be counted is predicted and compared; a difference is a
//! contradiction and fails the run.

mod access;
mod catalog;
mod findings;
mod installation;
mod intake;
mod keygen;
mod people;
mod seats;
mod spec;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};

use crate::printer;
use crate::server::{Program, Server, Vendor};
use findings::Findings;
use installation::Installation;
use people::Person;

/// What to read and what to run.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Folder with `m365-products.csv`, `people.ldif` and, where it is at hand, `keygen/example-license.lic`
    dir: PathBuf,
    /// Run the release build rather than the debug build
    #[arg(long)]
    release: bool,
    /// Run this program instead of building one
    #[arg(long, value_name = "PATH")]
    program: Option<PathBuf>,
}

/// Reads, runs, compares, reports.
pub(crate) fn run(options: Options) -> Result<()> {
    let start = Instant::now();
    let path = options.dir.join("m365-products.csv");
    let file = File::open(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let catalog = catalog::read(file).with_context(|| format!("in {}", path.display()))?;
    let path = options.dir.join("people.ldif");
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let people = people::read(&text).with_context(|| format!("in {}", path.display()))?;
    ensure!(
        !catalog.is_empty() && !people.is_empty(),
        "nothing to work with"
    );

    let program = match &options.program {
        Some(path) => Program::at(path)?,
        None => Program::build(options.release)?,
    };
    let folder = tempfile::Builder::new()
        .prefix("seatkeeper-realdata-")
        .tempdir()?;
    let licenses = spec::licenses(&catalog);
    let vendor = Vendor::make(&program, folder.path(), "Northwind Software")?;
    let spec = folder.path().join("catalog.toml");
    std::fs::write(&spec, spec::toml(&licenses)?)?;
    let license_file = vendor.issue(&program, &spec)?;
    let people_file = folder.path().join("people.csv");
    write_csv(&people_file, &people)?;

    let mut findings = Findings::default();
    let modules: usize = catalog.iter().map(|product| product.modules.len()).sum();
    findings.say(format!(
        "{} products with {modules} modules, {} people",
        catalog.len(),
        people.len()
    ));
    findings.say(format!(
        "license file: {} KiB",
        std::fs::metadata(&license_file)?.len() / 1024
    ));

    let server = Server::start(&program, &folder.path().join("data"), &vendor)?;
    let mut installation = Installation::new(&server, &licenses, &people)?;
    let outcome = installation
        .import(&license_file, &people_file, &mut findings)
        .and_then(|()| installation.compare_lists(&mut findings))
        .and_then(|()| installation.grant(&mut findings))
        .and_then(|()| installation.sign_in_and_out(&mut findings))
        .and_then(|()| installation.keygen(&program, &options.dir, &mut findings))
        .and_then(|()| installation.verify_record(&mut findings));
    let stopped = server.stop();
    for line in findings.lines() {
        printer::result(line);
    }
    outcome?;
    stopped?;
    printer::result(&format!("done in {:.1} s", start.elapsed().as_secs_f64()));
    findings.conclude()
}

/// The file for `user import`.
fn write_csv(path: &Path, people: &[Person]) -> Result<()> {
    let mut writer = csv::Writer::from_path(path)?;
    writer.write_record(["username", "name", "email", "folder", "active"])?;
    for person in people {
        writer.write_record([
            person.username.as_str(),
            &person.name,
            &person.email,
            &person.folder,
            "true",
        ])?;
    }
    writer.flush()?;
    Ok(())
}
