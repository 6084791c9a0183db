//! How SQLite finds what statements ask for: by index, and in order.

use domain::{FolderId, LicenseId, Millis, UserId};
use rusqlite::Connection;

use crate::query::{
    DenialFilter, EventFilter, LicenseFilter, LicenseSort, Paging, UserFilter, UserSort, Within,
};
use crate::{audit, keep, load, meta, query, save};

use super::{ID, NOW, empty};

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

/// Counting everything before a delete-all, the delete-all itself, and asking whose licenses
/// there are, touch everything.
pub(super) const WHOLE_TABLES: &[&str] = &[
    "COUNT_LICENSES",
    "LICENSE_ISSUERS",
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
        let whole =
            ["NEW_USER_LICENSES", "LAST_SEAL", "CONSOLE_ACCOUNTS"].contains(&statement.name);
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
        (&load::statements::BORROWED, "session_borrowed"),
        (&load::statements::UNBACKED, "seat_unbacked"),
        (&load::statements::OVER_ALLOCATED, "pool_over"),
        (&load::statements::SITE_LICENSES, "license_site"),
        (&load::statements::NEW_USER_LICENSES, "license_new_users"),
        (&load::statements::ENDED_LICENSES, "license_ends"),
        (&query::sessions::OPEN_OF_PRODUCT, "session_lapse"),
        (&query::sessions::OPEN_OF_PERSON, "session_person"),
        (&query::sessions::OPEN, "session_lapse"),
        (&query::sessions::BORROWED_OF_PRODUCT, "session_borrowed"),
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
    let sorted = |sort| {
        query::licenses::selects(Within(None), &licenses, sort, NOW, Millis::DAY, &first).unwrap()
    };
    let people = |filter, sort| query::users::list(Within(None), filter, sort, &first).unwrap();
    let users = UserFilter::default();
    let folder = UserFilter {
        folder: Some(FolderId(ID)),
        ..UserFilter::default()
    };
    let denials = DenialFilter::default();
    for (select, index) in [
        (sorted(LicenseSort::Serial).0, "license_serial"),
        (sorted(LicenseSort::ExpiresAtDown).0, "license_expires"),
        (sorted(LicenseSort::ModelDown).0, "license_model"),
        (sorted(LicenseSort::Access).0, "license_access"),
        (sorted(LicenseSort::SeatsDown).0, "license_seats"),
        (sorted(LicenseSort::Issuer).0, "license_issuer"),
        (people(&users, UserSort::Username), "app_user"),
        (people(&users, UserSort::NameDown), "app_user_name"),
        (people(&users, UserSort::Active), "app_user_active"),
        (people(&folder, UserSort::Username), "app_user_folder"),
        (
            query::seats::select(Within(None), LicenseId(ID), &first).unwrap(),
            "seat_seniority",
        ),
        (
            query::events::select(Within(None), &events, 1, 10, 10),
            "event_user",
        ),
        (
            query::denials::select(Within(None), &denials, &first).unwrap(),
            "SCAN d",
        ),
    ] {
        let steps = plan(&connection, &select.sqlite()).join("; ");
        assert!(steps.contains(index), "{}: {steps}", select.name());
        let sorts = steps.contains("TEMP B-TREE FOR ORDER BY");
        assert!(!sorts, "{}: {steps}", select.name());
    }
}
