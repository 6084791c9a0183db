//! What the disk itself can do: how often a second it makes 4 KiB durable.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::{printer, process};

const LENGTH: Duration = Duration::from_secs(2);

/// The disk below a folder.
pub(super) struct Disk {
    pub(super) filesystem: String,
    /// Appends of 4 KiB with `fdatasync`, one after the other, a second.
    pub(super) syncs_per_second: f64,
}

/// Appends and syncs for two seconds.
pub(super) fn measure(folder: &Path) -> Result<Disk> {
    printer::step("the disk");
    let filesystem = process::output(Command::new("stat").args(["-f", "-c", "%T"]).arg(folder))?;
    let filesystem = filesystem.trim().to_owned();
    if filesystem == "tmpfs" {
        printer::warning(&format!(
            "{} is in memory; choose a disk with --dir",
            folder.display()
        ));
    }
    let path = folder.join("sync-probe");
    let mut file =
        File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    let block = [0x5A; 4096];
    let start = Instant::now();
    let mut count = 0_u32;
    while start.elapsed() < LENGTH {
        file.write_all(&block)?;
        file.sync_data()?;
        count += 1;
    }
    let syncs_per_second = f64::from(count) / start.elapsed().as_secs_f64();
    std::fs::remove_file(&path)?;
    Ok(Disk {
        filesystem,
        syncs_per_second,
    })
}
