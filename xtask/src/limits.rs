//! How many files and connections this process may have open.

use std::process::Command;

use anyhow::{Context as _, Result};

use crate::process;

/// Room for what is open besides connections.
const BESIDES: usize = 200;

/// Raises the limit as far as may be, for us and for whom we start from now on; how many of
/// these connections there is room for.
pub(crate) fn room_for(connections: usize) -> Result<usize> {
    let wanted = connections + BESIDES;
    let (soft, hard) = open_files()?;
    if soft >= wanted {
        return Ok(connections);
    }
    let most = hard.min(wanted);
    let pid = std::process::id().to_string();
    let limit = format!("--nofile={most}:");
    process::output(Command::new("prlimit").args(["--pid", &pid, &limit]))?;
    Ok(connections.min(most.saturating_sub(BESIDES)))
}

/// What holds now, and how far it may be raised.
fn open_files() -> Result<(usize, usize)> {
    let text = std::fs::read_to_string("/proc/self/limits")?;
    parse(&text).context("/proc/self/limits is not as expected")
}

fn parse(text: &str) -> Option<(usize, usize)> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    let mut numbers = line.split_whitespace().map(|word| match word {
        "unlimited" => Some(usize::MAX),
        word => word.parse().ok(),
    });
    Some((numbers.next()??, numbers.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read() {
        let text = "Limit  Soft Limit  Hard Limit  Units\nMax open files  1024  524288  files\n";
        assert_eq!(parse(text), Some((1_024, 524_288)));
        assert_eq!(
            parse("Max open files  1024  unlimited  files"),
            Some((1_024, usize::MAX))
        );
        assert!(open_files().unwrap().0 > 0);
        assert_eq!(room_for(1).unwrap(), 1);
    }
}
