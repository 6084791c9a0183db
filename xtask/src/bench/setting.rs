//! On what a world stands: which store, and how many nodes.

use anyhow::{Context as _, Result};

use crate::postgres::Cluster;

/// The store and the number of nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    Sqlite,
    /// So many nodes on one database.
    Postgres(usize),
}

impl Setting {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(1) => "PostgreSQL",
            Self::Postgres(2) => "PostgreSQL, 2 nodes",
            Self::Postgres(_) => "PostgreSQL, several nodes",
        }
    }

    pub(super) const fn nodes(self) -> usize {
        match self {
            Self::Sqlite => 1,
            Self::Postgres(nodes) => nodes,
        }
    }
}

/// A database of its own for one world; gone with it.
pub(super) struct Database<'a> {
    cluster: &'a Cluster,
    name: String,
}

impl<'a> Database<'a> {
    pub(super) fn make(cluster: &'a Cluster, name: String) -> Result<Self> {
        cluster.sql("postgres", &format!("CREATE DATABASE \"{name}\""))?;
        Ok(Self { cluster, name })
    }

    pub(super) fn url(&self) -> String {
        self.cluster.url(&self.name)
    }

    pub(super) fn sql(&self, statements: &str) -> Result<String> {
        self.cluster.sql(&self.name, statements)
    }

    pub(super) fn bytes(&self) -> Result<u64> {
        let text = self.sql("SELECT pg_database_size(current_database())")?;
        text.trim()
            .parse()
            .context("PostgreSQL did not tell the database's size")
    }

    /// Measures nothing of what the loading has left to be done.
    pub(super) fn settle(&self) -> Result<()> {
        self.sql("VACUUM ANALYZE")?;
        self.sql("CHECKPOINT").map(drop)
    }

    pub(super) fn remove(self) -> Result<()> {
        let statement = format!("DROP DATABASE \"{}\" WITH (FORCE)", self.name);
        self.cluster.sql("postgres", &statement).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_told_apart_by_their_names() {
        let all = [
            Setting::Sqlite,
            Setting::Postgres(1),
            Setting::Postgres(2),
            Setting::Postgres(3),
        ];
        let mut names: Vec<&str> = all.iter().map(|setting| setting.name()).collect();
        names.dedup();
        assert_eq!((names.len(), Setting::Sqlite.nodes()), (4, 1));
    }
}
