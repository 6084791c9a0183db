//! Every statement there is, prepared and explained on the databases themselves. This takes
//! the place of checking SQL while compiling.

use std::fmt::Write as _;

use domain::license::State;
use domain::{FolderId, LicenseId, Millis, Model, ProductId, SessionId, Timestamp, UserId};
use rusqlite::Connection;
use uuid::Uuid;

use crate::query::{
    DenialFilter, EventFilter, LicenseFilter, LicenseSort, Paging, SessionFilter, UserFilter,
};
use crate::sql::{Select, Statement};
use crate::{audit, check, keep, load, meta, migrations, query, save};

/// The named statements.
fn statements() -> Vec<&'static Statement> {
    [
        audit::seal::ALL,
        audit::verify::ALL,
        check::ALL,
        check::counts::ALL,
        check::links::ALL,
        check::texts::ALL,
        keep::ALL,
        load::statements::ALL,
        meta::ALL,
        query::events::ALL,
        query::jobs::ALL,
        query::licenses::ALL,
        query::products::ALL,
        query::seats::ALL,
        query::sessions::ALL,
        query::trust::ALL,
        save::statements::ALL,
    ]
    .concat()
}

const ID: Uuid = Uuid::max();
const NOW: Timestamp = Timestamp::from_millis(1);

fn after(parts: impl Into<Vec<serde_json::Value>>) -> Paging {
    Paging {
        limit: 10,
        after: Some(query::Cursor::new(parts).to_string()),
    }
}

fn id() -> serde_json::Value {
    ID.to_string().into()
}

/// Each composed query with every filter that it has, then with none.
fn selects() -> Vec<Select<'static>> {
    let first = Paging::first(10);
    let mut all = Vec::new();
    all.extend(license_selects());
    for q in [None, Some("q")] {
        for (list, count) in [
            query::products::selects(q, &after(["a".into()])).unwrap(),
            query::products::selects(q, &first).unwrap(),
            query::folders::selects(q, &after(["a".into()])).unwrap(),
            query::folders::selects(q, &first).unwrap(),
        ] {
            all.extend([list, count]);
        }
    }
    all.extend(user_selects());
    all.push(query::seats::select(LicenseId(ID), &after([1.into(), id()])).unwrap());
    for live in [true, false] {
        let filter = SessionFilter {
            user: Some(UserId(ID)),
            product: Some(ProductId(ID)),
            license: Some(LicenseId(ID)),
            live,
        };
        let of = SessionId(ID);
        all.push(query::sessions::select(&filter, NOW, of, Some(of), 10));
        let filter = SessionFilter {
            live,
            ..SessionFilter::default()
        };
        all.push(query::sessions::select(&filter, NOW, of, None, 10));
    }
    all.extend(record_selects());
    all.push(query::jobs::select(&after([id()])).unwrap());
    all
}

fn license_selects() -> Vec<Select<'static>> {
    let filter = Box::leak(Box::new(LicenseFilter {
        product: Some(ProductId(ID)),
        state: None,
        model: Some(Model::Site),
        folder: Some(FolderId(ID)),
        serial: Some("s".into()),
        q: Some("q".into()),
        removed: true,
    }));
    let mut all = Vec::new();
    for (sort, key) in [
        (LicenseSort::Serial, "a".into()),
        (LicenseSort::SerialDown, "a".into()),
        (LicenseSort::ExpiresAt, 1.into()),
        (LicenseSort::ExpiresAtDown, 1.into()),
        (LicenseSort::Product, "a".into()),
        (LicenseSort::ProductDown, "a".into()),
    ] {
        let paging = after([key, id()]);
        let (list, count) =
            query::licenses::selects(filter, sort, NOW, Millis::DAY, &paging).unwrap();
        all.extend([list, count]);
    }
    for state in State::ALL {
        let filter = Box::leak(Box::new(LicenseFilter {
            state: Some(*state),
            ..LicenseFilter::default()
        }));
        let first = Paging::first(10);
        let (list, count) =
            query::licenses::selects(filter, LicenseSort::Serial, NOW, Millis::DAY, &first)
                .unwrap();
        all.extend([list, count]);
    }
    all
}

fn user_selects() -> Vec<Select<'static>> {
    let mut all = Vec::new();
    for (below, active) in [(true, true), (false, false)] {
        let filter = Box::leak(Box::new(UserFilter {
            q: Some("q".into()),
            folder: Some(FolderId(ID)),
            below,
            active: Some(active),
            product: Some(ProductId(ID)),
            unlicensed: Some(ProductId(ID)),
        }));
        all.push(query::users::list(filter, &after(["a".into()])).unwrap());
        all.push(query::users::ids(filter, Some(UserId(ID)), 10));
        all.push(query::users::count(filter));
    }
    all
}

