//! The report, in Markdown: the machine, the worlds, the load, and how flat it all is.

use std::time::Duration;

use super::disk::Disk;
use super::hand_written::{self, HandWritten};
use super::scenarios::{Operation, Row};
use super::setting::Setting;
use super::world::{Import, Setup};
use crate::load::Measured;
use crate::printer;

pub(super) struct Report {
    disk: Disk,
    imports: Vec<Import>,
    worlds: Vec<Setup>,
    rows: Vec<Row>,
    hand_written: Vec<HandWritten>,
}

impl Report {
    pub(super) fn new(disk: Disk) -> Self {
        Self {
            disk,
            imports: Vec::new(),
            worlds: Vec::new(),
            rows: Vec::new(),
            hand_written: Vec::new(),
        }
    }

    pub(super) fn add_import(&mut self, import: Import) {
        self.imports.push(import);
    }

    pub(super) fn add_world(&mut self, setup: Setup) {
        self.worlds.push(setup);
    }

    pub(super) fn add_row(&mut self, row: Row) {
        self.rows.push(row);
    }

    pub(super) fn add_hand_written(&mut self, measured: HandWritten) {
        self.hand_written.push(measured);
    }

    /// Writes everything to stdout.
    pub(super) fn print(&self) {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        printer::result(&format!(
            "\nMachine: {cores} cores, shared with the load generator. Disk ({}): {} appends of 4 KiB with \
             fdatasync a second, one after the other.",
            self.disk.filesystem,
            grouped(self.disk.syncs_per_second)
        ));
        self.print_worlds();
        self.print_load();
        self.print_failures();
        self.print_hand_written();
        self.print_generator();
        self.print_flatness();
    }

    fn print_worlds(&self) {
        for import in &self.imports {
            printer::result(&format!(
                "A file of {} licenses ({} KiB) was imported in {:.1} s.",
                grouped(import.licenses.into()),
                import.file_bytes / 1024,
                import.took.as_secs_f64()
            ));
        }
        table(&[
            "store",
            "seats = users",
            "license import s",
            "people import s",
            "start, empty ms",
            "start, filled ms",
            "sessions at rest",
            "sign-in answer bytes",
            "store MiB",
            "memory MiB",
            "memory, most MiB",
            "most with all clients at once MiB",
        ]);
        for world in &self.worlds {
            row(&[
                world.setting.name().into(),
                grouped(world.seats.into()),
                format!("{:.1}", world.license_import.as_secs_f64()),
                format!("{:.1}", world.people_import.as_secs_f64()),
                millis(world.start_empty),
                millis(world.start_filled),
                grouped(world.live_sessions.into()),
                world.answer_bytes.to_string(),
                (world.store_bytes >> 20).to_string(),
                (world.memory[0].now_kib >> 10).to_string(),
                (world.memory[0].most_kib >> 10).to_string(),
                (world.memory[1].most_kib >> 10).to_string(),
            ]);
        }
    }

    fn print_load(&self) {
        table(&[
            "store",
            "seats",
            "connections",
            "operation",
            "per second",
            "of bare route",
            "by CPU",
            "p50 ms",
            "p99 ms",
            "max ms",
            "not 2xx",
            "lost",
            "server µs",
            "generator µs",
        ]);
        for line in &self.rows {
            let measured = &line.measured;
            let rate = measured.rate();
            let bare = self.find(line, Operation::Bare);
            // PostgreSQL's own processor time is nobody's here.
            let by_cpu = bare.filter(|_| line.setting == Setting::Sqlite);
            row(&[
                line.setting.name().into(),
                grouped(line.seats.into()),
                line.connections.to_string(),
                line.operation.name().into(),
                grouped(rate),
                bare.map_or_else(String::new, |bare| percent(rate, bare.rate())),
                by_cpu.map_or_else(String::new, |bare| percent(cost(bare), cost(measured))),
                millis(measured.latency.quantile(500)),
                millis(measured.latency.quantile(990)),
                millis(measured.latency.longest()),
                refusals(measured),
                measured.lost.to_string(),
                format!("{:.1}", per_request(measured.server_cpu, measured)),
                format!("{:.1}", per_request(measured.own_cpu, measured)),
            ]);
        }
        printer::result(
            "\nServer and generator µs: processor time of each for one request. By CPU: the bare route's processor \
             time for a request as a share of this one's, which says how the rates would compare if nothing but \
             processors mattered, and stands when others use the machine. Not 2xx and lost connections count the \
             warm-up too; denials (403) are among them where everybody wants the same seats.",
        );
    }

