//! A server within the test.

use std::net::SocketAddr;

use api::ApiOptions;
use domain::names::TokenName;
use domain::{Actor, Role, Timestamp};
use engine::{Clock, Engine, EngineOptions, PublicKeyFile, SetClock};
use license_file::key_file::PrivateKeyFile;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::support::{Answer, Call, Connection, until};

/// 2026-06-01, in the middle of the terms that tests use.
pub(super) const NOW_MS: i64 = 1_780_272_000_000;
/// A day, for clocks that are set forward.
pub(super) const DAY_MS: i64 = 86_400_000;

/// A server within the test, with a vendor that it trusts. All of it is gone when this goes.
pub(super) struct World {
    engine: Option<Engine>,
    runtime: Option<Runtime>,
    stop: Option<oneshot::Sender<()>>,
    address: SocketAddr,
    clock: SetClock,
    vendor: PrivateKeyFile,
    _data: TempDir,
}

impl World {
    /// A server without licenses.
    pub(super) fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let (vendor, _) = vendor::keys::keygen("Northwind Software").unwrap();
        let clock = SetClock::new(Timestamp::from_millis(NOW_MS));
        let options = EngineOptions {
            trust: vec![PublicKeyFile::parse(&vendor.public().to_text()).unwrap()],
            clock: Clock::Set(clock.clone()),
            ..EngineOptions::new(data.path().join("data"))
        };
        let engine = Engine::start(options).unwrap();
        let runtime = Runtime::new().unwrap();
        let (stop, stopped) = oneshot::channel();
        let router = api::router(engine.clone(), ApiOptions::default());
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(api::serve(listener, router, async {
            // Either the word or the end of whoever would give it.
            let _ = stopped.await;
        }));
        Self {
            engine: Some(engine),
            runtime: Some(runtime),
            stop: Some(stop),
            address,
            clock,
            vendor,
            _data: data,
        }
    }

    /// A server with these `[[license]]` tables imported.
    #[track_caller]
    pub(super) fn with(licenses: &str) -> Self {
        let world = Self::new();
        world.import(&world.file(licenses)).is(200);
        world
    }

    /// The moment is later by so many milliseconds.
    pub(super) fn pass(&self, millis: i64) {
        let now = self.clock.now().as_millis();
        self.clock.set(Timestamp::from_millis(now + millis));
    }

    /// The moment, in milliseconds since 1970.
    pub(super) fn now_ms(&self) -> i64 {
        self.clock.now().as_millis()
    }

    /// A caller without a token.
    pub(super) fn anybody(&self) -> Connection {
        Connection::new(self.address, None)
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// A fresh token of this role, of the role's name.
    pub(super) fn token(&self, role: Role) -> String {
        let name = TokenName::parse(role.code()).unwrap();
        let engine = self.engine.as_ref().unwrap();
        let system = Actor::system();
        let made = engine.create_token(&system, name, role, None, None);
        let runtime = self.runtime.as_ref().unwrap();
        let (_, secret) = runtime.block_on(made).unwrap();
        secret.reveal().to_owned()
    }

    /// A caller with a fresh token of this role.
    pub(super) fn caller(&self, role: Role) -> Connection {
        self.bearer(&self.token(role))
    }

    /// A caller with this token.
    pub(super) fn bearer(&self, token: &str) -> Connection {
        Connection::new(self.address, Some(token))
    }

    /// A caller who may do everything.
    pub(super) fn admin(&self) -> Connection {
        self.caller(Role::Administrator)
    }

    /// The vendor's key pair.
    pub(super) fn vendor(&self) -> &PrivateKeyFile {
        &self.vendor
    }

    /// A license file with these `[[license]]` tables.
    pub(super) fn file(&self, licenses: &str) -> String {
        let text = format!("issuer = \"Northwind Software\"\n{licenses}");
        let spec = vendor::spec::Spec::parse(&text).unwrap();
        let at = jiff::Timestamp::from_millisecond(NOW_MS).unwrap();
        vendor::issue::issue(spec, &self.vendor.key, at).unwrap()
    }

    /// Takes in a license file.
    pub(super) fn import(&self, file: &str) -> Answer {
        let call = Call::new("POST", "/v1/licenses/import").body("text/plain", file);
        self.admin().send(&call)
    }

    /// Makes users with these names in the root.
    #[track_caller]
    pub(super) fn users(&self, names: &[&str]) -> Vec<String> {
        let mut admin = self.admin();
        let made = names.iter().map(|name| {
            let user = admin.post("/v1/users", &json!({"username": name})).is(201);
            user["id"].as_str().unwrap().to_owned()
        });
        made.collect()
    }

    /// The id of the license with a serial.
    #[track_caller]
    pub(super) fn license_id(&self, serial: &str) -> String {
        let page = self
            .admin()
            .get(&format!("/v1/licenses?serial={serial}"))
            .is(200);
        page["items"][0]["id"].as_str().unwrap().to_owned()
    }

    /// How much is in the record: whatever changes something makes it grow.
    pub(super) fn changes(&self) -> usize {
        let mut auditor = self.caller(Role::Auditor);
        let events = auditor.list("/v1/events");
        events
            .iter()
            .filter(|event| event["kind"] != "token.created")
            .count()
    }

    /// Waits for the end of the job that an answer names.
    #[track_caller]
    pub(super) fn finished(&self, started: &Answer) -> Value {
        let job = started.is(202)["job"].as_str().unwrap().to_owned();
        let mut admin = self.admin();
        until("the job's end", || {
            let job = admin.get(&format!("/v1/jobs/{job}")).is(200);
            (job["state"] != "running").then_some(job)
        })
    }
}

impl Drop for World {
    fn drop(&mut self) {
        drop(self.stop.take());
        let (engine, runtime) = (self.engine.take(), self.runtime.take());
        if let (Some(engine), Some(runtime)) = (engine, runtime) {
            // What can't be closed cleanly goes with its temporary folder.
            let _ = runtime.block_on(engine.shutdown());
            runtime.shutdown_background();
        }
    }
}

/// The table of a license for writing in all modules, until the end of 2027.
pub(super) fn license(model: &str, product: &str, seats: u32) -> String {
    let seats = match model {
        "site" => String::new(),
        _ => format!("seats = {seats}\n"),
    };
    let serial = model.to_uppercase();
    format!(
        "[[license]]\nserial = \"{serial}-{product}\"\nproduct = \"{product}\"\n\
         product_name = \"The {product} suite\"\nmodel = \"{model}\"\naccess = \"write\"\n\
         modules = \"all\"\nstarts_at = \"2026-01-01\"\nexpires_at = \"2027-12-31\"\n{seats}"
    )
}
