//! The command line, one file per group of subcommands: what each does, what it says, and how it
//! ends.

mod backups;
mod exits;
mod folders;
mod licenses;
mod offline;
mod output;
mod record;
mod seats;
mod server_side;
mod sessions;
mod settings;
mod users;
mod vendor;

use serde_json::Value;

use crate::support::{Installation, Ran, license, seatkeeper};

/// An administrator at a command line.
struct Admin {
    house: Installation,
}

impl Admin {
    /// Of a server with these licenses.
    fn of(licenses: &str) -> Self {
        Self {
            house: Installation::with(licenses),
        }
    }

    /// Of a server with two seats of one product, and three people.
    fn of_small_house() -> Self {
        let admin = Self::of(&license("dedicated", "esm", 2));
        admin.house.add_users(["anna", "boris", "clara"]);
        admin
    }

    /// Types a line; single quotes hold words together.
    fn types(&self, line: &str) -> Ran {
        Ran::of(self.house.cli(words(line)).current_dir(self.house.folder()))
    }

    /// The JSON that a line answers with, when it must succeed.
    #[track_caller]
    fn asks(&self, line: &str) -> Value {
        self.types(&format!("--json {line}")).exits(0).json()
    }
}

/// Types a line where there is no server.
fn offline(line: &str) -> Ran {
    Ran::of(&mut seatkeeper(words(line)))
}

fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (number, part) in line.split('\'').enumerate() {
        if number % 2 == 0 {
            words.extend(part.split_whitespace().map(str::to_owned));
        } else {
            words.push(part.to_owned());
        }
    }
    words
}

/// The cells of the one line of a table that has this word.
#[track_caller]
fn row<'a>(table: &'a str, word: &str) -> Vec<&'a str> {
    let has = |line: &&str| line.split_whitespace().any(|cell| cell == word);
    let found: Vec<&str> = table.lines().filter(has).collect();
    assert_eq!(found.len(), 1, "{word} in:\n{table}");
    found[0].split_whitespace().collect()
}

/// Checks that an output has all of these words.
#[track_caller]
fn has(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "no {word:?} in:\n{text}");
    }
}