fn record_selects() -> Vec<Select<'static>> {
    let denials = Box::leak(Box::new(DenialFilter {
        username_key: Some("a".into()),
        product_key: Some("a".into()),
        code: Some(domain::DenialCode::NoFreeSeat),
        since: Some(NOW),
        until: Some(NOW),
    }));
    let cursor = after([1.into(), "a".into(), "a".into(), "a".into()]);
    let events = Box::leak(Box::new(EventFilter {
        kind: Some(domain::EventKind::SeatAssigned),
        acts_only: true,
        user: Some(UserId(ID)),
        product: Some(ProductId(ID)),
        license: Some(LicenseId(ID)),
        actor: Some("a".into()),
        since: None,
        until: None,
    }));
    vec![
        query::denials::select(denials, &cursor).unwrap(),
        query::events::select(events, 1, 10, 10),
    ]
}

fn empty() -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    migrations::migrate(&mut connection).unwrap();
    connection
}

#[test]
fn every_statement_prepares_on_sqlite() {
    let connection = empty();
    for statement in statements() {
        if let Err(e) = connection.prepare(statement.sqlite()) {
            panic!("{}: {e}", statement.name);
        }
    }
    for select in selects() {
        let prepared = connection.prepare(&select.sqlite());
        let prepared = prepared.unwrap_or_else(|e| panic!("{}: {e}", select.name()));
        assert_eq!(prepared.parameter_count(), select.values().len());
    }
}

#[test]
fn no_statement_asks_the_database_for_time_or_chance() {
    for statement in statements() {
        for text in [statement.sqlite(), statement.postgres()] {
            let text = text.to_lowercase();
            for word in ["now(", "random(", "current_", "julianday", "strftime"] {
                assert!(!text.contains(word), "{}: {word}", statement.name);
            }
        }
    }
}

#[test]
fn statement_names_are_unique() {
    let mut names: Vec<_> = statements().iter().map(|s| s.name).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}

/// The steps that SQLite takes.
fn plan(connection: &Connection, text: &str) -> Vec<String> {
    let mut explained = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {text}"))
        .unwrap();
    let values = vec![rusqlite::types::Null; explained.parameter_count()];
    let steps = explained.query_map(rusqlite::params_from_iter(values), |row| {
        row.get::<_, String>("detail")
    });
    steps.unwrap().map(Result::unwrap).collect()
}

/// Counting everything before a delete-all, and the delete-all itself, touch everything.
const WHOLE_TABLES: &[&str] = &[
    "COUNT_LICENSES",
    "COUNT_SEATS",
    "COUNT_SESSIONS",
    "WIPE_SESSIONS",
    "WIPE_SEATS",
    "WIPE_POOLS",
    "WIPE_LICENSES",
    "WIPE_DEMOS",
];

#[test]
fn what_decisions_load_and_save_is_found_by_index_and_in_order() {
    let connection = empty();
    let hot = [
        audit::seal::ALL,
        keep::ALL,
        load::statements::ALL,
        meta::ALL,
        save::statements::ALL,
    ];
    for statement in hot.concat() {
        if WHOLE_TABLES.contains(&statement.name) {
            continue;
        }
        // Making a few ids distinct is no sorting of a table.
        let distinct = ["PRODUCTS_HELD", "FLOATING_HOLDERS"].contains(&statement.name);
        // The few rows of a partial index, or the last one of an ordered table.
        let whole = ["NEW_USER_LICENSES", "LAST_SEAL"].contains(&statement.name);
        for step in plan(&connection, statement.sqlite()) {
            let sorts = step.contains("TEMP B-TREE") && !distinct;
            let scans = step.starts_with("SCAN") && step != "SCAN CONSTANT ROW" && !whole;
            assert!(!sorts && !scans, "{}: {step}", statement.name);
        }
    }
}

#[test]
fn open_pools_are_one_range_of_their_index() {
    let connection = empty();
    let steps = plan(&connection, load::statements::OPEN_POOLS.sqlite());
    assert_eq!(
        steps,
        ["SEARCH q USING INDEX pool_open (product_id=? AND model=? AND folder_id=?)"]
    );
}

