//! How SQLite finds what statements ask for: by index, and in order.

use domain::{FolderId, LicenseId, UserId};
use rusqlite::Connection;

use crate::query::user_list::{self, Search};
use crate::query::{
    DenialFilter, EventFilter, LicenseFilter, LicenseSort, Paging, UserFilter, UserSort, Within,
};
use crate::{audit, job_changes, keep, load, meta, query, save};

use super::{ID, empty, license_list};

/// The steps that SQLite takes.
pub(super) fn plan(connection: &Connection, text: &str) -> Vec<String> {
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
    "WIPE_HOMES",
    "WIPE_LICENSES",
    "WIPE_DEMOS",
];

#[test]
fn what_decisions_load_and_save_is_found_by_index_and_in_order() {
    let connection = empty();
    let hot = [
        audit::seal::ALL,
        job_changes::ALL,
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
        (&load::statements::NEXT_LAPSE, "session_lapse"),
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
        let asked = license_list(Within(None), &licenses);
        asked.lists(sort, &first).unwrap().remove(0)
    };
    let people = |filter, sort| {
        let asked = user_list::Asked {
            within: Within(None),
            filter,
            search: Search::Anywhere,
        };
        asked.list(sort, &first).unwrap()
    };
    let users = UserFilter::default();
    let folder = UserFilter {
        folder: Some(FolderId(ID)),
        ..UserFilter::default()
    };
    let denials = DenialFilter::default();
    for (select, index) in [
        (sorted(LicenseSort::Serial), "license_search"),
        (sorted(LicenseSort::ExpiresAtDown), "license_expires"),
        (sorted(LicenseSort::ModelDown), "license_model"),
        (sorted(LicenseSort::Access), "license_access"),
        (sorted(LicenseSort::SeatsDown), "license_seats"),
        (sorted(LicenseSort::Issuer), "license_issuer"),
        (sorted(LicenseSort::Product), "license_product"),
        (sorted(LicenseSort::ProductDown), "license_product"),
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

#[test]
fn states_of_licenses_are_counted_and_sorted_without_a_look_at_the_rows() {
    let connection = empty();
    let first = Paging::first(10);
    let mut selects = vec![query::licenses::state_counts(
        Within(None),
        super::NOW,
        domain::Millis::DAY,
    )];
    let everything = LicenseFilter::default();
    let asked = license_list(Within(None), &everything);
    selects.push(asked.count());
    selects.extend(asked.lists(LicenseSort::State, &first).unwrap());
    let filters: Vec<LicenseFilter> = domain::State::ALL
        .iter()
        .filter(|state| **state != domain::State::Removed)
        .map(|state| LicenseFilter {
            state: Some(*state),
            ..LicenseFilter::default()
        })
        .collect();
    for filter in &filters {
        let asked = license_list(Within(None), filter);
        selects.extend([asked.count(), asked.any()]);
        selects.extend(asked.lists(LicenseSort::Serial, &first).unwrap());
    }
    for select in selects {
        let steps = plan(&connection, &select.sqlite());
        for step in steps.iter().filter(|step| step.contains(" l USING ")) {
            let is_fetched = step == "SEARCH l USING PRIMARY KEY (id=?)";
            let is_covered = step.contains("COVERING INDEX");
            assert!(is_fetched || is_covered, "{}: {step}", select.name());
        }
    }
}

#[test]
fn beginnings_are_found_by_index_and_in_order() {
    let connection = empty();
    let first = Paging::first(10);
    let filter = UserFilter {
        q: Some("ann".into()),
        ..UserFilter::default()
    };
    let asked = user_list::Asked {
        within: Within(None),
        filter: &filter,
        search: Search::Begins,
    };
    let lists = asked.by_match(&first).unwrap();
    for (number, select) in &lists {
        let steps = plan(&connection, &select.sqlite()).join("; ");
        let index = [
            "SEARCH u",
            "app_user_name",
            "app_user_last",
            "app_user_email",
        ][*number];
        let is_range = steps.starts_with("SEARCH") && steps.contains(index);
        assert!(is_range && !steps.contains("TEMP B-TREE"), "{steps}");
    }
    assert_eq!(lists.len(), 4);
    let steps = plan(&connection, &asked.count_up_to(10).sqlite()).join("; ");
    assert!(steps.contains("MULTI-INDEX OR"), "{steps}");
}
