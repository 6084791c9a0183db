//! Every statement there is, prepared and explained on the databases themselves. This takes
//! the place of checking SQL while compiling.

mod both;
mod ledger;
mod orders;
mod plans;
mod reports;

use domain::license::State;
use domain::{FolderId, LicenseId, Millis, Model, ProductId, SessionId, Timestamp, UserId};
use rusqlite::Connection;
use uuid::Uuid;

use crate::query::license_list::Asked;
use crate::query::user_list::{self, Search};
use crate::query::{
    DenialFilter, EventFilter, LicenseFilter, LicenseSort, Paging, SessionFilter, UserFilter,
    UserSort, Within,
};
use crate::sql::{Select, Statement};
use crate::{
    audit, backup, check, copy, job_changes, keep, load, meta, migrations, nodes, postgres, query,
    save, usage,
};

/// The named statements.
fn statements() -> Vec<&'static Statement> {
    [
        audit::seal::ALL,
        audit::verify::ALL,
        backup::ALL,
        check::ALL,
        check::counts::ALL,
        check::links::ALL,
        check::texts::ALL,
        job_changes::ALL,
        keep::ALL,
        load::statements::ALL,
        meta::ALL,
        nodes::ALL,
        query::accounts::ALL,
        query::beginning::ALL,
        query::events::ALL,
        query::folders::ALL,
        query::jobs::ALL,
        query::refreshes::ALL,
        query::reports::ending::ALL,
        query::reports::idle::ALL,
        query::reports::used::ALL,
        query::reports::used_by::ALL,
        query::licenses::ALL,
        query::products::ALL,
        query::seats::ALL,
        query::sessions::ALL,
        query::trust::ALL,
        query::users::ALL,
        save::statements::ALL,
        usage::hours::ALL,
        usage::seen::ALL,
        usage::visits::ALL,
        &copy::all(),
    ]
    .concat()
}

/// Those that only PostgreSQL is asked.
fn statements_of_postgres() -> Vec<&'static Statement> {
    [
        keep::ALL_OF_POSTGRES,
        load::ahead::ALL,
        postgres::migrate::ALL,
        postgres::watcher::ALL,
        postgres::writer::ALL,
    ]
    .concat()
}

const ID: Uuid = Uuid::max();
/// With every condition that there is.
const IN: Within = Within(Some(FolderId(ID)));
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
            query::products::selects(IN, q, &after(["a".into()])).unwrap(),
            query::products::selects(IN, q, &first).unwrap(),
            query::folders::selects(IN, q, &after(["a".into()])).unwrap(),
            query::folders::selects(IN, q, &first).unwrap(),
        ] {
            all.extend([list, count]);
        }
    }
    all.extend(user_selects());
    all.push(query::seats::select(IN, LicenseId(ID), &after([1.into(), id()])).unwrap());
    for live in [true, false] {
        let filter = SessionFilter {
            user: Some(UserId(ID)),
            product: Some(ProductId(ID)),
            license: Some(LicenseId(ID)),
            live,
        };
        let of = SessionId(ID);
        all.push(query::sessions::select(IN, &filter, NOW, of, Some(of), 10));
        let filter = SessionFilter {
            live,
            ..SessionFilter::default()
        };
        all.push(query::sessions::select(IN, &filter, NOW, of, None, 10));
    }
    all.extend(record_selects());
    all.extend(reports::selects());
    all.push(query::jobs::select(IN, &after([id()])).unwrap());
    all.push(query::replacements::select(&after([id()])).unwrap());
    for answered in [None, Some(true), Some(false)] {
        all.push(query::requests::select(answered, &after([id()])).unwrap());
    }
    all
}

