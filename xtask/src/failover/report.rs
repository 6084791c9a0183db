//! What a run of faults has shown, in Markdown.

use super::Options;
use super::checker::{Contradiction, Kept};
use super::play::Ordeal;
use super::record::{Line, What};
use super::timeline::{self, Seen};
use crate::cluster::running::Cluster;
use crate::printer;

/// Contradictions that are printed; the rest is counted.
const MOST: usize = 20;

pub(super) fn print(
    cluster: &Cluster,
    options: &Options,
    ordeals: &[Ordeal],
    lines: &[Line],
    kept: &Kept,
    found: &[Contradiction],
) {
    let plan = &cluster.plan;
    let way = if plan.through_proxy {
        "HAProxy"
    } else {
        "a list of hosts"
    };
    printer::result(&format!(
        "\n{} clients, {} seats, two Seatkeeper nodes, ttl {} s, loop_wait {} s, strict {}, through {way}:\n",
        options.clients, options.seats, plan.ttl, plan.loop_wait, plan.strict
    ));
    printer::result(
        "| fault | new leader after s | cause gone after s | seconds without a committed answer | \
         committed meanwhile | to be repeated | wrong answers |",
    );
    printer::result("| --- | --- | --- | --- | --- | --- | --- |");
    for ordeal in ordeals {
        let seen = timeline::seen(lines, ordeal.from, ordeal.until);
        printer::result(&row(ordeal, &seen));
    }
    let count = |what| lines.iter().filter(|line| line.what == what).count();
    printer::result(&format!(
        "\n{} sign-ins and {} sign-outs were answered, {} answered again, {} denied, {} requests repeated; {} \
         sessions and {} events are kept.",
        count(What::SignedIn),
        count(What::SignedOut),
        count(What::SignedInAgain),
        count(What::Denied),
        count(What::NoAnswer),
        kept.sessions.len(),
        kept.events.len()
    ));
    if found.is_empty() {
        printer::result("No contradiction between what clients were told and what is kept.");
    } else {
        printer::result(&format!("{} contradictions:", found.len()));
        for contradiction in found.iter().take(MOST) {
            printer::result(&format!("- {contradiction}"));
        }
    }
}

fn row(ordeal: &Ordeal, seen: &Seen) -> String {
    let after = |at: u64| seconds(at.saturating_sub(ordeal.from));
    format!(
        "| {} | {} | {} | {} | {} | {} | {} |",
        ordeal.name,
        ordeal.new_leader.map_or_else(|| "–".into(), after),
        after(ordeal.healed),
        seconds(seen.away),
        seen.good,
        counts(&seen.to_repeat),
        counts(&seen.wrong)
    )
}

fn seconds(micros: u64) -> String {
    format!("{}.{}", micros / 1_000_000, micros / 100_000 % 10)
}

fn counts(of: &std::collections::BTreeMap<String, u64>) -> String {
    if of.is_empty() {
        return "0".into();
    }
    let each: Vec<String> = of
        .iter()
        .map(|(why, count)| format!("{count} × {why}"))
        .collect();
    each.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_counts_from_the_fault_on() {
        let ordeal = Ordeal {
            name: "leader killed (-9)",
            from: 1_000_000,
            new_leader: Some(6_250_000),
            healed: 10_000_000,
            until: 12_000_000,
        };
        let mut seen = Seen {
            away: 5_490_000,
            good: 12,
            ..Seen::default()
        };
        seen.to_repeat.insert("503 store_unavailable".into(), 3);
        assert_eq!(
            row(&ordeal, &seen),
            "| leader killed (-9) | 5.2 | 9.0 | 5.4 | 12 | 3 × 503 store_unavailable | 0 |"
        );
    }
}