    /// The first of each row that has any, and how many were the server's fault.
    fn print_failures(&self) {
        let faults = self.rows.iter().flat_map(|line| &line.measured.refused);
        let faults: u64 = faults
            .filter(|(status, _)| **status >= 500)
            .map(|(_, count)| count)
            .sum();
        printer::result(&format!("Answers of 500 and above, in all rows: {faults}."));
        for line in self.rows.iter().filter(|line| line.has_faults()) {
            let first = line
                .measured
                .first_refusal
                .as_deref()
                .unwrap_or("a lost connection");
            printer::result(&format!(
                "First failure of {} at {} seats and {} connections: {first}",
                line.operation.name(),
                line.seats,
                line.connections
            ));
        }
    }

    /// Durable sign-ins and sign-outs beside seats that a script takes and gives back.
    fn print_hand_written(&self) {
        if self.hand_written.is_empty() {
            return;
        }
        printer::result(&format!(
            "\nThe same PostgreSQL with a checkout written by hand (a row for each seat, `FOR UPDATE SKIP LOCKED`, a \
             row for each event; pgbench, {} clients, prepared statements), beside sign-in and sign-out in turn:",
            hand_written::CLIENTS
        ));
        table(&[
            "seats",
            "by hand, per second",
            "store",
            "Seatkeeper, per second",
            "times as many",
        ]);
        for by_hand in &self.hand_written {
            let same = |line: &&Row| {
                line.seats == by_hand.seats
                    && line.connections == hand_written::CLIENTS
                    && line.operation == Operation::SignInAndOut
                    && line.setting != Setting::Sqlite
            };
            for line in self.rows.iter().filter(same) {
                row(&[
                    grouped(by_hand.seats.into()),
                    grouped(by_hand.rate),
                    line.setting.name().into(),
                    grouped(line.measured.rate()),
                    format!("{:.1}", line.measured.rate() / by_hand.rate),
                ]);
            }
        }
    }

    /// How busy the generator's one thread was (it is the bottleneck only where it never rests),
    /// and what others took from the machine meanwhile.
    fn print_generator(&self) {
        let most = |wanted: &dyn Fn(&Row) -> bool, part: &dyn Fn(&Measured) -> Duration| {
            let rows = self.rows.iter().filter(|line| wanted(line));
            rows.map(|line| share(part(&line.measured), line.measured.elapsed))
                .fold(0.0, f64::max)
        };
        printer::result(&format!(
            "The generator's one thread used at most {} of one core against the server, and {} against the bare \
             route, whose rate is the least that this generator can do on this machine.",
            percent(
                most(&|line| line.operation != Operation::Bare, &|seen| seen
                    .own_cpu),
                1.0
            ),
            percent(
                most(&|line| line.operation == Operation::Bare, &|seen| seen
                    .own_cpu),
                1.0
            ),
        ));
        // On PostgreSQL the others are its own processes most of all.
        let on_sqlite = |line: &Row| line.setting == Setting::Sqlite;
        if self.rows.iter().any(on_sqlite) {
            printer::result(&format!(
                "Other programs used at most {} of one core during a row on SQLite; above a few percent, measure \
                 again.",
                percent(most(&on_sqlite, &|seen| seen.other_cpu), 1.0),
            ));
        }
    }

