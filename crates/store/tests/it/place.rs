//! Where a test's store is: in a folder, or in a schema of its own on a PostgreSQL server.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use store::{Database, StoreOptions};
use tempfile::TempDir;

/// The place of one store; the folder goes with it, the schema with its server.
pub(crate) struct Place {
    dir: TempDir,
    url: Option<String>,
}

impl Place {
    /// A data folder.
    pub(crate) fn embedded() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            url: None,
        }
    }

    /// What `SEATKEEPER_TEST_STORE` asks for.
    pub(crate) fn of_this_run() -> Self {
        match std::env::var("SEATKEEPER_TEST_STORE").as_deref() {
            Ok("postgres") => Self::postgres(),
            Ok(other) => panic!("SEATKEEPER_TEST_STORE={other}: the only other store is postgres"),
            Err(_) => Self::embedded(),
        }
    }

    /// A fresh schema.
    pub(crate) fn postgres() -> Self {
        let server = std::env::var("SEATKEEPER_TEST_POSTGRES")
            .expect("SEATKEEPER_TEST_POSTGRES is a connection URL, as `cargo xtask test` sets it");
        let dir = tempfile::tempdir().unwrap();
        let name = dir.path().file_name().unwrap().to_string_lossy();
        let mut schema = String::from("test_");
        for byte in name.bytes() {
            write!(schema, "{byte:02x}").unwrap();
        }
        psql(&server, &format!("CREATE SCHEMA {schema}")).unwrap();
        Self {
            dir,
            url: Some(format!("{server}?options=-csearch_path%3D{schema}")),
        }
    }

    /// How the store is opened.
    pub(crate) fn options(&self) -> StoreOptions {
        let database = self
            .url
            .as_ref()
            .map(|url| Database::parse(url, None).unwrap());
        StoreOptions {
            database,
            ..StoreOptions::new(self.path())
        }
    }

    /// The data folder.
    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Runs SQL as nobody's client, written for SQLite; the error is what the database says.
    pub(crate) fn run(&self, sql: &str) -> Result<(), String> {
        match &self.url {
            Some(url) => psql(url, &for_postgres(sql)),
            None => rusqlite::Connection::open(self.path().join("seatkeeper.db"))
                .and_then(|connection| connection.execute_batch(sql))
                .map_err(|e| e.to_string()),
        }
    }
}

fn psql(url: &str, sql: &str) -> Result<(), String> {
    let mut psql = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", url])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("psql is installed");
    // What it does not take, it complains about below.
    let _ = psql.stdin.take().unwrap().write_all(sql.as_bytes());
    let output = psql.wait_with_output().unwrap();
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// The few words that PostgreSQL has another word for.
fn for_postgres(sql: &str) -> String {
    let sql = sql
        .replace("randomblob(16)", "gen_random_uuid()")
        .replace("char(", "chr(");
    let mut parts = sql.split("x'");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // Sixteen bytes are an id, which is written without the mark of bytes.
        let digits = part.bytes().take_while(u8::is_ascii_hexdigit).count();
        out.push_str(if digits == 32 { "'" } else { "'\\x" });
        out.push_str(part);
    }
    out
}
