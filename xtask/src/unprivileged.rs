//! Whom servers run as that refuse root: ourselves, or a user that root lends them.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::process;

/// Our own user (`-u`) or group (`-g`) number.
pub(crate) fn own_id(which: &str) -> Result<u32> {
    Ok(process::output(Command::new("id").arg(which))?
        .trim()
        .parse()?)
}

/// Whom the server runs as: PostgreSQL refuses root, so root lends it another name.
#[derive(Clone, Copy)]
pub(crate) struct Owner {
    user: u32,
    group: u32,
    is_other: bool,
}

impl Owner {
    /// Ourselves, unless we are root.
    pub(crate) fn choose() -> Result<Self> {
        if own_id("-u")? != 0 {
            return Ok(Self {
                user: own_id("-u")?,
                group: own_id("-g")?,
                is_other: false,
            });
        }
        for name in ["postgres", "nobody"] {
            let id = |which| process::output(Command::new("id").args([which, name]));
            if let (Ok(user), Ok(group)) = (id("-u"), id("-g")) {
                let (user, group) = (user.trim().parse()?, group.trim().parse()?);
                return Ok(Self {
                    user,
                    group,
                    is_other: true,
                });
            }
        }
        bail!("PostgreSQL does not run as root, and there is no user `postgres` or `nobody`")
    }

    /// A command that runs as this user and sees nothing of our own PostgreSQL settings.
    pub(crate) fn command(self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        if self.is_other {
            command.uid(self.user).gid(self.group);
        }
        command
            .current_dir("/")
            .env_remove("PGDATA")
            .env_remove("PGPORT")
            .env_remove("PGHOST");
        command
    }

    /// Gives a file or a folder to this user.
    pub(crate) fn give(self, path: &Path) -> Result<()> {
        std::os::unix::fs::chown(path, Some(self.user), Some(self.group))
            .with_context(|| format!("cannot give {} to its user", path.display()))
    }
}
