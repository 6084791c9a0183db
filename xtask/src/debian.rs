//! Programs that are missing, from Debian's packages.

use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{printer, process, unprivileged};

/// Installs packages; `what` says in an error what is missing.
///
/// # Errors
/// When this is not a Debian, we are not root, or apt fails; each says what to do by hand.
pub(crate) fn install(what: &str, packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    let by_hand = format!("install it by hand (Debian: `apt-get install {names}`)");
    if !process::is_available(Command::new("apt-get").arg("--version")) {
        bail!("{what} is missing and this is not a Debian: {by_hand}");
    }
    if unprivileged::own_id("-u")? != 0 {
        bail!("{what} is missing, and only root can install it: {by_hand}");
    }
    printer::note(&format!("    {what} is missing; installing {names}"));
    // Image hooks empty apt's own archive folder while packages are being unpacked.
    let archives = tempfile::tempdir().context("cannot make a folder for apt's archives")?;
    std::fs::create_dir(archives.path().join("partial"))?;
    let archives_option = format!("Dir::Cache::archives={}", archives.path().display());
    for words in [
        &["update"][..],
        &["install", "-y", "--no-install-recommends"],
    ] {
        let packages = if words.len() > 1 { packages } else { &[] };
        process::output(
            Command::new("apt-get")
                .env("DEBIAN_FRONTEND", "noninteractive")
                .args([
                    "-q",
                    "-o",
                    "DPkg::Lock::Timeout=300",
                    "-o",
                    &archives_option,
                ])
                .args(words)
                .args(packages),
        )
        .with_context(|| format!("could not install {what}; {by_hand}"))?;
    }
    Ok(())
}
