//! Where a test's engine keeps its data: in a folder, or in a schema of its own on PostgreSQL.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use engine::{EngineOptions, SetClock};
use license_file::key_file::PublicKeyFile;
use store::Database;
use tempfile::TempDir;

use crate::world::issuer;

/// The place of one engine. A copy is another node on the same database, with a folder of its
/// own; of a folder there are no copies.
pub(crate) struct Place {
    dir: TempDir,
    schema: Option<Arc<str>>,
}

impl Clone for Place {
    fn clone(&self) -> Self {
        assert!(self.schema.is_some(), "a data folder has one engine");
        Self {
            dir: tempfile::tempdir().unwrap(),
            schema: self.schema.clone(),
        }
    }
}

impl Place {
    /// What `SEATKEEPER_TEST_STORE` asks for: a folder, unless it says `postgres`.
    pub(crate) fn of_this_run() -> Self {
        match std::env::var("SEATKEEPER_TEST_STORE").as_deref() {
            Ok("postgres") => Self::postgres(),
            Ok(other) => panic!("SEATKEEPER_TEST_STORE={other}: the only other store is postgres"),
            Err(_) => Self::embedded(),
        }
    }

    /// A folder.
    pub(crate) fn embedded() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            schema: None,
        }
    }

    /// A fresh schema.
    pub(crate) fn postgres() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let name = dir.path().file_name().unwrap().to_string_lossy();
        let mut schema = String::from("test_");
        for byte in name.bytes() {
            write!(schema, "{byte:02x}").unwrap();
        }
        psql(&server(), &format!("CREATE SCHEMA {schema}")).unwrap();
        Self {
            dir,
            schema: Some(schema.into()),
        }
    }

    /// What an engine is started with here.
    pub(crate) fn options(&self, clock: &SetClock) -> EngineOptions {
        EngineOptions {
            trust: vec![PublicKeyFile {
                name: "Northwind Software".into(),
                key: issuer().verifying_key().clone(),
            }],
            clock: engine::Clock::Set(clock.clone()),
            database: self.url().map(|url| Database::parse(&url, None).unwrap()),
            ..EngineOptions::new(self.dir.path())
        }
    }

    /// The folder of this engine.
    pub(crate) fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// The address of the schema.
    pub(crate) fn url(&self) -> Option<String> {
        let schema = self.schema.as_ref()?;
        // The name tells the connections of this test from those of others.
        let options = format!("options=-csearch_path%3D{schema}&application_name={schema}");
        Some(format!("{}?{options}", server()))
    }

    /// Runs SQL in the schema.
    pub(crate) fn run(&self, sql: &str) -> Result<String, String> {
        psql(
            &self.url().expect("only a schema is changed from outside"),
            sql,
        )
    }

    /// Ends the connections of every engine here, in the middle of whatever they do; how many.
    pub(crate) fn cut_connections(&self) -> usize {
        let schema = self.schema.as_ref().expect("a folder has no connections");
        let sql = format!(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
             WHERE application_name = '{schema}'"
        );
        let said = psql(&server(), &sql).unwrap();
        said.trim().parse().unwrap()
    }
}

fn server() -> String {
    std::env::var("SEATKEEPER_TEST_POSTGRES")
        .expect("SEATKEEPER_TEST_POSTGRES is a connection URL, as `cargo xtask test` sets it")
}

fn psql(url: &str, sql: &str) -> Result<String, String> {
    let quiet = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"];
    let output = Command::new("psql")
        .args(quiet)
        .args(["--set=ON_ERROR_STOP=1", url, "--command", sql])
        .output()
        .expect("psql is installed");
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
