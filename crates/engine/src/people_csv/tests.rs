use domain::command::{FolderRef, UserPatch};
use domain::{Email, PersonName, Username};

use super::*;

fn read(file: impl AsRef<[u8]>) -> Result<Vec<PutUser>, PeopleFileError> {
    let file = PeopleFile::check(file.as_ref().to_vec())?;
    let people: Vec<_> = file.people().collect();
    assert_eq!(file.count(), people.len() as u64);
    Ok(people)
}

fn rows_of(file: &str) -> Vec<(u64, String)> {
    let problem = read(file).unwrap_err();
    assert_eq!(problem.code(), "invalid_csv");
    let rows = problem.faults.iter();
    rows.map(|fault| (fault.row, fault.code.to_owned()))
        .collect()
}

#[test]
fn columns_come_in_any_order_and_may_be_left_out() {
    let people = read(b"Email,USERNAME\nanna@example.org,anna\n,ben\n").unwrap();
    let of = |row, username, email| PutUser {
        row,
        username: Username::parse(username).unwrap(),
        patch: UserPatch {
            email: Some(email),
            ..UserPatch::default()
        },
    };
    let email = Email::parse("anna@example.org").unwrap();
    assert_eq!(people, [of(2, "anna", Some(email)), of(3, "ben", None)]);
}

#[test]
fn an_empty_field_empties_and_an_empty_active_says_nothing() {
    let people = read(b"username,name,email,folder,active\nanna,,,,\n").unwrap();
    let expected = UserPatch {
        username: None,
        name: Some(None),
        email: Some(None),
        folder: Some(FolderRef::Path(Vec::new())),
        active: None,
    };
    assert_eq!(people[0].patch, expected);
}

#[test]
fn what_spreadsheets_write_is_read() {
    let file = "\u{feff}username;name;email;folder;active\r\nanna;\"Berg; Anna\";;/Sales/EMEA;No\r\nben;;;;1\r\n";
    let people = read(file).unwrap();
    let anna = &people[0].patch;
    let name = PersonName::parse("Berg; Anna").unwrap();
    assert_eq!(anna.name, Some(Some(name)));
    assert_eq!(anna.active, Some(false));
    assert!(matches!(&anna.folder, Some(FolderRef::Path(names)) if names.len() == 2));
    assert_eq!(people[1].patch.active, Some(true));
}

