//! Both databases have the same schema and take every statement.

use std::fmt::Write as _;

use super::plans::WHOLE_TABLES;
use super::{selects, statements, statements_of_postgres};
use crate::postgres::purpose::Purpose;
use crate::{keep, load, migrations, save};

/// `table.column` of every table, and every index with its columns and condition.
pub(super) fn shape(steps: &[&str]) -> Vec<String> {
    let mut shape = Vec::new();
    let mut table = String::new();
    for line in steps.iter().flat_map(|step| step.lines()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["CREATE", "TABLE", name, ..] => table = name.to_owned(),
            ["ALTER", "TABLE", name, "ADD", "COLUMN", column, kind, ..] => {
                let optional = !line.contains("NOT NULL");
                shape.push(format!(
                    "{name}.{column} {} {optional}",
                    same_type(kind.trim_end_matches(';'))
                ));
            }
            // SQLite makes a table anew where PostgreSQL changes a condition of it.
            ["DROP", "TABLE", name] => {
                let name = name.trim_end_matches(';');
                let [columns, keys] = [format!("{name}."), format!("{name} ")];
                let on = format!(" ON {name} (");
                shape.retain(|known: &String| {
                    !known.starts_with(&columns)
                        && !known.starts_with(&keys)
                        && !known.contains(&on)
                });
            }
            ["DROP", "INDEX", name] => {
                let gone = format!("CREATE INDEX {} ", name.trim_end_matches(';'));
                shape.retain(|known| !known.starts_with(&gone));
            }
            ["ALTER", "TABLE", name, "RENAME", "TO", to] => {
                let to = to.trim_end_matches(';');
                for known in &mut shape {
                    if let Some(rest) = known.strip_prefix(name)
                        && rest.starts_with(['.', ' '])
                    {
                        *known = format!("{to}{rest}");
                    }
                }
            }
            ["CREATE", "INDEX", ..] | ["WHERE", ..] => shape.push(line.trim().to_owned()),
            ["UNIQUE" | "PRIMARY", ..] => shape.push(format!("{table} {}", line.trim())),
            [column, kind, ..] if line.starts_with("    ") && column != "--" => {
                let optional = !line.contains("NOT NULL");
                shape.push(format!("{table}.{column} {} {optional}", same_type(kind)));
            }
            _ => {}
        }
    }
    shape.sort_unstable();
    shape
}

fn same_type(kind: &str) -> &str {
    match kind.trim_end_matches(',') {
        "INTEGER" | "bigint" | "boolean" => "number",
        "TEXT" | "text" => "text",
        "BLOB" | "uuid" | "bytea" => "bytes",
        other => other,
    }
}

#[test]
fn both_databases_have_the_same_tables_columns_and_indexes() {
    let [sqlite, postgres] = [migrations::SQLITE, migrations::POSTGRES].map(|steps| {
        let mut shape = shape(steps);
        // Of another form on PostgreSQL, for the sake of its planner, and on SQLite, where rows
        // need not be sorted then.
        let differs = |line: &str| {
            ["session_lapse", "app_user_person"]
                .iter()
                .any(|index| line.starts_with(&format!("CREATE INDEX {index} ")))
        };
        shape.retain(|line| !differs(line));
        shape
    });
    assert!(sqlite.len() > 100);
    assert_eq!(sqlite, postgres);
    assert_eq!(migrations::SQLITE.len(), migrations::POSTGRES.len());
}

#[test]
#[ignore = "slow: needs PostgreSQL"]
fn every_statement_prepares_on_postgres() {
    let mut script = String::from(
        "\\set ON_ERROR_STOP on\nBEGIN;\nCREATE SCHEMA every_statement;\n\
         SET LOCAL search_path = every_statement;\n",
    );
    for step in migrations::POSTGRES {
        script.push_str(step);
    }
    let named = [statements(), statements_of_postgres()].concat();
    for statement in &named {
        let text = statement.postgres();
        writeln!(
            script,
            "\\echo {}\nPREPARE s AS {text};\nDEALLOCATE s;",
            statement.name
        )
        .unwrap();
    }
    for select in &selects() {
        let text = select.postgres();
        writeln!(
            script,
            "\\echo {}\nPREPARE s AS {text};\nDEALLOCATE s;",
            select.name()
        )
        .unwrap();
    }
    script.push_str("ROLLBACK;\n");
    let said = told(script);
    assert_eq!(said.lines().count(), named.len() + selects().len());
}

