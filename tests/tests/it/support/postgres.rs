//! A place on the PostgreSQL server of the run.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// The URL of a fresh schema, named as a temporary folder is; it goes with its server.
#[track_caller]
pub(crate) fn fresh_schema(folder: &Path) -> String {
    let server = std::env::var("SEATKEEPER_TEST_POSTGRES")
        .expect("SEATKEEPER_TEST_POSTGRES is a connection URL, as `cargo xtask test` sets it");
    let name = folder
        .file_name()
        .expect("it is a folder")
        .to_string_lossy();
    let mut schema = String::from("tests_");
    for byte in name.bytes() {
        write!(schema, "{byte:02x}").expect("a String takes any text");
    }
    let made = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "-c"])
        .args([&format!("CREATE SCHEMA {schema}"), &server])
        .status()
        .expect("psql is installed");
    assert!(made.success());
    format!("{server}?options=-csearch_path%3D{schema}")
}