#[test]
fn every_malformed_row_is_named() {
    let file = "username,name,email,folder,active\n\
                anna,,,,\n\
                ,,,,\n\
                ben,,ben,,\n\
                carl,,,Sales,\n\
                dora,,,,maybe\n\
                emil\n\
                ANNA,,,,\n\
                fritz\u{7},,,,\n";
    let expected = [
        (3, "empty"),
        (4, "not_an_address"),
        (5, "invalid_folder"),
        (6, "invalid_active"),
        (7, "wrong_number_of_fields"),
        (8, "duplicate_username"),
        (9, "bad_character"),
    ];
    let found = rows_of(file);
    let found: Vec<_> = found
        .iter()
        .map(|(row, code)| (*row, code.as_str()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn an_empty_row_is_malformed_unless_it_ends_the_file() {
    assert_eq!(read(b"username\r\nanna\r\nben\r\n\r\n").unwrap().len(), 2);
    assert_eq!(
        rows_of("username\r\nanna\r\n\r\nben\r\n"),
        [(3, "empty_row".to_owned())]
    );
}

#[test]
fn rows_are_counted_as_a_spreadsheet_does() {
    let file = "username,name\r\nanna,\"Anna\r\nBerg\"\r\nben,\r\n,\r\n";
    assert_eq!(
        rows_of(file),
        [(2, "bad_character".to_owned()), (4, "empty".to_owned())]
    );
}

#[test]
fn a_duplicate_names_both_rows() {
    let problem = read(b"username\nanna\nben\nAnna\n").unwrap_err();
    assert_eq!(problem.faults[0].row, 4);
    assert!(
        problem.to_string().contains("row 4"),
        "{}",
        problem.to_string()
    );
    assert!(
        problem.to_string().contains("row 2"),
        "{}",
        problem.to_string()
    );
}

#[test]
fn a_wrong_header_is_named() {
    assert_eq!(
        rows_of("username,mail\nanna,x\n"),
        [(1, "unknown_column".to_owned())]
    );
    assert_eq!(rows_of("name\nAnna\n"), [(1, "missing_column".to_owned())]);
    assert_eq!(
        rows_of("username,Username\n"),
        [(1, "duplicate_column".to_owned())]
    );
    assert_eq!(rows_of(" \n"), [(1, "empty".to_owned())]);
    let problem = read(b"username\nanna\n\xff\n").unwrap_err();
    assert_eq!(
        (problem.faults[0].row, problem.faults[0].code),
        (3, "invalid_utf8")
    );
}

#[test]
fn no_more_than_a_thousand_rows_are_named() {
    let file = format!("username\n{}", "\"\"\n".repeat(1500));
    let problem = read(file).unwrap_err();
    assert_eq!(problem.faults.len(), 1000);
    assert!(
        problem.to_string().contains("1499 more rows"),
        "{}",
        problem.to_string()
    );
}

#[test]
fn a_refusal_does_not_repeat_what_is_long() {
    let long = "\0".repeat(100_000);
    for file in [
        format!("{long}\n"),
        format!("username,active\nanna,{long}\n"),
    ] {
        let problem = read(file).unwrap_err();
        assert!(
            problem.faults[0].detail.len() < 500,
            "{:?}",
            problem.faults[0]
        );
    }
}

/// A file of so many people, `user-00000` first.
fn many(count: u64) -> String {
    let row = |n| format!("user-{n:05}\n");
    let names: String = (0..count).map(row).collect();
    format!("username\n{names}")
}

#[test]
fn duplicates_are_found_far_apart_and_in_other_letters() {
    let file = format!("{}MÜLLER\nUser-00007\nmüller\nUSER-00007\n", many(20_000));
    let problem = read(file).unwrap_err();
    let said = problem
        .faults
        .iter()
        .map(|fault| (fault.row, fault.code, fault.detail.as_str()));
    // The last of those before is named.
    let expected = [
        (20_003, "User-00007", 9),
        (20_004, "müller", 20_002),
        (20_005, "USER-00007", 20_003),
    ];
    let expected = expected.map(|(row, name, before)| {
        let detail = format!("the username {name:?} stands in row {before} already");
        (row, detail)
    });
    let expected = expected
        .iter()
        .map(|(row, detail)| (*row, "duplicate_username", detail.as_str()));
    assert!(said.eq(expected), "{problem:?}");
    assert_eq!(problem.count, 3);
}

#[test]
fn names_with_one_hash_are_duplicates_only_if_they_are_the_same() {
    let hashes: [fn(&str) -> u64; 3] = [
        |_| 0,
        |key| key.len() as u64,
        |key| u64::from(key.bytes().next_back() == Some(b'7')),
    ];
    for hash in hashes {
        let file = PeopleFile::check_by(many(500).into(), hash).unwrap();
        assert_eq!((file.count(), file.people().count()), (500, 500));
        let twice = format!("{}USER-00123\n,\nuser-9\n", many(500));
        let problem = PeopleFile::check_by(twice.clone().into(), hash).unwrap_err();
        let rows = problem.faults.iter().map(|fault| (fault.row, fault.code));
        let expected = [(502, "duplicate_username"), (503, "wrong_number_of_fields")];
        assert!(rows.eq(expected), "{problem:?}");
        assert_eq!(problem, read(twice).unwrap_err());
    }
}

#[test]
fn a_file_is_held_as_it_came_and_read_row_by_row() {
    let given = Bytes::from(many(20_000));
    let file = PeopleFile::check(given.clone()).unwrap();
    assert_eq!(file.text.as_ptr(), given.as_ptr());
    let mut people = file.people();
    assert_eq!(people.read_so_far(), 0);
    let first: Vec<_> = people.by_ref().take(10).collect();
    assert_eq!((first[0].row, first[9].row), (2, 11));
    // What is read ahead is a buffer full, however long the file is.
    let read = people.read_so_far();
    assert!(read < given.len() as u64 / 2, "{read} of {}", given.len());
    assert_eq!(people.last().unwrap().row, 20_001);
}