    fn print_flatness(&self) {
        let sizes = self.worlds.iter().map(|world| world.seats);
        let (Some(smallest), Some(largest)) = (sizes.clone().min(), sizes.max()) else {
            return;
        };
        if smallest == largest {
            return;
        }
        let (small, large) = (grouped(smallest.into()), grouped(largest.into()));
        printer::result(&format!(
            "\nFlatness: requests a second at {large} seats as a share of those at {small}; beside it the same \
             after dividing both by the bare route's rate in their own world, which evens out what else the \
             machine did."
        ));
        table(&[
            "store",
            "connections",
            "operation",
            "share",
            "share, by bare route",
        ]);
        let measured = self.rows.iter().filter(|line| line.seats == smallest);
        for line in measured.filter(|line| line.operation != Operation::Bare) {
            let in_largest = |wanted| {
                let mut rows = self.rows.iter();
                rows.find(|other| {
                    (
                        other.setting,
                        other.seats,
                        other.connections,
                        other.operation,
                    ) == (line.setting, largest, line.connections, wanted)
                })
                .map(|other| other.measured.rate())
            };
            if let (Some(other), Some(bare), Some(other_bare)) = (
                in_largest(line.operation),
                self.find(line, Operation::Bare).map(Measured::rate),
                in_largest(Operation::Bare),
            ) {
                row(&[
                    line.setting.name().into(),
                    line.connections.to_string(),
                    line.operation.name().into(),
                    percent(other, line.measured.rate()),
                    percent(other * bare, line.measured.rate() * other_bare),
                ]);
            }
        }
    }

    /// Another operation's row in the same world over as many connections.
    fn find(&self, like: &Row, operation: Operation) -> Option<&Measured> {
        let key = |row: &Row| (row.setting, row.seats, row.connections);
        let mut rows = self.rows.iter();
        let row = rows.find(|row| key(row) == key(like) && row.operation == operation)?;
        Some(&row.measured)
    }
}

fn table(columns: &[&str]) {
    printer::result("");
    row(columns);
    row(&vec!["---"; columns.len()]);
}

fn row<S: AsRef<str>>(cells: &[S]) {
    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
    printer::result(&format!("| {} |", cells.join(" | ")));
}

fn refusals(measured: &Measured) -> String {
    if measured.refused.is_empty() {
        return "0".into();
    }
    let counts: Vec<String> = measured
        .refused
        .iter()
        .map(|(status, count)| format!("{status}: {count}"))
        .collect();
    counts.join(", ")
}

/// Microseconds of processor time for one request; 0 without requests.
fn per_request(cpu: Duration, measured: &Measured) -> f64 {
    let requests = measured.rate() * measured.elapsed.as_secs_f64();
    if requests < 1.0 {
        return 0.0;
    }
    cpu.as_secs_f64() * 1e6 / requests
}

/// What a request costs both sides together, in microseconds.
fn cost(measured: &Measured) -> f64 {
    per_request(measured.server_cpu + measured.own_cpu, measured)
}

fn share(part: Duration, whole: Duration) -> f64 {
    if whole.is_zero() {
        0.0
    } else {
        part.as_secs_f64() / whole.as_secs_f64()
    }
}

fn millis(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1_000.0)
}

fn percent(part: f64, whole: f64) -> String {
    if whole > 0.0 {
        format!("{:.0} %", part / whole * 100.0)
    } else {
        String::new()
    }
}

/// 1234567.8 as "1,234,568".
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_grouped_by_three() {
        assert_eq!(grouped(0.2), "0");
        assert_eq!(grouped(999.0), "999");
        assert_eq!(grouped(1_234_567.8), "1,234,568");
    }

    #[test]
    fn share_of_nothing_is_left_empty() {
        assert_eq!(percent(1.0, 2.0), "50 %");
        assert_eq!(percent(1.0, 0.0), "");
    }
}
