//! A server with a floating license of N seats and N users, made the way its users would make it:
//! through license files, the command line and the API.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use tempfile::TempDir;

use super::bare::Bare;
use super::setting::{Database, Setting};
use crate::http::{Client, escaped};
use crate::load::work::{self, SignIn, Target};
use crate::load::{self, Node, Place, Span};
use crate::postgres::Cluster;
use crate::server::{Program, Server, Vendor};
use crate::usage::{self, Memory};
use crate::{printer, process};

pub(super) struct World<'a> {
    pub(super) setting: Setting,
    pub(super) seats: u32,
    pub(super) target: Target,
    /// The same for a product with [`FEW_SEATS`].
    pub(super) few: Target,
    /// The bare route, with answers as long as this world's sign-ins get.
    pub(super) bare: Bare,
    /// Users from here on have no session of their own before a measurement.
    pub(super) first_free: u32,
    servers: Vec<Server>,
    setup: Setup,
    database: Option<Database<'a>>,
    /// Last, so that it outlives the servers.
    folder: TempDir,
}

/// Seats of the product that everybody wants at once.
const FEW_SEATS: u32 = 16;

/// How long it took to make a world, and what it weighs in the end.
pub(super) struct Setup {
    pub(super) setting: Setting,
    pub(super) seats: u32,
    pub(super) license_import: Duration,
    pub(super) people_import: Duration,
    pub(super) start_empty: Duration,
    pub(super) start_filled: Duration,
    pub(super) live_sessions: u32,
    pub(super) answer_bytes: usize,
    pub(super) store_bytes: u64,
    /// Before [`super::scenarios::restart`], and in the end.
    pub(super) memory: [Memory; 2],
}

