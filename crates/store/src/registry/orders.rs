//! How SQLite reads pages of lists that are narrowed down: to folders, or to what a text finds.

use domain::{FolderId, UserId};

use crate::query::license_list::Asked;
use crate::query::user_list::{self, Search};
use crate::query::{LicenseFilter, LicenseSort, Paging, UserFilter, UserSort, Within};
use crate::sql::Select;

use super::plans::plan;
use super::{IN, empty, license_list};

/// The steps in one line.
fn steps(select: &Select<'_>) -> String {
    plan(&empty(), &select.sqlite()).join("; ")
}

const HERE: FolderId = FolderId(super::ID);

#[test]
fn licenses_of_a_folder_and_those_of_several_are_read_in_order() {
    let everything = LicenseFilter::default();
    let asked = license_list(Within(None), &everything);
    for home in [Some(HERE), None] {
        for sort in [LicenseSort::Folder, LicenseSort::FolderDown] {
            let steps = steps(&asked.of_home(sort, home, None, 10).unwrap());
            assert!(steps.contains("license_home"), "{steps}");
            assert!(!steps.contains("TEMP B-TREE"), "{steps}");
        }
    }
}

#[test]
fn licenses_of_a_folder_are_counted_without_a_look_at_the_rows() {
    let everything = LicenseFilter::default();
    let folder = LicenseFilter {
        folder: Some(HERE),
        ..LicenseFilter::default()
    };
    for (within, filter) in [(IN, &everything), (Within(None), &folder)] {
        let counts = license_list(within, filter).counts_by_place();
        for count in &counts.unwrap() {
            let steps = steps(count);
            let covered = "SEARCH l USING COVERING INDEX license_home (home_id=?";
            assert!(steps.contains(covered), "{}: {steps}", count.name());
        }
    }
}

#[test]
fn where_many_pools_stand_their_licenses_are_picked_without_a_look_at_the_others() {
    let everything = LicenseFilter::default();
    let asked = license_list(IN, &everything);
    let first = Paging::first(10);
    let by_product = [LicenseSort::Product, LicenseSort::ProductDown];
    for sort in LicenseSort::ALL.iter().filter(|sort| !sort.is_by_folder()) {
        for select in asked.lists(*sort, &first).unwrap() {
            let steps = plan(&empty(), &select.sqlite());
            let walked = steps.iter().filter(|step| step.starts_with("SCAN l"));
            for step in walked.filter(|_| !by_product.contains(sort)) {
                assert!(step.contains("COVERING INDEX"), "{sort:?}: {step}");
            }
        }
    }
}

#[test]
fn where_few_pools_stand_licenses_are_found_through_them() {
    let everything = LicenseFilter::default();
    let asked = Asked {
        is_few: true,
        ..license_list(IN, &everything)
    };
    let first = Paging::first(10);
    for sort in LicenseSort::ALL.iter().filter(|sort| !sort.is_by_folder()) {
        for select in asked.lists(*sort, &first).unwrap() {
            let steps = steps(&select);
            let is_found = steps.contains("SEARCH l USING PRIMARY KEY (id=?)")
                && steps.contains("COVERING INDEX pool_folder (folder_id=?)");
            assert!(is_found && !steps.contains("SCAN l"), "{sort:?}: {steps}");
        }
    }
}

#[test]
fn a_text_is_looked_for_in_an_index_of_all_licenses() {
    let filter = LicenseFilter {
        q: Some("nw".into()),
        ..LicenseFilter::default()
    };
    for within in [Within(None), IN] {
        let asked = license_list(within, &filter);
        for select in [
            asked.all(10),
            asked.count_after("a", domain::LicenseId(super::ID)),
        ] {
            let steps = steps(&select);
            assert!(
                steps.contains("l USING COVERING INDEX license_search"),
                "{steps}"
            );
            assert!(!steps.contains("TEMP B-TREE"), "{steps}");
        }
    }
}

fn people(within: Within, filter: &UserFilter, search: Search) -> user_list::Asked<'_> {
    user_list::Asked {
        within,
        filter,
        search,
    }
}

