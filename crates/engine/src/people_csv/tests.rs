use super::*;

fn rows_of(file: &str) -> Vec<(u64, String)> {
    let problem = read(file.as_bytes()).unwrap_err();
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
    let people = read(file.as_bytes()).unwrap();
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
    let problem = read(file.as_bytes()).unwrap_err();
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
        let problem = read(file.as_bytes()).unwrap_err();
        assert!(
            problem.faults[0].detail.len() < 500,
            "{:?}",
            problem.faults[0]
        );
    }
}
