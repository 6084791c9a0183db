//! What lies in a folder, to see whether anything changes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The files of a folder with what is in them.
#[derive(PartialEq, Eq)]
pub(super) struct Contents(BTreeMap<String, Vec<u8>>);

impl Contents {
    /// As they are now.
    pub(super) fn of(folder: &Path) -> Self {
        let mut files = BTreeMap::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().to_string_lossy().into_owned();
            // The database's memory that readers share; it holds no data.
            if name.ends_with("-shm") {
                continue;
            }
            files.insert(name, std::fs::read(entry.path()).unwrap());
        }
        Self(files)
    }

    /// Whether this text is in any of them: which.
    pub(super) fn with_text(&self, text: &str) -> Vec<&str> {
        let has = |bytes: &[u8]| {
            bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        };
        let found = self.0.iter().filter(|(_, bytes)| has(bytes));
        found.map(|(name, _)| name.as_str()).collect()
    }

    /// Checks that nothing is different from before.
    #[track_caller]
    pub(super) fn assert_same(&self, before: &Self) {
        let names: BTreeSet<&String> = self.0.keys().chain(before.0.keys()).collect();
        let differs = |name: &&&String| self.0.get(**name) != before.0.get(**name);
        let changed: Vec<_> = names.iter().filter(differs).collect();
        assert!(changed.is_empty(), "changed: {changed:?}");
    }
}
