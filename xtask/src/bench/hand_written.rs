//! What people would write instead: a table of seats, `FOR UPDATE SKIP LOCKED`, and pgbench to
//! drive it, on the same PostgreSQL.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::setting::Database;
use crate::postgres::Cluster;
use crate::process;

/// The measure that the comparison is made at.
pub(super) const CLIENTS: usize = 64;

/// A seat has a holder or none; each change is written down, as a license server must.
const TABLES: &str = "\
    CREATE TABLE seat (id bigint PRIMARY KEY, holder bigint, taken_at timestamptz); \
    CREATE INDEX seat_free ON seat (id) WHERE holder IS NULL; \
    CREATE TABLE seat_event (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \
        at timestamptz NOT NULL DEFAULT now(), seat bigint NOT NULL, holder bigint NOT NULL, taken boolean NOT NULL);";

/// Takes a seat and gives it back, each committed for itself.
const SCRIPT: &str = "\
\\set holder random(1, :seats)
BEGIN;
UPDATE seat SET holder = :holder, taken_at = now() WHERE id = (SELECT id FROM seat WHERE holder IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id AS taken \\gset
INSERT INTO seat_event (seat, holder, taken) VALUES (:taken, :holder, true);
COMMIT;
BEGIN;
UPDATE seat SET holder = NULL, taken_at = NULL WHERE id = :taken AND holder = :holder;
INSERT INTO seat_event (seat, holder, taken) VALUES (:taken, :holder, false);
COMMIT;
";

/// What pgbench measured.
pub(super) struct HandWritten {
    pub(super) seats: u32,
    /// Seats taken and seats given back, each counted, a second.
    pub(super) rate: f64,
}

/// Runs pgbench with prepared statements for some seconds, after as many of warming up.
pub(super) fn measure(
    cluster: &Cluster,
    folder: &Path,
    seats: u32,
    seconds: Duration,
) -> Result<HandWritten> {
    let database = Database::make(cluster, format!("hand_written_{seats}"))?;
    let fill = format!("{TABLES} INSERT INTO seat SELECT id FROM generate_series(1, {seats}) id");
    database.sql(&fill)?;
    database.settle()?;
    let script = folder.join("checkout.sql");
    std::fs::write(&script, SCRIPT)
        .with_context(|| format!("cannot write {}", script.display()))?;
    let mut text = String::new();
    for _ in ["warm up", "measure"] {
        let mut command = cluster.command("pgbench");
        command.args(["--no-vacuum", "--protocol=prepared", "--jobs=2"]);
        command.arg(format!("--client={CLIENTS}"));
        command.arg(format!("--time={}", seconds.as_secs().max(1)));
        command.arg(format!("--define=seats={seats}"));
        command.arg("--file").arg(&script).arg(database.url());
        text = process::output(&mut command)?;
    }
    database.remove()?;
    let transactions = tps(&text).with_context(|| format!("pgbench said no rate: {text}"))?;
    Ok(HandWritten {
        seats,
        rate: transactions * 2.0,
    })
}

/// The number in "tps = 1234.5 (without initial connection time)".
fn tps(text: &str) -> Option<f64> {
    let rest = text.lines().find_map(|line| line.strip_prefix("tps = "))?;
    rest.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_is_read_from_what_pgbench_says() {
        let text = "latency average = 1 ms\ntps = 1234.5 (without initial connection time)\n";
        assert_eq!(tps(text), Some(1234.5));
        assert_eq!(tps("tps: none"), None);
    }
}
