//! Rows by key, with what the store holds remembered and every change undoable.

use std::hash::Hash;

/// A hash map with a fast hasher; keys here are ids and codes of our own.
pub type Map<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;

type Set<K> = std::collections::HashSet<K, foldhash::fast::RandomState>;

#[derive(Clone, Debug)]
struct Row<V> {
    value: Option<V>,
    stored: bool,
    dirty: bool,
}

/// How a row differs from what the store holds.
#[derive(Debug)]
pub enum Change<'a, V> {
    /// Not in the store yet.
    Insert(&'a V),
    /// In the store with other values.
    Update(&'a V),
    /// In the store and gone here.
    Delete,
}

/// Rows by key. A key is unknown, known to be absent, or known with a value.
#[derive(Clone, Debug)]
pub struct Table<K, V> {
    rows: Map<K, Row<V>>,
    undo: Vec<(K, Option<Row<V>>)>,
    touched: Vec<K>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self {
            rows: Map::default(),
            undo: Vec::new(),
            touched: Vec::new(),
        }
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Table<K, V> {
    /// `None`: unknown. `Some(None)`: known to be absent.
    pub fn get(&self, key: &K) -> Option<Option<&V>> {
        self.rows.get(key).map(|row| row.value.as_ref())
    }

    /// Every known value.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.rows.values().filter_map(|row| row.value.as_ref())
    }

    /// Every key known with a value.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.rows
            .iter()
            .filter_map(|(k, row)| Some((k, row.value.as_ref()?)))
    }

    /// Whether a key was given a value here that the store has no row for.
    pub fn is_new(&self, key: &K) -> bool {
        self.rows
            .get(key)
            .is_some_and(|row| !row.stored && row.value.is_some())
    }

    /// Takes in what the store holds. What is known already wins; true if this was new.
    pub fn provide(&mut self, key: K, value: Option<V>) -> bool {
        if self.rows.contains_key(&key) {
            return false;
        }
        let row = Row {
            stored: value.is_some(),
            value,
            dirty: false,
        };
        self.rows.insert(key, row);
        true
    }

    /// Sets a value.
    pub fn put(&mut self, key: K, value: V) {
        self.write(key, Some(value));
    }

    /// Makes a key absent.
    pub fn delete(&mut self, key: K) {
        self.write(key, None);
    }

    fn write(&mut self, key: K, value: Option<V>) {
        let before = self.rows.get(&key).cloned();
        let stored = before.as_ref().is_some_and(|row| row.stored);
        if !before.as_ref().is_some_and(|row| row.dirty) {
            self.touched.push(key.clone());
        }
        self.undo.push((key.clone(), before));
        self.rows.insert(
            key,
            Row {
                value,
                stored,
                dirty: true,
            },
        );
    }

    /// Whether anything was written since the last [`Self::keep`].
    pub fn is_touched(&self) -> bool {
        !self.undo.is_empty()
    }

    /// What was written since the last [`Self::keep`]: before and after, each row once.
    pub fn written(&self) -> impl Iterator<Item = (Option<&V>, Option<&V>)> {
        let mut seen = Set::<&K>::default();
        self.undo.iter().filter_map(move |(key, before)| {
            let before = before.as_ref().and_then(|row| row.value.as_ref());
            let now = self.rows.get(key).and_then(|row| row.value.as_ref());
            seen.insert(key).then_some((before, now))
        })
    }

    /// Makes everything so far final.
    pub fn keep(&mut self) {
        self.undo.clear();
    }

    /// Takes everything for stored as it is, and forgets what was changed into something that
    /// is not worth keeping, or deleted.
    pub fn settle(&mut self, keeps: impl Fn(&V) -> bool) {
        self.undo.clear();
        for key in self.touched.drain(..) {
            let Some(row) = self.rows.get_mut(&key) else {
                continue;
            };
            if row.value.as_ref().is_some_and(&keeps) {
                row.stored = true;
                row.dirty = false;
            } else {
                self.rows.remove(&key);
            }
        }
    }

    /// How many keys are known.
    pub fn known(&self) -> usize {
        self.rows.len()
    }

    /// Knows nothing of a key any more; what it was known with.
    pub fn forget_key(&mut self, key: &K) -> Option<V> {
        self.rows.remove(key)?.value
    }

    /// Takes in what the store holds now, where the key is known; what it was known with.
    pub fn renew(&mut self, key: &K, value: V) -> Option<V> {
        let row = self.rows.get_mut(key)?;
        row.stored = true;
        row.value.replace(value)
    }

    /// Knows nothing any more.
    pub fn forget(&mut self) {
        // Most tables of a set are empty most of the time.
        if !self.rows.is_empty() {
            *self = Self::default();
        }
    }

    /// Takes back everything since the last [`Self::keep`]; calls `restored` with each key and
    /// the value it has again.
    pub fn undo(&mut self, mut restored: impl FnMut(&K, Option<&V>, Option<&V>)) {
        while let Some((key, before)) = self.undo.pop() {
            let now = self.rows.get(&key).and_then(|row| row.value.clone());
            restored(
                &key,
                now.as_ref(),
                before.as_ref().and_then(|row| row.value.as_ref()),
            );
            if !before.as_ref().is_some_and(|row| row.dirty) {
                // This write was the key's first one, and of those the latest.
                self.touched.pop();
            }
            match before {
                Some(row) => self.rows.insert(key, row),
                None => self.rows.remove(&key),
            };
        }
    }

    /// Every row that differs from the store, in the order of its first change.
    pub fn changes(&self) -> impl Iterator<Item = (&K, Change<'_, V>)> {
        self.touched.iter().filter_map(|key| {
            let row = self.rows.get(key)?;
            match (&row.value, row.stored) {
                (Some(value), false) => Some((key, Change::Insert(value))),
                (Some(value), true) => Some((key, Change::Update(value))),
                (None, true) => Some((key, Change::Delete)),
                (None, false) => None,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undo_restores_values_and_what_counts_as_changed() {
        let mut table = Table::<u8, &str>::default();
        table.provide(1, Some("stored"));
        table.put(1, "changed");
        table.put(2, "new");
        table.undo(|_, _, _| {});
        assert_eq!(table.get(&1), Some(Some(&"stored")));
        assert_eq!(table.get(&2), None);
        assert_eq!(table.changes().count(), 0);

        table.put(2, "new");
        table.keep();
        table.delete(1);
        table.undo(|_, _, _| {});
        let changes: Vec<_> = table.changes().collect();
        assert!(matches!(changes[..], [(2, Change::Insert(&"new"))]));
    }

    #[test]
    fn what_is_known_wins_over_what_the_store_says_later() {
        let mut table = Table::<u8, &str>::default();
        table.put(1, "changed");
        assert!(!table.provide(1, Some("stored")));
        assert_eq!(table.get(&1), Some(Some(&"changed")));
    }

    #[test]
    fn made_and_deleted_in_one_set_is_no_change() {
        let mut table = Table::<u8, &str>::default();
        table.put(1, "new");
        table.delete(1);
        assert_eq!(table.changes().count(), 0);
    }
}
