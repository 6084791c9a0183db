//! The bare route in a process of its own, so that it is scheduled as the server is.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};

use crate::load::Node;
use crate::printer;

/// A running bare route; ends with this value.
pub(super) struct Bare {
    child: Child,
    address: SocketAddr,
}

impl Bare {
    /// Starts it with answers of the given length.
    pub(super) fn start(body_bytes: usize) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["bench-bare", "--body-bytes", &body_bytes.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the bare route")?;
        let mut line = String::new();
        let stdout = child.stdout.take().context("no output")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line
            .trim()
            .parse()
            .context("the bare route did not tell its address")?;
        Ok(Self { child, address })
    }

    pub(super) fn node(&self) -> Node {
        Node {
            address: self.address,
            pid: self.child.id(),
        }
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let outcome = self.child.kill().and_then(|()| self.child.wait());
        if let Err(error) = outcome {
            printer::warning(&format!("cannot stop the bare route: {error}"));
        }
    }
}