impl<'a> World<'a> {
    /// Makes licenses and people, imports them, restarts the server on them, and starts the
    /// other nodes. On PostgreSQL the cluster is the one given.
    pub(super) fn make(
        program: &Program,
        folder: &Path,
        (setting, cluster): (Setting, Option<&'a Cluster>),
        seats: u32,
        prefill: bool,
    ) -> Result<Self> {
        let folder = new_folder(folder)?;
        let database = match cluster {
            Some(cluster) => Some(Database::make(
                cluster,
                format!("bench_{}_{seats}", setting.nodes()),
            )?),
            None => None,
        };
        let url = database.as_ref().map(Database::url);
        let vendor = Vendor::make(program, folder.path(), "Northwind Software")?;
        let (product, few) = (format!("bench-{seats}"), format!("bench-{seats}-few"));
        let spec = write_spec(
            folder.path(),
            &[(product.clone(), seats), (few.clone(), FEW_SEATS)],
            0,
        )?;
        let file = vendor.issue(program, &spec)?;
        let people = write_people(folder.path(), seats)?;

        let start = |node: usize| {
            let data = folder.path().join(format!("data-{node}"));
            Server::start_on(program, &data, &vendor, url.as_deref())
        };
        let server = start(0)?;
        let start_empty = server.ready_after();
        let admin = server.make_token("bench-administrator", "administrator")?;
        let token = server.make_token("bench-application", "application")?;
        let license_import = timed_command(&server, &admin, &["license", "import"], &file)?;
        let people_import = timed_command(&server, &admin, &["user", "import"], &people)?;
        server.stop()?;
        if let Some(database) = &database {
            database.settle()?;
        }
        let servers: Vec<Server> = (0..setting.nodes()).map(start).collect::<Result<_>>()?;
        let server = servers.first().context("a setting has nodes")?;

        let target = Target {
            server: server.address(),
            token,
            product,
        };
        let answer_bytes = try_out(&target)?;
        let mut world = Self {
            setting,
            seats,
            bare: Bare::start(answer_bytes)?,
            first_free: 0,
            setup: Setup {
                setting,
                seats,
                license_import,
                people_import,
                start_empty,
                start_filled: server.ready_after(),
                live_sessions: 0,
                answer_bytes,
                store_bytes: 0,
                memory: [usage::memory(server.pid())?; 2],
            },
            few: Target {
                product: few,
                ..target.clone()
            },
            target,
            servers,
            database,
            folder,
        };
        if prefill {
            // Sessions at rest get no heartbeats; they must not lapse while the rest is measured.
            let words = ["policy", "set", "session_timeout_s=604800"];
            process::output(&mut world.servers[0].command(&admin, words))?;
            world.prefill(seats / 2)?;
        }
        Ok(world)
    }

    pub(super) fn place(&self) -> Result<Place> {
        let node = |server: &Server| Node {
            address: server.address(),
            pid: server.pid(),
        };
        Place::new(self.servers.iter().map(node).collect())
    }

    /// Signs the first `count` users in and leaves them there.
    fn prefill(&mut self, count: u32) -> Result<()> {
        let mut sign_in = SignIn::new(&self.target, 0..count);
        let measured = load::run(&self.place()?, 64, Span::ALL, &mut sign_in)?;
        ensure!(
            measured.failures() == 0,
            "prefill: {:?}",
            measured.first_refusal
        );
        printer::note(&format!(
            "    {count} sessions made, {:.0}/s",
            measured.rate()
        ));
        self.setup.live_sessions = count;
        self.first_free = count;
        Ok(())
    }

    /// Notes how much memory the first node takes.
    pub(super) fn weigh(&mut self) -> Result<()> {
        self.setup.memory = [usage::memory(self.servers[0].pid())?; 2];
        Ok(())
    }

    /// Weighs the world and ends it.
    pub(super) fn finish(mut self) -> Result<Setup> {
        self.setup.memory[1] = usage::memory(self.servers[0].pid())?;
        for server in self.servers {
            server.stop()?;
        }
        self.setup.store_bytes = match self.database {
            Some(database) => {
                let bytes = database.bytes()?;
                database.remove()?;
                bytes
            }
            None => size_of(&self.folder.path().join("data-0"))?,
        };
        Ok(self.setup)
    }
}

/// How long the import of many licenses in one file took.
pub(super) struct Import {
    pub(super) licenses: u32,
    pub(super) file_bytes: u64,
    pub(super) took: Duration,
}

/// Times the import of one file with `count` licenses of a thousand products.
pub(super) fn import_licenses(program: &Program, folder: &Path, count: u32) -> Result<Import> {
    let folder = new_folder(folder)?;
    let vendor = Vendor::make(program, folder.path(), "Northwind Software")?;
    let licenses: Vec<(String, u32)> = (0..count)
        .map(|number| (format!("product-{}", number % 1_000), 1 + number % 50))
        .collect();
    let file = vendor.issue(program, &write_spec(folder.path(), &licenses, 0)?)?;
    let server = Server::start(program, &folder.path().join("data"), &vendor)?;
    let admin = server.make_token("bench-administrator", "administrator")?;
    let took = timed_command(&server, &admin, &["license", "import"], &file)?;
    server.stop()?;
    Ok(Import {
        licenses: count,
        file_bytes: std::fs::metadata(&file)?.len(),
        took,
    })
}

pub(super) fn new_folder(parent: &Path) -> Result<TempDir> {
    tempfile::Builder::new()
        .prefix("world-")
        .tempdir_in(parent)
        .with_context(|| format!("cannot make a folder in {}", parent.display()))
}

/// A spec of floating licenses: product and seats of each, with serials from this number on.
pub(super) fn write_spec(
    folder: &Path,
    licenses: &[(String, u32)],
    first: usize,
) -> Result<PathBuf> {
    let mut text = "issuer = \"Northwind Software\"\ncustomer = \"CUST-42\"\n".to_owned();
    for (number, (product, seats)) in (first..).zip(licenses) {
        write!(
            text,
            "\n[[license]]\nserial = \"NW-{number:06}\"\nproduct = \"{product}\"\n\
             product_name = \"Product {product}\"\nmodel = \"floating\"\naccess = \"write\"\n\
             modules = \"all\"\nseats = {seats}\nstarts_at = \"2026-01-01\"\n"
        )?;
    }
    let path = folder.join("licenses.toml");
    std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// As many people as seats, in a hundred folders.
pub(super) fn write_people(folder: &Path, count: u32) -> Result<PathBuf> {
    let path = folder.join("people.csv");
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    let mut file = BufWriter::new(file);
    writeln!(file, "username,name,email,folder,active")?;
    for number in 0..count {
        let name = work::username(number);
        let department = number % 100;
        writeln!(
            file,
            "{name},Person {number},,/Company/Department {department},true"
        )?;
    }
    file.flush()?;
    Ok(path)
}

pub(super) fn timed_command(
    server: &Server,
    token: &str,
    words: &[&str],
    file: &Path,
) -> Result<Duration> {
    let mut command = server.command(token, words);
    command.arg(file);
    let start = Instant::now();
    process::output(&mut command)?;
    let took = start.elapsed();
    printer::note(&format!(
        "    {} in {:.1} s",
        words.join(" "),
        took.as_secs_f64()
    ));
    Ok(took)
}

/// Goes once through everything that is measured, so that a wrong answer is seen before the
/// measuring; returns the length of a sign-in's answer.
fn try_out(target: &Target) -> Result<usize> {
    let mut client = Client::new(target.server, target.token.as_str());
    let asked = json!({"user": work::username(0), "product": target.product});
    client
        .post("/v1/access/check", &asked)?
        .good()
        .context("a first access check")?;
    let session = client
        .post("/v1/sessions", &asked)?
        .good()
        .context("a first sign-in")?;
    let text = session.to_string();
    let id = session["id"]
        .as_str()
        .context("a sign-in's answer has no id")?;
    let path = format!("/v1/sessions/{}", escaped(id));
    client
        .post(&format!("{path}/heartbeat"), &json!({}))?
        .good()
        .context("a first heartbeat")?;
    client.delete(&path)?.good().context("a first sign-out")?;
    Ok(text.len())
}

/// Bytes of all files in a folder.
fn size_of(folder: &Path) -> Result<u64> {
    let mut total = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        total += if metadata.is_dir() {
            size_of(&entry.path())?
        } else {
            metadata.len()
        };
    }
    Ok(total)
}
