//! What a connection promises, against a real server.

use super::purpose::Purpose;
use super::*;
use crate::error::StoreError;
use crate::sql::{Value, statements_of_postgres};

statements_of_postgres! {
    KEEPS = "SELECT current_setting('synchronous_commit') AS keeps WHERE $1 > 0";
    IN_RECOVERY = "SELECT pg_is_in_recovery() WHERE $1 > 0";
}

fn connect(options: &str) -> Session {
    connect_to(Purpose::Write, options)
}

fn connect_to(purpose: Purpose, options: &str) -> Session {
    let server = std::env::var("SEATKEEPER_TEST_POSTGRES")
        .expect("SEATKEEPER_TEST_POSTGRES is a connection URL, as `cargo xtask test` sets it");
    let mark = if server.contains('?') { '&' } else { '?' };
    let database = Database::parse(&format!("{server}{mark}{options}"), None).unwrap();
    Session::connect(&database, &Io::start().unwrap(), purpose).unwrap()
}

#[test]
#[ignore = "slow: needs PostgreSQL"]
fn what_is_written_is_kept_whatever_a_database_is_set_to() {
    let keeps = |set: &str| {
        let session = connect(&format!("options=-c%20synchronous_commit%3D{set}"));
        let rows = session.query(&KEEPS, &[Value::Int(1)]).unwrap();
        rows[0].get::<_, String>(0)
    };
    for set in ["off", "local", "remote_write", "on"] {
        assert_eq!(keeps(set), "on", "{set}");
    }
    // This one waits for even more.
    assert_eq!(keeps("remote_apply"), "remote_apply");
}

#[test]
#[ignore = "slow: needs PostgreSQL"]
fn a_whole_store_takes_as_long_as_it_takes() {
    let hasty =
        "options=-c%20statement_timeout%3D50%20-c%20idle_in_transaction_session_timeout%3D50";
    let session = connect_to(Purpose::Whole, hasty);
    session.fresh();
    session.say("BEGIN; SELECT pg_sleep(0.3)").unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    session.say("SELECT 1").unwrap();
    session.commit().unwrap();
}

#[test]
#[ignore = "slow: needs PostgreSQL"]
fn nothing_is_asked_where_no_transaction_began() {
    let session = connect("");
    let questions: Vec<Question<'_>> = (ALL.iter())
        .map(|statement| (*statement, vec![Value::Int(1)]))
        .collect();
    session.fresh();
    let answers = session.query_within("BEGIN", &questions).unwrap();
    assert_eq!(answers.iter().map(Vec::len).sum::<usize>(), ALL.len());
    session.roll_back();
    session.fresh();
    let refused = session.query_within("BEGIN OTHERWISE", &questions);
    assert!(refused.is_err());
    assert!(!session.is_lost());
}

#[test]
#[ignore = "slow: needs PostgreSQL"]
fn a_commit_that_the_server_warns_about_is_in_doubt() {
    let session = connect("");
    session.fresh();
    session.say("BEGIN").unwrap();
    assert!(session.commit().is_ok());
    // A commit without a transaction is done too, with a warning.
    session.fresh();
    let outcome = session.commit();
    assert!(
        matches!(outcome, Err(StoreError::OutcomeUnknown(_))),
        "{outcome:?}"
    );
    assert!(session.is_lost());
}