#[test]
#[ignore = "slow: needs PostgreSQL"]
fn what_decisions_load_and_save_goes_by_index_on_postgres_too() {
    let mut script = String::from(
        "\\set ON_ERROR_STOP on\nBEGIN;\nCREATE SCHEMA every_plan;\n\
         SET LOCAL search_path = every_plan;\n",
    );
    for step in migrations::POSTGRES {
        script.push_str(step);
    }
    // The morning: nobody has counted open sessions yet.
    let sessions = |ended: &str| {
        format!(
            "INSERT INTO session (id, user_id, person_id, product_id, via, started_at, \
             expires_at, {ended} FROM generate_series(1, 3000) AS n;\n"
        )
    };
    let all = "SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), \
               gen_random_uuid(), 'demo', n, n";
    script.push_str(&sessions(&format!(
        "ended_at, end_reason) {all}, n, 'signed_out'"
    )));
    script.push_str("ANALYZE session;\n");
    script.push_str(&sessions(&format!("ended_at) {all}, NULL")));
    script.push_str(Purpose::Write.settings());
    script.push_str(";\n");
    let hot = [
        keep::ALL,
        keep::ALL_OF_POSTGRES,
        load::statements::ALL,
        load::ahead::ALL,
        save::statements::ALL,
    ];
    for statement in hot.concat() {
        let text = statement.postgres();
        let parameters = (1..100)
            .take_while(|number| text.contains(&format!("${number}")))
            .map(|_| "NULL")
            .collect::<Vec<_>>()
            .join(", ");
        let values = match parameters.as_str() {
            "" => String::new(),
            some => format!("({some})"),
        };
        writeln!(
            script,
            "PREPARE s AS {text};\n\\echo = {}\nEXPLAIN (COSTS OFF) EXECUTE s{values};\nDEALLOCATE s;",
            statement.name
        )
        .unwrap();
    }
    script.push_str("ROLLBACK;\n");
    let said = told(script);
    let mut name = "";
    let mut lines = said.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(next) = line.strip_prefix("= ") {
            name = next;
        }
        // Nobody walks a whole index for the sake of its order, but to list all of a few.
        let all = WHOLE_TABLES.contains(&name) || name == "CONSOLE_ACCOUNTS";
        // Of a product there are as many sessions as people; of a person few.
        let of_person = ["SESSIONS", "SESSIONS_OF_MANY", "PRODUCTS_HELD"].contains(&name);
        assert!(
            !of_person || !line.contains("session_lapse"),
            "{name}: {line}\n{said}"
        );
        let probes = lines
            .peek()
            .is_some_and(|next| next.contains("Index Cond:"));
        assert!(
            all || !line.contains("Index Scan") || probes,
            "{name}: {line}\n{said}"
        );
        // The rest reads by key, or in the order of an index that is cut off.
        let whole = WHOLE_TABLES.contains(&name);
        let in_order = [
            "OPEN_POOLS",
            "OPEN_POOLS_OF_MANY",
            "LAPSED",
            "LAPSING_OF_MANY",
            "UNBACKED",
        ];
        let sorts = line.contains("Sort") && in_order.contains(&name);
        assert!(
            whole || !line.contains("Seq Scan"),
            "{name}: {line}\n{said}"
        );
        assert!(!sorts, "{name}: {line}");
    }
}

/// What psql answers to a script, without headings.
pub(super) fn told(script: String) -> String {
    let dsn = std::env::var("SEATKEEPER_TEST_POSTGRES")
        .expect("SEATKEEPER_TEST_POSTGRES is set to a connection URL, as `cargo xtask test` does");
    let mut psql = std::process::Command::new("psql")
        .args([
            "--no-psqlrc",
            "--quiet",
            "--tuples-only",
            "--no-align",
            &dsn,
        ])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("psql is installed");
    let mut input = psql.stdin.take().unwrap();
    // In a thread of its own, since psql answers while it reads.
    let writing = std::thread::spawn(move || {
        use std::io::Write as _;
        // When psql stops at an error, what it said is told below.
        input.write_all(script.as_bytes()).ok();
    });
    let output = psql.wait_with_output().unwrap();
    writing.join().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complained = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().last().unwrap_or_default();
    assert!(output.status.success(), "{last}: {complained}");
    said
}