#[test]
fn partial_indexes_serve_what_they_are_for() {
    let connection = empty();
    for (statement, index) in [
        (&load::statements::SESSIONS, "session_person"),
        (&load::statements::LAPSED, "session_lapse"),
        (&load::statements::UNBACKED, "seat_unbacked"),
        (&load::statements::OVER_ALLOCATED, "pool_over"),
        (&load::statements::SITE_LICENSES, "license_site"),
        (&load::statements::NEW_USER_LICENSES, "license_new_users"),
        (&load::statements::ENDED_LICENSES, "license_ends"),
        (&query::sessions::OPEN_OF_PRODUCT, "session_lapse"),
        (&query::sessions::OPEN_OF_PERSON, "session_person"),
        (&query::sessions::OPEN, "session_lapse"),
        (&query::licenses::LICENSE_RELEASING, "seat_releasing"),
        (&query::products::PRODUCT_RELEASING, "seat_releasing"),
    ] {
        let steps = plan(&connection, statement.sqlite()).join("; ");
        assert!(steps.contains(index), "{}: {steps}", statement.name);
    }
}

#[test]
fn first_pages_of_lists_are_read_off_an_index() {
    let connection = empty();
    let first = Paging::first(10);
    let licenses = LicenseFilter::default();
    let events = EventFilter {
        user: Some(UserId(ID)),
        acts_only: true,
        ..EventFilter::default()
    };
    let sorted =
        |sort| query::licenses::selects(&licenses, sort, NOW, Millis::DAY, &first).unwrap();
    let users = UserFilter::default();
    let folder = UserFilter {
        folder: Some(FolderId(ID)),
        ..UserFilter::default()
    };
    let denials = DenialFilter::default();
    for (select, index) in [
        (sorted(LicenseSort::Serial).0, "license_serial"),
        (sorted(LicenseSort::ExpiresAtDown).0, "license_expires"),
        (query::users::list(&users, &first).unwrap(), "app_user"),
        (
            query::users::list(&folder, &first).unwrap(),
            "app_user_folder",
        ),
        (
            query::seats::select(LicenseId(ID), &first).unwrap(),
            "seat_seniority",
        ),
        (query::events::select(&events, 1, 10, 10), "event_user"),
        (query::denials::select(&denials, &first).unwrap(), "SCAN d"),
    ] {
        let steps = plan(&connection, &select.sqlite()).join("; ");
        assert!(steps.contains(index), "{}: {steps}", select.name());
        let sorts = steps.contains("TEMP B-TREE FOR ORDER BY");
        assert!(!sorts, "{}: {steps}", select.name());
    }
}

/// `table.column` of every table, and every index with its columns and condition.
fn shape(steps: &[&str]) -> Vec<String> {
    let mut shape = Vec::new();
    let mut table = String::new();
    for line in steps.iter().flat_map(|step| step.lines()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["CREATE", "TABLE", name, ..] => table = name.to_owned(),
            ["CREATE", "INDEX", ..] | ["WHERE", ..] => shape.push(line.trim().to_owned()),
            ["UNIQUE" | "PRIMARY", ..] => shape.push(format!("{table} {}", line.trim())),
            [column, kind, ..] if line.starts_with("    ") && column != "--" => {
                let optional = !line.contains("NOT NULL");
                shape.push(format!("{table}.{column} {} {optional}", same_type(kind)));
            }
            _ => {}
        }
    }
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
    let sqlite = shape(migrations::SQLITE);
    assert!(sqlite.len() > 100);
    assert_eq!(sqlite, shape(migrations::POSTGRES));
    assert_eq!(migrations::SQLITE.len(), migrations::POSTGRES.len());
}

#[test]
#[ignore = "slow: needs PostgreSQL"]
fn every_statement_prepares_on_postgres() {
    let dsn = std::env::var("SEATKEEPER_TEST_POSTGRES")
        .expect("SEATKEEPER_TEST_POSTGRES is set to a connection URL, as `cargo xtask test` does");
    let mut script = String::from(
        "\\set ON_ERROR_STOP on\nBEGIN;\nCREATE SCHEMA every_statement;\n\
         SET LOCAL search_path = every_statement;\n",
    );
    for step in migrations::POSTGRES {
        script.push_str(step);
    }
    let named = statements();
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
    let mut psql = std::process::Command::new("psql")
        .args(["--no-psqlrc", "--quiet", &dsn])
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
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().last().unwrap_or_default();
    assert!(output.status.success(), "{last}: {complained}");
    assert_eq!(said.lines().count(), named.len() + selects().len());
}
