//! The same for the statements of a license service's ledger.

use std::fmt::Write as _;

use rusqlite::Connection;

use super::both::{shape, told};
use crate::ledger::{POSTGRES, SQLITE, statements};
use crate::migrations;

#[test]
fn every_statement_of_the_ledger_prepares_on_sqlite() {
    let mut connection = Connection::open_in_memory().unwrap();
    migrations::run(&mut connection, SQLITE).unwrap();
    for statement in statements::ALL {
        if let Err(e) = connection.prepare(statement.sqlite()) {
            panic!("{}: {e}", statement.name);
        }
    }
}

#[test]
#[ignore = "slow: needs PostgreSQL"]
fn every_statement_of_the_ledger_prepares_on_postgres() {
    let mut script = String::from(
        "\\set ON_ERROR_STOP on\nBEGIN;\nCREATE SCHEMA every_ledger;\n\
         SET LOCAL search_path = every_ledger;\n",
    );
    for step in POSTGRES {
        script.push_str(step);
    }
    let named = [statements::ALL, statements::of_postgres::ALL].concat();
    for statement in &named {
        let (name, text) = (statement.name, statement.postgres());
        writeln!(script, "\\echo {name}\nPREPARE s AS {text};\nDEALLOCATE s;").unwrap();
    }
    script.push_str("ROLLBACK;\n");
    assert_eq!(told(script).lines().count(), named.len());
}

#[test]
fn both_databases_have_the_same_ledger() {
    let marked = |line: &String| !line.starts_with("ledger.");
    let postgres: Vec<String> = shape(POSTGRES).into_iter().filter(marked).collect();
    assert!(postgres.len() > 20);
    assert_eq!(shape(SQLITE), postgres);
}
