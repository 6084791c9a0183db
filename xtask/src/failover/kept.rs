//! What the database holds after the faults, read with SQL and not through the product.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};

use super::checker::{Event, Kept, Pool, Session};
use crate::cluster::running::Cluster;

const POOLS: &str = "SELECT id, size, occupied FROM pool";
const SESSIONS: &str = "SELECT id, coalesce(client, ''), coalesce(pool_id::text, ''), person_id, coalesce(end_reason, '') FROM session";
const EVENTS: &str = "SELECT seq, kind, session_id FROM event \
    WHERE kind IN ('session.started', 'session.ended') ORDER BY seq";

/// Reads pools, sessions and their events at the leader.
pub(super) fn read(cluster: &Cluster) -> Result<Kept> {
    let ask = |statement| cluster.sql("seatkeeper", statement);
    Ok(Kept {
        pools: rows(&ask(POOLS)?, |row| {
            let pool = Pool {
                size: row.get(1)?.parse().ok()?,
                occupied: row.get(2)?.parse().ok()?,
            };
            Some(((*row.first()?).to_owned(), pool))
        })?
        .into_iter()
        .collect::<BTreeMap<_, _>>(),
        sessions: rows(&ask(SESSIONS)?, |row| {
            let text = |index: usize| row.get(index).map(|text| (*text).to_owned());
            let session = Session {
                key: text(1)?,
                pool: text(2)?,
                person: text(3)?,
                ended: text(4).filter(|reason| !reason.is_empty()),
            };
            Some((text(0)?, session))
        })?
        .into_iter()
        .collect::<BTreeMap<_, _>>(),
        events: rows(&ask(EVENTS)?, |row| {
            Some(Event {
                seq: row.first()?.parse().ok()?,
                begins: *row.get(1)? == "session.started",
                session: (*row.get(2)?).to_owned(),
            })
        })?,
    })
}

/// Each line of `psql`'s output as what `read` makes of its columns.
fn rows<T>(text: &str, read: impl Fn(&[&str]) -> Option<T>) -> Result<Vec<T>> {
    text.lines()
        .map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            read(&columns).with_context(|| format!("an unexpected row: {line:?}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_lines_with_columns_parted_by_tabs() {
        let read =
            |row: &[&str]| Some((row.first()?.to_string(), row.get(1)?.parse::<u64>().ok()?));
        assert_eq!(
            rows("a\t1\nb\t2\n", read).unwrap(),
            [("a".into(), 1), ("b".into(), 2)]
        );
        assert!(rows("a\n", read).is_err());
    }
}