fn license_list(within: Within, filter: &LicenseFilter) -> Asked<'_> {
    Asked {
        within,
        filter,
        now: NOW,
        warn_before: Millis::DAY,
        is_few: false,
    }
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
        (LicenseSort::ModelDown, "a".into()),
        (LicenseSort::Access, "a".into()),
        (LicenseSort::SeatsDown, 1.into()),
        (LicenseSort::Issuer, "a".into()),
    ] {
        let paging = after([key, id()]);
        for is_few in [false, true] {
            let asked = Asked {
                is_few,
                ..license_list(IN, filter)
            };
            all.extend(asked.lists(sort, &paging).unwrap());
            all.push(asked.count());
        }
    }
    all.extend(place_selects());
    all.push(query::licenses::state_counts(IN, NOW, Millis::DAY));
    for sort in [LicenseSort::State, LicenseSort::StateDown] {
        for urgency in [1, 7, 8] {
            let paging = after([urgency.into(), "a".into(), id()]);
            all.extend(license_list(IN, filter).lists(sort, &paging).unwrap());
        }
    }
    for state in State::ALL {
        let filter = Box::leak(Box::new(LicenseFilter {
            state: Some(*state),
            ..LicenseFilter::default()
        }));
        let first = Paging::first(10);
        let asked = license_list(IN, filter);
        for sort in [
            LicenseSort::Serial,
            LicenseSort::State,
            LicenseSort::Product,
        ] {
            all.extend(asked.lists(sort, &first).unwrap());
        }
        all.extend([asked.count(), asked.any()]);
    }
    all
}

/// Licenses by where they stand.
fn place_selects() -> Vec<Select<'static>> {
    let mut all = Vec::new();
    for (folder, within) in [(Some(FolderId(ID)), IN), (None, IN), (None, Within(None))] {
        let everything = Box::leak(Box::new(LicenseFilter {
            folder,
            ..LicenseFilter::default()
        }));
        let found = Box::leak(Box::new(LicenseFilter {
            q: Some("q".into()),
            ..everything.clone()
        }));
        for is_few in [false, true] {
            for filter in [&*everything, &*found] {
                let asked = Asked {
                    is_few,
                    ..license_list(within, filter)
                };
                let cursor = query::Cursor::new(["a".into(), id()]);
                for (home, after) in [(Some(FolderId(ID)), Some(&cursor)), (None, None)] {
                    for sort in [LicenseSort::Folder, LicenseSort::FolderDown] {
                        all.push(asked.of_home(sort, home, after, 10).unwrap());
                    }
                }
                all.extend(asked.pools_up_to(10));
                all.extend(asked.counts_by_place().into_iter().flatten());
                all.extend([asked.all(10), asked.count_after("a", LicenseId(ID))]);
            }
        }
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
        for search in [Search::Anywhere, Search::Begins, Search::BeginsOften] {
            let asked = user_list::Asked {
                within: IN,
                filter,
                search,
            };
            for sort in [UserSort::Username, UserSort::UsernameDown] {
                all.push(asked.list(sort, &after(["a".into()])).unwrap());
            }
            let named = after(["a".into(), "a".into()]);
            all.push(asked.list(UserSort::Name, &named).unwrap());
            let active = after([1.into(), "a".into()]);
            all.push(asked.list(UserSort::ActiveDown, &active).unwrap());
            let seen = after([1.into(), "a".into()]);
            all.push(asked.list(UserSort::LastActive, &seen).unwrap());
            let (username, seen) = (
                query::Cursor::new(["a".into()]),
                query::Cursor::new([1.into(), "a".into()]),
            );
            for (sort, after) in [
                (UserSort::FolderDown, &username),
                (UserSort::LastActiveDown, &seen),
            ] {
                all.push(
                    asked
                        .in_one_folder(sort, FolderId(ID), Some(after), 10)
                        .unwrap(),
                );
            }
            all.extend([asked.all(10), asked.count_there_up_to(10)]);
            all.extend(asked.beginnings_up_to(10));
            let matched = after([0.into(), "a".into(), "a".into()]);
            let by_match = asked.by_match(&matched).unwrap();
            all.extend(by_match.into_iter().map(|(_, select)| select));
            all.push(asked.count_up_to(10));
            all.push(asked.ids(Some(UserId(ID)), 10));
            all.push(asked.count());
        }
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
        query::denials::select(IN, denials, &cursor).unwrap(),
        query::events::select(IN, events, 1, 10, 10),
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
    let mut all = [statements(), statements_of_postgres()].concat();
    all.extend(crate::ledger::statements::ALL);
    let mut names: Vec<_> = all.iter().map(|s| s.name).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}
