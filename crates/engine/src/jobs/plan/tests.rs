use store::{Store, StoreOptions};

use super::*;
use crate::people_csv::PeopleFile;

/// How far ahead of the rows that were asked for a file is read, in bytes.
const READ_AHEAD: u64 = 64 * 1024;

#[test]
fn a_plan_of_a_large_file_holds_no_more_than_a_chunk_of_its_rows() {
    const PEOPLE: u64 = 20_000;
    let row = |n| format!("user-{n:05},Person Number {n:05},/Sales\n");
    let rows: String = (0..PEOPLE).map(row).collect();
    let length = row(0).len() as u64;
    let file = PeopleFile::check(format!("username,name,folder\n{rows}")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (store, _writer) = Store::open(&StoreOptions::new(folder.path())).unwrap();
    let asked = store.read(|reader| {
        let (mut plan, total) = Plan::new(Bulk::PutUsers(file), reader).unwrap();
        assert_eq!(total, PEOPLE);
        let mut asked = 0;
        loop {
            let steps = plan.next(reader)?;
            if steps.is_empty() {
                return Ok(asked);
            }
            assert_eq!(steps[0].row, Some(asked + 2));
            asked += steps.len() as u64;
            let Subjects::Put(people) = &plan.subjects else {
                unreachable!("it is a plan of a file");
            };
            let held = (steps.len() + plan.ready.len()) as u64;
            assert!(held <= 2 * CHUNK as u64, "{held} steps");
            let read = people.read_so_far();
            let needed = (asked + CHUNK as u64) * length;
            assert!(read <= needed + READ_AHEAD, "{read} bytes for {asked} rows");
        }
    });
    assert_eq!(asked.unwrap(), PEOPLE);
}
