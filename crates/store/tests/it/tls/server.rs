//! A PostgreSQL of a test's own, with TLS. It is made by the programs, and runs as the user, of the
//! server that all tests use.

use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::authority::{Authority, Certificate, done};

/// The superuser's password.
const PASSWORD: &str = "correct horse";

const START_LIMIT: Duration = Duration::from_mins(1);

/// The shell that owns the server: its standard input closes when the test ends for any reason.
const KEEPER: &str = r#"
trap '' INT HUP TERM
folder=$1; shift
"$@" >"$folder/log" 2>&1 &
server=$!
read -r _
kill -QUIT $server; wait $server
rm -rf "$folder"
"#;

/// A running server; it ends with this value.
pub(super) struct Server {
    keeper: Child,
    folder: TempDir,
    port: u16,
}

impl Server {
    /// One that shows this certificate, takes encrypted connections alone, and trusts the
    /// authority in what clients show.
    pub(super) fn with_tls(certificate: &Certificate, authority: &Authority) -> Self {
        // Only who comes as this role must show a certificate.
        let access = "hostssl all holder 127.0.0.1/32 cert\n\
                      hostssl all all 127.0.0.1/32 scram-sha-256\n";
        Self::start(access, Some((certificate, authority)))
    }

    /// One that knows no TLS.
    pub(super) fn without_tls() -> Self {
        Self::start("host all all 127.0.0.1/32 scram-sha-256\n", None)
    }

    fn start(access: &str, tls: Option<(&Certificate, &Authority)>) -> Self {
        let (programs, user) = of_this_run();
        let folder = tempfile::Builder::new()
            .prefix("seatkeeper-tls-")
            .tempdir()
            .unwrap();
        let owner = folder.path().metadata().unwrap().uid();
        let give = |path: &Path| {
            if owner != user {
                chown(path, Some(user), None).unwrap();
            }
        };
        let at = |name: &str| folder.path().join(name);
        let as_user = |program: &Path| {
            let mut command = Command::new(program);
            command.current_dir("/");
            if owner != user {
                command.uid(user);
            }
            command
        };
        give(folder.path());
        let made = ["--username=postgres", "--encoding=UTF8", "--locale=C"];
        let made = [&made[..], &["--auth=trust", "--no-sync", "--pgdata"]].concat();
        done(as_user(&programs.join("initdb")).args(made).arg(at("data")));
        std::fs::write(at("access"), format!("local all all trust\n{access}")).unwrap();

        let port = free_port();
        let sockets = folder.path().display();
        let mut settings = vec![
            format!("port={port}"),
            "listen_addresses=127.0.0.1".into(),
            format!("unix_socket_directories={sockets}"),
            format!("hba_file={}", at("access").display()),
            "fsync=off".into(),
        ];
        if let Some((certificate, authority)) = tls {
            for (name, from, setting) in [
                ("own.crt", &certificate.file, "ssl_cert_file"),
                ("own.key", &certificate.key, "ssl_key_file"),
                ("clients.crt", &authority.file(), "ssl_ca_file"),
            ] {
                let to = at(name);
                std::fs::copy(from, &to).unwrap();
                give(&to);
                settings.push(format!("{setting}={}", to.display()));
            }
            settings.push("ssl=on".into());
        }
        let mut keeper = as_user(Path::new("/bin/sh"));
        keeper.args(["-c", KEEPER, "keeper"]).arg(folder.path());
        keeper
            .arg(programs.join("postgres"))
            .arg("-D")
            .arg(at("data"));
        for setting in settings {
            keeper.args(["-c", &setting]);
        }
        let keeper = keeper.stdin(Stdio::piped()).spawn().unwrap();
        let server = Self {
            keeper,
            folder,
            port,
        };
        server.wait_until_ready(&programs);
        server.sql(&format!(
            "ALTER ROLE postgres PASSWORD '{PASSWORD}'; CREATE ROLE holder SUPERUSER LOGIN"
        ));
        server
    }

    fn wait_until_ready(&self, programs: &Path) {
        let start = Instant::now();
        let mut asking = Command::new(programs.join("pg_isready"));
        asking.arg("--quiet").arg("--host").arg(self.folder.path());
        asking.args(["--port", &self.port.to_string()]);
        while !asking.status().unwrap().success() {
            let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            let ended = log.contains("database system is shut down");
            assert!(!ended && start.elapsed() < START_LIMIT, "{log}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The superuser's URL by a name of this machine, with further options.
    pub(super) fn url(&self, host: &str, options: &str) -> String {
        let password = PASSWORD.replace(' ', "%20");
        let port = self.port;
        format!("postgres://postgres:{password}@{host}:{port}/postgres?{options}")
    }

    /// The URL of the role that shows a certificate in the place of a password.
    pub(super) fn url_of_holder(&self, options: &str) -> String {
        format!(
            "postgres://holder@localhost:{}/postgres?{options}",
            self.port
        )
    }

    /// The URL by the socket in the server's folder.
    pub(super) fn url_of_socket(&self) -> String {
        let folder = self.folder.path().display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{folder}:{}/postgres", self.port)
    }

    /// What psql answers to the superuser on the server's socket.
    pub(super) fn sql(&self, text: &str) -> String {
        let mut psql = Command::new("psql");
        psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"])
            .args(["--set=ON_ERROR_STOP=1", "--username=postgres", "--host"])
            .arg(self.folder.path())
            .args(["--port", &self.port.to_string(), "--command", text]);
        done(psql.arg("postgres")).trim().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // What it leaves behind is seen by whoever looks into the folder of temporary files.
        self.keeper.wait().ok();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// The folder of PostgreSQL's programs, and whom its server runs as, which is never root.
fn of_this_run() -> (std::path::PathBuf, u32) {
    let server = std::env::var("SEATKEEPER_TEST_POSTGRES")
        .expect("SEATKEEPER_TEST_POSTGRES is a connection URL, as `cargo xtask test` sets it");
    let asked = "SELECT setting FROM pg_config WHERE name = 'BINDIR' \
                 UNION ALL SELECT current_setting('data_directory')";
    let psql = ["--no-psqlrc", "--tuples-only", "--no-align", "--command"];
    let told = done(Command::new("psql").args(psql).args([asked, &server]));
    let (programs, data) = told.trim().split_once('\n').unwrap();
    let user = Path::new(data).metadata().unwrap().uid();
    (programs.into(), user)
}
