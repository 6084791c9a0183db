//! A client's own record: every question it asked and everything it was told, one line each,
//! written before it goes on.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result};

/// What a line is about; the word in the file, and what its value says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// A sign-in is asked for, or asked for again; the user.
    AskSignIn,
    /// It was granted; the session.
    SignedIn,
    /// It had been granted, was asked for once more, and granted; the session.
    SignedInAgain,
    /// It was denied; the code.
    Denied,
    /// A sign-out is asked for, or asked for again; the session.
    AskSignOut,
    /// It was confirmed; the session.
    SignedOut,
    /// There was no answer, or one that says to come again; why.
    NoAnswer,
    /// An answer that should not be; its status and code.
    Wrong,
}

impl What {
    const ALL: [(Self, &'static str); 8] = [
        (Self::AskSignIn, "ask-sign-in"),
        (Self::SignedIn, "signed-in"),
        (Self::SignedInAgain, "signed-in-again"),
        (Self::Denied, "denied"),
        (Self::AskSignOut, "ask-sign-out"),
        (Self::SignedOut, "signed-out"),
        (Self::NoAnswer, "no-answer"),
        (Self::Wrong, "wrong"),
    ];

    fn word(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(what, _)| *what == self)
            .map_or("", |(_, word)| word)
    }

    fn of_word(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == word)
            .map(|(what, _)| *what)
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Microseconds since the run began, by the one clock of all clients.
    pub(crate) at: u64,
    /// Which client.
    pub(crate) client: u32,
    /// The idempotency key of the sign-in that the line belongs to; a sign-out has that of its
    /// session's sign-in.
    pub(crate) key: String,
    pub(crate) what: What,
    pub(crate) value: String,
}

impl Line {
    fn write(&self) -> String {
        let value = self.value.replace(['\t', '\n', '\r'], " ");
        format!(
            "{}\t{}\t{}\t{}\t{value}\n",
            self.at,
            self.client,
            self.key,
            self.what.word()
        )
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(5, '\t');
        Some(Self {
            at: parts.next()?.parse().ok()?,
            client: parts.next()?.parse().ok()?,
            key: parts.next()?.to_owned(),
            what: What::of_word(parts.next()?)?,
            value: parts.next()?.to_owned(),
        })
    }
}

/// Writes one client's record.
pub(super) struct Recorder {
    file: File,
    client: u32,
    beginning: Instant,
}

impl Recorder {
    pub(super) fn new(folder: &Path, client: u32, beginning: Instant) -> Result<Self> {
        let path = path(folder, client);
        let file =
            File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self {
            file,
            client,
            beginning,
        })
    }

    /// Microseconds since the beginning.
    pub(super) fn now(&self) -> u64 {
        u64::try_from(self.beginning.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    pub(super) fn write(&mut self, key: &str, what: What, value: &str) -> Result<()> {
        let line = Line {
            at: self.now(),
            client: self.client,
            key: key.to_owned(),
            what,
            value: value.to_owned(),
        };
        self.file
            .write_all(line.write().as_bytes())
            .context("cannot write the record")
    }
}

fn path(folder: &Path, client: u32) -> PathBuf {
    folder.join(format!("client-{client:03}.tsv"))
}

/// Reads the records of clients 0 to `clients - 1`, in the order of time.
pub(super) fn read(folder: &Path, clients: u32) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for client in 0..clients {
        let path = path(folder, client);
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        for (index, line) in text.lines().enumerate() {
            let line = Line::parse(line)
                .with_context(|| format!("{}, line {}: {line:?}", path.display(), index + 1))?;
            lines.push(line);
        }
    }
    lines.sort_by_key(|line| line.at);
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn record_is_read_as_it_was_written_and_in_the_order_of_time() {
        let folder = tempfile::tempdir().unwrap();
        let beginning = Instant::now();
        let mut one = Recorder::new(folder.path(), 1, beginning).unwrap();
        let mut zero = Recorder::new(folder.path(), 0, beginning).unwrap();
        one.write("k1", What::AskSignIn, "anna").unwrap();
        std::thread::sleep(std::time::Duration::from_micros(10));
        zero.write("k0", What::NoAnswer, "line one\nand\ttwo")
            .unwrap();
        let lines = read(folder.path(), 2).unwrap();
        assert_eq!(
            lines.iter().map(|line| line.client).collect::<Vec<_>>(),
            [1, 0]
        );
        assert_eq!(
            (lines[0].what, lines[0].value.as_str()),
            (What::AskSignIn, "anna")
        );
        assert_eq!(lines[1].value, "line one and two");
    }

    #[test]
    fn every_word_means_what_it_says() {
        for (what, word) in What::ALL {
            assert_eq!(What::of_word(what.word()), Some(what));
            assert_eq!(what.word(), word);
        }
        assert_eq!(Line::parse("1\t2\tk\tno-such-word\tx"), None);
    }
}
