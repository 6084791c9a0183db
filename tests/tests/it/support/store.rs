//! The store of a stopped server, looked at from outside.

use std::path::Path;

use store::{Store, StoreOptions};

/// Opens the store as a server would, and checks every rule that the data must obey.
///
/// # Panics
/// With each contradiction.
#[track_caller]
pub(crate) fn assert_sound(data: &Path) {
    let (store, _writer) = Store::open(&StoreOptions::new(data)).expect("it can be opened");
    let found = store.read(|reader| reader.check()).expect("it can be read");
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Changes the database of a stopped server behind its back; gives the number of rows.
#[track_caller]
pub(crate) fn alter_store(data: &Path, change: &str) -> usize {
    let file = data.join("seatkeeper.db");
    let database = rusqlite::Connection::open(file).expect("it can be opened");
    database.execute(change, []).expect("it can be changed")
}