#[test]
fn who_was_active_last_is_read_off_an_index_everywhere_and_in_each_folder() {
    let everyone = UserFilter::default();
    let asked = people(Within(None), &everyone, Search::Anywhere);
    let limited = people(IN, &everyone, Search::Anywhere);
    let first = Paging::first(10);
    for sort in [UserSort::LastActive, UserSort::LastActiveDown] {
        let of_folder = limited.in_one_folder(sort, HERE, None, 10).unwrap();
        for (select, index) in [
            (asked.list(sort, &first).unwrap(), "app_user_last_active"),
            (of_folder, "app_user_folder_last_active (folder_id=?)"),
        ] {
            let steps = steps(&select);
            assert!(steps.contains(index), "{steps}");
            assert!(!steps.contains("TEMP B-TREE"), "{steps}");
        }
    }
    let of_folder = limited.in_one_folder(UserSort::Username, HERE, None, 10);
    let steps = steps(&of_folder.unwrap());
    assert!(steps.contains("app_user_folder (folder_id=?)"), "{steps}");
    assert!(!steps.contains("TEMP B-TREE"), "{steps}");
}

#[test]
fn whoever_walks_through_folders_reads_nothing_but_ids() {
    let filter = UserFilter {
        folder: Some(HERE),
        ..UserFilter::default()
    };
    let [one, below] = [false, true].map(|below| {
        let filter = UserFilter {
            below,
            ..filter.clone()
        };
        let asked = people(Within(None), &filter, Search::Anywhere);
        steps(&asked.ids(Some(UserId(super::ID)), 10))
    });
    let range = "COVERING INDEX app_user_folder_id (folder_id=? AND id>?)";
    assert!(one.contains(range) && !one.contains("TEMP B-TREE"), "{one}");
    assert!(below.contains(range), "{below}");
}

#[test]
fn the_few_whom_a_text_finds_are_found_first_whatever_the_order_and_the_folder() {
    let filter = UserFilter {
        q: Some("ann".into()),
        ..UserFilter::default()
    };
    let first = Paging::first(10);
    for within in [Within(None), IN] {
        let asked = people(within, &filter, Search::Begins);
        let mut selects = vec![asked.all(10), asked.count_up_to(10)];
        for sort in UserSort::ALL.iter().filter(|sort| !sort.is_by_folder()) {
            let is_by_match = *sort == UserSort::Username;
            let is_by_active = matches!(sort, UserSort::Active | UserSort::ActiveDown);
            if !is_by_match && !is_by_active {
                selects.push(asked.list(*sort, &first).unwrap());
            }
        }
        for select in asked.beginnings_up_to(10) {
            let steps = steps(&select);
            assert!(steps.contains("SEARCH u USING COVERING INDEX"), "{steps}");
        }
        for select in selects {
            let steps = steps(&select);
            assert!(
                steps.contains("MULTI-INDEX OR"),
                "{}: {steps}",
                select.name()
            );
        }
        for (_, select) in asked.by_match(&first).unwrap() {
            let steps = steps(&select);
            let is_range = steps.starts_with("SEARCH u") && !steps.contains("TEMP B-TREE");
            assert!(is_range && !steps.contains("app_user_folder"), "{steps}");
        }
    }
}

#[test]
fn in_a_small_folder_a_text_is_looked_for_among_those_who_live_there() {
    let filter = UserFilter {
        q: Some("a".into()),
        ..UserFilter::default()
    };
    let asked = people(IN, &filter, Search::BeginsOften);
    for select in [
        asked.count_up_to(10),
        asked.by_match(&Paging::first(10)).unwrap().remove(0).1,
    ] {
        let steps = steps(&select);
        let is_there = steps.contains("SEARCH u USING") && steps.contains("(folder_id=?");
        assert!(is_there, "{}: {steps}", select.name());
    }
}

#[test]
fn sign_ins_are_looked_at_in_the_order_of_the_record() {
    let statement = &crate::usage::seen::SIGNED_IN_BETWEEN;
    let steps = plan(&empty(), statement.sqlite()).join("; ");
    let in_order = "SEARCH e USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)";
    assert!(steps.contains(in_order), "{steps}");
    assert!(
        steps.contains("SEARCH u USING INDEX sqlite_autoindex_app_user_1 (id=?)"),
        "{steps}"
    );
}
